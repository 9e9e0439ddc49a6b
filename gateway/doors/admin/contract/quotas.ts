import { z } from 'zod';
import { Id, ListQuery } from './common.ts';

/** The one type of product there is. */
export const PRODUCT_TYPE = 'Public Endpoint' as const;

export const QuotaFilter = z.object({
  modal: z.string().max(64).optional().describe('`llm` or `image`.'),
  quotaType: z.string().max(64).optional().describe('`RPM`, `TPM` or `IPM`.'),
  productType: z.string().max(64).optional().describe('`Public Endpoint`: there is no other.'),
  quotaObject: z.string().max(200).optional().describe('Part of a model id; fuzzy.'),
});
export type QuotaFilter = z.infer<typeof QuotaFilter>;

export const QuotaRow = z.object({
  modal: z.enum(['llm', 'image']),
  quotaObject: z.string().describe('Public model id.'),
  quotaType: z.enum(['RPM', 'TPM', 'IPM']).describe('Requests, tokens or images a minute.'),
  productType: z.literal(PRODUCT_TYPE),
  currentQuota: z.int().describe('What holds for this key and model now.'),
  defaultQuota: z.int().nullable().describe("The plan's; null where it has none."),
  adjustable: z.literal(true).describe('The owner can change it.'),
  quotaItems: z
    .array(z.object({ tier: z.string(), quota: z.int().nullable() }))
    .describe('One for each plan; null where it has no such limit.'),
});
export type QuotaRow = z.infer<typeof QuotaRow>;

/** Of a key, or of a member whatever the key; the owner's member where neither is said. */
export const QuotasQuery = ListQuery.extend({
  ...QuotaFilter.shape,
  memberId: Id.optional(),
  keyId: Id.optional(),
});
