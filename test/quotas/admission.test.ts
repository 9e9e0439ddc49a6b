import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Admission, admit, type Need, type Reservation } from '../../gateway/quotas/admission.ts';
import type { HoldingLimit } from '../../gateway/quotas/limits.ts';
import {
  type Amounts,
  type Metric,
  WINDOWS,
  type WindowSeconds,
} from '../../gateway/quotas/sliding-window.ts';
import { type CountedSubject, UsageCounters } from '../../gateway/quotas/usage-counters.ts';
import { ManualClock } from './manual-clock.ts';

const SUBJECT: CountedSubject = { memberId: 1, keyId: 1, models: ['m'] };
const SECONDS: WindowSeconds[] = [60, 86_400, 2_592_000];

function amounts(some: Partial<Amounts>): Amounts {
  return { requests: 0, tokens: 0, images: 0, cost: 0, ...some };
}

function need(tokens = 0, output = 0): Need {
  return { input: amounts({ requests: 1, tokens }), output: amounts({ tokens: output }) };
}

function limit(
  metric: Metric,
  windowSeconds: WindowSeconds,
  amount: number,
  rest: Partial<HoldingLimit> = {},
): HoldingLimit {
  return {
    scope: 'plan',
    subjectId: 'p',
    model: null,
    metric,
    windowSeconds,
    amount,
    countedFor: 'member',
    ...rest,
  };
}

class Desk {
  readonly clock = new ManualClock();
  readonly counters = new UsageCounters(() => [], this.clock);

  ask(limits: HoldingLimit[], wanted: Need, subject = SUBJECT): Admission {
    return admit(this.counters, this.clock, subject, limits, wanted);
  }

  admitted(limits: HoldingLimit[], wanted: Need, subject = SUBJECT): Reservation {
    const answer = this.ask(limits, wanted, subject);
    if (!answer.admitted) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
    return answer.reservation;
  }

  refused(limits: HoldingLimit[], wanted: Need, subject = SUBJECT) {
    const answer = this.ask(limits, wanted, subject);
    if (answer.admitted) throw new Error('admitted');
    return answer.refusal;
  }

  used(
    windowSeconds: WindowSeconds,
    metric: Metric,
    countedFor: 'member' | 'key' = 'member',
    model: string | null = null,
  ): number {
    return this.counters
      .window({ ...SUBJECT, countedFor, model, windowSeconds })
      .used(metric, this.clock.steady());
  }
}

const waits = fc.oneof(fc.nat(3), fc.nat(40_000), fc.nat(40_000_000), fc.nat(1_000_000_000));
const script = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        keyId: fc.integer({ min: 1, max: 2 }),
        model: fc.constantFrom('m', 'n'),
        tokens: fc.nat(60),
        output: fc.nat(200),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constantFrom('settle' as const, 'giveBack' as const, 'cancel' as const),
        which: fc.nat(),
        tokens: fc.nat(100),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: waits }) },
  ),
  { minLength: 1, maxLength: 80 },
);
const limitSets = fc.array(
  fc
    .record({
      metric: fc.constantFrom<Metric>('requests', 'tokens'),
      windowSeconds: fc.constantFrom(...SECONDS),
      amount: fc.integer({ min: 0, max: 8 }),
      model: fc.constantFrom(null, 'm', 'n'),
      countedFor: fc.constantFrom<'member' | 'key'>('member', 'key'),
    })
    .map(({ metric, windowSeconds, amount, ...rest }) =>
      limit(metric, windowSeconds, metric === 'tokens' ? amount * 40 : amount, rest),
    ),
  { minLength: 1, maxLength: 5 },
);

interface Admitted {
  at: number;
  keyId: number;
  model: string;
  /** What its windows of a day and a month hold of it, and what its minute does. */
  long: number;
  minute: number;
}

function concerns(one: HoldingLimit, model: string): boolean {
  return one.model === null || one.model === model;
}

describe('admission', () => {
  it('never lets more requests into any window than its limit, whatever happens in between', () => {
    fc.assert(
      fc.property(limitSets, script, (limits, steps) => {
        const desk = new Desk();
        const log: Admitted[] = [];
        const reservations: Reservation[] = [];
        for (const step of steps) {
          if (step.kind === 'wait') desk.clock.now += step.ms;
          else if (step.kind === 'ask') {
            const subject = { memberId: 1, keyId: step.keyId, models: [step.model] };
            const holding = limits.filter((one) => concerns(one, step.model));
            const answer = desk.ask(holding, need(step.tokens, step.output), subject);
            if (!answer.admitted) continue;
            reservations.push(answer.reservation);
            log.push({ at: desk.clock.now, keyId: step.keyId, model: step.model, long: 1, minute: 1 });
          } else if (reservations.length > 0) {
            const index = step.which % reservations.length;
            const reservation = reservations[index] as Reservation;
            const entry = log[index] as Admitted;
            const open = !closed.has(reservation);
            closed.add(reservation);
            if (step.kind === 'settle') reservation.settle({ tokens: step.tokens, images: 0, cost: 0 });
            else if (step.kind === 'giveBack') reservation.giveBack();
            else reservation.cancel();
            if (open && step.kind !== 'settle') entry.long = 0;
            if (open && step.kind === 'cancel') entry.minute = 0;
          }
          for (const one of limits.filter(({ metric }) => metric === 'requests')) {
            for (const keyId of one.countedFor === 'key' ? [1, 2] : [0]) {
              const inWindow = log.filter(
                (entry) =>
                  entry.at >= desk.clock.now - WINDOWS[one.windowSeconds].ms &&
                  concerns(one, entry.model) &&
                  (keyId === 0 || entry.keyId === keyId),
              );
              const sum = inWindow.reduce(
                (all, entry) => all + (one.windowSeconds === 60 ? entry.minute : entry.long),
                0,
              );
              expect(sum).toBeLessThanOrEqual(one.amount);
            }
          }
        }
      }),
    );
  });

  it('tells a wait after which the same request is admitted, and not a step sooner', () => {
    fc.assert(
      fc.property(limitSets, script, (limits, steps) => {
        const desk = new Desk();
        const reservations: Reservation[] = [];
        for (const step of steps) {
          if (step.kind === 'wait') desk.clock.now += step.ms;
          else if (step.kind !== 'ask')
            reservations[step.which % Math.max(1, reservations.length)]?.settle({
              tokens: step.tokens,
              images: 0,
              cost: 0,
            });
          else {
            const answer = desk.ask(limits, need(step.tokens, step.output));
            if (answer.admitted) {
              reservations.push(answer.reservation);
              continue;
            }
            const { waitMs, never } = answer.refusal;
            const asked = desk.clock.now;
            if (!never) {
              expect(waitMs).toBeGreaterThan(0);
              desk.clock.now = asked + waitMs - 1;
              expect(desk.ask(limits, need(step.tokens, step.output)).admitted).toBe(false);
            }
            desk.clock.now = asked + Math.ceil(waitMs / 1_000) * 1_000;
            expect(desk.ask(limits, need(step.tokens, step.output)).admitted).toBe(!never);
            return;
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('says of a request larger than its limit that no wait helps', () => {
    const desk = new Desk();
    const refusal = desk.refused([limit('tokens', 60, 100)], need(101));
    expect(refusal).toMatchObject({ never: true, needed: 101, waitMs: 60_000 });
  });

  it('says so even when another limit is longer full', () => {
    const desk = new Desk();
    const limits = [limit('tokens', 60, 100), limit('requests', 2_592_000, 1)];
    desk.admitted(limits, need(1));
    expect(desk.refused(limits, need(101))).toMatchObject({ never: true, limit: { metric: 'tokens' } });
  });

  it('lets a bounded output larger than the limit wait for an empty window', () => {
    const desk = new Desk();
    const limits = [limit('tokens', 60, 100)];
    desk.admitted(limits, need(1)).settle({ tokens: 1, images: 0, cost: 0 });
    const refusal = desk.refused(limits, need(10, 1_000_000));
    expect(refusal).toMatchObject({ never: false, needed: 100, waitMs: 60_001 });
    desk.clock.now += refusal.waitMs;
    const reservation = desk.admitted(limits, need(10, 1_000_000));
    expect(reservation.reserved.tokens).toBe(100);
    expect(desk.refused(limits, need(1)).never).toBe(false);
    reservation.settle({ tokens: 30, images: 0, cost: 0 });
    desk.admitted(limits, need(70));
  });

  it('tells the longest wait of several', () => {
    const desk = new Desk();
    const limits = [limit('requests', 86_400, 1), limit('requests', 60, 1), limit('requests', 2_592_000, 1)];
    desk.admitted(limits, need());
    desk.clock.now += 1_000;
    expect(desk.refused(limits, need()).limit.windowSeconds).toBe(2_592_000);
    expect(desk.refused(limits.slice(0, 2), need()).limit.windowSeconds).toBe(86_400);
    expect(desk.refused(limits.slice(1, 2), need()).waitMs).toBe(59_001);
  });

  it('refuses without using anything up', () => {
    const desk = new Desk();
    const limits = [limit('requests', 60, 5), limit('tokens', 86_400, 10)];
    desk.admitted(limits, need(10));
    for (let times = 0; times < 20; times++) desk.refused(limits, need(1));
    expect(desk.used(60, 'requests')).toBe(1);
    expect(desk.used(86_400, 'tokens')).toBe(10);
  });

  it('settles once', () => {
    const desk = new Desk();
    const limits = SECONDS.map((seconds) => limit('tokens', seconds, 1_000));
    const reservation = desk.admitted(limits, need(10, 90));
    reservation.settle({ tokens: 40, images: 2, cost: 7 });
    reservation.settle({ tokens: 1, images: 0, cost: 0 });
    reservation.giveBack();
    reservation.cancel();
    for (const seconds of SECONDS) {
      expect(desk.used(seconds, 'tokens')).toBe(40);
      expect(desk.used(seconds, 'images')).toBe(2);
      expect(desk.used(seconds, 'cost')).toBe(7);
      expect(desk.used(seconds, 'requests')).toBe(1);
    }
  });

  it('gives a failed request back but for its slot in the minute', () => {
    const desk = new Desk();
    const limits = SECONDS.map((seconds) => limit('requests', seconds, 10));
    desk.admitted(limits, need(10, 90)).giveBack();
    expect(SECONDS.map((seconds) => desk.used(seconds, 'requests'))).toEqual([1, 0, 0]);
    expect(SECONDS.map((seconds) => desk.used(seconds, 'tokens'))).toEqual([0, 0, 0]);
    desk.admitted(limits, need(10, 90)).cancel();
    expect(SECONDS.map((seconds) => desk.used(seconds, 'requests'))).toEqual([1, 0, 0]);
  });

  it('settles at the time of admission, so a late answer does not stay longer', () => {
    const desk = new Desk();
    const limits = [limit('tokens', 60, 1_000)];
    const reservation = desk.admitted(limits, need(10));
    desk.clock.now += 59_000;
    reservation.settle({ tokens: 500, images: 0, cost: 0 });
    expect(desk.used(60, 'tokens')).toBe(500);
    desk.clock.now += 1_001;
    expect(desk.used(60, 'tokens')).toBe(0);
  });

  it('counts a request for its member, its key, and each id of its model', () => {
    const desk = new Desk();
    const own = (countedFor: 'member' | 'key', model: string | null) =>
      limit('requests', 60, 10, { countedFor, model });
    const limits = [own('member', null), own('key', null), own('member', 'alias'), own('key', 'served')];
    desk.admitted(limits, need(), { memberId: 1, keyId: 1, models: ['alias', 'served'] });
    desk.admitted(limits, need(), { memberId: 1, keyId: 2, models: ['served'] });
    expect(desk.used(60, 'requests')).toBe(2);
    expect(desk.used(60, 'requests', 'key')).toBe(1);
    expect(desk.used(60, 'requests', 'member', 'alias')).toBe(1);
    expect(desk.used(60, 'requests', 'key', 'served')).toBe(1);
  });

  it('tells each limit as it stands', () => {
    const desk = new Desk();
    const limits = [limit('requests', 60, 3), limit('tokens', 60, 50)];
    const answer = desk.ask(limits, need(20, 10));
    expect(answer.states).toMatchObject([
      { used: 1, remaining: 2, resetAt: desk.clock.now + 60_001 },
      { used: 30, remaining: 20, resetAt: desk.clock.now + 60_001 },
    ]);
  });
});

const closed = new WeakSet<Reservation>();
