import type Stripe from 'stripe';
import { EXPANDED, type SessionFacts, sessionFacts } from './session-facts.ts';
import { asStripeFailure, StripeFailure } from './stripe-failure.ts';

/** A payment page to be made. */
export interface NewSession {
  /** Ours: a second call with the same one gives the same session. */
  reference: string;
  customerId: string;
  memberId: number;
  purpose: 'topup' | 'plan';
  planId: string | null;
  cents: number;
  /** What the payer reads, and the owner in Stripe's dashboard. */
  title: string;
  successUrl: string;
  cancelUrl: string;
  /** Has Stripe write an invoice once it is paid. */
  invoice: boolean;
}

/** How many sessions of one customer are looked through for one of ours. */
const LISTED = 100;

/** The calls the gateway makes, in its own words. Each throws StripeFailure. */
export class StripeCalls {
  readonly #stripe: Stripe;
  readonly #closing: AbortSignal;

  /** @param closing ends the wait for calls that run: the library itself would try again first */
  constructor(stripe: Stripe, closing: AbortSignal) {
    this.#stripe = stripe;
    this.#closing = closing;
  }

  /** Payment pages of a month or a top-up: Stripe keeps them open for 24 hours. */
  createSession(wanted: NewSession): Promise<SessionFacts> {
    const { reference, customerId, cents, title, invoice } = wanted;
    const metadata = metadataOf(wanted);
    const params: Stripe.Checkout.SessionCreateParams = {
      mode: 'payment',
      customer: customerId,
      client_reference_id: reference,
      line_items: [
        { quantity: 1, price_data: { currency: 'usd', unit_amount: cents, product_data: { name: title } } },
      ],
      success_url: wanted.successUrl,
      cancel_url: wanted.cancelUrl,
      metadata,
      payment_intent_data: { description: title, metadata },
      ...(invoice ? { invoice_creation: { enabled: true } } : {}),
    };
    return this.#told(async () =>
      sessionFacts(await this.#stripe.checkout.sessions.create(params, { idempotencyKey: reference })),
    );
  }

  session(id: string): Promise<SessionFacts> {
    return this.#told(async () =>
      sessionFacts(await this.#stripe.checkout.sessions.retrieve(id, { expand: EXPANDED })),
    );
  }

  /**
   * Stripe's list knows no `client_reference_id`, so it is narrowed by customer and time.
   * @param since wall-clock ms
   * @returns the session with that reference; undefined where Stripe has none
   */
  findSession(reference: string, customerId: string, since: number): Promise<SessionFacts | undefined> {
    return this.#told(async () => {
      const { data } = await this.#stripe.checkout.sessions.list({
        customer: customerId,
        created: { gte: Math.floor(since / 1000) },
        limit: LISTED,
      });
      const found = data.find((session) => session.client_reference_id === reference);
      return found === undefined ? undefined : sessionFacts(found);
    });
  }

  /** Nobody can pay it any more. */
  expireSession(id: string): Promise<void> {
    return this.#told(async () => {
      await this.#stripe.checkout.sessions.expire(id);
    });
  }

  /** @returns Stripe's id */
  createCustomer(
    reference: string,
    { id, name, email }: { id: number; name: string; email: string | null },
  ): Promise<string> {
    const params = { name, ...(email === null ? {} : { email }), metadata: { ntl_member: String(id) } };
    return this.#told(
      async () => (await this.#stripe.customers.create(params, { idempotencyKey: reference })).id,
    );
  }

  /** @returns the portal's page */
  createPortal(customerId: string, returnUrl: string, configuration: string | null): Promise<string> {
    return this.#told(async () => {
      const { url } = await this.#stripe.billingPortal.sessions.create({
        customer: customerId,
        return_url: returnUrl,
        ...(configuration === null ? {} : { configuration }),
      });
      return url;
    });
  }

  /** What an account needs whose owner never saved the portal's settings. @returns Stripe's id of it */
  createPortalConfiguration(): Promise<string> {
    return this.#told(async () => {
      const { id } = await this.#stripe.billingPortal.configurations.create({
        features: {
          invoice_history: { enabled: true },
          payment_method_update: { enabled: true },
          customer_update: { enabled: true, allowed_updates: ['email', 'address', 'tax_id'] },
        },
      });
      return id;
    });
  }

  /** Reads what following a session reads, to see whether the key may. */
  async probe(): Promise<void> {
    await this.#told(() => this.#stripe.checkout.sessions.list({ limit: 1 }));
  }

  async #told<T>(call: () => Promise<T>): Promise<T> {
    const closed = Promise.withResolvers<never>();
    const onClosing = () => closed.reject(unreachable());
    if (this.#closing.aborted) onClosing();
    this.#closing.addEventListener('abort', onClosing);
    try {
      return await Promise.race([closed.promise, call()]);
    } catch (error) {
      throw asStripeFailure(error);
    } finally {
      this.#closing.removeEventListener('abort', onClosing);
    }
  }
}

function unreachable(): StripeFailure {
  const nothing = { status: null, stripeCode: null, param: null, stripeRequestId: null, said: '' };
  return new StripeFailure({ reason: 'unreachable', ...nothing });
}

function metadataOf({ reference, memberId, purpose, planId }: NewSession): Record<string, string> {
  const plan = planId === null ? {} : { ntl_plan: planId };
  return { ntl_reference: reference, ntl_member: String(memberId), ntl_purpose: purpose, ...plan };
}
