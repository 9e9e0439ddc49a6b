import type { Command } from 'commander';
import type { Plan } from '../doors/admin/contract.ts';
import { limitText } from './limits.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, dollars } from './units.ts';

/** `ntl plans`: the tiers members are on. */
export function addPlanCommands(program: Command): void {
  program
    .command('plans')
    .description('tiers with their default limits')
    .command('list')
    .description('all plans')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<Plan>('/plans');
      terminal.show(list, () => plansText(list.data));
    });
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
      { title: 'LIMITS', of: (plan) => plan.limits.map(limitText).join('; ') },
    ],
    'There are no plans.',
  );
}
