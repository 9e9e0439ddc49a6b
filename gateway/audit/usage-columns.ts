import type { UsageDimension } from './usage-cells.ts';
import { KEPT } from './usage-sums.ts';

/** Columns of the tables of sums, which statements call `u`, in the order of their keys. */
export const COLUMNS: Readonly<Record<UsageDimension, string>> = {
  ...{ member: 'u.member_id', key: 'u.key_id', model: 'u.model', provider: 'u.provider_id', tool: 'u.tool' },
};

export const DIMENSIONS = Object.keys(COLUMNS) as UsageDimension[];

/** Dimensions as columns of a cell: those that are asked for, 0 for the others. */
export function dimensionColumns(groupBy: readonly UsageDimension[]): string {
  return DIMENSIONS.map((dimension) =>
    groupBy.includes(dimension) ? `${COLUMNS[dimension]} AS ${dimension}` : `0 AS ${dimension}`,
  ).join(', ');
}

/** Sums as columns of a cell. @param of what is taken of a column */
export function sumColumns(of: (column: string) => string): string {
  return Object.entries({
    ...{ requests: 'requests', refused: 'refused', failed: 'failed', inputTokens: 'input_tokens' },
    ...{ outputTokens: 'output_tokens', cachedTokens: 'cached_tokens', reasoningTokens: 'reasoning_tokens' },
    ...{ costMicros: 'cost_micros', chargedTokens: 'charged_tokens' },
  })
    .map(([name, column]) => `${of(`u.${column}`)} AS ${name}`)
    .join(', ');
}

/** What rows must match; where the sums of a key are read, its member is known but not kept. */
export const MATCHING = `(@member IS NULL OR u.kept & ${KEPT.member} = 0 OR u.member_id = @member)
  AND (@key IS NULL OR u.key_id = @key) AND (@model IS NULL OR u.model = @model)
  AND (@provider IS NULL OR u.provider_id = @provider) AND (@tool IS NULL OR u.tool = @tool)`;
