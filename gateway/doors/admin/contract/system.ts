import { z } from 'zod';
import { Time } from './common.ts';
import { ModelId } from './models.ts';

const ForwardedHeader = z.enum(['x-forwarded-for', 'forwarded']);

export const Settings = z.object({
  /** What `auto` stands for where a preset says nothing else. */
  defaultModel: z.string().nullable(),
  /** Days an audit row is kept. */
  retentionDays: z.int(),
  /** Whether GET /metrics answers. */
  metrics: z.boolean(),
  /** Addresses and ranges of proxies that may say for whom they ask; nobody else may. */
  trustedProxies: z.array(z.string()),
  /** The header in which they do. */
  trustedProxyHeader: ForwardedHeader,
  /** Whether people may ask to join at /join. */
  joining: z.boolean(),
  /**
   * Whether Ollama's API answers on this computer: `/api/tags`, `/api/chat` and the like. `/api/chat` and
   * `/api/embeddings` are then Ollama's and no longer short forms of OpenAI's; those below `/api/v1` stay.
   */
  ollama: z.boolean(),
  /** The key that its requests count as which bring none; null: they are refused, or it was never on. */
  ollamaKeyId: z.string().nullable(),
  /** A port of Ollama's own, such as 11434, where OpenAI's and Anthropic's APIs answer too; null: none. */
  ollamaPort: z.int().nullable(),
  /** Where that answers now; null where it does not. */
  ollamaUrl: z.string().nullable(),
  /** Why it does not though it should, and what to do. */
  ollamaProblem: z.string().nullable(),
  /** The port the owner chose for this and later starts; null: 7411. */
  port: z.int().nullable(),
  /** The port it listens at now; null where it listens at none. */
  portInUse: z.int().nullable(),
  /** What decided on `portInUse`: a flag or variable of this start, the owner's setting, or neither. */
  portFrom: z.enum(['flag', 'setting', 'default']),
  /** Where it answers now, such as `http://127.0.0.1:7411`. After a change of the port a browser goes on there. */
  url: z.string().nullable(),
});
export type Settings = z.infer<typeof Settings>;

export const SettingsPatch = z.strictObject({
  defaultModel: ModelId.nullish(),
  retentionDays: z.int().min(1).max(36_500).optional(),
  metrics: z.boolean().optional(),
  /** In place of those before; none trusts nobody. */
  trustedProxies: z.array(z.string().trim().max(64)).max(100).optional(),
  trustedProxyHeader: ForwardedHeader.optional(),
  joining: z.boolean().optional(),
  /** Turned on for the first time, requests without a key count as a key named Ollama tools, which is made for that. */
  ollama: z.boolean().optional(),
  /** Null refuses requests without a key. */
  ollamaKeyId: z.string().nullish(),
  /** Null closes it. */
  ollamaPort: z.int().min(1).max(65_535).nullish(),
  /** Listens there at once, and at later starts; null goes back to 7411. */
  port: z.int().min(1).max(65_535).nullish(),
});
export type SettingsPatch = z.infer<typeof SettingsPatch>;

export const Status = z.object({
  version: z.string(),
  pid: z.int(),
  startedAt: Time,
  dataDir: z.string(),
  /** Whether it runs inside the desktop app. */
  desktop: z.boolean(),
  /** Whether the owner has paused it: inference is refused until it is resumed, or started again. */
  paused: z.boolean(),
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

export const Paused = z.object({ paused: z.boolean() });
export type Paused = z.infer<typeof Paused>;

/** The key of the very first start, until it is dismissed, revoked, or the gateway ends. */
export const FirstKey = z.object({ key: z.string().nullable(), prefix: z.string().nullable() });
export type FirstKey = z.infer<typeof FirstKey>;
