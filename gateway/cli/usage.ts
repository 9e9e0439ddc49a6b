import { type Command, InvalidArgumentError, Option } from 'commander';
import type { UsageList } from '../doors/admin/contract.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { DIMENSIONS, type Grouping, STEPS, usageTable } from './usage-text.ts';
import { list, since } from './values.ts';

const PARTS = [...DIMENSIONS, ...STEPS].join(', ');
const THIRTY_DAYS_AGO = '30d';
const BY_MODEL: Grouping = { step: 'total', groupBy: ['model'] };

/** `ntl usage`: what was used, summed up. */
export function addUsageCommand(program: Command): void {
  program
    .command('usage')
    .description('requests, tokens and cost, summed up')
    .addOption(
      new Option('--by <parts>', `${PARTS}; commas for more than one`)
        .argParser(grouping)
        .default(BY_MODEL, 'model'),
    )
    .option('--since <time>', `such as 24h or 2026-11-01; ${THIRTY_DAYS_AGO} unless given`, since)
    .action(async (options: { by: Grouping; since?: string }, command: Command) => {
      const terminal = new Terminal(command);
      const { by, since: startDate = since(THIRTY_DAYS_AGO) } = options;
      const usage = await terminal.admin.get<UsageList>('/usage', {
        pageSize: 100_000,
        step: by.step,
        groupBy: by.groupBy.length === 0 ? undefined : by.groupBy.join(','),
        startDate,
        timeZoneOffsetMinutes: -new Date().getTimezoneOffset(),
      });
      terminal.show(usage, () => usageText(usage, by, startDate));
    });
}

function grouping(text: string): Grouping {
  const parts = list(text);
  const groupBy = DIMENSIONS.filter((dimension) => parts.includes(dimension));
  const steps = STEPS.filter((step) => parts.includes(step));
  if (groupBy.length + steps.length !== new Set(parts).size || steps.length > 1) {
    throw new InvalidArgumentError(`Give ${PARTS}; day or hour, not both.`);
  }
  return { step: steps[0] ?? 'total', groupBy };
}

/** Sums are kept by the hour, so a span begins with the hour that its start lies in. */
function usageText(usage: UsageList, by: Grouping, startDate: string): string {
  const from = `${localTime(startDate).slice(0, 13)}:00`;
  if (usage.data.length === 0) return `No requests since ${from}. Look further back with --since 90d.\n`;
  return `Since ${from}. INPUT to CHARGED are tokens; CACHED is part of INPUT, FAILED of ADMITTED.\n\n${usageTable(usage, by)}`;
}
