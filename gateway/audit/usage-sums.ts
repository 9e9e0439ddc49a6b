import type { Database } from '../store/store.ts';
import { monthStart } from './usage-buckets.ts';
import type { UsageDimension } from './usage-cells.ts';

/** What a column of `usage_sums` adds to its `kept`. */
export const KEPT: Readonly<Record<UsageDimension, number>> = {
  ...{ member: 1, key: 2, model: 4, provider: 8, tool: 16 },
};
const ROUTE = KEPT.model | KEPT.provider | KEPT.tool;

/** Groupings that are kept by the hour, the day and the month. The first that has what is asked for is the smallest. */
export const GROUPINGS = [0, KEPT.model, KEPT.provider, KEPT.tool, KEPT.member, KEPT.key, ROUTE];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** What `usage_sums` keeps sums of, as its column `step` has it; months have a table of their own. */
export const STEPS = { hour: 0, day: 1 } as const;
const MONTH = 2;

/** The start of the hour, the day and the month that an hour is in. */
const STARTS = [
  { step: STEPS.hour, of: (hour: number) => hour },
  { step: STEPS.day, of: (hour: number) => Math.floor(hour / DAY_MS) * DAY_MS },
  { step: MONTH, of: (hour: number) => monthStart(hour) },
];

const SUMS = [
  ...['requests', 'refused', 'failed', 'input_tokens', 'output_tokens', 'cached_tokens', 'reasoning_tokens'],
  ...['cost_micros', 'charged_tokens'],
];
const DIMENSIONS = ['member_id', 'key_id', 'model', 'provider_id', 'tool'];

/** An hour, its five dimensions and its nine sums, as `usage_hours` has them. */
type HourCell = [hour: number, ...numbers: number[]];

const OF_ROWS = `
  SELECT at / ${HOUR_MS} * ${HOUR_MS}, ifnull(member_id, 0), ifnull(key_id, 0), ifnull(model, 0), ifnull(provider_id, 0), tool,
    sum(counted > 0), sum(counted = 0), sum(counted > 0 AND status >= 400), sum(input_tokens), sum(output_tokens),
    sum(cached_tokens), sum(reasoning_tokens), sum(cost_micros), sum(charged_tokens)
  FROM requests WHERE id > ? AND id <= ? AND at >= ? GROUP BY 1, 2, 3, 4, 5, 6`;

const OF_HOUR = `
  SELECT u.hour, ${[...DIMENSIONS, ...SUMS].map((column) => `u.${column}`).join(', ')}
  FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who CROSS JOIN usage_hours u ON u.member_id = who.id AND u.hour = ?`;

const NEWEST_BEFORE = `
  SELECT max((SELECT hour FROM usage_hours WHERE member_id = who.id AND hour < ? ORDER BY hour DESC LIMIT 1))
  FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who`;

const SUMMED_BEFORE = `
  SELECT max(start) FROM usage_sums WHERE step = ${STEPS.hour} AND kept = 0 AND start < ?`;

const COLUMNS = [...DIMENSIONS, ...SUMS];
const ADDED = `ON CONFLICT DO UPDATE SET ${SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`;

/** The groupings are named, so that each is found along the key. */
const ADD_TO_MONTH = `
  INSERT INTO usage_months (kept, month, ${COLUMNS.join(', ')})
  SELECT u.kept, CAST(@month AS INTEGER), ${COLUMNS.map((column) => `u.${column}`).join(', ')}
  FROM json_each(@groupings) g CROSS JOIN usage_sums u ON u.step = ${STEPS.hour} AND u.kept = g.value AND u.start = @hour
  WHERE true ${ADDED}`;

/** Where sums begin, ms; before, an upgrade has not caught up. */
export interface SummedFrom {
  hours: number;
  months: number;
}

/** Keeps `usage_sums` and `usage_months`: what reports over long spans are read from. */
export class UsageSumsTable {
  readonly #ofRows;
  readonly #ofHour;
  readonly #newestBefore;
  readonly #summedBefore;
  readonly #addToMonth;
  readonly #add;
  readonly #addMonth;

  constructor(db: Database) {
    this.#ofRows = db.prepare<[number, number, number], HourCell>(OF_ROWS).raw();
    this.#ofHour = db.prepare<[number], HourCell>(OF_HOUR).raw();
    this.#newestBefore = db.prepare<[number], number | null>(NEWEST_BEFORE).pluck();
    this.#summedBefore = db.prepare<[number], number | null>(SUMMED_BEFORE).pluck();
    this.#addToMonth = db.prepare<{ groupings: string; month: number; hour: number }>(ADD_TO_MONTH);
    this.#add = db.prepare<number[]>(
      `INSERT INTO usage_sums (step, kept, start, ${COLUMNS.join(', ')}) VALUES (?, ?, ?, ${COLUMNS.map(() => '?').join(', ')}) ${ADDED}`,
    );
    this.#addMonth = db.prepare<number[]>(
      `INSERT INTO usage_months (kept, month, ${COLUMNS.join(', ')}) VALUES (?, ?, ${COLUMNS.map(() => '?').join(', ')}) ${ADDED}`,
    );
  }

  /** Adds rows with ids in (from, to] whose hour is summed already. To be called in the transaction that sums them. */
  addRows(from: number, to: number, { hours, months }: SummedFrom): void {
    this.#addCells(this.#ofRows.all(from, to, hours), months);
  }

  /**
   * Adds the newest hour before one, all of it, but to no month: `addMonthHourBefore` does.
   * @returns that hour; 0 where there is none
   */
  addHourBefore(hour: number): number {
    const before = this.#newestBefore.get(hour) ?? null;
    if (before === null) return 0;
    this.#addCells(this.#ofHour.all(before), Number.MAX_SAFE_INTEGER);
    return before;
  }

  /**
   * Adds the sums of the newest hour before one to its month: those of a day would be more than a slice may take.
   * @returns that hour; 0 where there is none
   */
  addMonthHourBefore(hour: number): number {
    const before = this.#summedBefore.get(hour) ?? null;
    if (before === null) return 0;
    this.#addToMonth.run({ groupings: JSON.stringify(GROUPINGS), month: monthStart(before), hour: before });
    return before;
  }

  /** Sums in memory first: thousands of cells make some hundred rows. */
  #addCells(cells: readonly HourCell[], monthsFrom: number): void {
    const rows = new Map<string, number[]>();
    for (const cell of cells) {
      for (const { step, of } of STARTS) {
        if (step === MONTH && cell[0] < monthsFrom) continue;
        const start = of(cell[0]);
        for (const kept of GROUPINGS) {
          const key = [
            step,
            kept,
            start,
            ...DIMENSIONS.map((_, at) => (kept & (1 << at) ? (cell[1 + at] ?? 0) : 0)),
          ];
          const id = key.join(' ');
          const sums = cell.slice(1 + DIMENSIONS.length);
          const row = rows.get(id);
          if (row === undefined) rows.set(id, [...key, ...sums]);
          else
            for (const [at, sum] of sums.entries()) row[key.length + at] = (row[key.length + at] ?? 0) + sum;
        }
      }
    }
    for (const row of rows.values()) {
      const [step, ...others] = row;
      if (step === MONTH) this.#addMonth.run(...others);
      else this.#add.run(...row);
    }
  }
}
