import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { BillingAccount } from './account.ts';
import type { BillingSession, BillingSessions } from './sessions.ts';
import { stripeLibrary } from './stripe-library.ts';

/** Older ones may be somebody's recording (https://docs.stripe.com/webhooks#replay-attacks). */
const TOLERANCE_SECONDS = 300;

/** Of an event's object, what leads to a session. */
interface EventObject {
  id?: unknown;
  object?: unknown;
  client_reference_id?: unknown;
  payment_intent?: unknown;
}

export interface WebhookParts {
  account: BillingAccount;
  sessions: BillingSessions;
  clock: Clock;
}

/** Reads Stripe's events. What they say is only where to look. */
export class Webhooks {
  readonly #parts: WebhookParts;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
  }

  /**
   * @param body as it came, byte for byte
   * @param signature the header `stripe-signature`
   * @returns the session an event is about; undefined where it is about none of ours
   * @throws GatewayError `billing_not_configured` without a signing secret, `invalid_request` for what Stripe did not
   *   sign, or signed more than five minutes ago; VaultError
   */
  async read(body: Buffer, signature: string | undefined): Promise<BillingSession | undefined> {
    const secret = await this.#parts.account.webhookSecret();
    if (secret === null) {
      throw new GatewayError('billing_not_configured', 'No signing secret is stored for webhooks.');
    }
    const object = await this.#verified(body, signature ?? '', secret);
    return this.#sessionOf(object);
  }

  async #verified(body: Buffer, signature: string, secret: string): Promise<EventObject> {
    const { webhooks } = await stripeLibrary();
    const now = this.#parts.clock.wall();
    try {
      const event = webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS, undefined, now);
      return event.data.object as EventObject;
    } catch {
      // The library's error holds the body and the header.
      throw new GatewayError(
        'invalid_request',
        'The signature is missing, too old, or not made with the signing secret that is stored here.',
      );
    }
  }

  #sessionOf({ id, object, client_reference_id, payment_intent }: EventObject): BillingSession | undefined {
    const { sessions } = this.#parts;
    if (object === 'checkout.session') {
      const known = typeof id === 'string' ? sessions.bySession(id) : undefined;
      if (known !== undefined) return known;
      return typeof client_reference_id === 'string' ? sessions.byReference(client_reference_id) : undefined;
    }
    // Refunds, disputes and charges name the payment.
    return typeof payment_intent === 'string' ? sessions.byPayment(payment_intent) : undefined;
  }
}
