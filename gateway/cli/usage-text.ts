import { ECHO_MODEL } from '../catalogue/models.ts';
import type { UsageList, UsageRow, UsageSums } from '../doors/admin/contract.ts';
import { type Column, table } from './output.ts';
import { count, dollars, localTime } from './units.ts';

export const DIMENSIONS = ['model', 'member', 'key', 'provider', 'tool'] as const;
export const STEPS = ['day', 'hour'] as const;

type Dimension = (typeof DIMENSIONS)[number];
type Step = (typeof STEPS)[number];

export interface Grouping {
  step: Step | 'total';
  groupBy: Dimension[];
}

type Line = UsageSums & Partial<UsageRow>;

/** A table of what was used, with its sum below. */
export function usageTable({ data, totals }: UsageList, { step, groupBy }: Grouping): string {
  const steps: Column<Line>[] =
    step === 'total' ? [] : [{ title: step.toUpperCase(), of: (row) => startText(row, step) }];
  const names = groupBy.map(
    (dimension): Column<Line> => ({ title: dimension.toUpperCase(), of: NAMES[dimension] }),
  );
  const [first, ...others] = [...steps, ...names];
  if (first === undefined) return '';
  // The last line is the sum: it has no start, and says so where the others have their name.
  const labelled: Column<Line> = {
    ...first,
    of: (row) => (row.start === undefined ? 'Total' : first.of(row)),
  };
  const rest = others.map(
    (column): Column<Line> => ({
      ...column,
      of: (row) => (row.start === undefined ? ' ' : column.of(row)),
    }),
  );
  return table<Line>([...data, totals], [labelled, ...rest, ...SUMS], '');
}

/** Refusals may come before anybody or anything was known. */
const NAMES: Readonly<Record<Dimension, (row: Line) => string>> = {
  model: (row) => row.model ?? 'not read',
  member: (row) => row.memberName ?? row.memberId ?? 'nobody known',
  key: (row) => (row.keyName ? `${row.keyName} (${row.keyPrefix}…)` : (row.keyId ?? 'no valid key')),
  provider: providerText,
  tool: (row) => row.tool ?? 'other',
};

/** The echo and refused requests have no provider; only the model tells which. */
function providerText({ providerName, providerId, model }: Line): string {
  if (model === undefined) return providerName ?? providerId ?? 'built in or none';
  return providerName ?? providerId ?? (model === ECHO_MODEL ? 'built in' : 'none');
}

const SUMS: readonly Column<Line>[] = [
  { title: 'ADMITTED', of: (row) => count(row.requests), right: true },
  { title: 'FAILED', of: (row) => count(row.failed), right: true },
  { title: 'REFUSED', of: (row) => count(row.refused), right: true },
  { title: 'INPUT', of: (row) => count(row.inputTokens), right: true },
  { title: 'CACHED', of: (row) => count(row.cachedTokens), right: true },
  { title: 'OUTPUT', of: (row) => count(row.outputTokens), right: true },
  { title: 'CHARGED', of: (row) => count(row.chargedTokens), right: true },
  { title: 'COST', of: (row) => dollars(row.costMicros, 4), right: true },
];

function startText({ start }: Line, step: Step): string {
  return localTime(start).slice(0, step === 'day' ? 10 : 16);
}
