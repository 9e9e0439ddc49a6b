import { z } from 'zod';
import { Id, ListQuery, Time } from './common.ts';

const PUBLISHABLE =
  'This is a publishable key, which is for web pages. Take the secret key (sk_…) or a restricted one (rk_…).';
const NO_KEY = "This is no key of Stripe's: they begin with sk_live_, sk_test_, rk_live_ or rk_test_.";

const SecretKey = z
  .string()
  .trim()
  .max(500)
  .refine((key) => !key.startsWith('pk_'), PUBLISHABLE)
  .refine((key) => /^[sr]k_(live|test)_\w{8,}$/.test(key), NO_KEY);

const WebhookSecret = z
  .string()
  .trim()
  .max(500)
  .regex(/^whsec_[\w+/=-]{8,}$/, "This is no signing secret of Stripe's: they begin with whsec_.");

const PublicUrl = z
  .url({
    protocol: /^https?$/,
    error: 'Write the address as others reach it, such as https://gateway.example.com.',
  })
  .max(500)
  .refine((text) => !/[?#@]/.test(text), 'The address has a user, a query or a fragment: leave that out.')
  .transform((text) => text.replace(/\/+$/, ''));

/** Left out stays. Without a key stored before, `secretKey` is needed. */
export const BillingPatch = z.strictObject({
  /** Goes to the vault and is never answered. */
  secretKey: SecretKey.optional(),
  /** Of the webhook that leads to `webhookUrl`. Goes to the vault; null removes it. */
  webhookSecret: WebhookSecret.nullish(),
  /** Where the gateway is reached from outside; null: not at all. */
  publicUrl: PublicUrl.nullish(),
  /** Has Stripe write an invoice for each payment; Stripe takes a fee for them. */
  invoices: z.boolean().optional(),
});
export type BillingPatch = z.input<typeof BillingPatch>;

export const Billing = z.object({
  /** Whether a key is stored. Without one, payment routes answer `billing_not_configured`. */
  configured: z.boolean(),
  /** What the key is for: with a test key no money moves, and what is "paid" is credited all the same. */
  mode: z.enum(['test', 'live']).nullable(),
  storedAt: Time.nullable(),
  /** Whether a signing secret is stored: then webhooks are taken. */
  webhook: z.boolean(),
  publicUrl: z.string().nullable(),
  /** To be entered at Stripe; null without a public address. */
  webhookUrl: z.string().nullable(),
  invoices: z.boolean(),
  /** Payments that are not over. */
  open: z.int(),
  /** When a payment was last looked at with success, since the start. */
  lookedAt: Time.nullable(),
  /** What keeps payments from being looked at now; null while all is well. */
  trouble: z.string().nullable(),
});
export type Billing = z.infer<typeof Billing>;

export const BillingTest = z.object({
  ok: z.boolean(),
  verdict: z.enum([
    'ok',
    'not_configured',
    'vault_unavailable',
    'wrong_key',
    'missing_permission',
    'rate_limited',
    'unreachable',
    'stripe_error',
  ]),
  latencyMs: z.int(),
  message: z.string(),
});
export type BillingTest = z.infer<typeof BillingTest>;

/** A page of Stripe's that a member was given to pay on. */
export const BillingSession = z.object({
  id: Id,
  memberId: Id,
  memberName: z.string().nullable(),
  purpose: z.enum(['topup', 'plan']),
  planId: z.string().nullable(),
  amountMicros: z.int(),
  mode: z.enum(['test', 'live']),
  /** `processing`: the payer is done, the money is on its way. `paid`: credited. */
  state: z.enum(['creating', 'open', 'processing', 'paid', 'expired', 'failed']),
  /** Why it failed. */
  reason: z.string().nullable(),
  refundedMicros: z.int(),
  disputed: z.boolean(),
  /** By which Stripe's dashboard finds it: the payment, else the session. */
  stripeId: z.string().nullable(),
  createdAt: Time,
  /** When it was paid, expired or failed. */
  settledAt: Time.nullable(),
  lookedAt: Time.nullable(),
  /** Null: it is not followed any more. */
  nextLookAt: Time.nullable(),
});
export type BillingSession = z.infer<typeof BillingSession>;

export const BillingSessionsQuery = ListQuery.extend({ memberId: Id.optional() });
