/** What the matrix asks of a client and sees of an answer, in no protocol's words. A real SDK does it in its own. */
import type { Effort } from '../../../gateway/protocols/model-facts.ts';

export interface Ask {
  model: string;
  text: string;
  stream?: boolean;
  system?: string;
  tools?: readonly AskedTool[];
  /** PNG, base64. */
  image?: string;
  /** Base64. */
  pdf?: string;
  /** JSON schema of the answer. */
  schema?: Record<string, unknown>;
  effort?: Effort;
  maxTokens?: number;
  stop?: string[];
  /** A conversation to go on with, as an earlier answer's `next` made it. */
  history?: History;
  signal?: AbortSignal;
}

export interface AskedTool {
  name: string;
  schema: Record<string, unknown>;
}

/** Messages or items of the client's own protocol. */
export type History = readonly unknown[];

export interface ToolOutput {
  text: string;
  /** PNG, base64. */
  image?: string;
  failed?: boolean;
}

export interface Seen {
  text: string;
  reasoning: string;
  calls: { id: string; name: string; input: unknown }[];
  /** The client's word for how it ended, and the same for all protocols. */
  finish: { word: string; means: 'stop' | 'tools' | 'length' | 'filter' | 'other' };
  usage: SeenUsage | null;
  /** The conversation so far and what the tools gave back, as the client's users send it on. */
  next(outputs: readonly ToolOutput[]): History;
}

/** `input` includes cached tokens, `output` includes reasoning. */
export interface SeenUsage {
  input: number;
  output: number;
  cached: number;
  reasoning: number;
}

/** An SDK's error, for all protocols. */
export interface SeenError {
  status: number | undefined;
  message: string;
}

export interface Client {
  protocol: 'openai-chat' | 'openai-responses' | 'anthropic-messages';
  /** @throws the SDK's own error: see `errorOf` */
  ask(ask: Ask): Promise<Seen>;
  errorOf(error: unknown): SeenError;
  /** The same request as a body, for tests that watch the bytes. */
  raw(ask: Ask): { path: string; body: Record<string, unknown> };
}
