import type { Members } from '../accounts/members.ts';
import type { Alerts } from '../audit/alerts.ts';
import type { Changes } from '../audit/changes.ts';
import type { Balances, LedgerEntry } from '../quotas/balances.ts';
import type { Database } from '../store/store.ts';
import { nextLook } from './look-times.ts';
import { BILLING_ACTOR, type PaidPlans } from './paid-plans.ts';
import type { SessionFacts } from './session-facts.ts';
import type { BillingSession, BillingSessions } from './sessions.ts';

export const MICROS_A_CENT = 10_000;

export interface CreditsParts {
  db: Database;
  sessions: BillingSessions;
  balances: Balances;
  members: Members;
  paidPlans: PaidPlans;
  changes: Changes;
  alerts: Pick<Alerts, 'billing'>;
}

/** What payments give: money on a balance, or a month of a plan. Each session gives once, however often it is seen. */
export class Credits {
  readonly #parts: CreditsParts;
  readonly #insert;

  constructor(parts: CreditsParts) {
    this.#parts = parts;
    this.#insert = parts.db.prepare<{ session: number; ledgerEntry: number | null; at: number }>(
      'INSERT INTO billing_credits (session, ledger_entry, at) VALUES (@session, @ledgerEntry, @at)',
    );
  }

  /**
   * Credits a session that Stripe says is paid. The session's end, the proof of the credit, and the credit itself
   * are one transaction: a crash leaves all of it or nothing, and the next look then does it.
   */
  pay(session: BillingSession, facts: SessionFacts, now: number): void {
    if (facts.currency !== 'usd' || facts.cents === null || !isAmountOf(session, facts.cents)) {
      this.#refuseAmount(session, facts, now);
      return;
    }
    const { db, sessions, members, alerts } = this.#parts;
    const remember = db.transaction(() => {
      const end = { state: 'paid' as const, reason: null, settledAt: now };
      const nextLookAt = nextLook('paid', 0, 0, now);
      const paymentId = facts.payment?.id ?? null;
      if (!sessions.settle(session.id, { ...end, paymentId, nextLookAt })) return null;
      return session.purpose === 'topup' ? this.#topUp(session, facts, now) : this.#plan(session, now);
    })();
    if (remember === null) return;
    remember();
    if (members.get(session.memberId) === undefined) {
      alerts.billing(
        `A payment of ${dollars(session.amountMicros)} came in for a member that was removed. Give it back in Stripe's dashboard.`,
        session.memberId,
      );
    }
  }

  /**
   * What Stripe gave back to the payer is taken back, as far as it is not spent. A dispute alone takes nothing: it
   * may be won. The owner hears of both.
   */
  giveBack(session: BillingSession, { payment }: SessionFacts, now: number): void {
    if (payment === null) return;
    const { db, sessions } = this.#parts;
    const refunded = Math.min(session.amountMicros, payment.refundedCents * MICROS_A_CENT);
    const told = db.transaction(() => {
      // Read anew: another look may have been quicker.
      const before = sessions.get(session.id);
      if (before?.state !== 'paid' || !sessions.notePayment(session.id, refunded, payment.disputed))
        return null;
      const more = refunded - before.refundedMicros;
      return { before, more, ...this.#takeBack(before, more, refunded, now) };
    })();
    if (told === null) return;
    const { before, more, taken, remember } = told;
    remember();
    this.#tellGivenBack(before, more, taken);
    if (payment.disputed && !before.disputed) this.#tellDisputed(before);
  }

  #topUp(session: BillingSession, { id, payment }: SessionFacts, now: number): () => void {
    const note = `Top-up paid at Stripe, ${payment?.id ?? id}`;
    const { entry, id: ledgerEntry } = this.#enter(session, session.amountMicros, note, now);
    this.#insert.run({ session: session.id, ledgerEntry, at: now });
    return () => this.#parts.balances.remember(entry);
  }

  #plan(session: BillingSession, now: number): () => void {
    this.#insert.run({ session: session.id, ledgerEntry: null, at: now });
    const member = this.#parts.members.get(session.memberId);
    if (member === undefined || session.planId === null) return () => undefined;
    return this.#parts.paidPlans.pay(member, session.planId, now);
  }

  /** @returns how much of what is given back was taken, in micros */
  #takeBack(
    session: BillingSession,
    more: number,
    all: number,
    now: number,
  ): { taken: number; remember: () => void } {
    const nothing = { taken: 0, remember: () => undefined };
    if (more <= 0) return nothing;
    if (session.purpose === 'plan') {
      const member = this.#parts.members.get(session.memberId);
      const whole = all >= session.amountMicros;
      if (!whole || member === undefined || session.planId === null) return nothing;
      return { taken: more, remember: this.#parts.paidPlans.takeBack(member, session.planId, now) };
    }
    const { balances } = this.#parts;
    const { memberId } = session;
    const free = balances.of(memberId).micros - balances.heldOf(memberId).micros;
    const micros = Math.min(more, Math.max(0, free));
    if (micros === 0) return nothing;
    const note = `Given back at Stripe, ${session.paymentId ?? session.sessionId}`;
    const { entry } = this.#enter(session, -micros, note, now);
    return { taken: micros, remember: () => balances.remember(entry) };
  }

  /** An entry of the ledger, and the same in the change log, as when the owner grants. */
  #enter(
    { memberId }: BillingSession,
    micros: number,
    note: string,
    now: number,
  ): { entry: Omit<LedgerEntry, 'id'>; id: number } {
    const { balances, changes } = this.#parts;
    const before = balances.of(memberId);
    const entry = { memberId, at: now, kind: 'grant' as const, tokens: 0, micros, request: null, note };
    const id = balances.write(entry);
    const after = { tokens: before.tokens, micros: before.micros + micros };
    changes.record({
      actor: BILLING_ACTOR,
      action: 'member.grant',
      subject: `member:${memberId}`,
      before: { balance: before },
      after: { memberId: String(memberId), tokens: 0, micros, note, balance: after },
    });
    return { entry, id };
  }

  #refuseAmount(session: BillingSession, { cents, currency, payment }: SessionFacts, now: number): void {
    const end = { state: 'failed' as const, reason: 'amount', settledAt: now, nextLookAt: null };
    if (!this.#parts.sessions.settle(session.id, { ...end, paymentId: payment?.id ?? null })) return;
    this.#parts.alerts.billing(
      `Stripe reports a payment of ${cents ?? '?'} cents in ${(currency ?? 'no currency').toUpperCase()} where ${dollars(session.amountMicros)} was asked for. Nothing was credited: look at it in Stripe's dashboard.`,
      session.memberId,
    );
  }

  #tellGivenBack(session: BillingSession, refunded: number, taken: number): void {
    if (refunded <= 0 || taken >= refunded) return;
    const name = this.#nameOf(session.memberId);
    const what =
      session.purpose === 'plan'
        ? `Part of ${name}'s payment for a plan was given back; the plan stays until its end.`
        : `${dollars(refunded)} was given back to ${name}, of which ${dollars(refunded - taken)} is spent already, or held by requests that run.`;
    this.#parts.alerts.billing(what, session.memberId);
  }

  #tellDisputed(session: BillingSession): void {
    const name = this.#nameOf(session.memberId);
    this.#parts.alerts.billing(
      `${name}'s payment of ${dollars(session.amountMicros)} is disputed. Answer it in Stripe's dashboard; what was credited stays until the money is given back.`,
      session.memberId,
    );
  }

  #nameOf(memberId: number): string {
    return this.#parts.members.get(memberId)?.name ?? 'A removed member';
  }
}

function isAmountOf({ amountMicros }: BillingSession, cents: number): boolean {
  return cents * MICROS_A_CENT === amountMicros;
}

function dollars(micros: number): string {
  return `$${(micros / 1_000_000).toFixed(2)}`;
}
