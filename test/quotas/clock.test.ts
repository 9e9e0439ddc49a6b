import os from 'node:os';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Moves what the system says: time it ran, time it slept, and what its wall clock shows. */
function fakeSystem(): { run(ms: number): void; sleep(ms: number): void; setWall(ms: number): void } {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 1_800_000_000_000 });
  let slept = 0;
  const started = performance.now();
  vi.spyOn(os, 'uptime').mockImplementation(
    () => Math.floor((50_000 + performance.now() - started + slept) / 10) / 100,
  );
  return {
    run: (ms) => vi.advanceTimersByTime(ms),
    sleep: (ms) => {
      slept += ms;
    },
    setWall: (ms) => vi.setSystemTime(ms),
  };
}

describe('the steady clock', () => {
  it('never goes back, whatever the wall clock does', () => {
    const actions = fc.array(
      fc.oneof(
        fc.record({ run: fc.nat(100_000) }),
        fc.record({ sleep: fc.nat(10_000_000) }),
        fc.record({ wall: fc.integer({ min: 1_000_000_000_000, max: 3_000_000_000_000 }) }),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(actions, (script) => {
        const system = fakeSystem();
        const clock = systemClock();
        let last = clock.steady();
        for (const action of script) {
          if ('run' in action) system.run(action.run);
          else if ('sleep' in action) system.sleep(action.sleep);
          else system.setWall(action.wall);
          const now = clock.steady();
          expect(now).toBeGreaterThanOrEqual(last);
          last = now;
        }
        vi.useRealTimers();
        vi.restoreAllMocks();
      }),
    );
  });

  it('does not follow a jump of the wall clock', () => {
    const system = fakeSystem();
    const clock = systemClock();
    const before = clock.steady();
    system.setWall(1_800_000_000_000 + 86_400_000);
    system.run(5_000);
    expect(clock.steady() - before).toBe(5_000);
    expect(clock.wall()).toBe(1_800_000_000_000 + 86_400_000 + 5_000);
    system.setWall(1_700_000_000_000);
    system.run(5_000);
    expect(clock.steady() - before).toBe(10_000);
  });

  it('counts the time the machine slept, even when it was made late in the life of the process', () => {
    const system = fakeSystem();
    system.run(3_600_000);
    const clock = systemClock();
    const before = clock.steady();
    system.run(1_000);
    system.sleep(600_000);
    system.run(1_500);
    expect(clock.steady() - before).toBe(602_500);
  });

  it('tells whole milliseconds that run', async () => {
    const clock = systemClock();
    const before = clock.steady();
    expect(Number.isInteger(before)).toBe(true);
    expect(Math.abs(before - Date.now())).toBeLessThan(1_000);
    await expect.poll(() => clock.steady()).toBeGreaterThan(before);
  });
});
