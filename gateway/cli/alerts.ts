import { Argument, type Command } from 'commander';
import { isLoopbackAddress } from '../accounts/addresses.ts';
import type { Alert, AlertAnswer, List } from '../doors/admin/contract.ts';
import { addAlertWebhookCommand } from './alert-webhook.ts';
import { CliError } from './failures.ts';
import { listCommand } from './list-command.ts';
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

const ANSWERS: Record<AlertAnswer, string> = {
  fine: 'It is settled.',
  block: 'Its address is blocked until you lift that (blocks remove).',
  unblock: 'Its address may call again.',
  suspend: 'The member is suspended.',
  revoke: 'The key is revoked.',
};

/** `ntl alerts`: what happened that the owner did not ask for, and the answers to it. */
export function addAlertCommands(program: Command): void {
  const alerts = program.command('alerts').description('what the owner should look at');

  listCommand(alerts)
    .description('newest first')
    .option('--unseen', 'only those nobody has looked at')
    .option('--mark-seen', 'what is listed here counts as looked at from now on')
    .option('--since <time>', 'not older than, such as 24h or 2026-11-01', since)
    .option('--limit <number>', 'at most so many', rowCount, 50)
    .action(async (options: AlertOptions, command: Command) => {
      const terminal = new Terminal(command);
      const found = await terminal.admin.get<List<Alert>>('/alerts', {
        pageSize: options.limit,
        startDate: options.since,
        unseen: options.unseen,
      });
      terminal.show(found, () => alertsText(found, options, terminal));
      if (options.markSeen) await markSeen(terminal, found.data);
    });

  alerts
    .command('answer')
    .description('do what is to be done about an alert, and settle it')
    .argument('<id>', 'as `list` shows it')
    .addArgument(new Argument('<answer>', 'what to do').choices(Object.keys(ANSWERS)))
    .action(async (id: string, answer: AlertAnswer, _options, command: Command) => {
      const terminal = new Terminal(command);
      const alert = await terminal.admin.get<Alert>(`/alerts/${encodeURIComponent(id)}`);
      if (!alert.answers.includes(answer)) throw new CliError(noSuchAnswer(alert, answer));
      if (answer === 'revoke')
        await terminal.confirm('A revoked key cannot be brought back. Revoke the key of this alert?');
      const answered = await terminal.admin.post<Alert>(`/alerts/${alert.id}/answer`, { answer });
      terminal.show(answered, () => `${ANSWERS[answer]}\n`);
    });

  alerts
    .command('undo')
    .description('take an answer back: what it did is undone, the alert is open again')
    .argument('<id>', 'as `list` shows it')
    .action(async (id: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const alert = await terminal.admin.delete<Alert>(`/alerts/${encodeURIComponent(id)}/answer`);
      terminal.show(alert, () => 'The alert is open again.\n');
    });

  alerts
    .command('delete')
    .description('delete an alert; what was answered to it holds on')
    .argument('<id>', 'as `list` shows it')
    .action(async (id: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const answer = await terminal.admin.delete(`/alerts/${encodeURIComponent(id)}`);
      terminal.show(answer, () => 'The alert is deleted.\n');
    });

  addAlertWebhookCommand(alerts);
}

function noSuchAnswer({ id, answers }: Alert, answer: AlertAnswer): string {
  if (answers.length === 0) return `Alert ${id} is settled already; open it again with: alerts undo ${id}`;
  return `Alert ${id} cannot be answered with ${answer}. There are: ${answers.join(', ')}.`;
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
        { title: 'ID', of: ({ id }) => id },
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
  return `${what} They tell of wrong keys, new addresses, providers in trouble, unusual volume and keys that expire.`;
}

function whatToDo(alerts: readonly Alert[], { markSeen }: AlertOptions, terminal: Terminal): string {
  const lines: string[] = [];
  if (alerts.some(({ kind }) => kind === 'provider_failing' || kind === 'provider_credential')) {
    lines.push(`Call a provider to see what is wrong: ${terminal.commandLine('providers test NAME')}`);
  }
  const open = alerts.find(({ answers }) => answers.some((answer) => answer !== 'fine'));
  if (open !== undefined) {
    const answers = open.answers.join('|');
    lines.push(`Answer one: ${terminal.commandLine(`alerts answer ${open.id} ${answers}`)}`);
  } else if (alerts.some(({ address }) => address !== null && !isLoopbackAddress(address))) {
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
