import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import { FirstBytes } from './first-bytes.ts';

/** What all members together did in a span. */
export interface DayFigures {
  /** Admitted. */
  requests: number;
  refused: number;
  /** Admitted, ended in an error. */
  failed: number;
  /** Input and output. */
  tokens: number;
  costMicros: number;
  /** Median; null where nothing was answered. */
  firstByteMs: number | null;
}

export interface DayAnswer {
  /** Since local midnight. */
  today: DayFigures;
  /** Up to and with the same minute of the day before. */
  yesterday: DayFigures;
  hours: {
    /** Wall-clock ms. */
    start: number;
    /** Null for hours to come. */
    requests: number | null;
    /** In the whole of the same hour of the day before. */
    yesterday: number;
  }[];
}

type Sums = Omit<DayFigures, 'firstByteMs'>;

interface Minute extends Sums {
  /** Its start, ms. */
  minute: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Rows summed in one go: about a millisecond of the gateway's thread. */
const SLICE_ROWS = 1_000;

/** Rows that the minutes do not hold yet, summed as the roll-up will sum them. */
const BEHIND = `
  SELECT at / ${MINUTE_MS} * ${MINUTE_MS} AS minute, sum(counted > 0) AS requests, sum(counted = 0) AS refused,
    sum(counted > 0 AND status >= 400) AS failed, sum(input_tokens + output_tokens) AS tokens, sum(cost_micros) AS costMicros
  FROM requests NOT INDEXED WHERE id > @after AND id <= @upTo AND at >= @from GROUP BY 1`;

/** Compares today with the day before, from the sums of the minutes and the rows behind them. */
export class DayReport {
  readonly #rolledUpTo: () => number;
  readonly #wall: () => number;
  readonly #firstBytes: FirstBytes;
  readonly #minutes;
  readonly #behind;
  readonly #lastRow;

  constructor(db: Database, rolledUpTo: () => number, wall: () => number) {
    this.#rolledUpTo = rolledUpTo;
    this.#wall = wall;
    this.#firstBytes = new FirstBytes(db);
    this.#minutes = db.prepare<[number], Minute>(
      `SELECT minute, requests, refused, failed, tokens, cost_micros AS costMicros FROM total_minutes WHERE minute >= ?`,
    );
    this.#behind = db.prepare<{ after: number; upTo: number; from: number }, Minute>(BEHIND);
    this.#lastRow = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM requests');
  }

  /**
   * @param timeZoneOffsetMinutes minutes to add to UTC for the local time whose day is meant
   * @param signal stops a report nobody waits for any more
   */
  async report(timeZoneOffsetMinutes: number, signal?: AbortSignal): Promise<DayAnswer> {
    const now = this.#wall();
    const ahead = timeZoneOffsetMinutes * MINUTE_MS;
    const midnight = floorTo(now + ahead, DAY_MS) - ahead;
    const upTo = floorTo(now - DAY_MS, MINUTE_MS) + MINUTE_MS;
    const today = noSums();
    const yesterday = noSums();
    const hours = Array.from({ length: 24 }, () => ({ requests: 0, yesterday: 0 }));
    for await (const minutes of this.#since(midnight - DAY_MS, signal)) {
      for (const minute of minutes) {
        const isToday = minute.minute >= midnight;
        const hour = hours[Math.floor((minute.minute - midnight + DAY_MS) / HOUR_MS) % 24];
        if (isToday) add(today, minute);
        else if (minute.minute < upTo) add(yesterday, minute);
        if (hour !== undefined) hour[isToday ? 'requests' : 'yesterday'] += minute.requests;
      }
    }
    const spans = [
      { from: midnight, to: Number.MAX_SAFE_INTEGER },
      { from: midnight - DAY_MS, to: upTo },
    ] as const;
    return {
      today: { ...today, firstByteMs: await this.#firstBytes.median(spans[0], signal) },
      yesterday: { ...yesterday, firstByteMs: await this.#firstBytes.median(spans[1], signal) },
      hours: hours.map((sums, index) => {
        const start = midnight + index * HOUR_MS;
        return { start, requests: start > now ? null : sums.requests, yesterday: sums.yesterday };
      }),
    };
  }

  /**
   * The minutes and their mark are read in one go. The rows behind that mark stay as they are however far the roll-up
   * goes on meanwhile, so they can be taken a slice at a time.
   */
  async *#since(from: number, signal?: AbortSignal): AsyncGenerator<Minute[], void, undefined> {
    let after = this.#rolledUpTo();
    const lastRow = this.#lastRow.get()?.id ?? 0;
    yield this.#minutes.all(from);
    for (; after < lastRow; after += SLICE_ROWS) {
      signal?.throwIfAborted();
      yield this.#behind.all({ after, upTo: Math.min(after + SLICE_ROWS, lastRow), from });
      await nextTurn();
    }
  }
}

function add(sums: Sums, { requests, refused, failed, tokens, costMicros }: Sums): void {
  sums.requests += requests;
  sums.refused += refused;
  sums.failed += failed;
  sums.tokens += tokens;
  sums.costMicros += costMicros;
}

function noSums(): Sums {
  return { requests: 0, refused: 0, failed: 0, tokens: 0, costMicros: 0 };
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
