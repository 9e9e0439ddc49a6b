import type { Command } from 'commander';
import type { Status } from '../doors/admin/contract.ts';
import { type AdminClient, NotRunning } from './admin-client.ts';
import { EXIT } from './failures.ts';
import { fields, plain } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, localTime } from './units.ts';

/** `ntl status`: exit code 1 when the gateway is not running. */
export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('whether the gateway runs, where, and what it holds')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      try {
        const status = await terminal.admin.get<Status>('/status');
        terminal.show(status, () => statusText(status, terminal.admin));
      } catch (error) {
        if (!(error instanceof NotRunning)) throw error;
        process.exitCode = EXIT.failed;
        terminal.show({ running: false, dataDir: terminal.dataDir }, () => `${error.message}\n`);
      }
    });
}

function statusText(status: Status, { url, panelUrl, dataDir }: AdminClient): string {
  const { counts, ledger } = status;
  const notices = status.notices.map(({ at, message }) => `\n! ${localTime(at)} ${plain(message)}\n`);
  const ledgerText = ledger.balanced
    ? ''
    : `\n! The balances of members ${ledger.differingMemberIds.join(', ')} differ from their ledger.\n`;
  return `Running.\n\n${fields([
    ['Address', status.addresses.join(', ') || url],
    ['Control panel', panelUrl],
    ['Version', status.version],
    ['Process', `${status.pid}, since ${localTime(status.startedAt)}`],
    ['Data folder', dataDir],
    ['Credentials', status.vault.protection],
    ['Providers', count(counts.providers)],
    ['Models', count(counts.models)],
    ['Members', count(counts.members)],
    ['Live keys', count(counts.keys)],
    ['New alerts', count(counts.unseenAlerts)],
    ['Requests now', count(status.runningRequests)],
  ])}${notices.join('')}${ledgerText}`;
}
