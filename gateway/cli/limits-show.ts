import type { Command } from 'commander';
import type { Key, LimitState } from '../doors/admin/contract.ts';
import { findMember } from './find.ts';
import { amountText } from './limits.ts';
import { plain, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime, windowName } from './units.ts';

/** `ntl limits show`: how full a member's limits are, and when they free. */
export function addLimitsShowCommand(limits: Command): void {
  limits
    .command('show')
    .description('the limits that hold for a member and its keys, as they stand')
    .argument('<member>', 'id or name')
    .action(async (named: string, _options, command: Command) => {
      const terminal = new Terminal(command);
      const { admin } = terminal;
      const member = await findMember(admin, named);
      const list = await admin.get<{ data: LimitState[] }>(`/members/${member.id}/limits`);
      const { data: keys } = await admin.list<Key>('/keys', { memberId: member.id });
      terminal.show(list, () => statesText(list.data, keys, member.name));
    });
}

function statesText(states: readonly LimitState[], keys: readonly Key[], member: string): string {
  return table(
    states,
    [
      {
        title: 'SET BY',
        of: ({ setBy, keyId }) =>
          setByText(
            setBy,
            keys.find(({ id }) => id === keyId),
          ),
      },
      { title: 'MODEL', of: (limit) => limit.model ?? 'all' },
      { title: 'METRIC', of: (limit) => limit.metric },
      { title: 'WINDOW', of: (limit) => windowName(limit.windowSeconds) },
      { title: 'USED', of: (limit) => amountText(limit.metric, limit.used), right: true },
      { title: 'OF', of: (limit) => amountText(limit.metric, limit.amount), right: true },
      { title: 'FREES', of: freesText },
    ],
    `No limit holds for ${plain(member)}.`,
  );
}

function setByText(setBy: LimitState['setBy'], key: Key | undefined): string {
  return key === undefined ? setBy : `key ${key.name} (${key.prefix}…)`;
}

function freesText({ metric, freesAt, freesAmount }: LimitState): string | null {
  if (freesAt === null || freesAmount === null) return null;
  return `${amountText(metric, freesAmount)} at ${localTime(freesAt)}`;
}
