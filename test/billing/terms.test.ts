import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MONTH_MS, type Term, termAt, withPaidTime } from '../../gateway/billing/terms.ts';

const NOW = 1_800_000_000_000;
const PRICES: Record<string, number> = { basic: 5, pro: 20, max: 100 };
const priceOf = (id: string) => PRICES[id] ?? 0;

function pay(terms: readonly Term[], planId: string, now = NOW): Term[] {
  return withPaidTime(terms, planId, MONTH_MS, now, priceOf);
}

describe('paid time', () => {
  it('begins now and is a month', () => {
    expect(pay([], 'pro')).toEqual([{ planId: 'pro', startsAt: NOW, endsAt: NOW + MONTH_MS }]);
  });

  it('of the same plan is added at its end', () => {
    const later = NOW + MONTH_MS / 3;
    expect(pay(pay([], 'pro'), 'pro', later)).toEqual([
      { planId: 'pro', startsAt: later, endsAt: NOW + 2 * MONTH_MS },
    ]);
  });

  it('of a dearer plan comes first, and what is left of the other follows', () => {
    const later = NOW + MONTH_MS / 4;
    expect(pay(pay([], 'pro'), 'max', later)).toEqual([
      { planId: 'max', startsAt: later, endsAt: later + MONTH_MS },
      { planId: 'pro', startsAt: later + MONTH_MS, endsAt: later + MONTH_MS + (MONTH_MS * 3) / 4 },
    ]);
  });

  it('of a cheaper plan waits until the dearer one is over', () => {
    expect(pay(pay([], 'pro'), 'basic').map(({ planId }) => planId)).toEqual(['pro', 'basic']);
  });

  it('that is given back is gone, and no more than that', () => {
    const both = pay(pay(pay([], 'pro'), 'pro'), 'max');
    expect(withPaidTime(both, 'pro', -MONTH_MS, NOW, priceOf)).toEqual([
      { planId: 'max', startsAt: NOW, endsAt: NOW + MONTH_MS },
      { planId: 'pro', startsAt: NOW + MONTH_MS, endsAt: NOW + 2 * MONTH_MS },
    ]);
    expect(withPaidTime(pay([], 'pro'), 'pro', -2 * MONTH_MS, NOW, priceOf)).toEqual([]);
  });

  it('is never lost and never made of nothing, in whatever order plans are paid', () => {
    const payment = fc.record({
      planId: fc.constantFrom('basic', 'pro', 'max'),
      after: fc.integer({ min: 0, max: 2 * MONTH_MS }),
    });
    fc.assert(
      fc.property(fc.array(payment, { maxLength: 12 }), (payments) => {
        let now = NOW;
        let terms: Term[] = [];
        let owed = 0;
        for (const { planId, after } of payments) {
          now += after;
          owed = Math.max(0, owed - after) + MONTH_MS;
          terms = pay(terms, planId, now);
          expect(terms.reduce((sum, { startsAt, endsAt }) => sum + endsAt - startsAt, 0)).toBe(owed);
          expect(termAt(terms, now)?.startsAt).toBe(now);
          // No gaps, one term a plan, the dearest first.
          const ends = terms.slice(0, -1).map(({ endsAt }) => endsAt);
          expect(terms.slice(1).map(({ startsAt }) => startsAt)).toEqual(ends);
          expect(new Set(terms.map((term) => term.planId)).size).toBe(terms.length);
          const prices = terms.map((term) => priceOf(term.planId));
          expect(prices).toEqual(prices.toSorted((a, b) => b - a));
        }
      }),
    );
  });
});
