import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { BillingAccount } from './account.ts';
import { FARTHEST_LOOK_MS } from './look-times.ts';
import type { Looks } from './looks.ts';
import type { PaidPlans } from './paid-plans.ts';
import type { BillingSessions } from './sessions.ts';
import { StripeFailure } from './stripe-failure.ts';

/** Looked at in one round, one after the other. */
const A_ROUND = 50;
/** A due session is not waited for longer than this, whatever the clock does meanwhile. */
const LONGEST_WAIT_MS = 60_000;
const SHORTEST_WAIT_MS = 1_000;
/** While Stripe cannot be asked at all, one session after the other would only tell the same. */
const FIRST_HOLD_MS = 5_000;
const LAST_HOLD_MS = 900_000;

export interface FollowerParts {
  account: BillingAccount;
  sessions: BillingSessions;
  looks: Looks;
  paidPlans: PaidPlans;
  clock: Clock;
  /** Told once of each stretch of time in which Stripe does not take the key: payments are not seen then. */
  onKeyRefused: () => void;
}

/** How following went last. */
export interface Contact {
  /** Wall-clock ms; null before the first look. */
  at: number | null;
  /** What keeps Stripe from being asked, for the owner; null while all is well. */
  trouble: string | null;
}

/**
 * Follows sessions until they are over: a gateway behind a router gets no webhooks. When each is due stands in the
 * database, so a restart goes on where it was.
 */
export class Follower {
  readonly #parts: FollowerParts;
  #holds = 0;
  #heldUntil = 0;
  #keyRefused = false;
  #contact: Contact = { at: null, trouble: null };
  #alarm: () => void = () => undefined;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  get contact(): Contact {
    return this.#contact;
  }

  /** Moves plans whose time has come and looks at what is due. @param report is told what went wrong */
  async round(signal: AbortSignal, report: (error: unknown) => void): Promise<void> {
    const { account, sessions, paidPlans, clock } = this.#parts;
    attempt(() => paidPlans.check(clock.wall()), report);
    const { settings } = account;
    if (settings === null || clock.steady() < this.#heldUntil) return;
    const now = clock.wall();
    for (const session of sessions.due(settings.mode, now, now + FARTHEST_LOOK_MS, A_ROUND)) {
      if (signal.aborted || !(await this.#look(session, report))) return;
    }
  }

  /** How long until the next round is due, ms. */
  get wait(): number {
    const { account, sessions, clock } = this.#parts;
    const due = account.settings === null ? null : sessions.nextDue(account.settings.mode);
    if (due === null) return LONGEST_WAIT_MS;
    const held = this.#heldUntil - clock.steady();
    return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, due - clock.wall(), held));
  }

  /** Whoever waits for the next round is told when it may have come nearer. */
  onNearer(alarm: () => void): void {
    this.#alarm = alarm;
  }

  /** A session was just made. */
  nearer(): void {
    this.#alarm();
  }

  /** The key or the network is another one: what held looks back says nothing any more. */
  release(): void {
    this.#holds = 0;
    this.#heldUntil = 0;
    this.#keyRefused = false;
    this.#contact = { ...this.#contact, trouble: null };
    this.#alarm();
  }

  /** @returns whether the next session should be looked at too */
  async #look(session: Parameters<Looks['look']>[0], report: (error: unknown) => void): Promise<boolean> {
    try {
      await this.#parts.looks.look(session);
      this.#holds = 0;
      this.#keyRefused = false;
      this.#contact = { at: this.#parts.clock.wall(), trouble: null };
      return true;
    } catch (error) {
      report(error);
      if (isAboutOne(error)) return true;
      this.#hold(error);
      return false;
    }
  }

  #hold(error: unknown): void {
    const ms = Math.min(LAST_HOLD_MS, FIRST_HOLD_MS * 2 ** this.#holds);
    this.#holds += 1;
    this.#heldUntil = this.#parts.clock.steady() + ms;
    const trouble = error instanceof Error ? error.message : 'Stripe cannot be asked.';
    this.#contact = { at: this.#contact.at, trouble };
    if (!isAboutKey(error) || this.#keyRefused) return;
    this.#keyRefused = true;
    this.#parts.onKeyRefused();
  }
}

/** Says something of this session alone. */
function isAboutOne(error: unknown): boolean {
  return error instanceof StripeFailure && (error.reason === 'missing' || error.reason === 'refused');
}

function isAboutKey(error: unknown): boolean {
  if (error instanceof GatewayError) return error.code === 'billing_not_configured';
  return (
    error instanceof StripeFailure && (error.reason === 'key_refused' || error.reason === 'not_permitted')
  );
}

function attempt(work: () => void, report: (error: unknown) => void): void {
  try {
    work();
  } catch (error) {
    report(error);
  }
}
