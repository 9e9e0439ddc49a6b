import type { Database } from '../store/store.ts';
import { inPieces, type Pace } from './in-pieces.ts';
import type { Span } from './usage-buckets.ts';
import type { Bindings, Cell, UsageDimension, UsageSums } from './usage-cells.ts';
import { COLUMNS, DIMENSIONS, dimensionColumns, MATCHING, sumColumns } from './usage-columns.ts';
import type { Asked } from './usage-pieces.ts';
import { KEPT } from './usage-sums.ts';

/** Ids read in one go at first and at most; each has as many sums as there are months. */
const IDS = { ms: 1, first: 256, most: 2 ** 20 };

type Walk = { kept: number; from: number; to: number; low: number; high: number };
type One = Record<'kept' | 'from' | 'to' | UsageDimension, number>;

/** A group, its admitted requests, all of them, and what it is put in order by. */
export type Weighed = [id: number, requests: number, all: number, weight: number];

/**
 * Reads sums of months. All months of a group stand together, so groups are told one after the other as they stand,
 * with nothing to be put in order; where there are many, some ids at a time.
 */
export class UsageMonths {
  readonly #db: Database;
  readonly #cells = new Map<string, ReturnType<typeof prepareCells>>();
  readonly #weights = new Map<string, ReturnType<typeof prepareWeights>>();
  readonly #newest = new Map<number, ReturnType<typeof prepareNewest>>();
  readonly #one;

  constructor(db: Database) {
    this.#db = db;
    this.#one = db.prepare<One, UsageSums & { months: number }>(
      `SELECT count(*) AS months, ${sumColumns((column) => `sum(${column})`)} FROM usage_months u
       WHERE u.kept = @kept AND ${DIMENSIONS.map((dimension) => `${COLUMNS[dimension]} = @${dimension}`).join(' AND ')}
         AND u.month >= @from AND u.month < @to`,
    );
  }

  /** All groups. */
  cells(span: Span, { groupBy, kept, bindings, pace }: Asked): AsyncGenerator<Cell[], void, undefined> {
    const cells = known(this.#cells, `${kept} ${groupBy.join(' ')}`, () =>
      prepareCells(this.#db, kept, groupBy),
    );
    return inPieces(this.#ids(kept), IDS, pace, ({ from: low, to: high }) =>
      cells.all({ ...bindings, ...span, kept, low, high }),
    );
  }

  /**
   * What groups of a dimension are put in order by.
   * @param weight a sum of columns
   * @param only the one group that is asked for; null: all
   */
  weights(
    span: Span,
    { dimension, only }: { dimension: UsageDimension; only: number | null },
    weight: string,
    pace: Pace,
  ): AsyncGenerator<Weighed[], void, undefined> {
    const kept = KEPT[dimension];
    const weights = known(this.#weights, `${dimension} ${weight}`, () =>
      prepareWeights(this.#db, dimension, weight),
    );
    const ids = only === null ? this.#ids(kept) : { from: only, to: only + 1 };
    return inPieces(ids, IDS, pace, ({ from: low, to: high }) => weights.all({ ...span, kept, low, high }));
  }

  /** One group; undefined where it has no month in the span. */
  one(span: Span, kept: number, ids: Record<UsageDimension, number>): UsageSums | undefined {
    const { member, key, model, provider, tool } = ids;
    const found = this.#one.get({ kept, member, key, model, provider, tool, from: span.from, to: span.to });
    return found === undefined || found.months === 0 ? undefined : found;
  }

  #ids(kept: number): Span {
    const newest = known(this.#newest, kept, () => prepareNewest(this.#db, kept));
    return { from: 0, to: (newest.get(kept) ?? 0) + 1 };
  }
}

function known<Key, Value>(values: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = values.get(key) ?? make();
  values.set(key, value);
  return value;
}

/** The first column that a grouping keeps: its groups are in the order of it. Those before it are 0. */
function leadOf(kept: number): { lead: string; before: string } {
  const at = DIMENSIONS.findIndex((dimension) => (kept & KEPT[dimension]) !== 0);
  const lead = DIMENSIONS[at] ?? 'member';
  const before = DIMENSIONS.slice(0, Math.max(0, at)).map((dimension) => `AND ${COLUMNS[dimension]} = 0`);
  return { lead: COLUMNS[lead], before: before.join(' ') };
}

function walk(kept: number): string {
  const { lead, before } = leadOf(kept);
  return `usage_months u WHERE u.kept = @kept ${before} AND ${lead} >= @low AND ${lead} < @high
    AND u.month >= @from AND u.month < @to`;
}

function prepareCells(db: Database, kept: number, groupBy: readonly UsageDimension[]) {
  const groups = groupBy.map((dimension) => COLUMNS[dimension]).join(', ');
  return db.prepare<Bindings & Walk, Cell>(
    `SELECT 0 AS hour, ${dimensionColumns(groupBy)}, ${sumColumns((column) => `sum(${column})`)}
     FROM ${walk(kept)} AND ${MATCHING} ${groups === '' ? 'HAVING count(*) > 0' : `GROUP BY ${groups}`}`,
  );
}

function prepareWeights(db: Database, dimension: UsageDimension, weight: string) {
  const column = COLUMNS[dimension];
  return db
    .prepare<Walk, Weighed>(
      `SELECT ${column}, sum(u.requests), sum(u.requests + u.refused), sum(${weight})
       FROM ${walk(KEPT[dimension])} GROUP BY ${column}`,
    )
    .raw();
}

function prepareNewest(db: Database, kept: number) {
  const { lead, before } = leadOf(kept);
  return db
    .prepare<[number], number>(
      `SELECT ${lead} FROM usage_months u WHERE u.kept = ? ${before} ORDER BY ${lead} DESC LIMIT 1`,
    )
    .pluck();
}
