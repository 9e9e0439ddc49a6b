import { z } from 'zod';
import { Id } from './common.ts';
import { ModelId } from './models.ts';

export const PlaygroundMessage = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.string().max(10_000_000),
});
export type PlaygroundMessage = z.infer<typeof PlaygroundMessage>;

/** A conversation, sent as the key would send it: its limits, its allow-list, its audit row. */
export const PlaygroundRequest = z.strictObject({
  keyId: Id,
  model: ModelId,
  system: z.string().max(1_000_000).optional(),
  messages: z.array(PlaygroundMessage).min(1).max(2_000),
  maxTokens: z.int().min(1).max(100_000_000).optional(),
});
export type PlaygroundRequest = z.infer<typeof PlaygroundRequest>;

/** Server-sent events: the name in `event:`, this as JSON in `data:`. Comments between them keep the line open. */
export const PlaygroundStart = z.object({ requestId: z.string() });
export type PlaygroundStart = z.infer<typeof PlaygroundStart>;

/** Of `delta` (the answer) and `reasoning` (what comes before it). */
export const PlaygroundText = z.object({ text: z.string() });
export type PlaygroundText = z.infer<typeof PlaygroundText>;

/** The last event of an answer; figures as the audit row has them. */
export const PlaygroundDone = z.object({
  requestId: z.string(),
  ttfbMs: z.number().nullable(),
  latencyMs: z.number(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMicros: z.int(),
  /** The provider told no usage. */
  estimated: z.boolean(),
  /** In the words of chat completions: `stop`, `length`, `content_filter`, `tool_calls`; null where none came. */
  finishReason: z.string().nullable(),
});
export type PlaygroundDone = z.infer<typeof PlaygroundDone>;

/** The last event in place of `done`: a refusal of the pipeline, or a provider's failure, as a client would meet it. */
export const PlaygroundError = z.object({ code: z.string(), message: z.string() });
export type PlaygroundError = z.infer<typeof PlaygroundError>;

export type PlaygroundEvent =
  | { event: 'start'; data: PlaygroundStart }
  | { event: 'reasoning'; data: PlaygroundText }
  | { event: 'delta'; data: PlaygroundText }
  | { event: 'done'; data: PlaygroundDone }
  | { event: 'error'; data: PlaygroundError };
