import type { Database } from '../store/store.ts';
import type { UsageDimension } from './usage-cells.ts';

/** What a column of `usage_sums` adds to its `kept`. */
export const KEPT: Readonly<Record<UsageDimension, number>> = {
  ...{ member: 1, key: 2, model: 4, provider: 8, tool: 16 },
};
const ROUTE = KEPT.model | KEPT.provider | KEPT.tool;

/** Groupings that are kept by the hour and by the day. The first that has what is asked for is the smallest. */
export const GROUPINGS = [0, KEPT.model, KEPT.provider, KEPT.tool, KEPT.member, KEPT.key, ROUTE];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEVELS = [
  { step: 0, ms: HOUR_MS },
  { step: 1, ms: DAY_MS },
] as const;

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

/** Keeps `usage_sums`: what reports over long spans are read from. */
export class UsageSumsTable {
  readonly #ofRows;
  readonly #ofHour;
  readonly #newestBefore;
  readonly #add;

  constructor(db: Database) {
    this.#ofRows = db.prepare<[number, number, number], HourCell>(OF_ROWS).raw();
    this.#ofHour = db.prepare<[number], HourCell>(OF_HOUR).raw();
    this.#newestBefore = db.prepare<[number], number | null>(NEWEST_BEFORE).pluck();
    const columns = ['step', 'kept', 'start', ...DIMENSIONS, ...SUMS];
    this.#add = db.prepare<number[]>(
      `INSERT INTO usage_sums (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
       ON CONFLICT DO UPDATE SET ${SUMS.map((sum) => `${sum} = ${sum} + excluded.${sum}`).join(', ')}`,
    );
  }

  /** Adds rows with ids in (from, to] whose hour is not before `since`. To be called in the transaction that sums them. */
  addRows(from: number, to: number, since: number): void {
    this.#addCells(this.#ofRows.all(from, to, since));
  }

  /**
   * Adds the newest hour before one, all of it.
   * @returns that hour; 0 where there is none
   */
  addHourBefore(hour: number): number {
    const before = this.#newestBefore.get(hour) ?? null;
    if (before === null) return 0;
    this.#addCells(this.#ofHour.all(before));
    return before;
  }

  /** Sums in memory first: thousands of cells make some hundred rows. */
  #addCells(cells: readonly HourCell[]): void {
    const rows = new Map<string, number[]>();
    for (const cell of cells) {
      for (const { step, ms } of LEVELS) {
        const start = Math.floor(cell[0] / ms) * ms;
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
    for (const row of rows.values()) this.#add.run(...row);
  }
}
