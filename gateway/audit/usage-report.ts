import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';
import {
  type Cell,
  UsageCells,
  type UsageDimension,
  type UsageQuery,
  type UsageSums,
} from './usage-cells.ts';

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
}

export interface UsageAnswer {
  /** By start, then the most used first. */
  rows: UsageRow[];
  totals: UsageSums;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** Rows put together in one go: about a millisecond. */
const SHAPED_ROWS = 500;

/** Reports what was used, from the hourly roll-ups and the rows behind them. */
export class UsageReport {
  readonly #names: Names;
  readonly #cells: UsageCells;
  readonly #member;
  readonly #key;
  readonly #provider;

  /** @param sumsFrom hours from here on are in the table of sums, ms */
  constructor(
    db: Database,
    names: Names,
    rolledUpTo: () => number,
    wall: () => number,
    sumsFrom: () => number,
  ) {
    this.#names = names;
    this.#cells = new UsageCells(db, names, rolledUpTo, wall, sumsFrom);
    this.#member = db.prepare<[number], { name: string }>('SELECT name FROM members WHERE id = ?');
    this.#key = db.prepare<[number], { name: string; prefix: string }>(
      'SELECT name, prefix FROM api_keys WHERE id = ?',
    );
    this.#provider = db.prepare<[number], { name: string }>('SELECT name FROM providers WHERE id = ?');
  }

  /** @param signal stops a report nobody waits for any more */
  async report(query: UsageQuery, signal?: AbortSignal): Promise<UsageAnswer> {
    const table = new SumTable(query);
    for await (const cells of this.#cells.read(query)) {
      signal?.throwIfAborted();
      for (const cell of cells) table.add(cell);
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
        rows.push({ start: new Date(start).toISOString(), ...named(cell), ...sums });
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

interface Group {
  /** One of those it is the sum of. */
  cell: Cell;
  sums: UsageSums;
}

/** Adds cells up by step and group. */
class SumTable {
  readonly #query: UsageQuery;
  readonly #groups = new Map<number, Map<string, Group>>();
  readonly totals: UsageSums = noSums();

  constructor(query: UsageQuery) {
    this.#query = query;
  }

  add(cell: Cell): void {
    const start = this.#startOf(cell.hour);
    const id = this.#query.groupBy.map((dimension) => cell[dimension]).join(' ');
    let groups = this.#groups.get(start);
    if (groups === undefined) {
      groups = new Map();
      this.#groups.set(start, groups);
    }
    let group = groups.get(id);
    if (group === undefined) {
      group = { cell, sums: noSums() };
      groups.set(id, group);
    }
    for (const name of SUM_NAMES) {
      group.sums[name] += cell[name];
      this.totals[name] += cell[name];
    }
  }

  /** In order of time; of each step the most used group first. */
  *byStart(): Generator<{ start: number; groups: Group[] }, void, undefined> {
    const weight = ({ sums }: Group) => sums.inputTokens + sums.outputTokens + sums.requests + sums.refused;
    for (const start of [...this.#groups.keys()].sort((a, b) => a - b)) {
      // What a day in UTC has and the local one has not came to nothing.
      const groups = [...(this.#groups.get(start)?.values() ?? [])].filter(isUsed);
      if (groups.length === 0) continue;
      yield { start, groups: groups.sort((a, b) => weight(b) - weight(a)) };
    }
  }

  #startOf(hour: number): number {
    const { step, from, timeZoneOffsetMinutes } = this.#query;
    if (step === 'total') return floorTo(from, HOUR_MS);
    if (step === 'hour') return hour;
    const ahead = timeZoneOffsetMinutes * MINUTE_MS;
    return floorTo(hour + ahead, DAY_MS) - ahead;
  }
}

function isUsed({ sums }: Group): boolean {
  return sums.requests + sums.refused > 0;
}

const SUM_NAMES = Object.keys(noSums()) as (keyof UsageSums)[];

function noSums(): UsageSums {
  return {
    requests: 0,
    refused: 0,
    failed: 0,
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    reasoningTokens: 0,
    costMicros: 0,
    chargedTokens: 0,
  };
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function idText(id: number): string | null {
  return id === 0 ? null : String(id);
}
