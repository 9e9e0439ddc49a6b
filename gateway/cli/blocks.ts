import type { Command } from 'commander';
import type { IpBlock, NewIpBlock } from '../doors/admin/contract.ts';
import { table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { expiry } from './values.ts';

/** `ntl blocks`: addresses that get no answer. */
export function addBlockCommands(program: Command): void {
  const blocks = program.command('blocks').description('addresses that are refused');

  blocks
    .command('list')
    .description('all blocks')
    .action(async (_options, command: Command) => {
      const terminal = new Terminal(command);
      const list = await terminal.admin.list<IpBlock>('/ip-blocks');
      terminal.show(list, () => blocksText(list.data));
    });

  blocks
    .command('add')
    .description('block an address or a range')
    .argument('<cidr>', 'an address, or a range such as 10.0.0.0/8')
    .option('--reason <text>', 'kept beside it')
    .option('--expires <time>', 'lifted by itself, such as 24h or 2027-01-31', expiry)
    .action(async (cidr: string, options: { reason?: string; expires?: string }, command: Command) => {
      const terminal = new Terminal(command);
      const wanted: NewIpBlock = { cidr, reason: options.reason ?? null, expiresAt: options.expires ?? null };
      const block = await terminal.admin.post<IpBlock>('/ip-blocks', wanted);
      const until = block.expiresAt === null ? '' : ` until ${localTime(block.expiresAt)}`;
      terminal.show(block, () => `Blocked ${block.cidr}${until}, from the next request on.\n`);
    });

  blocks
    .command('remove')
    .description('lift a block')
    .argument('<cidr>', 'as `list` shows it')
    .action(async (cidr: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      await terminal.confirm(`Lift the block of ${cidr}?`);
      const answer = await terminal.admin.delete('/ip-blocks', { cidr });
      terminal.show(answer, () => `Lifted the block of ${cidr}.\n`);
    });
}

function blocksText(blocks: readonly IpBlock[]): string {
  return table(
    blocks,
    [
      { title: 'ADDRESS', of: (block) => block.cidr },
      { title: 'UNTIL', of: (block) => (block.expiresAt === null ? 'for good' : localTime(block.expiresAt)) },
      { title: 'SINCE', of: (block) => localTime(block.createdAt) },
      { title: 'REASON', of: (block) => block.reason },
    ],
    'No address is blocked.',
  );
}
