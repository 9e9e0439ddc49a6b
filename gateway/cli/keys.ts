import { type Command, Option } from 'commander';
import type { CreatedKey, Key, Member, NewKey } from '../doors/admin/contract.ts';
import { findKey, findMember, findOwner } from './find.ts';
import { listCommand } from './list-command.ts';
import { plain, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { expiry } from './values.ts';

interface CreateOptions {
  member?: string;
  kind?: Key['kind'];
  expires?: string;
}

/** `ntl keys`: what tools use in place of a provider's credential. */
export function addKeyCommands(program: Command): void {
  const keys = program.command('keys').description('local keys for your tools');

  listCommand(keys)
    .description('all keys, by their first characters')
    .option('--member <member>', 'only those of a member, by id or name')
    .action(async (options: { member?: string }, command: Command) => {
      const terminal = new Terminal(command);
      const { admin } = terminal;
      const memberId =
        options.member === undefined ? undefined : (await findMember(admin, options.member)).id;
      const list = await admin.list<Key>('/keys', { memberId });
      const { data: members } = await admin.list<Member>('/members');
      terminal.show(list, () => keysText(list.data, members));
    });

  keys
    .command('create')
    .alias('add')
    .description('make a key; it is shown this once')
    .argument('[name]', 'what it is for', 'ntl')
    .option('--member <member>', 'whose, by id or name; yours unless given')
    .addOption(new Option('--kind <kind>', 'kind').choices(['standard', 'subscription', 'pay_per_token']))
    .option('--expires <time>', 'such as 30d or 2027-01-31', expiry)
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const terminal = new Terminal(command);
      const { admin } = terminal;
      const member = await (options.member === undefined
        ? findOwner(admin)
        : findMember(admin, options.member));
      const wanted: NewKey = {
        memberId: member.id,
        name,
        ...(options.kind === undefined ? {} : { kind: options.kind }),
        ...(options.expires === undefined ? {} : { expiresAt: options.expires }),
      };
      const key = await admin.post<CreatedKey>('/keys', wanted);
      terminal.show(key, () => createdText(key, member));
    });

  keys
    .command('revoke')
    .description('refuse a key from the next request on')
    .argument('<key>', 'id, name, or its first characters as `list` shows them')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const key = await findKey(terminal.admin, named);
      await terminal.confirm(`Revoke key ${key.name} (${key.prefix}…)? It cannot be undone.`);
      const answer = await terminal.admin.delete(`/keys/${key.id}`);
      terminal.show(answer, () => `Revoked ${plain(key.name)} (${key.prefix}…).\n`);
    });
}

function createdText(key: CreatedKey, member: Member): string {
  const until = key.expiresAt === null ? '' : `, until ${localTime(key.expiresAt)}`;
  return `Key ${plain(key.name)} of ${plain(member.name)}${until}, shown this once:\n\n  ${key.key}\n`;
}

function keysText(keys: readonly Key[], members: readonly Member[]): string {
  const names = new Map(members.map((member) => [member.id, member.name]));
  return table(
    keys,
    [
      { title: 'ID', of: (key) => key.id },
      { title: 'KEY', of: (key) => `${key.prefix}…` },
      { title: 'NAME', of: (key) => key.name },
      { title: 'MEMBER', of: (key) => names.get(key.memberId) ?? key.memberId },
      { title: 'KIND', of: (key) => key.kind },
      { title: 'MADE', of: (key) => localTime(key.createdAt) },
      { title: 'LAST USED', of: (key) => (key.lastUsedAt === null ? 'never' : localTime(key.lastUsedAt)) },
      { title: 'STATE', of: stateText },
    ],
    'There are no keys.',
  );
}

function stateText({ revokedAt, expiresAt }: Key): string {
  if (revokedAt !== null) return `revoked ${localTime(revokedAt)}`;
  if (expiresAt === null) return 'live';
  return Date.parse(expiresAt) <= Date.now()
    ? `expired ${localTime(expiresAt)}`
    : `live until ${localTime(expiresAt)}`;
}
