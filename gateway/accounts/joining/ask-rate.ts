export interface RateOptions {
  /** Most within `withinMs`. */
  size: number;
  withinMs: number;
}

/** Addresses remembered; whoever has more at hand meets the overall bound first. */
const MOST_ADDRESSES = 2_000;

/** How often strangers may ask, each address and all together, in bounded memory. */
export class AskRate {
  readonly #each: RateOptions;
  readonly #all: RateOptions;
  readonly #times = new Map<string, number[]>();
  #allTimes: number[] = [];

  constructor(each: RateOptions, all: RateOptions) {
    this.#each = each;
    this.#all = all;
  }

  /**
   * Counts one, unless it is too many: then nothing is counted.
   * @param now steady ms
   * @returns ms to wait; 0 where it may ask
   */
  take(address: string, now: number): number {
    const own = recent(this.#times.get(address) ?? [], this.#each, now);
    this.#allTimes = recent(this.#allTimes, this.#all, now);
    const wait = Math.max(waitOf(own, this.#each, now), waitOf(this.#allTimes, this.#all, now));
    if (wait > 0) return wait;
    this.#allTimes.push(now);
    // The map keeps the order of last use, so its first entry is the one to forget.
    this.#times.delete(address);
    this.#times.set(address, [...own, now]);
    if (this.#times.size > MOST_ADDRESSES) {
      const [oldest] = this.#times.keys();
      if (oldest !== undefined) this.#times.delete(oldest);
    }
    return 0;
  }
}

function recent(times: readonly number[], { withinMs }: RateOptions, now: number): number[] {
  return times.filter((time) => time > now - withinMs);
}

function waitOf(times: readonly number[], { size, withinMs }: RateOptions, now: number): number {
  const oldest = times[times.length - size];
  return oldest === undefined ? 0 : oldest + withinMs - now;
}
