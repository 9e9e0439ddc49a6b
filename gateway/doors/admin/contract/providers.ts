import { z } from 'zod';
import { SOURCE_IDS } from '../../../imports/source-ids.ts';
import { PROVIDER_KINDS } from '../../../providers/provider-kinds.ts';
import { Id, Name, Time } from './common.ts';
import { Facts, ListPrice } from './models.ts';

export const ProviderKind = z.enum(PROVIDER_KINDS);

const Credential = z
  .string()
  .trim()
  .min(1, 'The credential must not be empty. Leave the field out to keep what is stored; null removes it.')
  .max(16_384)
  // A JSON object is the key file of a service account; the door reads it.
  .regex(/^([\x21-\x7e]*|\{[\s\S]*\})$/, 'The credential holds blanks or characters that no API key has.');

export const NewProvider = z.strictObject({
  name: Name,
  kind: ProviderKind,
  /** Null or left out takes the kind's own, where it has one. */
  baseUrl: z.string().trim().min(1).max(2_000).nullish(),
  /** Goes to the vault and is never answered. Null removes it. */
  credential: Credential.nullish(),
  enabled: z.boolean().optional(),
  /** Added to the priority of its targets; lower is tried first. */
  priority: z.int().min(-1_000).max(1_000).optional(),
  /** Sent with every call; never a credential. */
  headers: z.record(z.string(), z.string()).optional(),
  /** A URL (http, https, socks5), `direct` for none, null for the system's. */
  proxy: z.string().trim().min(1).max(2_000).nullish(),
  /** Certificates to trust besides the usual ones, PEM. */
  ca: z.string().max(500_000).nullish(),
  /** Where it was set up before, for the log of changes. */
  importedFrom: z.enum(SOURCE_IDS).optional(),
});
export type NewProvider = z.infer<typeof NewProvider>;

export const ProviderPatch = NewProvider.omit({ importedFrom: true }).partial();
export type ProviderPatch = z.infer<typeof ProviderPatch>;

/** Settings to try before they are saved. */
export const TrialProvider = NewProvider.omit({ enabled: true, priority: true, importedFrom: true }).extend({
  name: Name.optional(),
  /** A saved provider: what is left out is as there, its credential too. */
  id: Id.optional(),
});
export type TrialProvider = z.infer<typeof TrialProvider>;

/** A circuit: of the provider, or of one of its models. */
export const ProviderHealth = z.object({
  key: z.string(),
  state: z.enum(['closed', 'half-open', 'open']),
  consecutiveFailures: z.int(),
  lastError: z.string().nullable(),
  lastLatencyMs: z.number().nullable(),
});

/**
 * How a provider stands, by its last calls and tests. `off`: switched off by the owner. `cooling_down`: left alone
 * until `until`, because it asked for that or failed just now. `failing`: three calls in a row failed, or all did.
 */
export const ProviderState = z.object({
  kind: z.enum([
    'answers',
    'untested',
    'off',
    'no_credential',
    'credential_refused',
    'cooling_down',
    'failing',
  ]),
  /** When that began; null where nobody knows. */
  since: Time.nullable(),
  /** When it is called again; null while nothing holds it back. */
  until: Time.nullable(),
  /** What the provider or the connection said, for people. */
  message: z.string().nullable(),
});
export type ProviderState = z.infer<typeof ProviderState>;

export const Provider = z.object({
  id: Id,
  name: z.string(),
  kind: ProviderKind,
  baseUrl: z.string(),
  /** Null while the vault is out of reach. */
  hasCredential: z.boolean().nullable(),
  enabled: z.boolean(),
  priority: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Without user and password. */
  proxy: z.string().nullable(),
  ca: z.string().nullable(),
  health: z.array(ProviderHealth),
  state: ProviderState,
  /** Public models with a target here. */
  models: z.int(),
  createdAt: Time,
});
export type Provider = z.infer<typeof Provider>;

export const ProviderTest = z.object({
  ok: z.boolean(),
  verdict: z.enum([
    'ok',
    'no_credential',
    'wrong_credential',
    'vault_unavailable',
    'unreachable',
    'certificate',
    'not_an_api',
    'rate_limited',
    'provider_error',
  ]),
  /** HTTP status; null when no answer came. */
  status: z.int().nullable(),
  latencyMs: z.int(),
  /** How many models the provider lists. */
  models: z.int(),
  message: z.string(),
});
export type ProviderTest = z.infer<typeof ProviderTest>;

export const UpstreamModel = z.object({
  id: z.string(),
  /** What the listing, or else what is shipped, tells of it. */
  facts: Facts,
  /** The price list's, a million tokens; null where it knows none. */
  listPrice: ListPrice.nullable(),
});
export type UpstreamModel = z.infer<typeof UpstreamModel>;

/** `found` are the models it lists: nothing of them is stored. */
export const ProviderTrial = ProviderTest.extend({ found: z.array(UpstreamModel) });
export type ProviderTrial = z.infer<typeof ProviderTrial>;

export const ProviderKindFacts = z.object({
  id: ProviderKind,
  label: z.string(),
  baseUrl: z.string().nullable(),
  /** What an address looks like where it is the owner's own. */
  exampleUrl: z.string().nullable(),
  local: z.boolean(),
  credential: z.enum(['required', 'optional']),
  /** Families of protocols it takes itself; `own` is one that the gateway translates to. */
  speaks: z.array(z.enum(['openai', 'anthropic', 'own'])),
  helpUrl: z.string().nullable(),
});
export type ProviderKindFacts = z.infer<typeof ProviderKindFacts>;
