import type { Clock } from '../../gateway/clock.ts';

/** A clock that moves when told. `ahead` is what the wall clock lacks on the steady one. */
export class ManualClock implements Clock {
  now: number;
  ahead: number;

  constructor(now = 1_800_000_000_123, ahead = 0) {
    this.now = now;
    this.ahead = ahead;
  }

  steady(): number {
    return this.now;
  }

  wall(): number {
    return this.now - this.ahead;
  }
}
