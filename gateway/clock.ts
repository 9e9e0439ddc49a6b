import os from 'node:os';

/** Two kinds of time, both in milliseconds since 1970. */
export interface Clock {
  /** What the wall clock says; for people. It may jump. */
  wall(): number;
  /**
   * Starts as the wall clock and then runs evenly: it never goes back and does not follow a jump of the
   * wall clock, so a changed clock cannot empty a limit's window early. Suspended time counts.
   */
  steady(): number;
}

/**
 * `performance.now()` stands still while a machine sleeps, `os.uptime()` does not but is coarse: the first
 * gives the resolution, the second says how much was slept.
 */
export function systemClock(): Clock {
  const wallAtStart = Date.now();
  const runAtStart = performance.now();
  const upAtStart = os.uptime() * 1000;
  let slept = 0;
  let lastLook = 0;

  return {
    wall: () => Date.now(),
    steady: () => {
      const ran = performance.now() - runAtStart;
      if (ran - lastLook > SLEEP_CHECK_MS) {
        lastLook = ran;
        const difference = os.uptime() * 1000 - upAtStart - ran;
        if (difference - slept > SLEEP_NOTICED_MS) slept = difference;
      }
      return Math.floor(wallAtStart + ran + slept);
    },
  };
}

const SLEEP_CHECK_MS = 1_000;
/** Uptime is told in whole seconds on some systems; a smaller difference is no sleep. */
const SLEEP_NOTICED_MS = 3_000;
