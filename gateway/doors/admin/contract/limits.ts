import { z } from 'zod';
import { GivenTime, Id, ListQuery, listOf, Micros, Time } from './common.ts';

export const LimitScope = z.enum(['plan', 'member', 'key']);
export const Metric = z.enum(['requests', 'tokens', 'images', 'cost']);
/** A minute, a day, 30 days. */
export const WindowSeconds = z.literal([60, 86_400, 2_592_000]);

const limitFields = {
  scope: LimitScope,
  /** A plan's, a member's or a key's id. */
  subjectId: z.string().min(1).max(64),
  /** Null or left out: all models together. */
  model: z.string().min(1).max(128).nullish(),
  metric: Metric,
  windowSeconds: WindowSeconds,
};

/** `cost` is in micros of a US dollar. 0 lets nothing through. */
const Amount = z.int().min(0).max(1e15);

export const LimitInput = z.strictObject({ ...limitFields, amount: Amount });
export type LimitInput = z.infer<typeof LimitInput>;

/** Names a limit to lift; `amount` says nothing then. */
export const LimitRef = z.strictObject({ ...limitFields, amount: Amount.optional() });
export type LimitRef = z.infer<typeof LimitRef>;

/** The same in a query string, for clients that send no body with DELETE. */
export const LimitRefQuery = z
  .strictObject({
    ...limitFields,
    windowSeconds: z.coerce.number().pipe(WindowSeconds),
    amount: z.coerce.number().pipe(Amount),
  })
  .partial();

export const LimitsQuery = ListQuery.extend({
  scope: LimitScope.optional(),
  subjectId: z.string().max(64).optional(),
  model: z.string().max(128).optional(),
  metric: Metric.optional(),
});

export const Limit = z.object({
  scope: LimitScope,
  subjectId: z.string(),
  model: z.string().nullable(),
  metric: Metric,
  windowSeconds: WindowSeconds,
  amount: z.int(),
});
export type Limit = z.infer<typeof Limit>;

/** A limit with how it stands for one member, or for one key: what admission sees. */
export const LimitState = Limit.extend({
  /** Whose word it is: the same as `scope`. */
  setBy: LimitScope,
  /** Whose use is counted. A plan's limit counts each of its members by itself; null where none used it. */
  memberId: Id.nullable(),
  /** The key whose use alone is counted; null for all of the member's. */
  keyId: Id.nullable(),
  /** In the window now, with what running requests have reserved. */
  used: z.int(),
  /** The next moment at which less counts than now, if nothing is sent until then; null where nothing is used. */
  freesAt: Time.nullable(),
  /** How much less counts then. */
  freesAmount: z.int().nullable(),
});
export type LimitState = z.infer<typeof LimitState>;

export const LimitStateList = listOf(LimitState);

const MOST_MEMBERS = 100;

export const TightestLimitsQuery = z.strictObject({
  /** Separated by commas. */
  memberIds: z
    .string()
    .max(MOST_MEMBERS * 16)
    .transform((text) => text.split(',').filter((id) => id !== ''))
    .pipe(z.array(Id).max(MOST_MEMBERS, `Ask for ${MOST_MEMBERS} members at most.`)),
});

export const TightestLimit = z.object({
  memberId: Id,
  /** The one used up furthest; null where no limit holds. */
  limit: LimitState.nullable(),
});
export type TightestLimit = z.infer<typeof TightestLimit>;

export const LimitStatesQuery = z.strictObject({
  /** Public id of the model whose own limits are meant. */
  model: z.string().min(1).max(128),
});

const Cidr = z.string().trim().min(1).max(64);

export const NewIpBlock = z.strictObject({
  /** An address, or a range such as `10.0.0.0/8`. */
  cidr: Cidr,
  reason: z.string().trim().max(500).nullish(),
  /** Null or left out: for good. */
  expiresAt: GivenTime.nullish(),
});
export type NewIpBlock = z.infer<typeof NewIpBlock>;

/** Names a block to lift; what else a block holds may be there and says nothing. */
export const IpBlockRef = z.strictObject({
  cidr: Cidr,
  reason: z.unknown().optional(),
  expiresAt: z.unknown().optional(),
});
export const IpBlockRefQuery = z.strictObject({ cidr: Cidr.optional() });

export const IpBlock = z.object({
  id: Id,
  cidr: z.string(),
  reason: z.string().nullable(),
  expiresAt: Time.nullable(),
  createdAt: Time,
});
export type IpBlock = z.infer<typeof IpBlock>;

const GrantedTokens = z.int().min(0).max(1e15);

/** At least one of the two amounts. */
export const NewGrant = z
  .strictObject({
    tokens: GrantedTokens.optional(),
    micros: Micros.optional(),
    note: z.string().trim().max(500).nullish(),
  })
  .refine(({ tokens = 0, micros = 0 }) => tokens + micros > 0, {
    error: 'Grant tokens, micros or both: at least one must be above 0.',
    path: ['tokens'],
  });
export type NewGrant = z.infer<typeof NewGrant>;

export const Grant = z.object({
  memberId: Id,
  tokens: z.int(),
  micros: z.int(),
  note: z.string().nullable(),
  /** After the grant. */
  balance: z.object({ tokens: z.int(), micros: z.int() }),
});
export type Grant = z.infer<typeof Grant>;

/** Amounts are signed: a charge is negative. */
export const LedgerEntry = z.object({
  id: Id,
  at: Time,
  kind: z.enum(['grant', 'charge', 'refund']),
  tokens: z.int(),
  micros: z.int(),
  /** The audit row of a charge. */
  requestRow: Id.nullable(),
  /** What a charge was for, as long as its audit row is there. */
  model: z.string().nullable(),
  note: z.string().nullable(),
});
export type LedgerEntry = z.infer<typeof LedgerEntry>;

export const LedgerQuery = ListQuery.pick({ page: true, pageSize: true });

export const Ledger = listOf(LedgerEntry).extend({
  balance: z.object({ tokens: z.int(), micros: z.int() }),
});
export type Ledger = z.infer<typeof Ledger>;
