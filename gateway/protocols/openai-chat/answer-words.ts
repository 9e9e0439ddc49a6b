/** What a caller's answer and a caller's stream have in common. */
import type { Finish } from '../canonical/answer.ts';
import type { AnswerContext } from '../canonical/codec.ts';
import type { ToolCallPart } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import { wordFor } from './finish-reason.ts';

export function answerHead(
  { requestId, model, at }: AnswerContext,
  object: 'chat.completion' | 'chat.completion.chunk',
): JsonObject {
  return { id: `chatcmpl-${requestId}`, object, created: Math.floor(at / 1000), model };
}

/** A call as it stands in a message. */
export function callOf({ id, name, kind, input }: Omit<ToolCallPart, 'type'>): JsonObject {
  return kind === 'custom'
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: input } };
}

/** Clients parse arguments: a call without any has an empty object. */
export const NO_ARGUMENTS = '{}';

/** Members of a choice. `stop_details` is Anthropic's, and tells why a model declined. */
export function finishMembers({ reason, details }: Finish, refused: boolean): JsonObject {
  return {
    finish_reason: wordFor(reason, refused),
    ...(details === null ? {} : { stop_details: details }),
  };
}

/** https://platform.openai.com/docs/api-reference/chat/object: input includes what was cached, output what was thought. */
export function usageMembers(usage: TokenUsage): JsonObject {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}

/** Between thoughts that were parts of their own, where they are told as one text. */
export const BETWEEN_THOUGHTS = '\n\n';
