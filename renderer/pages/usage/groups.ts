import type { UsageRow, UsageSums } from '../../../gateway/doors/admin/contract.ts';
import { toolName } from '../../tools.ts';

export type Dimension = 'model' | 'member' | 'key' | 'tool' | 'provider';
export type Metric = 'cost' | 'tokens' | 'requests';

/** One line of the table, one colour of the bars. */
export interface Group {
  id: string;
  name: string;
  /** Beside the name: whose key it is. */
  note: string | null;
  /** The value that a filter by this dimension takes; null for what nobody or nothing was. */
  filter: string | null;
  sums: UsageSums;
  value: number;
  /** Of the whole, 0 to 1. */
  share: number;
  /** One of the four largest, or the rest. */
  shade: Shade;
}

export type Shade = 'c1' | 'c2' | 'c3' | 'c4' | 'rest';

const SHADES: readonly Shade[] = ['c1', 'c2', 'c3', 'c4'];
const NOBODY: Record<Dimension, string> = {
  model: 'No model named',
  member: 'No known member',
  key: 'No known key',
  tool: 'another tool',
  provider: 'No provider reached',
};

export function amountOf(sums: UsageSums, metric: Metric): number {
  if (metric === 'cost') return sums.costMicros;
  return metric === 'tokens' ? sums.inputTokens + sums.outputTokens : sums.requests;
}

/** @returns the groups that had requests, the largest first */
export function groupsOf(rows: readonly UsageRow[], dimension: Dimension, metric: Metric): Group[] {
  const byId = new Map<string, { row: UsageRow; sums: UsageSums }>();
  for (const row of rows) {
    const id = groupId(row, dimension);
    const group = byId.get(id);
    if (group === undefined) byId.set(id, { row, sums: { ...row } });
    else add(group.sums, row);
  }
  const used = [...byId].filter(([, { sums }]) => sums.requests > 0);
  const whole = used.reduce((sum, [, { sums }]) => sum + amountOf(sums, metric), 0);
  return used
    .map(([id, { row, sums }]) => ({ id, row, sums, value: amountOf(sums, metric) }))
    .sort((a, b) => b.value - a.value || b.sums.requests - a.sums.requests)
    .map(({ id, row, sums, value }, index) => ({
      ...{ id, sums, value, name: nameOf(row, dimension), note: null },
      filter: filterOf(row, dimension),
      share: whole === 0 ? 0 : value / whole,
      shade: SHADES[index] ?? 'rest',
    }));
}

/** The same for rows of one group, wherever they come from. */
export function groupId(row: UsageRow, dimension: Dimension): string {
  return filterOf(row, dimension) ?? '';
}

function filterOf(row: UsageRow, dimension: Dimension): string | null {
  const ids = {
    model: row.model,
    member: row.memberId,
    key: row.keyId,
    tool: row.tool,
    provider: row.providerId,
  };
  return ids[dimension] ?? null;
}

function nameOf(row: UsageRow, dimension: Dimension): string {
  const id = filterOf(row, dimension);
  if (id === null) return NOBODY[dimension];
  if (dimension === 'tool') return toolName(id);
  const names = { model: row.model, member: row.memberName, key: row.keyName, provider: row.providerName };
  return names[dimension] ?? id;
}

function add(sums: UsageSums, row: UsageSums): void {
  for (const name of SUM_NAMES) sums[name] += row[name];
}

const SUM_NAMES = [
  'requests',
  'refused',
  'failed',
  'inputTokens',
  'outputTokens',
  'cachedTokens',
  'reasoningTokens',
  'costMicros',
  'chargedTokens',
] as const satisfies readonly (keyof UsageSums)[];
