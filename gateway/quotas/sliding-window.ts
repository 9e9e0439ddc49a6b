/** What a limit can count. `cost` is in micros of a US dollar. */
export type Metric = 'requests' | 'tokens' | 'images' | 'cost';

export const METRICS: readonly Metric[] = ['requests', 'tokens', 'images', 'cost'];

export type Amounts = Record<Metric, number>;

/** One step of a window: everything admitted in `[start, start + granularity)`. */
export interface Cell extends Amounts {
  start: number;
}

/** The windows a limit may have, in seconds, with the step in which each forgets. */
export const WINDOWS = {
  60: { ms: 60_000, granularityMs: 1 },
  86400: { ms: 86_400_000, granularityMs: 60_000 },
  2592000: { ms: 2_592_000_000, granularityMs: 3_600_000 },
} as const;

export type WindowSeconds = keyof typeof WINDOWS;

/**
 * A sliding sum. A cell leaves only when all of it is older than the window, so what counts is never less
 * than what was admitted in the window, and at most one step more.
 * Times are steady milliseconds that never go back.
 */
export class SlidingWindow {
  readonly #windowMs: number;
  readonly #granularityMs: number;
  #cells: Cell[] = [];
  #head = 0;
  /** Start of the newest cell that has left. */
  #left = Number.NEGATIVE_INFINITY;
  readonly #sums: Amounts = { requests: 0, tokens: 0, images: 0, cost: 0 };

  constructor(seconds: WindowSeconds, history: readonly Cell[] = []) {
    this.#windowMs = WINDOWS[seconds].ms;
    this.#granularityMs = WINDOWS[seconds].granularityMs;
    for (const cell of history) this.add(cell.start, cell);
  }

  /** Adds (or, with negative amounts, gives back) what was admitted at `at`. What has left the window stays out. */
  add(at: number, amounts: Amounts): void {
    const cell = this.#cellAt(Math.floor(at / this.#granularityMs) * this.#granularityMs);
    if (cell === undefined) return;
    for (const metric of METRICS) {
      cell[metric] += amounts[metric];
      this.#sums[metric] += amounts[metric];
    }
  }

  /** What counts at `now`. */
  used(metric: Metric, now: number): number {
    this.#forget(now);
    return this.#sums[metric];
  }

  /** The earliest time at which no more than `atMost` counts, if nothing is added until then. */
  freeAt(metric: Metric, atMost: number, now: number): number {
    let used = this.used(metric, now);
    if (used <= atMost) return now;
    for (let index = this.#head; index < this.#cells.length; index++) {
      const cell = this.#cells[index] as Cell;
      used -= cell[metric];
      if (used <= atMost) return this.#leavesAt(cell);
    }
    return now + this.#windowMs;
  }

  /**
   * The next moment at which less counts than at `now`, if nothing is added until then, and how much less.
   * @returns null where nothing counts
   */
  nextFree(metric: Metric, now: number): { at: number; amount: number } | null {
    this.#forget(now);
    let amount = 0;
    for (let index = this.#head; index < this.#cells.length; index++) {
      const cell = this.#cells[index] as Cell;
      amount += cell[metric];
      // What was given back may stand in a cell of its own.
      if (amount > 0) return { at: this.#leavesAt(cell), amount };
    }
    return null;
  }

  /** When the newest cell that holds anything leaves and the window is as new; `now` if none does. */
  resetAt(now: number): number {
    this.#forget(now);
    for (let index = this.#cells.length - 1; index >= this.#head; index--) {
      const cell = this.#cells[index] as Cell;
      if (cell.requests !== 0 || cell.tokens !== 0 || cell.images !== 0 || cell.cost !== 0)
        return this.#leavesAt(cell);
    }
    return now;
  }

  #leavesAt(cell: Cell): number {
    return cell.start + this.#granularityMs + this.#windowMs;
  }

  #forget(now: number): void {
    while (this.#head < this.#cells.length) {
      const cell = this.#cells[this.#head] as Cell;
      if (this.#leavesAt(cell) > now) break;
      for (const metric of METRICS) this.#sums[metric] -= cell[metric];
      this.#left = cell.start;
      this.#head++;
    }
    if (this.#head > 64 && this.#head * 2 > this.#cells.length) {
      this.#cells = this.#cells.slice(this.#head);
      this.#head = 0;
    }
  }

  #cellAt(start: number): Cell | undefined {
    if (start <= this.#left) return undefined;
    const cells = this.#cells;
    let low = this.#head;
    let high = cells.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((cells[middle] as Cell).start < start) low = middle + 1;
      else high = middle;
    }
    const found = cells[low];
    if (found?.start === start) return found;
    const cell = { start, requests: 0, tokens: 0, images: 0, cost: 0 };
    cells.splice(low, 0, cell);
    return cell;
  }
}
