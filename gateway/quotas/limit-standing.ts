import type { Clock } from '../clock.ts';
import type { HoldingLimit } from './limits.ts';
import type { UsageCounters } from './usage-counters.ts';

/** How a limit stands for the one whose use it counts. Times are steady ms. */
export interface LimitStanding {
  limit: HoldingLimit;
  memberId: number;
  /** The key whose use alone is counted; null for all of the member's. */
  keyId: number | null;
  /** What admission counts now, with what running requests have reserved. */
  used: number;
  /** When less counts, if nothing is sent until then, and how much less; null where nothing is used. */
  frees: { at: number; amount: number } | null;
}

/**
 * Looks at a limit through the counter that admission uses, and changes nothing there.
 * Where the counter is not in memory, its history is read from the store: some milliseconds at most.
 */
export function limitStanding(
  counters: Pick<UsageCounters, 'peek'>,
  clock: Clock,
  limit: HoldingLimit,
  { memberId, keyId }: { memberId: number; keyId: number | null },
): LimitStanding {
  const window = counters.peek({ ...limit, memberId, keyId: keyId ?? 0 });
  const now = clock.steady();
  const used = window.used(limit.metric, now);
  return { limit, memberId, keyId, used, frees: window.nextFree(limit.metric, now) };
}

/** How much of it is used, 1 for all. A limit of 0 lets nothing through, so it is full. */
export function shareUsed({ limit, used }: Pick<LimitStanding, 'limit' | 'used'>): number {
  return limit.amount === 0 ? 1 : used / limit.amount;
}
