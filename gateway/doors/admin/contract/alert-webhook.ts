import { z } from 'zod';
import { Time } from './common.ts';

export const AlertWebhook = z.object({
  /** Null while alerts are sent nowhere. */
  url: z.string().nullable(),
  since: Time.nullable(),
  /** Messages that wait for their first or next try. */
  waiting: z.int(),
  /** Since the start: given up after several tries, or pushed out by newer ones. */
  lost: z.int(),
  lastDelivered: Time.nullable(),
  /** Null once a later message was taken. */
  lastFailure: z.object({ at: Time, message: z.string() }).nullable(),
});
export type AlertWebhook = z.infer<typeof AlertWebhook>;

export const AlertWebhookPatch = z.strictObject({
  /** HTTPS, or HTTP to this computer. */
  url: z.string().trim().min(1).max(2_000),
  /** Makes a new signing secret also where there is one. */
  newSecret: z.boolean().optional(),
});
export type AlertWebhookPatch = z.infer<typeof AlertWebhookPatch>;

export const AlertWebhookSet = AlertWebhook.extend({
  /** The signing secret, this once; null where the one before holds on. */
  secret: z.string().nullable(),
});
export type AlertWebhookSet = z.infer<typeof AlertWebhookSet>;

export const AlertWebhookTest = z.object({
  ok: z.boolean(),
  /** The receiver's; null where no answer came. */
  status: z.int().nullable(),
  latencyMs: z.number(),
  message: z.string(),
});
export type AlertWebhookTest = z.infer<typeof AlertWebhookTest>;
