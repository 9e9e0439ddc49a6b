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

/**
 * @param rows one of each group, the largest first
 * @param totals of all groups, those included that are not among the rows
 * @returns the groups that had requests
 */
export function groupsOf(
  rows: readonly UsageRow[],
  totals: UsageSums,
  { dimension, metric }: { dimension: Dimension; metric: Metric },
): Group[] {
  const whole = amountOf(totals, metric);
  return rows
    .filter(({ requests }) => requests > 0)
    .map((row, index) => {
      const value = amountOf(row, metric);
      return {
        ...{ id: groupId(row, dimension), sums: row, value, name: nameOf(row, dimension), note: null },
        filter: filterOf(row, dimension),
        share: whole === 0 ? 0 : value / whole,
        shade: SHADES[index] ?? 'rest',
      };
    });
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
