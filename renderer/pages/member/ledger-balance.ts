import type { Ledger, LedgerEntry } from '../../../gateway/doors/admin/contract.ts';

export type BalancedEntry = LedgerEntry & { after: Ledger['balance'] };

/** Each entry with the balance after it: the newest one's is the balance, and so on back. */
export function withBalances({ data, balance }: Ledger): BalancedEntry[] {
  let after = balance;
  return data.map((entry) => {
    const here = after;
    after = { tokens: after.tokens - entry.tokens, micros: after.micros - entry.micros };
    return { ...entry, after: here };
  });
}
