import type { UsageQuery } from './usage-cells.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const MINUTE_MS = 60_000;

/** Half-open span of wall-clock ms. */
export interface Span {
  from: number;
  to: number;
}

/** The steps of a report. Sums are kept by the hour: one that holds the edge of a step belongs to the step before. */
export class UsageBuckets {
  readonly #step: UsageQuery['step'];
  readonly #from: number;
  readonly #ahead: number;
  /** The local day in which the span begins; weeks are counted from it. */
  readonly #firstDay: number;

  constructor({ step, from, timeZoneOffsetMinutes }: UsageQuery) {
    this.#step = step;
    this.#from = floorTo(from, HOUR_MS);
    this.#ahead = timeZoneOffsetMinutes * MINUTE_MS;
    this.#firstDay = this.#dayOf(this.#from);
  }

  /** The start of the step that an hour lies in, ms. */
  startOf(hour: number): number {
    const step = this.#step;
    if (step === 'total') return this.#from;
    if (step === 'hour') return hour;
    const day = this.#dayOf(hour);
    if (step === 'day') return day;
    if (step === 'week') return this.#firstDay + floorTo(day - this.#firstDay, WEEK_MS);
    return this.#monthOf(hour, 0);
  }

  /** The hours of a span, step by step. */
  *cut({ from, to }: Span): Generator<Span, void, undefined> {
    for (let at = from; at < to; ) {
      const end = Math.min(to, this.#firstHourAfter(at));
      yield { from: at, to: end };
      at = end;
    }
  }

  #firstHourAfter(hour: number): number {
    const step = this.#step;
    if (step === 'total') return Number.MAX_SAFE_INTEGER;
    if (step === 'hour') return hour + HOUR_MS;
    if (step === 'month') return ceilTo(this.#monthOf(hour, 1), HOUR_MS);
    return ceilTo(this.startOf(hour) + (step === 'week' ? WEEK_MS : DAY_MS), HOUR_MS);
  }

  #dayOf(at: number): number {
    return floorTo(at + this.#ahead, DAY_MS) - this.#ahead;
  }

  #monthOf(at: number, later: number): number {
    return monthStart(at + this.#ahead, later) - this.#ahead;
  }
}

/** The start of the month in UTC that a moment lies in, or of one so many months later. */
export function monthStart(at: number, later = 0): number {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later, 1);
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function ceilTo(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
