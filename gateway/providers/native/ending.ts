/** Why Gemini or Bedrock ended an answer. */
import {
  type Finish,
  type FinishReason,
  finishedBy,
  type ProviderError,
} from '../../protocols/canonical/answer.ts';
import type { NativeKind } from './kinds.ts';
import type { WholeResult } from './sdk.ts';

export type Ending = { finish: Finish } | { error: ProviderError };

/**
 * `FinishReason` of https://ai.google.dev/api/generate-content. All others tell of a failure, such as a call of
 * a tool that could not be read.
 */
const GEMINI: Readonly<Record<string, FinishReason>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  CONTINUATION: 'length',
  SAFETY: 'content_filter',
  RECITATION: 'content_filter',
  BLOCKLIST: 'content_filter',
  PROHIBITED_CONTENT: 'content_filter',
  SPII: 'content_filter',
  IMAGE_SAFETY: 'content_filter',
};

/**
 * `stopReason` of https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, and what
 * Anthropic's models add to it.
 */
const BEDROCK: Readonly<Record<string, FinishReason>> = {
  end_turn: 'stop',
  stop: 'stop',
  stop_sequence: 'stop_sequence',
  tool_use: 'tool_calls',
  max_tokens: 'length',
  length: 'length',
  model_context_window_exceeded: 'context_window',
  guardrail_intervened: 'content_filter',
  content_filtered: 'content_filter',
  refusal: 'refusal',
  pause_turn: 'pause',
};

/**
 * @param stopSequence the text that ended the answer, where the provider told it
 * @returns null where the provider gave no reason: the answer was cut
 */
export function endingOf(
  kind: NativeKind,
  { raw, unified }: WholeResult['finishReason'],
  stopSequence: string | null,
): Ending | null {
  if (raw === undefined) return null;
  const reasons = kind === 'bedrock' ? BEDROCK : GEMINI;
  // Gemini has many reasons to block a prompt, and the SDK knows that they are such.
  const told = unified === 'content-filter' ? 'content_filter' : own(reasons, raw);
  if (told === undefined) return { error: failed(raw) };
  return { finish: { ...finishedBy(withCalls(told, unified)), stopSequence } };
}

/** Gemini tells no calls; and a JSON answer that the SDK asks for as a call of a tool is none. */
function withCalls(told: FinishReason, unified: string): FinishReason {
  if (told === 'stop' && unified === 'tool-calls') return 'tool_calls';
  return told === 'tool_calls' && unified === 'stop' ? 'stop' : told;
}

function own(reasons: Readonly<Record<string, FinishReason>>, raw: string): FinishReason | undefined {
  return Object.hasOwn(reasons, raw) ? reasons[raw] : undefined;
}

function failed(raw: string): ProviderError {
  const word = /^\w{1,64}$/.test(raw) ? raw : 'an unknown reason';
  return { message: `The model broke its answer off: ${word}.`, type: word, code: null };
}
