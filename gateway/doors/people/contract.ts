import { z } from 'zod';
import { KeyKind } from '../admin/contract/accounts.ts';
import { Time } from '../admin/contract/common.ts';
import { ConnectQuery, ConnectRecipe, ConnectTool } from '../admin/contract/connect.ts';
import { JoinState } from '../admin/contract/joining.ts';
import { LimitState } from '../admin/contract/limits.ts';

/** What the pages /join and /me ask and are told. Nothing here needs Node. */

/** The lengths that count are told by the answer; these keep a body within reason. */
export const AskToJoin = z.strictObject({
  name: z.string('Write your name.').max(1_000, 'The name is too long.'),
  email: z
    .union([z.literal(''), z.email().max(254)], 'Write an address such as you@example.com, or leave it out.')
    .nullish(),
  purpose: z.string().max(2_000, 'What it is for is too long.').nullish(),
});
export type AskToJoin = z.infer<typeof AskToJoin>;

export const JoinStatus = z.object({
  /** Whether somebody may ask now. */
  open: z.boolean(),
  /** What the computer is called. */
  gateway: z.string(),
  /** How long a request waits, hours, and how long a key can be fetched, minutes. */
  waitsHours: z.int(),
  collectMinutes: z.int(),
  /** Of the authority behind this connection's certificate (SHA-256); null where it came in the clear. */
  fingerprint: z.string().nullable(),
  /** This browser's own; null for none. */
  request: z
    .object({
      state: JoinState,
      name: z.string(),
      since: Time,
      /** When a waiting or an approved one lapses. */
      until: Time,
      /** The owner's, with a refusal. */
      words: z.string().nullable(),
    })
    .nullable(),
});
export type JoinStatus = z.infer<typeof JoinStatus>;

export const CollectedKey = z.object({ key: z.string(), prefix: z.string(), name: z.string() });
export type CollectedKey = z.infer<typeof CollectedKey>;

/** A key is 49 characters; people paste more. */
export const MemberSignIn = z.strictObject({ key: z.string('Paste your key.').trim().max(500) });

export const Account = z.object({
  name: z.string(),
  email: z.string().nullable(),
  plan: z.object({ id: z.string(), name: z.string(), historyDays: z.int(), paidUntil: Time.nullable() }),
  /** The one that signed in. */
  key: z.object({
    id: z.string(),
    name: z.string(),
    prefix: z.string(),
    kind: KeyKind,
    expiresAt: Time.nullable(),
    /** Such a key makes no others. */
    limited: z.boolean(),
  }),
  selfService: z.boolean(),
  /** Pays from the balance. */
  prepaid: z.boolean(),
  balance: z.object({ tokens: z.int(), micros: z.int() }),
  /** Whether the owner takes payments. */
  payments: z.boolean(),
});
export type Account = z.infer<typeof Account>;

/** As admission sees it. */
export const OwnLimits = z.object({ data: z.array(LimitState) });

export const OwnModel = z.object({
  id: z.string(),
  contextWindow: z.int().nullable(),
  multiplier: z.number(),
  /** Micros of a US dollar for a million tokens; null where nobody knows a price. */
  input: z.number().nullable(),
  output: z.number().nullable(),
});
export type OwnModel = z.infer<typeof OwnModel>;
export const OwnModels = z.object({ data: z.array(OwnModel) });

export const OwnRequest = z.object({
  id: z.string(),
  at: Time,
  keyPrefix: z.string().nullable(),
  address: z.string(),
  tool: z.string(),
  model: z.string().nullable(),
  status: z.int(),
  code: z.string().nullable(),
  latencyMs: z.number().nullable(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMicros: z.int(),
  chargedTokens: z.int(),
});
export type OwnRequest = z.infer<typeof OwnRequest>;

export const OwnTools = z.object({ data: z.array(ConnectTool) });

/** Whose paths and shell the lines are for: the page knows its computer, the gateway another. */
export const OwnRecipeQuery = ConnectQuery.extend({
  system: z.enum(['linux', 'macos', 'windows']).optional(),
});
export type OwnRecipeQuery = z.infer<typeof OwnRecipeQuery>;
export const OwnRecipe = ConnectRecipe;
