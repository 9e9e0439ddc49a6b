export interface BurstOptions {
  /** How many within `withinMs` are a burst. */
  size: number;
  withinMs: number;
  /** After a burst nothing is counted for this long. */
  quietMs: number;
}

interface Events {
  /** The latest events, oldest first, ms. */
  times: number[];
  quietUntil: number;
}

/** Addresses remembered; whoever has more at hand makes us forget the oldest. */
const MAX_ADDRESSES = 5_000;

/** Notices bursts of events by address, in bounded memory. */
export class Bursts {
  readonly #options: BurstOptions;
  readonly #byAddress = new Map<string, Events>();

  constructor(options: BurstOptions) {
    this.#options = options;
  }

  /** Counts one event. @returns whether it completes a burst */
  count(address: string, at: number): boolean {
    const { size, withinMs, quietMs } = this.#options;
    const events = this.#touch(address);
    if (at < events.quietUntil) return false;
    events.times = [...events.times.filter((time) => time > at - withinMs && time <= at), at];
    if (events.times.length < size) return false;
    events.times = [];
    events.quietUntil = at + quietMs;
    return true;
  }

  /** How long the address's last burst still keeps it quiet, ms; 0 when it does not. */
  quietMs(address: string, at: number): number {
    return Math.max(0, (this.#byAddress.get(address)?.quietUntil ?? 0) - at);
  }

  /** The map keeps the order of last use, so its first entry is the one to forget. */
  #touch(address: string): Events {
    const events = this.#byAddress.get(address) ?? { times: [], quietUntil: 0 };
    this.#byAddress.delete(address);
    this.#byAddress.set(address, events);
    if (this.#byAddress.size > MAX_ADDRESSES) {
      const [oldest] = this.#byAddress.keys();
      if (oldest !== undefined) this.#byAddress.delete(oldest);
    }
    return events;
  }
}
