import { randomUUID } from 'node:crypto';
import type { Member } from '../accounts/members.ts';
import type { Plan } from '../accounts/plans.ts';
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import { notConfigured, type StripeAccess } from './access.ts';
import type { BillingAccount } from './account.ts';
import { asCallerError } from './caller-error.ts';
import { MICROS_A_CENT } from './credits.ts';
import type { Customers } from './customers.ts';
import { nextLook } from './look-times.ts';
import type { BillingSessions, Purpose } from './sessions.ts';
import type { StripeCalls } from './stripe-calls.ts';
import { StripeFailure } from './stripe-failure.ts';

/** Stripe takes no smaller payment in US dollars (https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts). */
const LEAST_CENTS = 50;
/** Whoever opens more does not mean to pay them. */
const MOST_OPEN = 20;
/** While the call that makes a session may still run, nobody looks for it. */
const CALL_MS = 90_000;

export interface OpeningParts {
  account: BillingAccount;
  access: StripeAccess;
  customers: Customers;
  sessions: BillingSessions;
  clock: Clock;
  /** Told of a session that is to be followed from now on. */
  onOpened: () => void;
}

interface Wanted {
  purpose: Purpose;
  planId: string | null;
  cents: number;
  title: string;
}

/** Has Stripe make the pages on which members pay. Errors are for members: they tell nothing of the owner's account. */
export class Opening {
  readonly #parts: OpeningParts;

  constructor(parts: OpeningParts) {
    this.#parts = parts;
  }

  /**
   * @param base where the payer comes back to, without a trailing slash
   * @returns the page's URL
   * @throws GatewayError
   */
  topUp(member: Member, cents: number, base: string): Promise<string> {
    const title = `Prepaid balance, $${(cents / 100).toFixed(2)}`;
    return forMember(() => this.#open(member, { purpose: 'topup', planId: null, cents, title }, base));
  }

  /** A month of a plan. As `topUp`. */
  plan(member: Member, plan: Plan, base: string): Promise<string> {
    const cents = Math.round(plan.priceMicros / MICROS_A_CENT);
    const wanted = { purpose: 'plan' as const, planId: plan.id, cents, title: `${plan.name}, 30 days` };
    return forMember(() => {
      this.#assertOn();
      if (cents < LEAST_CENTS) throw notForSale(plan, cents);
      return this.#open(member, wanted, base);
    });
  }

  /** Stripe's page on which a member sees its payment methods and invoices. As `topUp`. */
  portal(member: Member, base: string): Promise<string> {
    return forMember(async () => {
      this.#assertOn();
      const calls = await this.#parts.access.calls();
      return this.#withCustomer(calls, member, (customerId) =>
        this.#portalOf(calls, customerId, `${base}/billing/closed`),
      );
    });
  }

  async #open(member: Member, wanted: Wanted, base: string): Promise<string> {
    this.#assertOn();
    const calls = await this.#parts.access.calls();
    if (this.#parts.sessions.openOf(member.id) >= MOST_OPEN) {
      throw new GatewayError(
        'conflict',
        `${MOST_OPEN} payments are open already: pay one, or wait until they expire after a day.`,
      );
    }
    return this.#withCustomer(calls, member, (customerId) =>
      this.#make(calls, { ...wanted, memberId: member.id, customerId }, base),
    );
  }

  /** The row comes before the call: whatever happens in between, the session is found again by its reference. */
  async #make(
    calls: StripeCalls,
    wanted: Wanted & { memberId: number; customerId: string },
    base: string,
  ): Promise<string> {
    const { account, sessions, clock } = this.#parts;
    const settings = account.settings;
    if (settings === null) throw notConfigured();
    const { cents, title, ...kept } = wanted;
    const reference = `ntl_${randomUUID()}`;
    const now = clock.wall();
    const { id } = sessions.create({
      ...kept,
      reference,
      mode: settings.mode,
      amountMicros: cents * MICROS_A_CENT,
      createdAt: now,
      nextLookAt: now + CALL_MS,
    });
    try {
      const made = await calls.createSession({
        ...wanted,
        reference,
        successUrl: `${base}/billing/done?payment=${reference}`,
        cancelUrl: `${base}/billing/canceled`,
        invoice: settings.invoices,
      });
      sessions.found(id, made.id);
      sessions.looked(id, {
        ...{ state: 'open', lookedAt: null, failures: 0, paymentId: null },
        nextLookAt: nextLook('open', 0, 0, clock.wall()),
      });
      this.#parts.onOpened();
      if (made.url === null) throw new GatewayError('upstream_error', 'Stripe gave no page to pay on.');
      return made.url;
    } catch (error) {
      if (error instanceof StripeFailure && !error.mayBeDone) {
        const end = { state: 'failed' as const, reason: 'refused', paymentId: null, nextLookAt: null };
        sessions.settle(id, { ...end, settledAt: clock.wall() });
      }
      throw error;
    }
  }

  /** A customer whom Stripe has no more is made anew, once. */
  async #withCustomer<T>(
    calls: StripeCalls,
    member: Member,
    use: (customerId: string) => Promise<T>,
  ): Promise<T> {
    const customerId = await this.#customer(calls, member);
    try {
      return await use(customerId);
    } catch (error) {
      if (!(error instanceof StripeFailure && error.reason === 'missing' && error.param === 'customer'))
        throw error;
      this.#parts.customers.forget(customerId);
      return use(await this.#customer(calls, member));
    }
  }

  async #customer(calls: StripeCalls, member: Member): Promise<string> {
    const { customers } = this.#parts;
    const { reference, customerId } = customers.of(member.id);
    if (customerId !== null) return customerId;
    try {
      const made = await calls.createCustomer(reference, member);
      customers.made(reference, made);
      return made;
    } catch (error) {
      // The member was renamed since a call with this reference: Stripe takes it for that call alone.
      if (error instanceof StripeFailure && error.reason === 'refused') customers.drop(reference);
      throw error;
    }
  }

  /** An account whose owner never saved the portal's settings has no portal: then one of ours is made, once. */
  async #portalOf(calls: StripeCalls, customerId: string, returnUrl: string): Promise<string> {
    const { account } = this.#parts;
    try {
      return await calls.createPortal(customerId, returnUrl, account.settings?.portal ?? null);
    } catch (error) {
      if (!(error instanceof StripeFailure) || error.param === 'customer' || error.param === 'return_url')
        throw error;
      if (error.reason !== 'refused' && error.reason !== 'missing') throw error;
      const configuration = await calls.createPortalConfiguration();
      account.usePortal(configuration);
      return calls.createPortal(customerId, returnUrl, configuration);
    }
  }

  #assertOn(): void {
    if (this.#parts.account.settings === null) throw notConfigured();
  }
}

function notForSale({ id }: Plan, cents: number): GatewayError {
  const why = cents === 0 ? 'has no price' : 'costs less than the 50 cents that a payment must have';
  return new GatewayError('invalid_request', `The plan ${id} ${why}: ask the owner of this gateway for it.`, {
    field: 'plan',
  });
}

async function forMember<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asCallerError(error);
  }
}
