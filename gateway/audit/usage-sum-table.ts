import type { UsageBuckets } from './usage-buckets.ts';
import type { Cell, UsageDimension, UsageSums } from './usage-cells.ts';

/** By what groups are put in order, the largest first; `use`: by tokens and requests, refused ones included. */
export type UsageMetric = 'cost' | 'tokens' | 'requests' | 'use';

export interface Group {
  /** One of those it is the sum of; null for all that were not chosen. */
  cell: Cell | null;
  sums: UsageSums;
}

/** Adds cells up by step and group. */
export class SumTable {
  readonly #buckets: UsageBuckets;
  readonly #groupBy: readonly UsageDimension[];
  readonly #metric: UsageMetric;
  readonly #chosen: ReadonlyMap<string, number> | null;
  readonly #groups = new Map<number, Map<string, Group>>();
  readonly totals: UsageSums = noSums();

  /** @param chosen groups by their place; the others are put together as one. null: all are told */
  constructor(
    buckets: UsageBuckets,
    groupBy: readonly UsageDimension[],
    metric: UsageMetric,
    chosen: ReadonlyMap<string, number> | null = null,
  ) {
    this.#metric = metric;
    this.#buckets = buckets;
    this.#groupBy = groupBy;
    this.#chosen = chosen;
  }

  add(cell: Cell): void {
    const id = groupId(cell, this.#groupBy);
    const group = this.#groupOf(cell, this.#chosen === null || this.#chosen.has(id) ? id : OTHERS);
    for (const name of SUM_NAMES) {
      group.sums[name] += cell[name];
      this.totals[name] += cell[name];
    }
  }

  /** Adds sums of everything of a step, what is added by `addChosen` included. */
  addWhole(cell: Cell): void {
    const others = this.#groupOf(cell, OTHERS);
    for (const name of SUM_NAMES) {
      others.sums[name] += cell[name];
      this.totals[name] += cell[name];
    }
  }

  /** Adds sums of a chosen group that are in the whole already. */
  addChosen(cell: Cell): void {
    const group = this.#groupOf(cell, groupId(cell, this.#groupBy));
    const others = this.#groupOf(cell, OTHERS);
    for (const name of SUM_NAMES) {
      group.sums[name] += cell[name];
      others.sums[name] -= cell[name];
    }
  }

  #groupOf(cell: Cell, id: string): Group {
    const start = this.#buckets.startOf(cell.hour);
    let groups = this.#groups.get(start);
    if (groups === undefined) {
      groups = new Map();
      this.#groups.set(start, groups);
    }
    let group = groups.get(id);
    if (group === undefined) {
      group = { cell: id === OTHERS ? null : cell, sums: noSums() };
      groups.set(id, group);
    }
    return group;
  }

  /** In order of time; of each step the largest group first, or the chosen ones by their place and then the others. */
  *byStart(): Generator<{ start: number; groups: Group[] }, void, undefined> {
    for (const start of [...this.#groups.keys()].sort((a, b) => a - b)) {
      // What a day in UTC has and the local one has not came to nothing.
      const groups = [...(this.#groups.get(start)?.values() ?? [])].filter(({ sums }) => isUsed(sums));
      if (groups.length === 0) continue;
      yield { start, groups: groups.sort((a, b) => this.#order(a, b)) };
    }
  }

  #order(a: Group, b: Group): number {
    if (this.#chosen !== null) return this.#placeOf(a) - this.#placeOf(b);
    return largerFirst(this.#standing(a), this.#standing(b));
  }

  #standing({ cell, sums }: Group): Standing {
    const id = cell === null ? OTHERS : groupId(cell, this.#groupBy);
    return { id, requests: sums.requests, weight: weightOf(sums, this.#metric) };
  }

  #placeOf({ cell }: Group): number {
    const place = cell === null ? undefined : this.#chosen?.get(groupId(cell, this.#groupBy));
    return place ?? Number.MAX_SAFE_INTEGER;
  }
}

const OTHERS = 'others';

export function groupId(cell: Pick<Cell, UsageDimension>, groupBy: readonly UsageDimension[]): string {
  return groupBy.map((dimension) => cell[dimension]).join(' ');
}

function isUsed({ requests, refused }: UsageSums): boolean {
  return requests + refused > 0;
}

/** How large a group is. */
export interface Standing {
  id: string;
  requests: number;
  weight: number;
}

/** Equal ones stand always in the same order, so that pages of them fit together. */
export function largerFirst(a: Standing, b: Standing): number {
  return b.weight - a.weight || b.requests - a.requests || (a.id < b.id ? -1 : 1);
}

export function weightOf(sums: UsageSums, metric: UsageMetric): number {
  const { costMicros, inputTokens, outputTokens, requests, refused } = sums;
  if (metric === 'cost') return costMicros;
  if (metric === 'requests') return requests;
  const tokens = inputTokens + outputTokens;
  return metric === 'tokens' ? tokens : tokens + requests + refused;
}

export function noSums(): UsageSums {
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

export const SUM_NAMES = Object.keys(noSums()) as (keyof UsageSums)[];
