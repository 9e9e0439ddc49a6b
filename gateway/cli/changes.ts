import type { Command } from 'commander';
import type { Change, List } from '../doors/admin/contract.ts';
import { changedText, subjectText } from './changes-text.ts';
import { restText, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { localTime } from './units.ts';
import { rowCount, since } from './values.ts';

/** `ntl changes`: what the owner did. */
export function addChangesCommand(program: Command): void {
  program
    .command('changes')
    .description('what the owner changed, newest first')
    .option('--since <time>', 'not older than, such as 24h or 2026-11-01', since)
    .option('--limit <number>', 'at most so many', rowCount, 50)
    .action(async (options: { since?: string; limit: number }, command: Command) => {
      const terminal = new Terminal(command);
      const query = { pageSize: options.limit, startDate: options.since };
      const changes = await terminal.admin.get<List<Change>>('/changes', query);
      terminal.show(changes, () => changesText(changes, options.since));
    });
}

function changesText({ data, pagination }: List<Change>, startDate: string | undefined): string {
  const empty =
    startDate === undefined
      ? 'Nothing was changed yet. Providers, members, limits and the like show up here once you change them.'
      : 'Nothing was changed in this time.';
  return (
    table(
      data,
      [
        { title: 'TIME', of: (change) => localTime(change.at) },
        { title: 'BY', of: ({ actor }) => ACTORS[actor] ?? actor },
        { title: 'ACTION', of: (change) => change.action },
        { title: 'ON', of: subjectText },
        { title: 'CHANGED', of: changedText },
      ],
      empty,
    ) + restText(data.length, pagination)
  );
}

/** The doors a change can come through. Members change nothing but their own keys. */
const ACTORS: Readonly<Record<string, string>> = {
  window: 'app',
  browser: 'browser',
  token: 'ntl or script',
  member: 'the member',
  billing: 'a payment',
};
