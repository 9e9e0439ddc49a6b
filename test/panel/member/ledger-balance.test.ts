import { expect, it } from 'vitest';
import type { LedgerEntry } from '../../../gateway/doors/admin/contract.ts';
import { withBalances } from '../../../renderer/pages/member/ledger-balance.ts';

const entry = (id: string, tokens: number, micros: number): LedgerEntry => ({
  ...{ id, tokens, micros, at: '2026-11-19T12:00:00.000Z', kind: tokens + micros < 0 ? 'charge' : 'grant' },
  ...{ requestRow: null, model: null, note: null },
});

it('tells the balance after each entry, the newest first', () => {
  const ledger = {
    data: [entry('9', -300, 0), entry('8', 0, 5_000_000), entry('7', 1_000, 0)],
    // More entries lie further back: 50 tokens.
    balance: { tokens: 750, micros: 5_000_000 },
    pagination: { page: 1, limit: 3, total: 4 },
  };
  expect(withBalances(ledger).map(({ after }) => after)).toEqual([
    { tokens: 750, micros: 5_000_000 },
    { tokens: 1_050, micros: 5_000_000 },
    { tokens: 1_050, micros: 0 },
  ]);
});
