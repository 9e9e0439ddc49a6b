import { z } from 'zod';
import { ListQuery as OwnersListQuery } from '../admin/contract/common.ts';
import { QuotaFilter, QuotaRow } from '../admin/contract/quotas.ts';

/**
 * What the member API takes and gives, for its routes and for its OpenAPI description. Fields are snake_case;
 * fields nobody knows pass.
 */

const { page, pageSize, startDate, endDate } = OwnersListQuery.shape;

export const ListQuery = z.object({
  page: page.describe('From 1 on.'),
  pageSize: pageSize.describe(
    "Rows of a page. The plan's page size cap where nothing or more is asked for; `pagination.limit` tells it.",
  ),
  startDate: startDate.describe(
    "A day in UTC or a moment. Before the plan's history window: the page is empty.",
  ),
  endDate: endDate.describe('A day in UTC, that day included, or a moment.'),
});
export type ListQuery = z.infer<typeof ListQuery>;

const Time = z.iso.datetime();
const Micros = z.int().describe('Micros of a US dollar.');

export const Pagination = z.object({
  page: z.int(),
  limit: z.int().describe('Rows of a page, as it was used.'),
  total: z.int(),
});

export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), pagination: Pagination });
}

export const IdParams = z.object({ id: z.string() });

export const KeyKind = z.enum(['standard', 'subscription', 'pay_per_token']);

export const Key = z.object({
  id: z.string(),
  name: z.string(),
  kind: KeyKind,
  prefix: z.string().describe('How the key begins, to tell it from others.'),
  created_at: Time,
  expires_at: Time.nullable(),
  revoked_at: Time.nullable(),
  last_used_at: Time.nullable().describe('When the last inference request came with it.'),
});
export type Key = z.infer<typeof Key>;

export const CreatedKey = Key.extend({ key: z.string().describe('The key itself, shown this once.') });

export const NewKey = z.object({
  name: z.string().trim().min(1).max(200).optional().describe('What it is for; `API key` unless given.'),
  kind: KeyKind.optional().describe('That of the key that asks; another is refused.'),
  expires_at: z.iso
    .datetime({
      offset: true,
      error: 'Write the moment in ISO 8601 with a time zone, such as 2026-12-31T12:00:00Z.',
    })
    .nullish()
    .describe('Not after the key that asks expires, which is what it is unless given.'),
});

export const UsageDay = z.object({
  date: z.iso.date().describe('A day in UTC.'),
  requests: z.int().describe('Admitted.'),
  refused: z.int(),
  input_tokens: z.int().describe('Cached ones included.'),
  output_tokens: z.int(),
  charged_tokens: z.int().describe("By the models' multipliers."),
  cost_micros: Micros,
});

export const PlanLimit = z.object({
  model: z.string().nullable().describe('Null: all models together.'),
  metric: z.enum(['requests', 'tokens', 'images', 'cost']),
  window_seconds: z.literal([60, 86_400, 2_592_000]),
  amount: z.int().describe('Of cost: micros of a US dollar.'),
});

export const QuotaState = PlanLimit.omit({ window_seconds: true }).extend({
  set_by: z.enum(['plan', 'member', 'key']).describe("A member's own limit stands in its plan's place."),
  used: z.int().describe('In the last 24 hours, with what running requests have reserved.'),
  remaining: z.int(),
  frees_at: Time.nullable().describe('When some of it is free again; null where nothing is used.'),
  frees_amount: z.int().nullable().describe('How much is free again then.'),
});

export const Subscription = z.object({
  plan: z.string().describe('Its id, as `x-ntl-tier` tells it.'),
  name: z.string(),
  price_micros: Micros.describe('A month, in micros of a US dollar.'),
  paid_until: Time.nullable().describe('Null where the plan is not paid by the month.'),
  page_size_cap: z.int(),
  history_days: z.int(),
  quota: z.object({
    window_seconds: z.literal(86_400),
    limits: z.array(QuotaState).describe('None where nothing limits the 24 hours.'),
  }),
});

export const Credits = z.object({ balance_micros: Micros, balance_tokens: z.int() });

export const PricedPlan = z.object({
  id: z.string(),
  name: z.string(),
  price_micros: Micros.describe('A month, in micros of a US dollar.'),
  page_size_cap: z.int(),
  history_days: z.int(),
  requests_per_minute: z.int().nullable().describe('For all models together; null: no such limit.'),
  limits: z.array(PlanLimit),
});
export type PricedPlan = z.infer<typeof PricedPlan>;

const TokenPrice = z.int().nullable();

export const PricedModel = z.object({
  model: z.string(),
  input: TokenPrice.describe('Null where nobody knows a price.'),
  output: TokenPrice,
  cache_read: TokenPrice.describe('Input read from a prompt cache.'),
  cache_write: TokenPrice.describe('Input written to a prompt cache.'),
  multiplier: z.number().describe('Charged tokens for each token used.'),
});

export const TokenPrices = listOf(PricedModel).extend({
  unit: z.literal('micros of a US dollar per million tokens'),
});

export const QuotaQuery = ListQuery.extend(QuotaFilter.shape);

export const QuotaList = listOf(QuotaRow).extend({ total: z.int() });

const BOUNDS = 'The amount must be a number of US dollars from 5 to 1,000, in whole cents.';

export const TopUp = z.object({
  amount: z
    .number(BOUNDS)
    .min(5, BOUNDS)
    .max(1_000, BOUNDS)
    .multipleOf(0.01, BOUNDS)
    .describe('US dollars, from 5 to 1,000.'),
});

export const Checkout = z.object({
  plan: z.string().max(64).describe('A plan that has a price; it is paid for 30 days and renews by nothing.'),
});

export const HostedPage = z.object({ url: z.string().describe('A page of Stripe, for the payer alone.') });
