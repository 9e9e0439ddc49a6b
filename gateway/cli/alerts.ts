import type { Command } from 'commander';
import { isLoopbackAddress } from '../accounts/addresses.ts';
import type { Alert, List } from '../doors/admin/contract.ts';
import { restText, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { rowCount, since } from './values.ts';

interface AlertOptions {
  unseen?: true;
  markSeen?: true;
  since?: string;
  limit: number;
}

/** `ntl alerts`: what happened that the owner did not ask for. */
export function addAlertsCommand(program: Command): void {
  program
    .command('alerts')
    .description('what the owner should look at')
    .option('--unseen', 'only those nobody has looked at')
    .option('--mark-seen', 'what is listed here counts as looked at from now on')
    .option('--since <time>', 'not older than, such as 24h or 2026-11-01', since)
    .option('--limit <number>', 'at most so many', rowCount, 50)
    .action(async (options: AlertOptions, command: Command) => {
      const terminal = new Terminal(command);
      const alerts = await terminal.admin.get<List<Alert>>('/alerts', {
        pageSize: options.limit,
        startDate: options.since,
        unseen: options.unseen,
      });
      terminal.show(alerts, () => alertsText(alerts, options, terminal));
      if (options.markSeen) await markSeen(terminal, alerts.data);
    });
}

async function markSeen(terminal: Terminal, alerts: readonly Alert[]): Promise<void> {
  const unseen = alerts.filter(isUnseen);
  for (const { id } of unseen) await terminal.admin.post(`/alerts/${id}/seen`);
  if (unseen.length > 0) terminal.say(`Marked ${unseen.length} as seen.`);
}

function alertsText({ data, pagination }: List<Alert>, options: AlertOptions, terminal: Terminal): string {
  return (
    table(
      data,
      [
        { title: 'TIME', of: (alert) => localTime(alert.at) },
        { title: 'NEW', of: (alert) => (isUnseen(alert) ? 'new' : '') },
        { title: 'ALERT', of: (alert) => alert.message },
      ],
      emptyText(options),
    ) +
    restText(data.length, pagination) +
    whatToDo(data, options, terminal)
  );
}

function emptyText({ unseen, since }: AlertOptions): string {
  const what = `No ${unseen ? 'new ' : ''}alerts${since === undefined ? '' : ' in this time'}.`;
  return `${what} They tell of wrong keys, new addresses, failing providers and unusual volume.`;
}

function whatToDo(alerts: readonly Alert[], { markSeen }: AlertOptions, terminal: Terminal): string {
  const lines: string[] = [];
  if (alerts.some(({ kind }) => kind === 'provider_failing')) {
    lines.push(`Call a provider to see what is wrong: ${terminal.commandLine('providers test NAME')}`);
  }
  if (alerts.some(({ address }) => address !== null && !isLoopbackAddress(address))) {
    lines.push(`Refuse an address: ${terminal.commandLine('blocks add ADDRESS')}`);
  }
  if (!markSeen && alerts.some(isUnseen)) {
    lines.push(`Mark these as seen: ${terminal.commandLine('alerts --mark-seen')}`);
  }
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function isUnseen({ seenAt }: Alert): boolean {
  return seenAt === null;
}
