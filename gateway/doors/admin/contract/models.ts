import { z } from 'zod';
import { EFFORTS, type Modality, THINKING_MODES } from '../../../protocols/model-facts.ts';
import { Id, Micros, Time } from './common.ts';

/** What a client puts into `model`. */
export const ModelId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\s\p{Cc}\p{Cf}]+$/u, 'A model id has no blanks and no control characters.');

export const ModelTarget = z.strictObject({
  providerId: Id,
  /** What the provider calls the model. */
  upstreamModel: z.string().trim().min(1).max(200),
  /** Lower is tried first. */
  priority: z.int().min(-1_000).max(1_000).optional(),
  /** Share among targets of one priority. */
  weight: z.int().min(1).max(1_000).optional(),
  /** Read only, as answers show them, so that what was read can be sent back. */
  providerName: z.string().nullish(),
  listPrice: z.unknown().optional(),
});

/** Micros of a US dollar a million tokens. */
export const ModelPrice = z.strictObject({
  input: Micros,
  output: Micros,
  cacheRead: Micros.optional(),
  cacheWrite: Micros.optional(),
});

/** What the price list says, in micros of a US dollar a million tokens. */
export const ListPrice = z.object({
  input: z.number(),
  output: z.number(),
  cacheRead: z.number().optional(),
  cacheWrite: z.number().optional(),
});
export type ListPrice = z.infer<typeof ListPrice>;

export const MODALITIES = ['text', 'image', 'pdf', 'audio', 'video'] as const satisfies readonly Modality[];

/** More than any model has. */
const Tokens = z.int().min(1).max(100_000_000);

/** The owner's word on what a model takes, before anything else that is known. Null takes what is known. */
export const FactsPatch = z.strictObject({
  /** Tokens of input and output together. */
  contextWindow: Tokens.nullish(),
  /** Most tokens of one answer. */
  maxOutputTokens: Tokens.nullish(),
  inputModalities: z.array(z.enum(MODALITIES)).min(1).max(MODALITIES.length).nullish(),
  /** Efforts of reasoning it takes; empty for none. */
  efforts: z.array(z.enum(EFFORTS)).max(EFFORTS.length).nullish(),
  /** Values of `thinking.type` it takes in Anthropic's protocol; empty for none. */
  thinking: z.array(z.enum(THINKING_MODES)).max(THINKING_MODES.length).nullish(),
  /** Takes `temperature`, `top_p` and the like. */
  sampling: z.boolean().nullish(),
});
export type FactsPatch = z.infer<typeof FactsPatch>;

/** Null where nobody knows. */
export const Facts = z.object({
  contextWindow: z.int().nullable(),
  maxOutputTokens: z.int().nullable(),
  inputModalities: z.array(z.enum(MODALITIES)).nullable(),
  efforts: z.array(z.enum(EFFORTS)).nullable(),
  thinking: z.array(z.enum(THINKING_MODES)).nullable(),
  sampling: z.boolean().nullable(),
});
export type Facts = z.infer<typeof Facts>;

export const NewModel = z.strictObject({
  id: ModelId,
  targets: z.array(ModelTarget).max(100).optional(),
  /** Turns used tokens into charged ones. */
  multiplier: z.number().positive().max(1_000).optional(),
  /** Null takes the price catalogue's. */
  price: ModelPrice.nullish(),
  /** Another model that this id stands for, in place of targets. */
  aliasOf: ModelId.nullish(),
  /** What is left out stays; null forgets all that was said. */
  facts: FactsPatch.nullish(),
  enabled: z.boolean().optional(),
});
export type NewModel = z.infer<typeof NewModel>;

export const ModelPatch = NewModel.partial();
export type ModelPatch = z.infer<typeof ModelPatch>;

export const Model = z.object({
  id: z.string(),
  targets: z.array(
    z.object({
      providerId: Id,
      providerName: z.string().nullable(),
      upstreamModel: z.string(),
      priority: z.int(),
      weight: z.int(),
      /** What holds where the owner set no price; zero for a local model, null where nobody knows. */
      listPrice: ListPrice.nullable(),
    }),
  ),
  aliasOf: z.string().nullable(),
  multiplier: z.number(),
  price: z
    .object({
      input: z.number(),
      output: z.number(),
      cacheRead: z.number().optional(),
      cacheWrite: z.number().optional(),
    })
    .nullable(),
  /** What the owner said; null where the owner said nothing. */
  facts: Facts,
  /** What holds for every target: the owner's word, the providers' listings, what is shipped. */
  effectiveFacts: Facts,
  enabled: z.boolean(),
  /** Whether a request for the id can be served: it is enabled, and so is a model with targets behind it. */
  bound: z.boolean(),
  createdAt: Time,
});
export type Model = z.infer<typeof Model>;
