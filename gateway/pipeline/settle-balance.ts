import type { RequestUsage } from '../audit/request-log.ts';
import type { Balance, Balances, Hold, LedgerEntry } from '../quotas/balances.ts';

/** What a request is charged on the balance that pays for it. */
export interface BalanceCharge {
  /** Prepaid tokens; 0 where money pays. */
  tokens: number;
  /** To be run in the transaction that settles the audit row; undefined where nothing is booked. */
  write: (() => void) | undefined;
}

type Entry = Omit<LedgerEntry, 'id'>;

/** On the refund of what was held for a request. */
const PROVIDER_FAILED = 'The provider failed, so nothing was charged.';

/**
 * Lets go of what was held and charges what was used. Where the provider failed, the ledger shows what was held as
 * charged and as given back, so that a member sees both that the request was and that it cost nothing.
 * @param used of each balance, and what of it was output
 */
export function settleBalance(
  balances: Balances,
  hold: Hold,
  used: { all: Balance; output: Balance },
  request: { row: number; at: number; failed: boolean },
): BalanceCharge {
  balances.release(hold);
  const { memberId, paidFrom } = hold;
  const entry = (kind: 'charge' | 'refund', amount: number, note: string | null): Entry => {
    const facts = { memberId, at: request.at, kind, tokens: 0, micros: 0, request: request.row, note };
    return { ...facts, [paidFrom]: kind === 'charge' ? -amount : amount };
  };
  const book = (entries: Entry[]) => {
    for (const one of entries) balances.remember(one);
    return () => {
      for (const one of entries) balances.write(one);
    };
  };
  if (request.failed) {
    const held = hold[paidFrom];
    const entries = [entry('charge', held, null), entry('refund', held, PROVIDER_FAILED)];
    return { tokens: 0, write: held === 0 ? undefined : book(entries) };
  }
  const charged = balances.chargeable(hold, used.all[paidFrom], used.output[paidFrom]);
  return {
    tokens: paidFrom === 'tokens' ? charged : 0,
    write: charged === 0 ? undefined : book([entry('charge', charged, null)]),
  };
}

/**
 * Books the estimate of a request that ran when the gateway was killed; nobody knows what it used. What it takes
 * from the balance never takes it below zero.
 * @returns the tokens charged
 */
export function chargeInterrupted(
  balances: Balances,
  request: { row: number; memberId: number; paidFrom: Hold['paidFrom'] } & Pick<
    RequestUsage,
    'chargedTokens' | 'costMicros'
  >,
  at: number,
): number {
  const { row, memberId, paidFrom, chargedTokens, costMicros } = request;
  const estimate = paidFrom === 'tokens' ? chargedTokens : costMicros;
  const charged = balances.chargeable(request, estimate, 0);
  if (charged > 0) {
    const facts = { memberId, at, kind: 'charge' as const, tokens: 0, micros: 0, request: row };
    const entry = { ...facts, [paidFrom]: -charged, note: INTERRUPTED };
    balances.write(entry);
    balances.remember(entry);
  }
  return paidFrom === 'tokens' ? charged : chargedTokens;
}

const INTERRUPTED = 'The gateway was stopped while the request ran; its estimate was charged.';
