import type { Members } from '../accounts/members.ts';
import type { Clock } from '../clock.ts';
import type { StripeAccess } from './access.ts';
import type { Credits } from './credits.ts';
import { nextLook, PAGE_LIFE_MS, PAYMENT_LIFE_MS } from './look-times.ts';
import type { SessionFacts } from './session-facts.ts';
import type { BillingSession, BillingSessions } from './sessions.ts';
import type { StripeCalls } from './stripe-calls.ts';
import { StripeFailure } from './stripe-failure.ts';

/** Stripe lists what it has made; after this time nothing more can come of a call. */
const CALL_LIFE_MS = 600_000;
/** Clocks differ. */
const SKEW_MS = 300_000;

export interface LooksParts {
  sessions: BillingSessions;
  access: Pick<StripeAccess, 'calls'>;
  credits: Credits;
  members: Members;
  clock: Clock;
}

/**
 * Looks at one session at Stripe and does what follows. All that brings news of a payment ends here: the timer,
 * webhooks, the payer's return and the owner's button. What an event says is not believed: Stripe is asked.
 */
export class Looks {
  readonly #parts: LooksParts;

  constructor(parts: LooksParts) {
    this.#parts = parts;
  }

  /**
   * @returns the session as it is then
   * @throws StripeFailure, GatewayError `billing_not_configured`, VaultError; the session is looked at again later
   */
  async look(session: BillingSession): Promise<BillingSession> {
    const { sessions, access } = this.#parts;
    try {
      const calls = await access.calls();
      const facts = await this.#ask(calls, session);
      if (facts === undefined) this.#nothingMade(session);
      else await this.#follow(calls, session, facts);
    } catch (error) {
      this.#failed(session, error);
      throw error;
    }
    return sessions.get(session.id) ?? session;
  }

  async #ask(calls: StripeCalls, session: BillingSession): Promise<SessionFacts | undefined> {
    const { reference, sessionId, customerId, createdAt } = session;
    if (sessionId !== null) return calls.session(sessionId);
    const listed = await calls.findSession(reference, customerId, createdAt - SKEW_MS);
    if (listed === undefined) return undefined;
    this.#parts.sessions.found(session.id, listed.id);
    return calls.session(listed.id);
  }

  async #follow(calls: StripeCalls, session: BillingSession, facts: SessionFacts): Promise<void> {
    const { credits } = this.#parts;
    const now = this.#now;
    if (facts.paid) {
      credits.pay(session, facts, now);
      credits.giveBack(session, facts, now);
      if (session.state === 'paid') this.#goOn(session, facts, 'paid');
    } else if (facts.status === 'expired') this.#end(session, facts, 'expired', null);
    else if (facts.status === 'complete') this.#awaitMoney(session, facts);
    else await this.#awaitPayer(calls, session, facts);
  }

  /** A bank debit takes days: longer than the page was open. */
  #awaitMoney(session: BillingSession, facts: SessionFacts): void {
    if (facts.payment?.failed) this.#end(session, facts, 'failed', 'payment_failed');
    else if (this.#now - session.createdAt > PAYMENT_LIFE_MS) this.#end(session, facts, 'failed', 'no_money');
    else this.#goOn(session, facts, 'processing');
  }

  async #awaitPayer(calls: StripeCalls, session: BillingSession, facts: SessionFacts): Promise<void> {
    const tooOld = this.#now - session.createdAt > PAGE_LIFE_MS;
    if (!tooOld && this.#parts.members.get(session.memberId) !== undefined) {
      this.#goOn(session, facts, 'open');
      return;
    }
    // Nobody may pay once nobody looks. Should it just be paid, this fails and the next look sees it.
    await calls.expireSession(facts.id);
    this.#end(session, facts, 'expired', null);
  }

  /** The call that was to make it never reached Stripe. Its page was shown to nobody. */
  #nothingMade(session: BillingSession): void {
    if (this.#now - session.createdAt > CALL_LIFE_MS) this.#end(session, null, 'failed', 'never_made');
    else this.#goOn(session, null, 'creating');
  }

  #failed(session: BillingSession, error: unknown): void {
    const missing = error instanceof StripeFailure && error.reason === 'missing';
    if (missing && this.#now - session.createdAt > PAYMENT_LIFE_MS) {
      this.#end(session, null, 'failed', 'unknown_to_stripe');
      return;
    }
    this.#goOn(session, null, session.state, session.failures + 1);
  }

  #goOn(
    session: BillingSession,
    facts: SessionFacts | null,
    state: BillingSession['state'],
    failures = 0,
  ): void {
    const now = this.#now;
    const age = Math.max(0, now - (session.settledAt ?? session.createdAt));
    const nextLookAt = nextLook(state, age, failures, now);
    const paymentId = facts?.payment?.id ?? null;
    this.#parts.sessions.looked(session.id, { state, lookedAt: now, nextLookAt, failures, paymentId });
  }

  #end(
    session: BillingSession,
    facts: SessionFacts | null,
    state: 'expired' | 'failed',
    reason: string | null,
  ): void {
    const paymentId = facts?.payment?.id ?? null;
    this.#parts.sessions.settle(session.id, {
      ...{ state, reason, paymentId },
      settledAt: this.#now,
      nextLookAt: null,
    });
  }

  get #now(): number {
    return this.#parts.clock.wall();
  }
}
