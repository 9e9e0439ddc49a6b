import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';
import { UsageBuckets } from './usage-buckets.ts';
import {
  type Cell,
  UsageCells,
  type UsageDimension,
  type UsageMarks,
  type UsageQuery,
  type UsageSums,
} from './usage-cells.ts';
import { ChosenUsage } from './usage-chosen.ts';
import { UsageMonths } from './usage-months.ts';
import { soleDimension, UsageRanking } from './usage-ranking.ts';
import { SumTable, type UsageMetric } from './usage-sum-table.ts';

/** Sums of one step and group. Of the group only what was asked for is there; null: nobody or nothing was identified. */
export interface UsageRow extends UsageSums {
  /** Start of the step, ISO 8601 in UTC. */
  start: string;
  model?: string | null;
  memberId?: string | null;
  memberName?: string | null;
  keyId?: string | null;
  keyName?: string | null;
  keyPrefix?: string | null;
  providerId?: string | null;
  providerName?: string | null;
  tool?: string | null;
  /** The sums of all groups that were not chosen; it names none. */
  others?: true;
}

export interface UsageAnswer {
  /** By start, then the largest first. */
  rows: UsageRow[];
  totals: UsageSums;
}

/** Rows put together in one go: about a millisecond. */
const SHAPED_ROWS = 500;

/** More groups than these are quicker found among all than one by one. */
export const FEW_GROUPS = 500;

/** Reports what was used, from the hourly roll-ups and the rows behind them. */
export class UsageReport {
  readonly #names: Names;
  readonly #cells: UsageCells;
  readonly #ranking: UsageRanking;
  readonly #chosen: ChosenUsage;
  readonly #member;
  readonly #key;
  readonly #provider;

  constructor(db: Database, names: Names, marks: UsageMarks, wall: () => number) {
    this.#names = names;
    const months = new UsageMonths(db);
    this.#cells = new UsageCells(db, names, marks, wall, months);
    this.#ranking = new UsageRanking(db, this.#cells, months);
    this.#chosen = new ChosenUsage(db, months);
    this.#member = db.prepare<[number], { name: string }>('SELECT name FROM members WHERE id = ?');
    this.#key = db.prepare<[number], { name: string; prefix: string }>(
      'SELECT name, prefix FROM api_keys WHERE id = ?',
    );
    this.#provider = db.prepare<[number], { name: string }>('SELECT name FROM providers WHERE id = ?');
  }

  /** @param signal stops a report nobody waits for any more */
  async report(query: UsageQuery, signal?: AbortSignal, metric: UsageMetric = 'use'): Promise<UsageAnswer> {
    const table = new SumTable(new UsageBuckets(query), query.groupBy, metric);
    for await (const cells of this.#cells.read(query)) {
      signal?.throwIfAborted();
      for (const cell of cells) table.add(cell);
    }
    return { rows: await this.#rows(table, query.groupBy, signal), totals: table.totals };
  }

  /**
   * A page of the groups' totals over the span, the largest first.
   * @returns `total` groups had requests, admitted or not
   */
  async largest(
    query: Omit<UsageQuery, 'step'>,
    page: { metric: UsageMetric; offset: number; limit: number },
    signal?: AbortSignal,
  ): Promise<UsageAnswer & { total: number }> {
    const order = await this.#ranking.order({ ...query, step: 'total' }, page.metric, signal);
    const chosen = order.slice(page.offset, page.offset + page.limit);
    const { rows, totals } = await this.#ofChosen({ ...query, step: 'total' }, chosen, signal);
    return { rows: rows.filter(({ others }) => others === undefined), totals, total: order.length };
  }

  /**
   * The groups that are largest over the whole span, step by step, and all others together.
   * @returns `groups` had requests, admitted or not
   */
  async top(
    query: UsageQuery,
    { metric, count }: { metric: UsageMetric; count: number },
    signal?: AbortSignal,
  ): Promise<UsageAnswer & { groups: number }> {
    const order = await this.#ranking.order(query, metric, signal);
    return { ...(await this.#ofChosen(query, order.slice(0, count), signal)), groups: order.length };
  }

  async #ofChosen(query: UsageQuery, chosen: readonly string[], signal?: AbortSignal): Promise<UsageAnswer> {
    const places = new Map(chosen.map((id, place) => [id, place]));
    const table = new SumTable(new UsageBuckets(query), query.groupBy, 'use', places);
    await nextTurn();
    const plan = this.#cells.plan(query);
    const sole = plan === null || chosen.length > FEW_GROUPS ? null : soleDimension(query, plan);
    if (plan !== null && sole !== null) {
      for await (const { whole, chosen: cells } of this.#chosen.read(plan, sole, chosen.map(Number))) {
        signal?.throwIfAborted();
        for (const cell of whole) table.addWhole(cell);
        for (const cell of cells) table.addChosen(cell);
      }
      await nextTurn();
      for (const cell of this.#cells.open(query, plan)) table.add(cell);
    } else {
      for await (const cells of this.#cells.read(query)) {
        signal?.throwIfAborted();
        for (const cell of cells) table.add(cell);
      }
    }
    return { rows: await this.#rows(table, query.groupBy, signal), totals: table.totals };
  }

  async #rows(
    table: SumTable,
    groupBy: readonly UsageDimension[],
    signal?: AbortSignal,
  ): Promise<UsageRow[]> {
    const rows: UsageRow[] = [];
    const named = this.#naming(groupBy);
    let sinceTurn = 0;
    for (const { start, groups } of table.byStart()) {
      for (const { cell, sums } of groups) {
        const group = cell === null ? OTHERS : named(cell);
        rows.push({ start: new Date(start).toISOString(), ...group, ...sums });
        if (++sinceTurn < SHAPED_ROWS) continue;
        sinceTurn = 0;
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
    return rows;
  }

  /** Names what cells are of; each name is looked up once a report. */
  #naming(groupBy: readonly UsageDimension[]): (cell: Cell) => Partial<UsageRow> {
    const known = new Map(groupBy.map((dimension) => [dimension, new Map<number, Partial<UsageRow>>()]));
    const nameOf = (dimension: UsageDimension, id: number) => {
      const name = known.get(dimension)?.get(id) ?? this.#namedAs[dimension](id);
      known.get(dimension)?.set(id, name);
      return name;
    };
    return (cell) => Object.assign({}, ...groupBy.map((dimension) => nameOf(dimension, cell[dimension])));
  }

  readonly #namedAs: Record<UsageDimension, (id: number) => Partial<UsageRow>> = {
    model: (id) => ({ model: this.#names.text(id || null) }),
    tool: (id) => ({ tool: this.#names.text(id || null) }),
    member: (id) => ({ memberId: idText(id), memberName: this.#member.get(id)?.name ?? null }),
    key: (id) => {
      const key = this.#key.get(id);
      return { keyId: idText(id), keyName: key?.name ?? null, keyPrefix: key?.prefix ?? null };
    },
    provider: (id) => ({ providerId: idText(id), providerName: this.#provider.get(id)?.name ?? null }),
  };
}

const OTHERS = { others: true } as const;

function idText(id: number): string | null {
  return id === 0 ? null : String(id);
}
