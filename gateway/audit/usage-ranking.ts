import type { Database } from '../store/store.ts';
import { inPieces, Pace } from './in-pieces.ts';
import type { Cell, UsageCells, UsageDimension, UsagePlan, UsageQuery } from './usage-cells.ts';
import { COLUMNS } from './usage-columns.ts';
import { coverOf, type Part } from './usage-cover.ts';
import type { UsageMonths, Weighed } from './usage-months.ts';
import { UNITS } from './usage-pieces.ts';
import { groupId, largerFirst, type Standing, type UsageMetric, weightOf } from './usage-sum-table.ts';
import { KEPT, STEPS } from './usage-sums.ts';

/** As `weightOf` has it. */
const WEIGHTS: Readonly<Record<UsageMetric, string>> = {
  cost: 'u.cost_micros',
  tokens: 'u.input_tokens + u.output_tokens',
  requests: 'u.requests',
  use: 'u.input_tokens + u.output_tokens + u.requests + u.refused',
};

/** A group over the whole span; `all` requests are the admitted and the refused. */
type Ranked = Standing & { all: number };

type Read = Record<'step' | 'kept' | 'from' | 'to', number> & { only: number | null };

/**
 * Where one dimension alone is asked for, and the sums of all hours are there, its groups can be read one by one.
 * @returns that dimension, with the value it is filtered by; null where they cannot
 */
export function soleDimension(
  { groupBy }: UsageQuery,
  { kept, filters, closed, reach, bindings }: UsagePlan,
): { dimension: UsageDimension; only: number | null } | null {
  const [dimension, ...others] = groupBy;
  if (dimension === undefined || others.length > 0 || kept !== KEPT[dimension]) return null;
  if (filters.some((filter) => filter !== dimension) || closed.from < reach.from) return null;
  return { dimension, only: bindings[dimension] };
}

/**
 * Puts groups in order. Of the table of sums only what that needs is read, as plain arrays: ten thousand keys make
 * some ten thousand sums of months a year.
 */
export class UsageRanking {
  readonly #db: Database;
  readonly #cells: UsageCells;
  readonly #months: UsageMonths;
  readonly #statements = new Map<string, ReturnType<typeof prepareWeights>>();

  constructor(db: Database, cells: UsageCells, months: UsageMonths) {
    this.#months = months;
    this.#db = db;
    this.#cells = cells;
  }

  /** @returns the groups that had requests, admitted or not, the largest over the whole span first */
  async order(query: UsageQuery, metric: UsageMetric, signal?: AbortSignal): Promise<string[]> {
    const total: UsageQuery = { ...query, step: 'total' };
    const plan = this.#cells.plan(total);
    if (plan === null) return [];
    const sole = soleDimension(total, plan);
    if (sole === null) return this.#orderOfAll(total, metric, signal);
    const groups = new Map<number, Weighed>();
    for await (const { found, sign } of this.#weights(plan, sole, metric)) {
      signal?.throwIfAborted();
      addWeighed(groups, found, sign);
    }
    const open = this.#cells.open(total, plan);
    addWeighed(
      groups,
      open.map((cell) => [
        ...[cell[sole.dimension], cell.requests, cell.requests + cell.refused],
        weightOf(cell, metric),
      ]) as Weighed[],
      1,
    );
    return [...groups.values()]
      .filter(([, , all]) => all > 0)
      .sort((a, b) => b[3] - a[3] || b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1))
      .map(([id]) => String(id));
  }

  async #orderOfAll(total: UsageQuery, metric: UsageMetric, signal?: AbortSignal): Promise<string[]> {
    const groups = new Map<string, Ranked>();
    for await (const cells of this.#cells.read(total)) {
      signal?.throwIfAborted();
      addCells(groups, cells, total.groupBy, metric);
    }
    return [...groups.values()]
      .filter(({ all }) => all > 0)
      .sort(largerFirst)
      .map(({ id }) => id);
  }

  async *#weights(
    { closed, reach }: UsagePlan,
    sole: { dimension: UsageDimension; only: number | null },
    metric: UsageMetric,
  ): AsyncGenerator<{ found: Weighed[]; sign: Part['sign'] }, void, undefined> {
    const { dimension, only } = sole;
    const weights = this.#statement(dimension, metric);
    const pace = new Pace();
    for (const { level, sign, ...span } of coverOf(closed, reach)) {
      const facts = { kept: KEPT[dimension], only };
      const pieces =
        level === 'month'
          ? this.#months.weights(span, sole, WEIGHTS[metric], pace)
          : inPieces(span, UNITS[level], pace, (piece) =>
              weights.all({ ...facts, step: STEPS[level], ...piece }),
            );
      for await (const found of pieces) yield { found, sign };
    }
  }

  #statement(dimension: UsageDimension, metric: UsageMetric) {
    const id = `${dimension} ${metric}`;
    const known = this.#statements.get(id) ?? prepareWeights(this.#db, dimension, metric);
    this.#statements.set(id, known);
    return known;
  }
}

function prepareWeights(db: Database, dimension: UsageDimension, metric: UsageMetric) {
  const column = COLUMNS[dimension];
  return db
    .prepare<Read, Weighed>(
      `SELECT ${column}, u.requests, u.requests + u.refused, ${WEIGHTS[metric]} FROM usage_sums u
       WHERE u.step = @step AND u.kept = @kept AND u.start >= @from AND u.start < @to AND (@only IS NULL OR ${column} = @only)`,
    )
    .raw();
}

function addWeighed(groups: Map<number, Weighed>, found: readonly Weighed[], sign: Part['sign']): void {
  for (const one of found) {
    const [id, requests, all, weight] = one;
    const group = groups.get(id);
    if (group === undefined) groups.set(id, sign === 1 ? one : [id, -requests, -all, -weight]);
    else {
      group[1] += sign * requests;
      group[2] += sign * all;
      group[3] += sign * weight;
    }
  }
}

function addCells(
  groups: Map<string, Ranked>,
  cells: readonly Cell[],
  groupBy: readonly UsageDimension[],
  metric: UsageMetric,
): void {
  for (const cell of cells) {
    const id = groupId(cell, groupBy);
    const standing = groups.get(id) ?? { id, requests: 0, all: 0, weight: 0 };
    standing.requests += cell.requests;
    standing.all += cell.requests + cell.refused;
    standing.weight += weightOf(cell, metric);
    groups.set(id, standing);
  }
}
