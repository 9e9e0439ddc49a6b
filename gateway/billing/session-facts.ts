import type Stripe from 'stripe';

/** What the gateway acts upon of a Checkout Session. */
export interface SessionFacts {
  /** Stripe's. */
  id: string;
  /** Our `client_reference_id`. */
  reference: string | null;
  /** The hosted page; null once it is over. */
  url: string | null;
  /** `complete` says that the payer is done, not that the money is there. */
  status: 'open' | 'complete' | 'expired';
  paid: boolean;
  /** Cents of what was asked for. Null where Stripe does not tell. */
  cents: number | null;
  currency: string | null;
  payment: PaymentFacts | null;
}

/** Of the payment intent behind a session, and of its charge. */
interface PaymentFacts {
  id: string;
  /** A payment that takes days, such as a bank debit, came to nothing. */
  failed: boolean;
  refundedCents: number;
  disputed: boolean;
}

/** Needed for what `paymentFacts` reads. */
export const EXPANDED = ['payment_intent.latest_charge'];

/** @param session with `EXPANDED`; what is not expanded counts as not known yet */
export function sessionFacts(session: Stripe.Checkout.Session): SessionFacts {
  const { id, client_reference_id, url, status, payment_status, amount_subtotal, currency } = session;
  return {
    id,
    reference: client_reference_id,
    url,
    status: statusOf(status),
    paid: payment_status === 'paid',
    cents: amount_subtotal,
    currency,
    payment: paymentFacts(session.payment_intent),
  };
}

/** A status that Stripe may add one day is looked at again like an open one. */
function statusOf(status: string | null): SessionFacts['status'] {
  return status === 'complete' || status === 'expired' ? status : 'open';
}

function paymentFacts(intent: Stripe.Checkout.Session['payment_intent']): PaymentFacts | null {
  if (intent === null) return null;
  if (typeof intent === 'string') return { id: intent, failed: false, refundedCents: 0, disputed: false };
  const charge = typeof intent.latest_charge === 'object' ? intent.latest_charge : null;
  return {
    id: intent.id,
    failed: intent.status === 'requires_payment_method' || intent.status === 'canceled',
    refundedCents: charge?.amount_refunded ?? 0,
    disputed: charge?.disputed ?? false,
  };
}
