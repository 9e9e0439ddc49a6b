import { createHmac } from 'node:crypto';
import { newId } from './objects.ts';

/** As Stripe sends one to a webhook. */
export interface StripeEvent {
  id: string;
  object: 'event';
  type: string;
  api_version: string;
  created: number;
  livemode: boolean;
  data: { object: unknown };
}

export function eventOf(type: string, object: unknown, created: number): StripeEvent {
  return {
    ...{
      id: newId('evt', 18),
      object: 'event',
      type,
      api_version: '2026-10-28.endive',
      created,
      livemode: false,
    },
    // As it is now: it is sent later, and again.
    data: { object: structuredClone(object) },
  };
}

export interface SigningOptions {
  secret: string;
  /** Seconds since 1970. */
  at: number;
}

/** The header `stripe-signature` (https://docs.stripe.com/webhooks#verify-manually). */
export function signatureOf(body: string, { secret, at }: SigningOptions): string {
  const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return `t=${at},v1=${signature},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39`;
}
