import { z } from 'zod';
import { EFFORTS } from '../../../protocols/model-facts.ts';
import { Name } from './common.ts';
import { ModelId } from './models.ts';

/** First segments of paths that lead elsewhere, or that a later version may want. */
export const RESERVED_PRESET_IDS: readonly string[] = [
  ...['api', 'v1', 'v1beta', 'openai', 'admin', 'panel', 'healthz', 'health', 'metrics', 'status'],
  ...[
    'tenant',
    'openapi',
    'pricing',
    'billing',
    'docs',
    'assets',
    'static',
    'join',
    'me',
    'people',
    'auth',
    'login',
    'app',
    'desktop',
  ],
  ...['models', 'chat', 'messages', 'responses', 'completions', 'embeddings', 'images', 'audio', 'files'],
  ...['favicon', 'robots', 'well-known', 'auto', 'playground', 'connect', 'ca'],
];

/** The first segment of the tool's path: `/{id}/v1/…`. */
export const PresetId = z
  .string()
  .max(40)
  .regex(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
    'Write the id as it will stand in the address: small letters, digits and single dashes, beginning with a letter.',
  )
  .refine(
    (id) => !RESERVED_PRESET_IDS.includes(id),
    'This word leads elsewhere on this gateway: choose another.',
  );

/**
 * What a request gets that does not say it itself, in names of no one protocol: each endpoint gets its own,
 * such as `max_output_tokens` on `/responses`, `output_config.effort` on `/messages`.
 */
export const PresetParameters = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  /** Most tokens of one answer. */
  max_tokens: z.int().min(1).max(100_000_000).optional(),
  reasoning_effort: z.enum(EFFORTS).optional(),
  /** Texts that end the answer. `/responses` has no such thing and goes without. */
  stop: z.array(z.string().min(1).max(200)).min(1).max(4).optional(),
});
export type PresetParameters = z.infer<typeof PresetParameters>;

/** Placed before the caller's own; null or empty for none. */
const SystemPrompt = z.string().max(100_000);

export const NewPreset = z.strictObject({
  id: PresetId,
  /** Left out: the id. */
  label: Name.optional(),
  systemPrompt: SystemPrompt.nullish(),
  /** What `auto` stands for on this route; null takes the settings'. */
  defaultModel: ModelId.nullish(),
  parameters: PresetParameters.optional(),
});
export type NewPreset = z.infer<typeof NewPreset>;

/** What is left out stays; `parameters` are replaced as a whole. */
export const PresetPatch = NewPreset.omit({ id: true }).partial();
export type PresetPatch = z.infer<typeof PresetPatch>;

export const Preset = z.object({
  id: z.string(),
  label: z.string(),
  /** Comes with the product: DELETE puts it back as it came. */
  builtIn: z.boolean(),
  /** A built-in one that is not as it came; own ones always are. */
  changed: z.boolean(),
  /** Path to put after the gateway's address, for tools that want a base URL: `/cline/v1`. */
  basePath: z.string(),
  systemPrompt: z.string().nullable(),
  defaultModel: z.string().nullable(),
  parameters: PresetParameters,
});
export type Preset = z.infer<typeof Preset>;

export const PresetList = z.object({ data: z.array(Preset) });
export type PresetList = z.infer<typeof PresetList>;
