import { z } from 'zod';
import { Time } from './common.ts';
import { ModelId } from './models.ts';

export const Settings = z.object({
  /** What `auto` stands for where a preset says nothing else. */
  defaultModel: z.string().nullable(),
  /** Days an audit row is kept. */
  retentionDays: z.int(),
  /** Whether GET /metrics answers. */
  metrics: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsPatch = z.strictObject({
  defaultModel: ModelId.nullish(),
  retentionDays: z.int().min(1).max(36_500).optional(),
  metrics: z.boolean().optional(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;

export const Status = z.object({
  version: z.string(),
  pid: z.int(),
  startedAt: Time,
  /** Where the gateway listens. */
  addresses: z.array(z.string()),
  vault: z.object({
    kind: z.enum(['keychain', 'file-passphrase', 'file-key']),
    protection: z.string(),
  }),
  /** What the owner must know of this start, such as a restored database. */
  notices: z.array(z.object({ kind: z.string(), at: Time, message: z.string() })),
  counts: z.object({
    providers: z.int(),
    models: z.int(),
    members: z.int(),
    /** Neither revoked nor expired. */
    keys: z.int(),
    unseenAlerts: z.int(),
  }),
  /** Now. */
  runningRequests: z.int(),
  /** Whether every balance is the sum of its ledger. */
  ledger: z.object({ balanced: z.boolean(), checkedAt: Time, differingMemberIds: z.array(z.string()) }),
});
export type Status = z.infer<typeof Status>;

export const Session = z.object({
  /** Through which door the caller came. */
  actor: z.enum(['window', 'token', 'browser']),
});
export type Session = z.infer<typeof Session>;
