import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Health } from '../../gateway/providers/health.ts';
import { createHealth, retryAfterMs } from '../../gateway/providers/health.ts';

const START = 1_700_000_000_000;
const KEY = '7';
let now: number;
let health: Health;

beforeEach(() => {
  now = START;
  health = createHealth({ now: () => now, random: () => 0.5 });
});

/** Lets the cooldown run out and takes the probe. */
function takeProbe(): void {
  now = Math.max(now, health.openUntil(KEY) ?? now);
  expect(health.tryAcquire(KEY)).toBe(true);
}

describe('circuit', () => {
  it('is closed for a key never seen, and nothing is remembered of it', () => {
    expect(health.state(KEY)).toBe('closed');
    expect(health.tryAcquire(KEY)).toBe(true);
    expect(health.openUntil(KEY)).toBeNull();
    expect(health.snapshot()).toEqual([]);
  });

  it('opens at the first failure and lets one probe through afterwards', () => {
    health.failed(KEY);
    expect(health.openUntil(KEY)).toBe(START + 750);
    expect(health.tryAcquire(KEY)).toBe(false);
    now += 749;
    expect(health.state(KEY)).toBe('open');
    now += 1;
    expect(health.state(KEY)).toBe('half-open');
    expect(health.tryAcquire(KEY)).toBe(true);
    expect(health.tryAcquire(KEY)).toBe(false);
  });

  it('closes when the probe succeeds', () => {
    health.failed(KEY);
    takeProbe();
    health.succeeded(KEY, 120);
    expect(health.state(KEY)).toBe('closed');
    expect(health.tryAcquire(KEY)).toBe(true);
    expect(health.tryAcquire(KEY)).toBe(true);
    health.failed(KEY);
    expect(health.openUntil(KEY)).toBe(now + 750);
  });

  it('doubles the cooldown with each failed probe, up to a minute', () => {
    const cooldowns: number[] = [];
    for (let count = 0; count < 9; count += 1) {
      if (count > 0) takeProbe();
      health.failed(KEY);
      cooldowns.push((health.openUntil(KEY) ?? 0) - now);
    }
    expect(cooldowns).toEqual([750, 1_500, 3_000, 6_000, 12_000, 24_000, 45_000, 45_000, 45_000]);
  });

  it('counts calls that fail together as one failure', () => {
    for (let count = 0; count < 50; count += 1) health.failed(KEY);
    expect(health.openUntil(KEY)).toBe(START + 750);
    expect(health.snapshot()[0]?.consecutiveFailures).toBe(1);
  });

  it('is not closed by a call that began before the failure', () => {
    health.failed(KEY);
    health.succeeded(KEY, 5);
    expect(health.state(KEY)).toBe('open');
    expect(health.snapshot()[0]?.lastLatencyMs).toBe(5);
  });

  it('hands an abandoned probe to the next caller', () => {
    health.failed(KEY);
    takeProbe();
    health.released(KEY);
    expect(health.tryAcquire(KEY)).toBe(true);
  });

  it('does not wait for ever for a probe that never reports', () => {
    health.failed(KEY);
    takeProbe();
    now += 59_999;
    expect(health.tryAcquire(KEY)).toBe(false);
    now += 1;
    expect(health.tryAcquire(KEY)).toBe(true);
  });

  it('keeps keys apart and forgets one when told', () => {
    health.failed('7 gpt');
    expect(health.tryAcquire(KEY)).toBe(true);
    health.reset('7 gpt');
    expect(health.state('7 gpt')).toBe('closed');
  });
});

describe('what the provider asked for', () => {
  it('is honoured exactly, shorter or longer than the own cooldown', () => {
    health.failed(KEY, { retryAfterMs: 37_123 });
    expect(health.openUntil(KEY)).toBe(START + 37_123);
    health.failed('8', { retryAfterMs: 10 });
    expect(health.openUntil('8')).toBe(START + 10);
  });

  it('is honoured for an hour at most', () => {
    health.failed(KEY, { retryAfterMs: 1e12 });
    expect(health.openUntil(KEY)).toBe(START + 3_600_000);
  });

  it('lengthens a cooldown under way, never shortens it', () => {
    health.failed(KEY);
    health.failed(KEY, { retryAfterMs: 20_000 });
    expect(health.openUntil(KEY)).toBe(START + 20_000);
    health.failed(KEY, { retryAfterMs: 1 });
    expect(health.openUntil(KEY)).toBe(START + 20_000);
  });
});

describe('snapshot', () => {
  it('tells state, since when, and what happened last', () => {
    health.failed(KEY, { message: 'refused the connection', reason: 'connect' });
    expect(health.snapshot()).toEqual([
      {
        key: KEY,
        state: 'open',
        since: START,
        openUntil: START + 750,
        askedToWait: false,
        consecutiveFailures: 1,
        failingSince: START,
        lastServedAt: null,
        lastFailedAt: START,
        lastError: 'refused the connection',
        lastReason: 'connect',
        lastLatencyMs: null,
      },
    ]);
    now += 800;
    expect(health.snapshot()[0]).toMatchObject({ state: 'half-open', since: START + 750 });
    takeProbe();
    health.succeeded(KEY, 30);
    expect(health.snapshot()[0]).toMatchObject({
      state: 'closed',
      since: START + 800,
      lastLatencyMs: 30,
      consecutiveFailures: 0,
      failingSince: null,
      lastServedAt: START + 800,
      lastFailedAt: START,
    });
  });

  it('tells since when it has been failing, however often', () => {
    health.failed(KEY);
    takeProbe();
    health.failed(KEY, { retryAfterMs: 5_000 });
    expect(health.snapshot()[0]).toMatchObject({ failingSince: START, lastFailedAt: now, askedToWait: true });
    takeProbe();
    health.succeeded(KEY);
    now += 10;
    health.failed(KEY);
    expect(health.snapshot()[0]).toMatchObject({ failingSince: now, askedToWait: false });
  });

  it('cuts long error texts', () => {
    health.failed(KEY, { message: 'x'.repeat(5_000) });
    expect(health.snapshot()[0]?.lastError).toHaveLength(300);
  });
});

describe('memory', () => {
  it('is bounded, and open circuits are the last to go', () => {
    const small = createHealth({ now: () => now, random: () => 0, maxKeys: 10 });
    small.failed('open');
    for (let count = 0; count < 1_000; count += 1) small.succeeded(`key ${count}`);
    expect(small.snapshot()).toHaveLength(10);
    expect(small.state('open')).toBe('open');
  });

  it('is bounded even when everything fails', () => {
    const small = createHealth({ now: () => now, random: () => 0, maxKeys: 10 });
    for (let count = 0; count < 1_000; count += 1) small.failed(`key ${count}`);
    expect(small.snapshot()).toHaveLength(10);
    expect(small.state('key 999')).toBe('open');
  });
});

type Step =
  | { do: 'fail' | 'succeed' | 'release' | 'acquire' }
  | { do: 'ask'; ms: number }
  | { do: 'wait'; ms: number };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constantFrom('fail' as const, 'succeed' as const, 'release' as const, 'acquire' as const),
  }),
  fc.record({ do: fc.constant('ask' as const), ms: fc.nat({ max: 7_200_000 }) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.nat({ max: 90_000 }) }),
);

describe('whatever happens', () => {
  it('nobody gets through while open, one at a time while half-open, and a cooldown never shrinks', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (steps, luck) => {
          let time = START;
          const breaker = createHealth({ now: () => time, random: () => luck });
          for (const each of steps) {
            const before = breaker.state(KEY);
            const until = breaker.openUntil(KEY);
            if (each.do === 'wait') time += each.ms;
            if (each.do === 'fail') breaker.failed(KEY);
            if (each.do === 'ask') breaker.failed(KEY, { retryAfterMs: each.ms });
            if (each.do === 'succeed') breaker.succeeded(KEY);
            if (each.do === 'release') breaker.released(KEY);
            if (each.do === 'acquire') {
              const allowed = breaker.tryAcquire(KEY);
              if (before !== 'half-open') expect(allowed).toBe(before === 'closed');
              else if (allowed) expect(breaker.tryAcquire(KEY)).toBe(false);
            }
            const after = breaker.openUntil(KEY);
            if (before === 'open') expect(after).toBeGreaterThanOrEqual(until ?? 0);
            if (after !== null) expect(after - time).toBeLessThanOrEqual(3_600_000);
            if (each.do === 'fail' && before !== 'open')
              expect((after ?? 0) - time).toBeLessThanOrEqual(60_000);
          }
        },
      ),
    );
  });
});

describe('retryAfterMs', () => {
  const DATE = Date.UTC(1994, 10, 6, 8, 49, 37);

  it.each<[Record<string, string>, number | null]>([
    [{}, null],
    [{ 'retry-after': '20' }, 20_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after-ms': '321.2', 'retry-after': '20' }, 322],
    [{ 'retry-after-ms': 'soon', 'retry-after': '2' }, 2_000],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' }, 7_000],
    [{ 'retry-after': 'Sunday, 06-Nov-94 08:49:37 GMT' }, 7_000],
    [{ 'retry-after': 'Sun Nov  6 08:49:37 1994' }, 7_000],
    [{ 'retry-after': 'Sun, 06 Nov 1994 08:00:00 GMT' }, 0],
    [{ 'retry-after': 'Sun, 99 Nov 1994 08:00:00 GMT' }, null],
  ])('reads %j', (headers, expected) => {
    expect(retryAfterMs(headers, DATE - 7_000)).toBe(expected);
  });

  it('is null or a whole number of milliseconds, whatever is sent', () => {
    fc.assert(
      fc.property(fc.record({ 'retry-after': fc.string(), 'retry-after-ms': fc.string() }), (headers) => {
        const wait = retryAfterMs(headers, START);
        if (wait !== null) {
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(Number.isSafeInteger(wait)).toBe(true);
        }
      }),
    );
  });
});
