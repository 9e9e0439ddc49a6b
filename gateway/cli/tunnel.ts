import { setTimeout as pause } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Key, List, NewTunnel, Tunnel } from '../doors/admin/contract.ts';
import { findKey } from './find.ts';
import { plain } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';

const TOOLS = ['cloudflared', 'tailscale', 'ngrok'] as const;

/** A quick tunnel takes some seconds until it has its address. */
const OPENING_MS = 30_000;
const LOOK_MS = 300;

/** `ntl tunnel`: a public address for tools whose own servers make the calls, such as Cursor. */
export function addTunnelCommands(program: Command): void {
  const tunnel = program
    .command('tunnel')
    .description('a public address for tools whose servers make the calls, such as Cursor');

  tunnel
    .command('status', { isDefault: true })
    .description('whether it is open, where, and until when')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      await show(terminal, await terminal.admin.get<Tunnel>('/tunnel'));
    });

  tunnel
    .command('start')
    .description('open it: inference routes alone, for the keys allowed for it')
    .addOption(
      new Option(
        '--tool <tool>',
        'program to open it with; the first that is installed unless given',
      ).choices(TOOLS),
    )
    .option('--hours <number>', 'how long it stays open, 8 unless given', hours)
    .action(async (options: NewTunnel, command: Command) => {
      const terminal = new Terminal(command);
      let now = await terminal.admin.post<Tunnel>('/tunnel', options);
      const until = Date.now() + OPENING_MS;
      while ((now.state === 'opening' || now.state === 'waiting') && Date.now() < until) {
        await pause(LOOK_MS);
        now = await terminal.admin.get<Tunnel>('/tunnel');
      }
      await show(terminal, now);
      if (now.state === 'failed') process.exitCode = 1;
    });

  tunnel
    .command('stop')
    .description('close it')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const now = await terminal.admin.delete<Tunnel>('/tunnel');
      terminal.show(now, () => 'The tunnel is closed.\n');
    });

  allowance(tunnel, 'allow', 'let a key come through it', true, 'may come through the tunnel');
  allowance(
    tunnel,
    'refuse',
    'let a key not come through it any more',
    false,
    'may not come through the tunnel',
  );
}

function allowance(group: Command, name: string, description: string, tunnel: boolean, words: string): void {
  group
    .command(name)
    .description(description)
    .argument('<key>', 'id, name, or its first characters as `keys list` shows them')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const { id } = await findKey(terminal.admin, named);
      const key = await terminal.admin.patch<Key>(`/keys/${id}`, { tunnel });
      terminal.show(key, () => `${plain(key.name)} (${key.prefix}…) ${words} from the next request on.\n`);
    });
}

async function show(terminal: Terminal, now: Tunnel): Promise<void> {
  const { data } = await terminal.admin.list<Key>('/keys');
  terminal.show(now, () => tunnelText(now, data, terminal));
}

function tunnelText(now: Tunnel, keys: List<Key>['data'], terminal: Terminal): string {
  const { state, url, endsAt, message } = now;
  const said = message === null ? '' : ` ${plain(message)}`;
  const lines: string[] = [];
  if (state === 'off') lines.push(`No tunnel is open.${said}`, toolsText(now, terminal));
  else if (state === 'failed')
    lines.push(
      `${toolName(now)} could not open the tunnel.${said}`,
      `Close it: ${terminal.commandLine('tunnel stop')}`,
    );
  else if (url === null) lines.push(`${toolName(now)} opens the tunnel.${said}`);
  else {
    lines.push(`Open at ${url} until ${localTime(endsAt ?? '')}, by ${toolName(now)}.`);
    lines.push(`For Cursor, as the OpenAI base URL: ${url}/cursor/v1`);
    lines.push(`Close it: ${terminal.commandLine('tunnel stop')}`);
  }
  const allowed = keys.filter(({ id }) => now.keyIds.includes(id)).map(({ name }) => plain(name));
  lines.push(
    allowed.length === 0
      ? `No key may come through it. Allow one: ${terminal.commandLine('tunnel allow KEY')}`
      : `Keys that may come through it: ${allowed.join(', ')}`,
  );
  return `${lines.join('\n')}\n`;
}

function toolName({ tool, tools }: Tunnel): string {
  return tools.find(({ id }) => id === tool)?.label ?? 'The tool';
}

function toolsText({ tools }: Tunnel, terminal: Terminal): string {
  const found = tools.filter(({ installed }) => installed).map(({ label }) => label);
  return found.length === 0
    ? 'Install cloudflared, tailscale or ngrok to open one.'
    : `Found: ${found.join(', ')}. Open one: ${terminal.commandLine('tunnel start')}`;
}

function hours(text: string): number {
  const number = Number(text);
  if (!(number >= 0.25 && number <= 168)) throw new InvalidArgumentError('Give hours, from 0.25 to 168.');
  return number;
}
