import type { Command } from 'commander';
import { isLoopbackAddress, parseRange, rangeList } from '../accounts/addresses.ts';
import type { IpBlock, NewIpBlock } from '../doors/admin/contract.ts';
import { findBlock } from './find.ts';
import { listCommand } from './list-command.ts';
import { plain, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { expiry } from './values.ts';

/** `ntl blocks`: addresses that get no answer. */
export function addBlockCommands(program: Command): void {
  const blocks = program.command('blocks').description('addresses that are refused');

  listCommand(blocks)
    .description('all blocks')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<IpBlock>('/ip-blocks');
      const empty = `No address is blocked. Block one: ${terminal.commandLine('blocks add ADDRESS')}`;
      terminal.show(list, () => blocksText(list.data, empty));
    });

  blocks
    .command('add')
    .alias('create')
    .description('block an address or a range')
    .argument('<cidr>', 'an address, or a range such as 10.0.0.0/8')
    .option('--reason <text>', 'kept beside it')
    .option('--expires <time>', 'lifted by itself, such as 24h or 2027-01-31', expiry)
    .action(async (cidr: string, options: { reason?: string; expires?: string }, command: Command) => {
      const terminal = new Terminal(command);
      if (coversThisComputer(cidr)) {
        await terminal.confirm(`${cidr} covers this computer, so tools on it will be refused. Block it?`);
      }
      const wanted: NewIpBlock = { cidr, reason: options.reason ?? null, expiresAt: options.expires ?? null };
      const block = await terminal.admin.post<IpBlock>('/ip-blocks', wanted);
      const until = block.expiresAt === null ? '' : ` until ${localTime(block.expiresAt)}`;
      terminal.show(block, () => `Blocked ${plain(block.cidr)}${until}, from the next request on.\n`);
    });

  blocks
    .command('remove')
    .description('lift a block')
    .argument('<cidr>', 'as `list` shows it')
    .action(async (cidr: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const block = await findBlock(terminal.admin, cidr);
      await terminal.confirm(`Lift the block of ${block.cidr}?`);
      const answer = await terminal.admin.delete(`/ip-blocks/${block.id}`);
      terminal.show(answer, () => `Lifted the block of ${plain(block.cidr)}.\n`);
    });
}

function coversThisComputer(cidr: string): boolean {
  const range = parseRange(cidr);
  if (range === undefined) return false;
  const blocked = rangeList([cidr]);
  return isLoopbackAddress(range.address) || blocked.has('127.0.0.1') || blocked.has('::1');
}

function blocksText(blocks: readonly IpBlock[], empty: string): string {
  return table(
    blocks,
    [
      { title: 'ADDRESS', of: (block) => block.cidr },
      { title: 'UNTIL', of: (block) => (block.expiresAt === null ? 'for good' : localTime(block.expiresAt)) },
      { title: 'SINCE', of: (block) => localTime(block.createdAt) },
      { title: 'REASON', of: (block) => block.reason },
    ],
    empty,
  );
}
