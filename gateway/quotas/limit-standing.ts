import type { Clock } from '../clock.ts';
import type { HoldingLimit } from './limits.ts';
import type { CounterId, UsageCounters } from './usage-counters.ts';

/** A limit with whose use it counts. */
export interface CountedLimit {
  limit: HoldingLimit;
  memberId: number;
  /** The key whose use alone is counted; null for all of the member's. */
  keyId: number | null;
}

/** How a limit stands. Times are steady ms. */
export interface LimitStanding extends CountedLimit {
  /** What admission counts now, with what running requests have reserved. */
  used: number;
  /** When less counts, if nothing is sent until then, and how much less; null where nothing is used. */
  frees: { at: number; amount: number } | null;
}

/**
 * Looks at limits through the counter that admission uses for them, and changes nothing there. Where it is not in
 * memory, its history is read from the store: some milliseconds at most.
 * @param limits all of one counter, as `byCounter` puts them together
 */
export function limitStandings(
  counters: Pick<UsageCounters, 'peek'>,
  clock: Clock,
  limits: readonly CountedLimit[],
): LimitStanding[] {
  const [first] = limits;
  if (first === undefined) return [];
  const window = counters.peek(counterOf(first));
  const now = clock.steady();
  return limits.map((counted) => {
    const { metric } = counted.limit;
    return { ...counted, used: window.used(metric, now), frees: window.nextFree(metric, now) };
  });
}

/** Limits on several metrics often share one counter, which need be read once. */
export function byCounter(limits: readonly CountedLimit[]): CountedLimit[][] {
  const groups = Map.groupBy(limits, (counted) => Object.values(counterOf(counted)).join(' '));
  return [...groups.values()];
}

function counterOf({ limit, memberId, keyId }: CountedLimit): CounterId {
  const { countedFor, model, windowSeconds } = limit;
  return { countedFor, memberId, keyId: keyId ?? 0, windowSeconds, model };
}

/** How much of it is used, 1 for all. A limit of 0 lets nothing through, so it is full. */
export function shareUsed({ limit, used }: Pick<LimitStanding, 'limit' | 'used'>): number {
  return limit.amount === 0 ? 1 : used / limit.amount;
}
