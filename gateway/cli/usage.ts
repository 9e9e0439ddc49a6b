import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { UsageList, UsageRow, UsageSums } from '../doors/admin/contract.ts';
import { type Column, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, dollars, localTime } from './units.ts';
import { list, since } from './values.ts';

const DIMENSIONS = ['model', 'member', 'key', 'provider', 'tool'] as const;
const STEPS = ['day', 'hour'] as const;

type Dimension = (typeof DIMENSIONS)[number];
type Step = (typeof STEPS)[number];

interface Grouping {
  step: Step | 'total';
  groupBy: Dimension[];
}

const THIRTY_DAYS_AGO = '30d';

/** `ntl usage`: what was used, summed up. */
export function addUsageCommand(program: Command): void {
  program
    .command('usage')
    .description('requests, tokens and cost, summed up')
    .option('--by <parts>', `${[...DIMENSIONS, ...STEPS].join(', ')}; commas for more than one`, grouping, {
      step: 'total',
      groupBy: ['model'],
    } satisfies Grouping)
    .option('--since <time>', 'such as 24h, 30d or 2026-11-01', since)
    .action(async ({ by, since: startDate }: { by: Grouping; since?: string }, command: Command) => {
      const terminal = new Terminal(command);
      const usage = await terminal.admin.get<UsageList>('/usage', {
        pageSize: 100_000,
        step: by.step,
        groupBy: by.groupBy.length === 0 ? undefined : by.groupBy.join(','),
        startDate: startDate ?? since(THIRTY_DAYS_AGO),
        timeZoneOffsetMinutes: -new Date().getTimezoneOffset(),
      });
      terminal.show(usage, () => usageText(usage, by));
    });
}

function grouping(text: string): Grouping {
  const parts = list(text);
  const groupBy = DIMENSIONS.filter((dimension) => parts.includes(dimension));
  const steps = STEPS.filter((step) => parts.includes(step));
  if (groupBy.length + steps.length !== new Set(parts).size || steps.length > 1) {
    throw new InvalidArgumentError(`Give ${[...DIMENSIONS, ...STEPS].join(', ')}; day or hour, not both.`);
  }
  return { step: steps[0] ?? 'total', groupBy };
}

type Line = UsageSums & Partial<UsageRow>;

function usageText({ data, totals }: UsageList, { step, groupBy }: Grouping): string {
  if (data.length === 0) return 'Nothing was used in this time.\n';
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

const NAMES: Readonly<Record<Dimension, (row: Line) => string | null | undefined>> = {
  model: (row) => row.model,
  member: (row) => row.memberName ?? row.memberId,
  key: (row) => (row.keyName ? `${row.keyName} (${row.keyPrefix}…)` : row.keyId),
  provider: (row) => row.providerName ?? row.providerId,
  tool: (row) => row.tool,
};

const SUMS: readonly Column<Line>[] = [
  { title: 'REQUESTS', of: (row) => count(row.requests), right: true },
  { title: 'REFUSED', of: (row) => count(row.refused), right: true },
  { title: 'FAILED', of: (row) => count(row.failed), right: true },
  { title: 'INPUT', of: (row) => count(row.inputTokens), right: true },
  { title: 'CACHED', of: (row) => count(row.cachedTokens), right: true },
  { title: 'OUTPUT', of: (row) => count(row.outputTokens), right: true },
  { title: 'CHARGED', of: (row) => count(row.chargedTokens), right: true },
  { title: 'COST', of: (row) => dollars(row.costMicros), right: true },
];

function startText({ start }: Line, step: Step): string {
  return localTime(start).slice(0, step === 'day' ? 10 : 16);
}
