import type { Command } from 'commander';
import type { Alert, Change, List } from '../doors/admin/contract.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { since, wholeNumber } from './values.ts';

interface ListOptions {
  since?: string;
  limit: number;
}

interface AlertOptions extends ListOptions {
  unseen?: true;
  markSeen?: true;
}

/** `ntl alerts` and `ntl changes`: what happened, and what the owner did. */
export function addAlertCommands(program: Command): void {
  program
    .command('alerts')
    .description('what the owner should look at')
    .option('--unseen', 'only those nobody has looked at')
    .option('--mark-seen', 'what is listed here counts as looked at from now on')
    .option('--since <time>', 'not older than, such as 24h or 2026-11-01', since)
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .action(async (options: AlertOptions, command: Command) => {
      const terminal = new Terminal(command);
      const query = { ...pageQuery(options), unseen: options.unseen };
      const alerts = await terminal.admin.get<List<Alert>>('/alerts', query);
      terminal.show(alerts, () => alertsText(alerts.data));
      if (!options.markSeen) return;
      const unseen = alerts.data.filter(({ seenAt }) => seenAt === null);
      for (const { id } of unseen) await terminal.admin.post(`/alerts/${id}/seen`);
    });

  program
    .command('changes')
    .description('what the owner changed, newest first')
    .option('--since <time>', 'not older than, such as 24h or 2026-11-01', since)
    .option('--limit <number>', 'at most so many', wholeNumber, 50)
    .action(async (options: ListOptions, command: Command) => {
      const terminal = new Terminal(command);
      const changes = await terminal.admin.get<List<Change>>('/changes', pageQuery(options));
      terminal.show(changes, () => changesText(changes.data));
    });
}

function pageQuery(options: ListOptions) {
  return { pageSize: options.limit, startDate: options.since };
}

function alertsText(alerts: readonly Alert[]): string {
  return table(
    alerts,
    [
      { title: 'ID', of: (alert) => alert.id },
      { title: 'TIME', of: (alert) => localTime(alert.at) },
      { title: 'NEW', of: (alert) => (alert.seenAt === null ? 'new' : '') },
      { title: 'ALERT', of: (alert) => alert.message },
    ],
    'No alerts.',
  );
}

function changesText(changes: readonly Change[]): string {
  return table(
    changes,
    [
      { title: 'TIME', of: (change) => localTime(change.at) },
      { title: 'BY', of: (change) => change.actor },
      { title: 'ACTION', of: (change) => change.action },
      { title: 'ON', of: (change) => change.subject },
      { title: 'CHANGED', of: changedFields },
    ],
    'Nothing was changed.',
  );
}

/** `name: before → after` for what differs; only the fields where the thing is new. */
function changedFields({ before, after }: Change): string {
  if (after === null) return 'removed';
  if (before === null) return 'new';
  const [old, fresh] = [asRecord(before), asRecord(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter(
    (name) => shown(old[name]) !== shown(fresh[name]),
  );
  return names.map((name) => `${name}: ${short(shown(old[name]))} → ${short(shown(fresh[name]))}`).join(', ');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
