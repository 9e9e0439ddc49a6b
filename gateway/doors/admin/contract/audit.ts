import { z } from 'zod';
import { Id, ListQuery, listOf, Time, TimeZoneOffset } from './common.ts';
import { Limit } from './limits.ts';

export const Outcome = z.enum(['ok', 'refused', 'failed', 'running']);

/** One request: metadata, never content. */
export const AuditRow = z.object({
  id: Id,
  at: Time,
  requestId: z.string(),
  memberId: Id.nullable(),
  keyId: Id.nullable(),
  keyPrefix: z.string().nullable(),
  address: z.string(),
  tool: z.string(),
  endpoint: z.string(),
  model: z.string().nullable(),
  providerId: Id.nullable(),
  upstreamModel: z.string().nullable(),
  attempts: z.int(),
  /** 0 while the request runs. */
  status: z.int(),
  code: z.string().nullable(),
  streamed: z.boolean(),
  latencyMs: z.number().nullable(),
  ttfbMs: z.number().nullable(),
  /** Includes cached tokens, in every protocol. */
  inputTokens: z.int(),
  outputTokens: z.int(),
  cachedTokens: z.int(),
  reasoningTokens: z.int(),
  estimated: z.boolean(),
  costMicros: z.int(),
  multiplier: z.number(),
  chargedTokens: z.int(),
  /** What the target could not take of the request, as `x-ntl-dropped` told it. */
  dropped: z.string().nullable(),
  memberName: z.string().nullable(),
  providerName: z.string().nullable(),
});
export type AuditRow = z.infer<typeof AuditRow>;

const Amounts = z.object({ tokens: z.int(), micros: z.int() });

/** The limit that refused a request, as it stood then. */
export const LimitRefusal = Limit.extend({
  kind: z.literal('limit'),
  /** In the window, with what running requests had reserved. */
  used: z.int(),
  /** What the request needed of it. */
  needed: z.int(),
  /** When it would have been admitted, had nothing else been sent; null where it alone is larger than the limit. */
  passesAt: Time.nullable(),
});
export type LimitRefusal = z.infer<typeof LimitRefusal>;

/** The balance that did not cover a request, as it stood then. */
export const BalanceRefusal = Amounts.extend({
  kind: z.literal('balance'),
  /** By other requests of the member that ran. */
  held: Amounts,
  /** Either of the two would have done. */
  needed: Amounts,
});
export type BalanceRefusal = z.infer<typeof BalanceRefusal>;

export const AuditRowDetail = AuditRow.extend({
  /** Null where neither a limit nor a balance refused it. */
  refusedBy: z.discriminatedUnion('kind', [LimitRefusal, BalanceRefusal]).nullable(),
  /** Calls to providers that failed before one answered, or none did. */
  failedAttempts: z.array(
    z.object({
      number: z.int(),
      providerId: Id.nullable(),
      providerName: z.string().nullable(),
      upstreamModel: z.string().nullable(),
      status: z.int().nullable(),
      reason: z.string().nullable(),
      latencyMs: z.number(),
    }),
  ),
});
export type AuditRowDetail = z.infer<typeof AuditRowDetail>;

const Text = z.string().max(200).optional();

export const RequestsQuery = ListQuery.extend({
  memberId: Id.optional(),
  keyId: Id.optional(),
  model: Text,
  providerId: Id.optional(),
  tool: Text,
  endpoint: Text,
  address: Text,
  status: z.coerce.number().int().min(0).max(999).optional(),
  code: Text,
  outcome: Outcome.optional(),
  requestId: z.uuidv7('This is no request id: take it from the x-request-id header of an answer.').optional(),
  keyPrefix: Text,
  streamed: z.enum(['true', 'false']).optional(),
  /** `csv` and `jsonl` give every matching row, unless a page is asked for. */
  format: z.enum(['json', 'csv', 'jsonl']).optional(),
});
export type RequestsQuery = z.infer<typeof RequestsQuery>;

export const UsageDimension = z.enum(['model', 'member', 'key', 'provider', 'tool']);
/** `week` is seven local days, counted from the one in which the span begins; `month` one of the calendar. */
export const UsageStep = z.enum(['hour', 'day', 'week', 'month', 'total']);
export const UsageMetric = z.enum(['cost', 'tokens', 'requests']);

const UsageGroups = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => [text].flat().flatMap((part) => part.split(',')))
  .pipe(z.array(z.union([UsageDimension, UsageStep])));

export const UsageListQuery = ListQuery.extend({
  step: UsageStep.optional(),
  /** One or more, separated by commas; a step among them stands for `step`. */
  groupBy: UsageGroups.optional(),
  /** The same as `groupBy`. */
  by: UsageGroups.optional(),
  /** By what groups are put in order, the largest first; tokens and requests together unless given. */
  metric: UsageMetric.optional(),
  /** Rows of so many groups alone, those that are largest over the whole span; one more a step for all others. */
  top: z.coerce.number().int().min(1).max(100).optional(),
  /** Minutes to add to UTC for the local time whose days are meant. */
  timeZoneOffsetMinutes: TimeZoneOffset.optional(),
  memberId: Id.optional(),
  keyId: Id.optional(),
  model: Text,
  providerId: Id.optional(),
  tool: Text,
  /** `csv` gives every row, unless a page is asked for. */
  format: z.enum(['json', 'csv']).optional(),
});
export type UsageListQuery = z.infer<typeof UsageListQuery>;

export const UsageSums = z.object({
  requests: z.int(),
  refused: z.int(),
  failed: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  cachedTokens: z.int(),
  reasoningTokens: z.int(),
  costMicros: z.int(),
  chargedTokens: z.int(),
});
export type UsageSums = z.infer<typeof UsageSums>;

/** Of the group only what `groupBy` asked for is there. */
export const UsageRow = UsageSums.extend({
  start: Time,
  model: z.string().nullable().optional(),
  memberId: Id.nullable().optional(),
  memberName: z.string().nullable().optional(),
  keyId: Id.nullable().optional(),
  keyName: z.string().nullable().optional(),
  keyPrefix: z.string().nullable().optional(),
  providerId: Id.nullable().optional(),
  providerName: z.string().nullable().optional(),
  tool: z.string().nullable().optional(),
  /** With `top`: the row of all groups that are not among the largest. It names none. */
  others: z.literal(true).optional(),
});
export type UsageRow = z.infer<typeof UsageRow>;

/** `totals` are those of all pages; with `top`, `groups` says how many there are, the largest among them. */
export const UsageList = listOf(UsageRow).extend({ totals: UsageSums, groups: z.int().optional() });
export type UsageList = z.infer<typeof UsageList>;

export const ProviderUsageQuery = ListQuery;

export const ProviderUsage = z.object({
  providerId: Id,
  providerName: z.string().nullable(),
  /** Requests it answered, or was the last to fail. */
  requests: z.int(),
  /** Calls made to it, those included that failed before another provider answered. */
  calls: z.int(),
  failedCalls: z.int(),
  /** Median of its latest answers; null where it gave none lately. */
  firstByteMs: z.number().nullable(),
  costMicros: z.int(),
});
export type ProviderUsage = z.infer<typeof ProviderUsage>;

export const ProviderUsageList = listOf(ProviderUsage);

export const AlertAnswer = z.enum(['fine', 'block', 'unblock', 'suspend', 'revoke']);
export type AlertAnswer = z.infer<typeof AlertAnswer>;

export const Alert = z.object({
  id: Id,
  at: Time,
  kind: z.enum([
    ...['new_address', 'refused_keys', 'provider_failing', 'provider_credential', 'unusual_volume'],
    ...['key_expiring', 'tunnel', 'billing'],
  ] as const),
  message: z.string(),
  memberId: Id.nullable(),
  keyId: Id.nullable(),
  providerId: Id.nullable(),
  address: z.string().nullable(),
  seenAt: Time.nullable(),
  /** What was answered; null while it is open, and where it was marked as seen. */
  answer: AlertAnswer.nullable(),
  /** What it can be answered with now. */
  answers: z.array(AlertAnswer),
  /** The block that holds its address now. */
  blockId: Id.nullable(),
});
export type Alert = z.infer<typeof Alert>;

export const AlertReply = z.strictObject({
  /** `block` the address for good, `unblock` it, `suspend` the member, `revoke` the key, or it is `fine`. */
  answer: AlertAnswer,
});
export type AlertReply = z.infer<typeof AlertReply>;

export const AlertsQuery = ListQuery.extend({ unseen: z.stringbool().optional() });

export const Change = z.object({
  id: Id,
  at: Time,
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
export type Change = z.infer<typeof Change>;

export const ProviderEvent = z.object({
  providerId: Id,
  state: z.enum(['closed', 'half-open', 'open']),
  message: z.string().nullable(),
  openUntil: Time.nullable(),
});
export type ProviderEvent = z.infer<typeof ProviderEvent>;

/** A request that was admitted, and once more when its answer begins. Its `request` follows when it has ended. */
export const RequestProgress = z.object({
  /** The audit row's. */
  id: Id,
  at: Time,
  requestId: z.string(),
  memberId: Id.nullable(),
  keyId: Id.nullable(),
  tool: z.string(),
  endpoint: z.string(),
  model: z.string().nullable(),
  streamed: z.boolean(),
  /** An estimate. */
  inputTokens: z.int(),
  /** Who answers; null until the answer begins, and for the built-in models. */
  providerId: Id.nullable(),
  /** Null until the answer begins. */
  ttfbMs: z.number().nullable(),
});
export type RequestProgress = z.infer<typeof RequestProgress>;

/** What `/admin/api/events` sends: `event` names the type, `data` is JSON. */
export interface EventData {
  request: AuditRow;
  /** In a flood, how many more requests ended than were told one by one. */
  skipped: { requests: number };
  progress: RequestProgress;
  alert: Alert;
  change: Change;
  provider: ProviderEvent;
  state: { state: 'running' | 'paused' | 'draining' };
}
