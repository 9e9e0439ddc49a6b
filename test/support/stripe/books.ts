import { type Charge, type Customer, newId, type PaymentIntent, type Session } from './objects.ts';
import { missing } from './refusal.ts';

const DAY_SECONDS = 86_400;

/** What the pretended account holds, and what its payers and its owner do. */
export class Books {
  readonly sessions = new Map<string, Session>();
  readonly intents = new Map<string, PaymentIntent>();
  readonly charges = new Map<string, Charge>();
  readonly customers = new Map<string, Customer>();
  readonly configurations = new Set<string>();
  /** Whether the owner has saved the portal's settings. */
  portalSaved = true;
  readonly #now: () => number;

  /** @param now ms since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  get seconds(): number {
    return Math.floor(this.#now() / 1000);
  }

  addSession(
    facts: Omit<
      Session,
      | 'id'
      | 'object'
      | 'url'
      | 'status'
      | 'payment_status'
      | 'created'
      | 'expires_at'
      | 'payment_intent'
      | 'livemode'
      | 'mode'
    >,
  ): Session {
    const id = newId('cs_test', 42);
    const session: Session = {
      ...facts,
      ...{ id, object: 'checkout.session', mode: 'payment', livemode: false, payment_intent: null },
      url: `https://checkout.stripe.com/c/pay/${id}#fid=1`,
      ...{ status: 'open', payment_status: 'unpaid' },
      created: this.seconds,
      expires_at: this.seconds + DAY_SECONDS,
    };
    this.sessions.set(id, session);
    return session;
  }

  /** As it is now: a page that nobody paid in a day is closed. */
  session(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw missing('checkout.session', id, 'id');
    if (session.status === 'open' && session.expires_at <= this.seconds) this.expire(session);
    return session;
  }

  expire(session: Session): void {
    session.status = 'expired';
    session.url = null;
  }

  /** The payer is done. `later`: by a method whose money takes days. */
  pay(id: string, how: 'at once' | 'later' = 'at once'): Session {
    const session = this.session(id);
    if (session.status !== 'open') throw new Error(`the page is ${session.status}`);
    const intent: PaymentIntent = {
      ...{ id: newId('pi'), object: 'payment_intent', status: 'processing', latest_charge: null },
      ...{ amount: session.amount_total, currency: session.currency, metadata: session.metadata },
    };
    this.intents.set(intent.id, intent);
    Object.assign(session, { status: 'complete', url: null, payment_intent: intent.id });
    if (how === 'at once') this.arrive(id);
    return session;
  }

  /** The money is there. */
  arrive(id: string): Session {
    const session = this.session(id);
    const intent = this.#intentOf(session);
    const charge: Charge = {
      ...{ id: newId('ch'), object: 'charge', amount: intent.amount, payment_intent: intent.id },
      ...{ amount_refunded: 0, refunded: false, disputed: false },
    };
    this.charges.set(charge.id, charge);
    Object.assign(intent, { status: 'succeeded', latest_charge: charge.id });
    session.payment_status = 'paid';
    return session;
  }

  /** The bank says no after days. */
  bounce(id: string): void {
    this.#intentOf(this.session(id)).status = 'requires_payment_method';
  }

  refund(id: string, cents: number): Charge {
    const charge = this.chargeOf(id);
    charge.amount_refunded += cents;
    charge.refunded = charge.amount_refunded >= charge.amount;
    return charge;
  }

  dispute(id: string): Charge {
    const charge = this.chargeOf(id);
    charge.disputed = true;
    return charge;
  }

  chargeOf(id: string): Charge {
    const intent = this.#intentOf(this.session(id));
    return this.charges.get(intent.latest_charge ?? '') as Charge;
  }

  #intentOf({ payment_intent }: Session): PaymentIntent {
    return this.intents.get(payment_intent ?? '') as PaymentIntent;
  }
}
