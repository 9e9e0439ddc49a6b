import type { Command } from 'commander';
import type {
  PanelLink,
  Provider,
  ProviderTest,
  Settings,
  Sharing,
  Status,
} from '../doors/admin/contract.ts';
import { type AdminClient, NotRunning } from './admin-client.ts';
import { EXIT } from './failures.ts';
import { fields, plain, screenColumns, wrapped } from './output.ts';
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
        if (terminal.json) terminal.show(status, () => '');
        else await showText(status, terminal);
      } catch (error) {
        if (!(error instanceof NotRunning)) throw error;
        process.exitCode = EXIT.failed;
        terminal.show({ running: false, dataDir: terminal.dataDir }, () => `${error.message}\n`);
      }
    });
}

async function showText(status: Status, terminal: Terminal): Promise<void> {
  const outOfReach = await credentialTrouble(terminal.admin);
  // One of its own: the link in runtime.json is for whoever opens it first.
  const { url } = await terminal.admin.post<PanelLink>('/panel-link');
  const sharing = await terminal.admin.get<Sharing>('/sharing');
  const settings = await terminal.admin.get<Settings>('/settings');
  terminal.show(status, () => statusText(status, sharing, settings, outOfReach, url, terminal));
}

/**
 * Why credentials cannot be read now, in the vault's own words; null where they can be. A provider whose
 * credential is out of reach is not called by its test.
 */
export async function credentialTrouble(admin: AdminClient): Promise<string | null> {
  const { data } = await admin.list<Provider>('/providers');
  const unread = data.find(({ hasCredential }) => hasCredential === null);
  if (unread === undefined) return null;
  const { verdict, message } = await admin.post<ProviderTest>(`/providers/${unread.id}/test`);
  // It came back in between.
  if (verdict !== 'vault_unavailable') return null;
  return `Providers whose credentials are not in memory cannot be called. ${message}`;
}

function sharedAt({ urls, trouble }: Sharing): string {
  return trouble ?? (urls.join(', ') || 'no network now');
}

function ollamaAt({ url, ollamaUrl }: Settings): string {
  return [url, ollamaUrl].filter((address) => address !== null).join(', ');
}

function statusText(
  status: Status,
  sharing: Sharing,
  settings: Settings,
  outOfReach: string | null,
  panelLink: string,
  terminal: Terminal,
): string {
  const { counts, ledger } = status;
  const { url, dataDir } = terminal.admin;
  const warnings = [
    ...(outOfReach === null ? [] : [outOfReach]),
    ...(settings.ollamaProblem === null ? [] : [`Ollama’s own port is not open. ${settings.ollamaProblem}`]),
    ...status.notices.map(({ at, message }) => `${localTime(at)} ${message}`),
    ...(ledger.balanced
      ? []
      : [`The balances of members ${ledger.differingMemberIds.join(', ')} differ from their ledger.`]),
  ];
  const state = status.paused ? `Paused. Serve again: ${terminal.commandLine('resume')}` : 'Running.';
  return `${state}\n\n${fields([
    ['Address', status.addresses.join(', ') || url],
    ...(sharing.on ? [['Shared at', sharedAt(sharing)] as const] : []),
    ...(settings.ollama ? [['Ollama’s API', ollamaAt(settings)] as const] : []),
    ['Control panel', panelLink],
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
  ])}${warnings.map(warningText).join('')}${nextStep(status, terminal)}`;
}

function warningText(message: string): string {
  return `\n${wrapped(`! ${plain(message)}`, screenColumns()).join('\n')}\n`;
}

function nextStep({ counts }: Status, terminal: Terminal): string {
  if (counts.providers === 0) return `\nAdd a provider: ${terminal.commandLine('providers add openai')}\n`;
  return counts.unseenAlerts > 0 ? `\nSee the alerts: ${terminal.commandLine('alerts')}\n` : '';
}
