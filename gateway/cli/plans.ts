import type { Command } from 'commander';
import type { NewPlan, Plan, PlanPatch } from '../doors/admin/contract.ts';
import { usageError } from './failures.ts';
import { findPlan } from './find.ts';
import { limitText } from './limits.ts';
import { listCommand } from './list-command.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, dollars } from './units.ts';
import { micros, wholeNumber, wholeNumberWithin } from './values.ts';

interface PlanOptions {
  name?: string;
  /** Not null for none: commander puts an empty text in its place. */
  requestsPerMinute?: number | 'none';
  pageSize?: number;
  historyDays?: number;
  price?: number;
}

/** `ntl plans`: the tiers members are on. */
export function addPlanCommands(program: Command): void {
  const plans = program.command('plans').description('tiers with their default limits');

  listCommand(plans)
    .description('all plans')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<Plan>('/plans');
      terminal.show(list, () => plansText(list.data));
    });

  withFacts(plans.command('add').alias('create'))
    .description('add a plan')
    .argument('<id>', 'small letters, digits, - and _')
    .requiredOption('--name <name>', 'what to call it')
    .action(async (id: string, options: PlanOptions & { name: string }, command: Command) => {
      const terminal = new Terminal(command);
      const wanted: NewPlan = { ...patchOf(options), id, name: options.name };
      const plan = await terminal.admin.post<Plan>('/plans', wanted);
      terminal.show(plan, () => plansText([plan]));
      terminal.say(`Put a member on it: ${terminal.commandLine(`members update NAME --plan ${plan.id}`)}`);
    });

  withFacts(plans.command('update'))
    .description('change a plan; what is not given stays')
    .argument('<plan>', 'id or name')
    .option('--name <name>', 'what to call it')
    .action(async (named: string, options: PlanOptions, command: Command) => {
      const terminal = new Terminal(command);
      const patch = patchOf(options);
      if (Object.keys(patch).length === 0)
        throw usageError('Say what to change; --help lists what there is.');
      const { id } = await findPlan(terminal.admin, named);
      const plan = await terminal.admin.patch<Plan>(`/plans/${encodeURIComponent(id)}`, patch);
      terminal.show(plan, () => plansText([plan]));
    });
}

function withFacts(command: Command): Command {
  return command
    .option(
      '--requests-per-minute <number>',
      'limit for all models together; none for no limit',
      numberOrNone,
    )
    .option('--page-size <number>', "most rows of a page in a member's lists", wholeNumberWithin(1, 10_000))
    .option('--history-days <days>', "how far back a member's lists reach", wholeNumberWithin(1, 36_500))
    .option('--price <dollars>', 'a month, such as 9.50', micros);
}

function numberOrNone(text: string): number | 'none' {
  return text === 'none' ? 'none' : wholeNumber(text);
}

function patchOf({ name, requestsPerMinute, pageSize, historyDays, price }: PlanOptions): PlanPatch {
  return {
    ...(name === undefined ? {} : { name }),
    ...(requestsPerMinute === undefined
      ? {}
      : { requestsPerMinute: requestsPerMinute === 'none' ? null : requestsPerMinute }),
    ...(pageSize === undefined ? {} : { pageSizeCap: pageSize }),
    ...(historyDays === undefined ? {} : { historyDays }),
    ...(price === undefined ? {} : { priceMicros: price }),
  };
}

function plansText(plans: readonly Plan[]): string {
  return table(
    plans,
    [
      { title: 'ID', of: (plan) => plan.id },
      { title: 'NAME', of: (plan) => plan.name },
      { title: 'PRICE/MONTH', of: (plan) => dollars(plan.priceMicros), right: true },
      { title: 'PAGE SIZE', of: (plan) => count(plan.pageSizeCap), right: true },
      { title: 'HISTORY', of: (plan) => `${count(plan.historyDays)} days`, right: true },
      { title: 'LIMITS', of: (plan) => plan.limits.map(limitText).join('; ') || 'none' },
    ],
    'There are no plans.',
  );
}
