import { z } from 'zod';
import { GivenTime, Id, ListQuery, Micros, Name, Time } from './common.ts';
import { Limit } from './limits.ts';
import { ModelId } from './models.ts';

export const MemberStatus = z.enum(['pending', 'active', 'disabled', 'suspended']);
export const KeyKind = z.enum(['standard', 'subscription', 'pay_per_token']);
export const PlanId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'A plan id has small letters, digits, - and _, up to 64.');

export const NewMember = z.strictObject({
  name: Name,
  email: z.email().max(320).nullish(),
  status: MemberStatus.optional(),
  planId: z.string().max(64).optional(),
  /** Null allows every model. */
  allowedModels: z.array(ModelId).max(1_000).nullish(),
  /** Addresses and CIDR ranges; null allows every address. */
  allowedIps: z.array(z.string().trim().max(64)).max(1_000).nullish(),
  /** Pays from a balance. */
  prepaid: z.boolean().optional(),
  /** May mint and revoke keys itself. */
  selfService: z.boolean().optional(),
});
export type NewMember = z.infer<typeof NewMember>;

export const MemberPatch = NewMember.partial();
export type MemberPatch = z.infer<typeof MemberPatch>;

export const Balance = z.object({ tokens: z.int(), micros: z.int() });
export type Balance = z.infer<typeof Balance>;

export const Member = z.object({
  id: Id,
  name: z.string(),
  email: z.string().nullable(),
  status: MemberStatus,
  planId: z.string(),
  /** Until when the member has paid for this plan; null where it pays nothing for it. */
  planPaidUntil: Time.nullable(),
  allowedModels: z.array(z.string()).nullable(),
  allowedIps: z.array(z.string()).nullable(),
  prepaid: z.boolean(),
  selfService: z.boolean(),
  owner: z.boolean(),
  balance: Balance,
  /** Neither revoked nor expired. */
  keys: z.int(),
  /** When the last request came with one of its keys, admitted or refused. */
  lastRequestAt: Time.nullable(),
  createdAt: Time,
});
export type Member = z.infer<typeof Member>;

export const NewKey = z.strictObject({
  memberId: Id,
  name: Name,
  kind: KeyKind.optional(),
  /** Null or left out: never. */
  expiresAt: GivenTime.nullish(),
});
export type NewKey = z.infer<typeof NewKey>;

export const Key = z.object({
  id: Id,
  /** How the key begins, to tell it from others. */
  prefix: z.string(),
  memberId: Id,
  name: z.string(),
  kind: KeyKind,
  createdAt: Time,
  expiresAt: Time.nullable(),
  revokedAt: Time.nullable(),
  /** Whether it may come through the owner's public tunnel. */
  tunnel: z.boolean(),
  /** When the last request came with it, admitted or refused. */
  lastUsedAt: Time.nullable(),
  /** Where that request came from. */
  lastAddress: z.string().nullable(),
});
export type Key = z.infer<typeof Key>;

export const KeyPatch = z.strictObject({
  /** Whether it may come through the owner's public tunnel, from the next request on. */
  tunnel: z.boolean(),
});
export type KeyPatch = z.infer<typeof KeyPatch>;

/** `key` is the plaintext; it is shown this once. */
export const CreatedKey = Key.extend({ key: z.string() });
export type CreatedKey = z.infer<typeof CreatedKey>;

export const KeysQuery = ListQuery.extend({ memberId: Id.optional() });

const PlanFacts = z.strictObject({
  name: Name,
  /** Largest `pageSize` of a member's lists. */
  pageSizeCap: z.int().min(1).max(10_000).optional(),
  /** How far back a member's lists reach. */
  historyDays: z.int().min(1).max(36_500).optional(),
  /** A month. */
  priceMicros: Micros.optional(),
  /** The plan's limit of requests a minute for all models; null lifts it. */
  requestsPerMinute: z.int().min(0).max(1e12).nullish(),
});

/** Without an id the plan gets one made from its name. */
export const NewPlan = PlanFacts.extend({ id: PlanId.optional() });
export type NewPlan = z.infer<typeof NewPlan>;

export const PlanPatch = PlanFacts.partial();
export type PlanPatch = z.infer<typeof PlanPatch>;

export const Plan = z.object({
  id: z.string(),
  name: z.string(),
  pageSizeCap: z.int(),
  historyDays: z.int(),
  priceMicros: z.int(),
  requestsPerMinute: z.int().nullable(),
  /** All of the plan's limits, the one above included. */
  limits: z.array(Limit),
});
export type Plan = z.infer<typeof Plan>;
