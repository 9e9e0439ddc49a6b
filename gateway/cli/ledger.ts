import type { Command } from 'commander';
import type { Ledger, LedgerEntry } from '../doors/admin/contract.ts';
import { findMember } from './find.ts';
import { restText, table } from './output.ts';
import { Terminal } from './terminal.ts';
import { count, localTime, price } from './units.ts';
import { rowCount } from './values.ts';

const USUAL_LIMIT = 50;

/** `ntl members ledger`: what went into a balance and out of it. */
export function addLedgerCommand(members: Command): void {
  members
    .command('ledger')
    .description('what went into a balance and out of it, newest first')
    .argument('<member>', 'id or name')
    .option('--limit <number>', `at most so many, ${USUAL_LIMIT} unless given`, rowCount)
    .action(async (named: string, { limit = USUAL_LIMIT }: { limit?: number }, command: Command) => {
      const terminal = new Terminal(command);
      const { id } = await findMember(terminal.admin, named);
      const ledger = await terminal.admin.get<Ledger>(`/members/${id}/ledger`, { pageSize: limit });
      terminal.show(ledger, () => ledgerText(ledger));
    });
}

function ledgerText({ data, pagination, balance }: Ledger): string {
  const rows = table(
    data,
    [
      { title: 'TIME', of: ({ at }) => localTime(at) },
      { title: 'WHAT', of: ({ kind }) => kind },
      {
        title: 'TOKENS',
        of: ({ tokens }) => (tokens === 0 ? null : signed(count(tokens), tokens)),
        right: true,
      },
      {
        title: 'MONEY',
        of: ({ micros }) => (micros === 0 ? null : signed(price(micros), micros)),
        right: true,
      },
      { title: 'REQUEST', of: ({ requestRow }) => requestRow, right: true },
      { title: 'FOR', of: reason },
    ],
    'Nothing was granted yet.',
  );
  const now = `Balance: ${count(balance.tokens)} tokens and ${price(balance.micros)}.\n`;
  return rows + restText(data.length, pagination) + now;
}

function signed(text: string, amount: number): string {
  return amount > 0 ? `+${text}` : text;
}

function reason({ note, model }: LedgerEntry): string | null {
  return note ?? model;
}
