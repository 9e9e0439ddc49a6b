import { describe, expect, it } from 'vitest';
import { admit, type Need } from '../../gateway/quotas/admission.ts';
import {
  byCounter,
  type CountedLimit,
  limitStandings,
  shareUsed,
} from '../../gateway/quotas/limit-standing.ts';
import type { HoldingLimit } from '../../gateway/quotas/limits.ts';
import { type Cell, METRICS } from '../../gateway/quotas/sliding-window.ts';
import { UsageCounters } from '../../gateway/quotas/usage-counters.ts';
import { ManualClock } from './manual-clock.ts';

const NOTHING = { requests: 0, tokens: 0, images: 0, cost: 0 };
const SUBJECT = { memberId: 1, keyId: 2, models: ['m'] };

function limit(amount: number, some: Partial<HoldingLimit> = {}): HoldingLimit {
  return {
    ...{ scope: 'plan', subjectId: 'pro', model: null, metric: 'tokens', windowSeconds: 60, amount },
    ...{ countedFor: 'member', ...some },
  };
}

function counted(one: HoldingLimit): CountedLimit {
  return { limit: one, memberId: 1, keyId: one.countedFor === 'key' ? 2 : null };
}

function need(tokens: number): Need {
  return { input: { ...NOTHING, requests: 1, tokens }, output: NOTHING };
}

describe('how a limit stands', () => {
  it.each([60, 86_400, 2_592_000] as const)(
    'is what admission sees, and frees when it says, for %i s',
    (windowSeconds) => {
      const clock = new ManualClock();
      const counters = new UsageCounters(() => [], clock);
      const tokens = limit(100, { windowSeconds });
      const look = () => limitStandings(counters, clock, [counted(tokens)])[0];
      expect(look()).toMatchObject({ used: 0, frees: null });
      for (const used of [60, 30]) {
        expect(admit(counters, clock, SUBJECT, [tokens], need(used)).admitted).toBe(true);
        clock.now += 1_000 * 4_000;
        if (windowSeconds === 60) clock.now -= 1_000 * 3_999;
      }
      const standing = look();
      expect(standing).toMatchObject({ used: 90, memberId: 1, keyId: null });
      expect(shareUsed({ limit: tokens, used: 90 })).toBe(0.9);
      const { at, amount } = standing?.frees ?? { at: 0, amount: 0 };
      expect(amount).toBe(60);
      // Room for 10 more and what frees then, and not a moment before.
      const refused = admit(counters, clock, SUBJECT, [tokens], need(70));
      expect(refused).toMatchObject({ admitted: false, refusal: { used: 90, waitMs: at - clock.now } });
      clock.now = at - 1;
      expect(admit(counters, clock, SUBJECT, [tokens], need(70)).admitted).toBe(false);
      expect(look()?.used).toBe(90);
      clock.now = at;
      expect(look()?.used).toBe(30);
      expect(admit(counters, clock, SUBJECT, [tokens], need(70)).admitted).toBe(true);
    },
  );

  it('is the same from the store, where the counter is not in memory', () => {
    const clock = new ManualClock();
    const cells: Cell[] = [{ start: clock.wall() - 10, ...NOTHING, requests: 1, tokens: 40 }];
    const counters = new UsageCounters(() => cells, clock);
    const look = () => limitStandings(counters, clock, [counted(limit(100))]);
    const before = look();
    expect(before).toMatchObject([{ used: 40, frees: { amount: 40 } }]);
    counters.window({ ...SUBJECT, ...limit(100) });
    expect(look()).toEqual(before);
  });

  it('is full at an amount of 0', () => {
    expect(shareUsed({ limit: limit(0), used: 0 })).toBe(1);
    expect(shareUsed({ limit: limit(50), used: 60 })).toBe(1.2);
  });
});

it('reads one counter once for all metrics', () => {
  const asked: string[] = [];
  const clock = new ManualClock();
  const counters = new UsageCounters(({ countedFor, model, windowSeconds }) => {
    asked.push(`${countedFor} ${model ?? 'all'} ${windowSeconds}`);
    return [];
  }, clock);
  const limits = [
    ...METRICS.map((metric) => limit(1, { metric })),
    limit(2, { model: 'm' }),
    limit(3, { countedFor: 'key', scope: 'key', subjectId: '2' }),
    limit(4, { windowSeconds: 86_400 }),
  ];
  const found = byCounter(limits.map(counted)).flatMap((group) => limitStandings(counters, clock, group));
  expect(found).toHaveLength(7);
  expect(asked).toEqual(['member all 60', 'member m 60', 'key all 60', 'member all 86400']);
  expect(limitStandings(counters, clock, [])).toEqual([]);
});
