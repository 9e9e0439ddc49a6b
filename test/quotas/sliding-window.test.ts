import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Amounts,
  METRICS,
  SlidingWindow,
  WINDOWS,
  type WindowSeconds,
} from '../../gateway/quotas/sliding-window.ts';

const START = 1_800_000_000_123;
const SECONDS: WindowSeconds[] = [60, 86_400, 2_592_000];

type Step =
  | { kind: 'admit'; amount: number }
  | { kind: 'settle'; which: number; part: number }
  | { kind: 'wait'; share: number };

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('admit' as const), amount: fc.nat(1_000) }),
    fc.record({
      kind: fc.constant('settle' as const),
      which: fc.nat(),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('wait' as const), share: fc.double({ min: 0, max: 0.4, noNaN: true }) }),
  ),
  { minLength: 1, maxLength: 120 },
);

/** Every admission, one by one: what the window is held against. */
class Model {
  readonly admissions: { at: number; amount: number }[] = [];

  sum(from: number): number {
    return this.admissions.filter(({ at }) => at >= from).reduce((sum, { amount }) => sum + amount, 0);
  }
}

function requests(count: number, tokens = 0): Amounts {
  return { requests: count, tokens, images: 0, cost: 0 };
}

/** Plays the steps on a window and on the model, and calls `check` after each. */
function play(
  seconds: WindowSeconds,
  script: Step[],
  check: (window: SlidingWindow, model: Model, now: number) => void,
): void {
  const window = new SlidingWindow(seconds);
  const model = new Model();
  let now = START;
  for (const step of script) {
    if (step.kind === 'admit') {
      window.add(now, requests(1, step.amount));
      model.admissions.push({ at: now, amount: step.amount });
    } else if (step.kind === 'wait') {
      now += Math.floor(WINDOWS[seconds].ms * step.share);
    } else {
      const admission = model.admissions[step.which % Math.max(1, model.admissions.length)];
      if (admission !== undefined) {
        const back = Math.floor(admission.amount * step.part);
        window.add(admission.at, requests(0, -back));
        admission.amount -= back;
      }
    }
    check(window, model, now);
  }
}

describe.each(SECONDS)('the window of %i s', (seconds) => {
  const { ms, granularityMs } = WINDOWS[seconds];

  it('counts all that was admitted in it, and at most one step more', () => {
    fc.assert(
      fc.property(steps, (script) => {
        play(seconds, script, (window, model, now) => {
          const used = window.used('tokens', now);
          expect(used).toBeGreaterThanOrEqual(model.sum(now - ms));
          expect(used).toBeLessThanOrEqual(model.sum(now - ms - granularityMs));
          if (granularityMs === 1) expect(used).toBe(model.sum(now - ms));
          expect(used).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it('tells the earliest moment at which an amount fits', () => {
    fc.assert(
      fc.property(steps, fc.nat(3_000), (script, atMost) => {
        play(seconds, script, (window, _model, now) => {
          const freeAt = window.freeAt('tokens', atMost, now);
          if (window.used('tokens', now) <= atMost) expect(freeAt).toBe(now);
          else expect(freeAt).toBeGreaterThan(now);
        });
        const replay = (until: (window: SlidingWindow, now: number) => void) => {
          let last: [SlidingWindow, number] | undefined;
          play(seconds, script, (window, _model, now) => {
            last = [window, now];
          });
          if (last !== undefined) until(...last);
        };
        let freeAt = 0;
        let full = false;
        replay((window, now) => {
          full = window.used('tokens', now) > atMost;
          freeAt = window.freeAt('tokens', atMost, now);
        });
        if (!full) return;
        replay((window) => expect(window.used('tokens', freeAt - 1)).toBeGreaterThan(atMost));
        replay((window) => expect(window.used('tokens', freeAt)).toBeLessThanOrEqual(atMost));
      }),
    );
  });

  it('tells the next moment at which less counts, and how much less', () => {
    fc.assert(
      fc.property(steps, (script) => {
        let last: [SlidingWindow, number] | undefined;
        play(seconds, script, (window, _model, now) => {
          last = [window, now];
        });
        const [window, now] = last ?? [new SlidingWindow(seconds), START];
        const used = window.used('tokens', now);
        const next = window.nextFree('tokens', now);
        if (next === null) {
          expect(used).toBe(0);
          return;
        }
        expect(next.amount).toBeGreaterThan(0);
        expect(next.at).toBeGreaterThan(now);
        expect(window.used('tokens', next.at - 1)).toBe(used);
        expect(window.used('tokens', next.at)).toBe(used - next.amount);
      }),
    );
  });

  it('tells when it is as new', () => {
    fc.assert(
      fc.property(steps, (script) => {
        let last: [SlidingWindow, number] | undefined;
        play(seconds, script, (window, _model, now) => {
          last = [window, now];
        });
        if (last === undefined) return;
        const [window, now] = last;
        const resetAt = window.resetAt(now);
        if (resetAt === now) {
          for (const metric of METRICS) expect(window.used(metric, now)).toBe(0);
          return;
        }
        expect(METRICS.some((metric) => window.used(metric, resetAt - 1) > 0)).toBe(true);
        for (const metric of METRICS) expect(window.used(metric, resetAt)).toBe(0);
      }),
    );
  });

  it('does not let back in what has left', () => {
    const window = new SlidingWindow(seconds);
    window.add(START, requests(1, 100));
    const later = START + ms + granularityMs;
    expect(window.used('tokens', later)).toBe(0);
    window.add(START, requests(0, -60));
    window.add(START - granularityMs, requests(0, -60));
    expect(window.used('tokens', later)).toBe(0);
    window.add(later, requests(1, 5));
    expect(window.used('tokens', later)).toBe(5);
  });
});

describe('a window', () => {
  it('holds each millisecond of the minute for exactly 60 s', () => {
    const window = new SlidingWindow(60);
    window.add(START, requests(1));
    expect(window.used('requests', START + 60_000)).toBe(1);
    expect(window.used('requests', START + 60_001)).toBe(0);
  });

  it('keeps every cell when it lets go of thousands before them', () => {
    const window = new SlidingWindow(60);
    for (let at = 0; at < 200_000; at += 10) {
      window.add(START + at, requests(1, 2));
      const inWindow = Math.min(at / 10 + 1, 6_001);
      expect(window.used('requests', START + at)).toBe(inWindow);
      expect(window.used('tokens', START + at)).toBe(2 * inWindow);
    }
  });

  it('takes history in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(59_000), { maxLength: 50 }), (ages) => {
        const cells = ages.map((age) => ({ start: START - age, ...requests(1, age) }));
        const window = new SlidingWindow(60, cells);
        expect(window.used('requests', START)).toBe(ages.length);
        expect(window.used('tokens', START)).toBe(ages.reduce((sum, age) => sum + age, 0));
      }),
    );
  });

  it('is as new at once when all was given back', () => {
    const window = new SlidingWindow(86_400);
    window.add(START, requests(1, 100));
    window.add(START + 120_000, requests(1, 50));
    window.add(START + 120_000, requests(-1, -50));
    expect(window.resetAt(START + 120_000)).toBe(Math.floor(START / 60_000) * 60_000 + 60_000 + 86_400_000);
    window.add(START, requests(-1, -100));
    expect(window.resetAt(START + 120_000)).toBe(START + 120_000);
  });

  it('frees nothing where a cell only takes back what another holds', () => {
    const window = new SlidingWindow(60);
    window.add(START, requests(1, 0));
    window.add(START + 1, requests(0, -40));
    window.add(START + 2, requests(0, 100));
    expect(window.nextFree('tokens', START + 2)).toEqual({ at: START + 2 + 60_001, amount: 60 });
  });
});
