import type { Clock } from '../clock.ts';
import type { HoldingLimit } from './limits.ts';
import type { Amounts, Metric, SlidingWindow } from './sliding-window.ts';
import { type CountedSubject, negated, type UsageCounters } from './usage-counters.ts';

/** What a request will use: the input is estimated from its body, the output bounded by what it asks for. */
export interface Need {
  input: Amounts;
  output: Amounts;
}

/** One limit as it stands after the request was counted, or refused. */
export interface LimitState {
  limit: HoldingLimit;
  used: number;
  remaining: number;
  /** Steady time at which the window is as new. */
  resetAt: number;
}

export interface Refusal {
  limit: HoldingLimit;
  used: number;
  /** What the request needs of the limit. */
  needed: number;
  /** Milliseconds until the request would be admitted, if nothing else is sent. */
  waitMs: number;
  /** No wait helps: the request alone is larger than the limit. */
  never: boolean;
}

export type Admission =
  | { admitted: true; reservation: Reservation; states: LimitState[] }
  | { admitted: false; refusal: Refusal; states: LimitState[] };

/** What one admitted request holds in the windows until it is settled. */
export class Reservation {
  readonly at: number;
  readonly reserved: Amounts;
  readonly #subject: CountedSubject | null;
  readonly #counters: UsageCounters;
  #open = true;

  /** @param subject null for a request that counts in no window */
  constructor(counters: UsageCounters, subject: CountedSubject | null, at: number, reserved: Amounts) {
    this.#counters = counters;
    this.#subject = subject;
    this.at = at;
    this.reserved = reserved;
    if (subject !== null) counters.add(subject, at, reserved);
  }

  /** Puts what was really used in the place of the estimate, at the time of admission. */
  settle(used: Omit<Amounts, 'requests'>): void {
    this.#close((subject) =>
      this.#counters.add(subject, this.at, {
        requests: 0,
        tokens: used.tokens - this.reserved.tokens,
        images: used.images - this.reserved.images,
        cost: used.cost - this.reserved.cost,
      }),
    );
  }

  /** The provider failed: day and month get everything back, the minute keeps its slot. */
  giveBack(): void {
    this.#close((subject) => {
      const { requests } = this.reserved;
      this.#counters.giveBackLong(subject, this.at, { requests, tokens: 0, images: 0, cost: 0 });
      this.#counters.add(subject, this.at, negated({ ...this.reserved, requests: 0 }));
    });
  }

  /** The request never became one (its row could not be written): nothing was used anywhere. */
  cancel(): void {
    this.#close((subject) => this.#counters.add(subject, this.at, negated(this.reserved)));
  }

  #close(change: (subject: CountedSubject) => void): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#subject !== null) change(this.#subject);
  }
}

/**
 * Checks every limit and, if all have room, reserves in the same synchronous step: nothing can come between
 * the look and the reservation, so concurrency cannot overshoot.
 * @param isCounted false for a request that no limit meters: it takes nobody's room either
 */
export function admit(
  counters: UsageCounters,
  clock: Clock,
  subject: CountedSubject,
  limits: readonly HoldingLimit[],
  need: Need,
  isCounted = true,
): Admission {
  const now = clock.steady();
  const { memberId, keyId } = subject;
  const windows: LimitWindow[] = [];
  let refusal: Refusal | undefined;
  for (const limit of limits) {
    const { countedFor, model, windowSeconds } = limit;
    const window = counters.window({ countedFor, memberId, keyId, model, windowSeconds });
    windows.push({ limit, window });
    const refused = refusalBy(limit, window, need, now);
    if (refused !== undefined) refusal = refusal === undefined ? refused : longerRefusal(refusal, refused);
  }
  if (refusal !== undefined) return { admitted: false, refusal, states: statesOf(windows, now) };
  const reserved = reservable(windows, need, now);
  const reservation = new Reservation(counters, isCounted ? subject : null, now, reserved);
  return { admitted: true, reservation, states: statesOf(windows, now) };
}

interface LimitWindow {
  limit: HoldingLimit;
  window: SlidingWindow;
}

function refusalBy(limit: HoldingLimit, window: SlidingWindow, need: Need, now: number): Refusal | undefined {
  const { metric, amount } = limit;
  const needed = Math.min(need.input[metric] + need.output[metric], Math.max(amount, need.input[metric]));
  const used = window.used(metric, now);
  if (used + needed <= amount) return undefined;
  const never = needed > amount;
  const freeAt = never ? now + limit.windowSeconds * 1000 : window.freeAt(metric, amount - needed, now);
  return { limit, used, needed, waitMs: freeAt - now, never };
}

/** The one that holds longer; a limit that no wait opens holds longest. */
function longerRefusal(one: Refusal, other: Refusal): Refusal {
  if (one.never !== other.never) return one.never ? one : other;
  return other.waitMs > one.waitMs ? other : one;
}

/**
 * The output is an upper bound few requests reach. Where it alone would break a limit, what the limit still
 * has room for is reserved instead, so that a large `max_tokens` waits for an empty window, not for ever.
 */
function reservable(windows: readonly LimitWindow[], need: Need, now: number): Amounts {
  const reserved = (metric: Metric): number => {
    let most = need.input[metric] + need.output[metric];
    for (const { limit, window } of windows) {
      if (limit.metric === metric)
        most = Math.min(most, Math.max(0, limit.amount - window.used(metric, now)));
    }
    return most;
  };
  return {
    requests: reserved('requests'),
    tokens: reserved('tokens'),
    images: reserved('images'),
    cost: reserved('cost'),
  };
}

function statesOf(windows: readonly LimitWindow[], now: number): LimitState[] {
  return windows.map(({ limit, window }) => {
    const used = window.used(limit.metric, now);
    return { limit, used, remaining: Math.max(0, limit.amount - used), resetAt: window.resetAt(now) };
  });
}
