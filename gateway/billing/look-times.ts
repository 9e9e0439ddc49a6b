import type { BillingSession } from './sessions.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Stripe closes a page after 24 hours; a little more lets its clock differ from ours. */
export const PAGE_LIFE_MS = DAY_MS + 5 * MINUTE_MS;

/** Bank debits and the like take up to two weeks. */
export const PAYMENT_LIFE_MS = 30 * DAY_MS;

/** Cards can be disputed for about as long. */
const REFUND_WATCH_MS = 120 * DAY_MS;

/** No look is put off further; what lies beyond was put there by another clock. */
export const FARTHEST_LOOK_MS = 4 * DAY_MS;

/** How long after a look the next one follows: a share of the age, within bounds. */
const PACES = {
  creating: { share: 4, least: 20 * SECOND_MS, most: HOUR_MS },
  // Whoever pays does so within minutes, and waits for the credit then.
  open: { share: 4, least: 5 * SECOND_MS, most: 10 * MINUTE_MS },
  processing: { share: 4, least: MINUTE_MS, most: 6 * HOUR_MS },
  // For refunds and disputes.
  paid: { share: 4, least: HOUR_MS, most: 3 * DAY_MS },
} as const;

const FIRST_RETRY_MS = 5 * SECOND_MS;
const LAST_RETRY_MS = 15 * MINUTE_MS;

/**
 * When a session is looked at again.
 * @param age since it was made, or since it was paid; ms
 * @param failures looks in a row that failed
 */
export function nextLook(
  state: BillingSession['state'],
  age: number,
  failures: number,
  now: number,
): number | null {
  if (state === 'expired' || state === 'failed') return null;
  if (state === 'paid' && age > REFUND_WATCH_MS) return null;
  const { share, least, most } = PACES[state];
  const pace = Math.min(most, Math.max(least, Math.round(age / share)));
  const retry = failures === 0 ? 0 : Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
  return now + Math.max(pace, retry);
}
