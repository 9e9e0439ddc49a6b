import { z } from 'zod';
import { KeyKind, NewMember } from './accounts.ts';
import { GivenTime, Id, ListQuery, Name, Time } from './common.ts';
import { LimitInput } from './limits.ts';

/**
 * `waiting` for the owner; `approved`: the key waits to be fetched; `collected`: it was fetched; `refused`;
 * `unanswered` and `uncollected`: the time ran out.
 */
export const JoinState = z.enum([
  ...(['waiting', 'approved', 'collected', 'refused', 'unanswered', 'uncollected'] as const),
]);
export type JoinState = z.infer<typeof JoinState>;

/** Somebody who asked to join at /join. */
export const JoinRequest = z.object({
  id: Id,
  /** While it waits, a member with the status `pending`. */
  memberId: Id,
  name: z.string(),
  email: z.string().nullable(),
  /** What it is for, in one line. */
  purpose: z.string().nullable(),
  /** Where it was asked from. */
  address: z.string(),
  state: JoinState,
  createdAt: Time,
  decidedAt: Time.nullable(),
  /** When a waiting or an approved one lapses. */
  until: Time,
});
export type JoinRequest = z.infer<typeof JoinRequest>;

export const JoinRequestsQuery = ListQuery.extend({ state: JoinState.optional() });

const { planId, allowedModels, allowedIps, prepaid, selfService } = NewMember.shape;
const { metric, windowSeconds, model, amount } = LimitInput.shape;

/** On what terms somebody is let in. What is left out is as for any new member. */
export const JoinApproval = z.strictObject({
  name: Name.optional(),
  ...{ planId, allowedModels, allowedIps, prepaid, selfService },
  /** The member's own limits, in place of the plan's and beside them. */
  limits: z.array(z.strictObject({ metric, windowSeconds, model, amount })).max(50).optional(),
  /** The key that is made when it is fetched. */
  key: z
    .strictObject({ name: Name.optional(), kind: KeyKind.optional(), expiresAt: GivenTime.nullish() })
    .optional(),
});
export type JoinApproval = z.infer<typeof JoinApproval>;

export const JoinRefusal = z.strictObject({
  /** Shown to whoever asked; 200 characters at most. */
  words: z.string().max(1_000).nullish(),
});
export type JoinRefusal = z.infer<typeof JoinRefusal>;
