import { type Command, Option } from 'commander';
import type { Grant, Member, MemberPatch, NewGrant, NewMember } from '../doors/admin/contract.ts';
import { usageError } from './failures.ts';
import { findMember, findPlan } from './find.ts';
import { addJoiningCommands } from './joining.ts';
import { addLedgerCommand } from './ledger.ts';
import { listCommand } from './list-command.ts';
import { plain, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, dollars } from './units.ts';
import { type ListOrAll, listOrAll, micros, wholeNumber } from './values.ts';

interface MemberOptions {
  name?: string;
  email?: string;
  plan?: string;
  status?: Member['status'];
  allowModels?: ListOrAll;
  allowIps?: ListOrAll;
  prepaid?: boolean;
  selfService?: boolean;
}

interface GrantOptions {
  tokens?: number;
  dollars?: number;
  note?: string;
}

/** `ntl members`: who may use the gateway. */
export function addMemberCommands(program: Command): void {
  const members = program.command('members').description('people and tools that may use the gateway');

  listCommand(members)
    .description('all members')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<Member>('/members');
      terminal.show(list, () => membersText(list.data));
    });

  withSettings(members.command('add').alias('create'))
    .description('add a member')
    .argument('<name>', 'what to call it')
    .action(async (name: string, options: MemberOptions, command: Command) => {
      const terminal = new Terminal(command);
      const wanted: NewMember = { ...(await patchOf(terminal, options)), name };
      const member = await terminal.admin.post<Member>('/members', wanted);
      terminal.show(member, () => membersText([member]));
      terminal.say(`Make it a key: ${terminal.commandLine(`keys create --member ${member.id}`)}`);
    });

  withSettings(members.command('update'))
    .description('change a member; what is not given stays')
    .argument('<member>', 'id or name')
    .option('--name <name>', 'what to call it')
    .action(async (named: string, options: MemberOptions, command: Command) => {
      const terminal = new Terminal(command);
      const patch = await patchOf(terminal, options);
      if (Object.keys(patch).length === 0)
        throw usageError('Say what to change; --help lists what there is.');
      await update(terminal, named, patch);
    });

  for (const [verb, status, description] of STATUS_COMMANDS) {
    members
      .command(verb)
      .description(description)
      .argument('<member>', 'id or name')
      .action((named: string, _options, command: Command) =>
        update(new Terminal(command), named, { status }),
      );
  }

  members
    .command('grant')
    .description('add to a prepaid balance')
    .argument('<member>', 'id or name')
    .option('--tokens <number>', 'charged tokens, such as 2M', wholeNumber)
    .option('--dollars <amount>', 'US dollars, such as 2.50', micros)
    .option('--note <text>', 'kept in the ledger')
    .action(async (named: string, options: GrantOptions, command: Command) => {
      const terminal = new Terminal(command);
      const member = await findMember(terminal.admin, named);
      const grant = await terminal.admin.post<Grant>(`/members/${member.id}/grants`, grantOf(options));
      terminal.show(grant, () => `${plain(member.name)} now has ${balanceText(grant.balance)}.\n`);
    });

  addLedgerCommand(members);
  addJoiningCommands(members);

  members
    .command('remove')
    .description('remove a member: its keys stop working')
    .argument('<member>', 'id or name')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const member = await findMember(terminal.admin, named);
      await terminal.confirm(`Remove member ${member.name}? All its keys stop working.`);
      const answer = await terminal.admin.delete(`/members/${member.id}`);
      terminal.show(answer, () => `Removed ${plain(member.name)}.\n`);
    });
}

const STATUS_COMMANDS = [
  ['suspend', 'suspended', 'refuse its requests from the next one on'],
  ['activate', 'active', 'take its requests again'],
] as const;

function withSettings(command: Command): Command {
  return command
    .option('--email <address>', 'kept beside the name; none clears it')
    .option('--plan <plan>', 'id or name')
    .addOption(
      new Option('--status <status>', 'state').choices(['pending', 'active', 'disabled', 'suspended']),
    )
    .option('--allow-models <ids>', 'only these models, or all', listOrAll)
    .option('--allow-ips <ranges>', 'only from these addresses, or all', listOrAll)
    .option('--prepaid', 'pays from a balance')
    .option('--no-prepaid', 'pays from no balance')
    .option('--self-service', 'may make and revoke its own keys')
    .option('--no-self-service', 'may not make keys');
}

async function update(terminal: Terminal, named: string, patch: MemberPatch): Promise<void> {
  const { id } = await findMember(terminal.admin, named);
  const member = await terminal.admin.patch<Member>(`/members/${id}`, patch);
  terminal.show(member, () => membersText([member]));
}

async function patchOf(terminal: Terminal, options: MemberOptions): Promise<MemberPatch> {
  const { name, email, plan, status, allowModels, allowIps, prepaid, selfService } = options;
  return {
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email: email === 'none' ? null : email }),
    ...(plan === undefined ? {} : { planId: (await findPlan(terminal.admin, plan)).id }),
    ...(status === undefined ? {} : { status }),
    ...(allowModels === undefined ? {} : { allowedModels: orNull(allowModels) }),
    ...(allowIps === undefined ? {} : { allowedIps: orNull(allowIps) }),
    ...(prepaid === undefined ? {} : { prepaid }),
    ...(selfService === undefined ? {} : { selfService }),
  };
}

/** As the API says that all are allowed. */
function orNull(allowed: ListOrAll): string[] | null {
  return allowed === 'all' ? null : allowed;
}

function grantOf({ tokens, dollars, note }: GrantOptions): NewGrant {
  if (!tokens && !dollars) throw usageError('Give --tokens, --dollars or both, above 0.');
  return {
    ...(tokens === undefined ? {} : { tokens }),
    ...(dollars === undefined ? {} : { micros: dollars }),
    ...(note === undefined ? {} : { note }),
  };
}

function membersText(members: readonly Member[]): string {
  return table(
    members,
    [
      { title: 'ID', of: (member) => member.id },
      { title: 'NAME', of: (member) => member.name + (member.owner ? ' (owner)' : '') },
      { title: 'PLAN', of: (member) => member.planId },
      { title: 'STATUS', of: (member) => member.status },
      { title: 'MODELS', of: (member) => member.allowedModels?.join(', ') ?? 'all' },
      { title: 'ADDRESSES', of: (member) => member.allowedIps?.join(', ') ?? 'all' },
      { title: 'PREPAID', of: (member) => (member.prepaid ? balanceText(member.balance) : 'no') },
    ],
    'There are no members.',
  );
}

function balanceText({ tokens, micros }: Member['balance']): string {
  return `${count(tokens)} tokens and ${dollars(micros)}`;
}
