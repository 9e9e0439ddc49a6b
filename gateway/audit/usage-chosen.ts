import type { Database } from '../store/store.ts';
import { Pace } from './in-pieces.ts';
import type { Span } from './usage-buckets.ts';
import type { Cell, UsageDimension, UsagePlan } from './usage-cells.ts';
import { COLUMNS, DIMENSIONS, sumColumns } from './usage-columns.ts';
import { coverOf, type Part } from './usage-cover.ts';
import type { UsageMonths } from './usage-months.ts';
import { noSums, SUM_NAMES } from './usage-sum-table.ts';
import { KEPT, STEPS } from './usage-sums.ts';

const UNIT_MS = { hour: 3_600_000, day: 86_400_000 };
const LEVELS = ['hour', 'day'] as const;
const NOBODY = { member: 0, key: 0, model: 0, provider: 0, tool: 0 };
/** Sums looked up in one go: about a millisecond. */
const AT_ONCE = 500;

/** An hour or a day, a group, and its sums as `SUM_NAMES` has them. */
type Found = [start: number, id: number, ...sums: number[]];

interface Wanted {
  dimension: UsageDimension;
  /** The one value that matches; null: all do. */
  only: number | null;
}

/** Some sums: of everything that matches, and of the chosen groups. */
export interface ChosenSums {
  whole: Cell[];
  chosen: Cell[];
}

/** To which steps the sums of an hour or a day go, by its start. */
type Uses = Map<number, { step: number; sign: Part['sign'] }[]>;

/** Reads sums of a few groups, each found along the key of its table, however many groups there are. */
export class ChosenUsage {
  readonly #db: Database;
  readonly #months: UsageMonths;
  readonly #statements = new Map<UsageDimension, ReturnType<typeof prepare>>();

  constructor(db: Database, months: UsageMonths) {
    this.#db = db;
    this.#months = months;
  }

  async *read(
    { closed, reach, buckets }: UsagePlan,
    wanted: Wanted,
    ids: readonly number[],
  ): AsyncGenerator<ChosenSums, void, undefined> {
    const pace = new Pace();
    const most = Math.max(1, Math.floor(AT_ONCE / (ids.length + 1)));
    const uses: Record<keyof typeof UNIT_MS, Uses> = { hour: new Map(), day: new Map() };
    for (const bucket of buckets.cut(closed)) {
      for (const part of coverOf(bucket, reach)) {
        if (part.level === 'month') {
          yield this.#ofMonths(part, bucket.from, wanted, ids);
          await pace.pass();
          continue;
        }
        const { level, sign, from, to } = part;
        for (let start = from; start < to; start += UNIT_MS[level]) {
          const known = uses[level].get(start) ?? [];
          uses[level].set(start, [...known, { step: bucket.from, sign }]);
          if (uses[level].size < most) continue;
          yield this.#of(level, uses[level], wanted, ids);
          uses[level].clear();
          await pace.pass();
        }
      }
    }
    for (const level of LEVELS) {
      yield this.#of(level, uses[level], wanted, ids);
      await pace.pass();
    }
  }

  #ofMonths(span: Span, step: number, { dimension, only }: Wanted, ids: readonly number[]): ChosenSums {
    const read = (kept: number, id: number): Cell[] => {
      const group = { ...NOBODY, [dimension]: id };
      const sums = this.#months.one(span, kept, group);
      return sums === undefined ? [] : [{ hour: step, ...group, ...sums }];
    };
    return {
      whole: read(only === null ? 0 : KEPT[dimension], only ?? 0),
      chosen: ids.flatMap((id) => read(KEPT[dimension], id)),
    };
  }

  #of(
    level: keyof typeof UNIT_MS,
    uses: Uses,
    { dimension, only }: Wanted,
    ids: readonly number[],
  ): ChosenSums {
    const starts = JSON.stringify([...uses.keys()]);
    const read = (kept: number, of: readonly number[]): Cell[] =>
      this.#statement(dimension)
        .all({ step: STEPS[level], kept, starts, ids: JSON.stringify(of) })
        .flatMap(([start, id, ...sums]) =>
          (uses.get(start) ?? []).map(({ step, sign }) =>
            cellOf(step, { ...NOBODY, [dimension]: id }, sums, sign),
          ),
        );
    return {
      whole: read(only === null ? 0 : KEPT[dimension], [only ?? 0]),
      chosen: read(KEPT[dimension], ids),
    };
  }

  #statement(dimension: UsageDimension) {
    const known = this.#statements.get(dimension) ?? prepare(this.#db, dimension);
    this.#statements.set(dimension, known);
    return known;
  }
}

/** Where everything is asked for, the one id is 0, as all columns of that grouping are. */
function prepare(db: Database, dimension: UsageDimension) {
  const places = DIMENSIONS.map((one) => `${COLUMNS[one]} = ${one === dimension ? 'g.value' : '0'}`);
  return db
    .prepare<{ step: number; kept: number; starts: string; ids: string }, Found>(
      `SELECT u.start, g.value, ${sumColumns((column) => column)}
       FROM json_each(@starts) s CROSS JOIN json_each(@ids) g CROSS JOIN usage_sums u
         ON u.step = @step AND u.kept = @kept AND u.start = s.value AND ${places.join(' AND ')}`,
    )
    .raw();
}

function cellOf(
  hour: number,
  group: Record<UsageDimension, number>,
  sums: readonly number[],
  sign: Part['sign'],
): Cell {
  const cell: Cell = { hour, ...group, ...noSums() };
  for (const [index, name] of SUM_NAMES.entries()) cell[name] = sign * (sums[index] ?? 0);
  return cell;
}
