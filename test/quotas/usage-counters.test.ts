import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Amounts, type Cell, WINDOWS, type WindowSeconds } from '../../gateway/quotas/sliding-window.ts';
import { type CounterId, UsageCounters, type UsageHistory } from '../../gateway/quotas/usage-counters.ts';
import { ManualClock } from './manual-clock.ts';

const SECONDS: WindowSeconds[] = [60, 86_400, 2_592_000];
const SUBJECT = { memberId: 1, keyId: 2, models: ['m'] };
const ONE: Amounts = { requests: 1, tokens: 10, images: 0, cost: 0 };

function id(windowSeconds: WindowSeconds, rest: Partial<CounterId> = {}): CounterId {
  return { countedFor: 'member', memberId: 1, keyId: 2, model: null, windowSeconds, ...rest };
}

/** A history that adds requests up in steps of wall-clock time, as the store does. */
function historyOf(wallTimes: readonly number[]): UsageHistory {
  return ({ windowSeconds }, from) => {
    const { granularityMs } = WINDOWS[windowSeconds];
    const cells = new Map<number, Cell>();
    for (const at of wallTimes) {
      const start = Math.floor(at / granularityMs) * granularityMs;
      const cell = cells.get(start) ?? { start, requests: 0, tokens: 0, images: 0, cost: 0 };
      cell.requests++;
      cells.set(start, cell);
    }
    return [...cells.values()].filter((cell) => cell.start >= from);
  };
}

describe('a counter made from history', () => {
  it.each(SECONDS)('holds %i s for all of it, however far the wall clock has moved off', (seconds) => {
    const { ms, granularityMs } = WINDOWS[seconds];
    const ahead = fc.oneof(
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -2 * granularityMs, max: 2 * granularityMs }),
      fc.integer({ min: -90_000_000, max: 90_000_000 }),
    );
    const ages = fc.array(fc.nat(2 * ms), { maxLength: 30 });
    fc.assert(
      fc.property(ahead, ages, (offset, admittedAgo) => {
        const clock = new ManualClock(1_800_000_000_123, offset);
        const times = admittedAgo.map((age) => clock.steady() - age).sort((a, b) => a - b);
        const counters = new UsageCounters(historyOf(times.map((at) => at - offset)), clock);
        const window = counters.window(id(seconds));
        // The last moment at which each must still count.
        for (const now of [clock.now, ...times.map((at) => at + ms).filter((at) => at > clock.now)]) {
          const used = window.used('requests', now);
          expect(used).toBeGreaterThanOrEqual(times.filter((at) => at >= now - ms).length);
          expect(used).toBeLessThanOrEqual(times.filter((at) => at >= now - ms - 2 * granularityMs).length);
        }
      }),
    );
  });

  it('counts what lies in the future, after the clock was set back, as admitted now', () => {
    const clock = new ManualClock();
    const counters = new UsageCounters(historyOf([clock.wall() + 86_400_000]), clock);
    for (const seconds of SECONDS) {
      const { ms, granularityMs } = WINDOWS[seconds];
      const window = counters.window(id(seconds));
      expect(window.used('requests', clock.now + ms)).toBe(1);
      expect(window.used('requests', clock.now + ms + granularityMs)).toBe(0);
    }
  });

  it('asks the store again after an hour of rest, and not before', () => {
    const clock = new ManualClock();
    const asked: CounterId[] = [];
    const counters = new UsageCounters((wanted) => {
      asked.push(wanted);
      return [];
    }, clock);
    counters.window(id(60));
    clock.now += 3_600_000;
    counters.forgetIdle();
    counters.window(id(60));
    expect(asked).toHaveLength(1);
    clock.now += 3_600_001;
    counters.forgetIdle();
    counters.window(id(60));
    expect(asked).toHaveLength(2);
  });
});

describe('a look at a counter', () => {
  it('is at the very one that admission uses, where it is in memory', () => {
    const clock = new ManualClock();
    const counters = new UsageCounters(() => [], clock);
    const window = counters.window(id(60, { model: 'm' }));
    expect(counters.peek(id(60, { model: 'm' }))).toBe(window);
    counters.add(SUBJECT, clock.now, ONE);
    expect(counters.peek(id(60, { model: 'm' })).used('tokens', clock.now)).toBe(10);
  });

  it('neither makes one nor keeps one alive', () => {
    const clock = new ManualClock();
    const asked: CounterId[] = [];
    const counters = new UsageCounters((wanted) => {
      asked.push(wanted);
      return [{ start: clock.wall(), ...ONE }];
    }, clock);
    for (let count = 0; count < 3; count++) {
      expect(counters.peek(id(86_400)).used('tokens', clock.now)).toBe(10);
    }
    expect(asked).toHaveLength(3);
    counters.window(id(86_400));
    counters.peek(id(86_400));
    expect(asked).toHaveLength(4);
    clock.now += 3_600_001;
    counters.peek(id(86_400));
    counters.forgetIdle();
    counters.peek(id(86_400));
    expect(asked).toHaveLength(5);
  });
});

describe('counters', () => {
  it('add to every window that concerns the request, and to no other', () => {
    const clock = new ManualClock();
    const counters = new UsageCounters(() => [], clock);
    const concerned = [
      id(60),
      id(86_400, { model: 'm' }),
      id(60, { countedFor: 'key' }),
      id(2_592_000, { countedFor: 'key', model: 'm' }),
    ];
    const others = [
      id(60, { memberId: 9 }),
      id(60, { countedFor: 'key', keyId: 9 }),
      id(60, { model: 'other' }),
    ];
    const windows = [...concerned, ...others].map((one) => counters.window(one));
    counters.add(SUBJECT, clock.now, ONE);
    const used = windows.map((window) => window.used('tokens', clock.now));
    expect(used).toEqual([10, 10, 10, 10, 0, 0, 0]);
  });

  it('give back in the day and the month alone', () => {
    const clock = new ManualClock();
    const counters = new UsageCounters(() => [], clock);
    const windows = SECONDS.map((seconds) => counters.window(id(seconds)));
    counters.add(SUBJECT, clock.now, ONE);
    counters.giveBackLong(SUBJECT, clock.now, ONE);
    expect(windows.map((window) => window.used('requests', clock.now))).toEqual([1, 0, 0]);
  });
});
