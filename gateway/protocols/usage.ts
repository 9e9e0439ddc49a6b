import type { Protocol } from './endpoint.ts';
import { isObject } from './json.ts';

/**
 * Tokens of one answer as a provider tells them, brought to one form: `inputTokens` includes cached ones
 * (Anthropic's `input_tokens` does not), `outputTokens` includes reasoning.
 */
export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  /** Read from a prompt cache. */
  cachedTokens: number;
  /** Written to a prompt cache, those of one hour included. */
  cacheWriteTokens: number;
  /** Written to a prompt cache for an hour, which costs more. */
  cacheWriteHourTokens: number;
  reasoningTokens: number;
}

export const NO_TOKENS: TokenUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  cacheWriteHourTokens: 0,
  reasoningTokens: 0,
};

/** More than any answer takes; a larger figure is junk that could not be added up exactly. */
const MOST_TOKENS = 1_000_000_000_000;

/**
 * Reads a `usage` object. Later objects of a stream replace earlier ones field by field, since Anthropic tells
 * the input at the start and cumulative figures at the end.
 * @returns `before` where the value is no usage object
 */
export function readUsage(protocol: Protocol, usage: unknown, before: TokenUsage | null): TokenUsage | null {
  if (!isObject(usage)) return before;
  return protocol === 'anthropic-messages' ? readAnthropic(usage, before ?? NO_TOKENS) : readOpenai(usage);
}

/**
 * xAI tells reasoning beside the completion and both in the total
 * (https://docs.x.ai/docs/key-information/consumption-and-rate-limits); others tell it as part of it.
 * Cached tokens stand outside of the details at DeepSeek (https://api-docs.deepseek.com/guides/kv_cache) and
 * Moonshot.
 */
function readOpenai(usage: Record<string, unknown>): TokenUsage {
  const inputTokens = count(usage.prompt_tokens ?? usage.input_tokens);
  const told = count(usage.completion_tokens ?? usage.output_tokens);
  const inputDetails = object(usage.prompt_tokens_details ?? usage.input_tokens_details);
  const outputDetails = object(usage.completion_tokens_details ?? usage.output_tokens_details);
  const reasoningTokens = count(outputDetails.reasoning_tokens);
  const beside = usage.total_tokens === inputTokens + told + reasoningTokens;
  return {
    inputTokens,
    outputTokens: beside ? told + reasoningTokens : told,
    cachedTokens: count(inputDetails.cached_tokens ?? usage.prompt_cache_hit_tokens ?? usage.cached_tokens),
    cacheWriteTokens: count(inputDetails.cache_write_tokens),
    cacheWriteHourTokens: 0,
    reasoningTokens,
  };
}

function readAnthropic(usage: Record<string, unknown>, before: TokenUsage): TokenUsage {
  const plainBefore = before.inputTokens - before.cachedTokens - before.cacheWriteTokens;
  const plain = count(usage.input_tokens, plainBefore);
  const cachedTokens = count(usage.cache_read_input_tokens, before.cachedTokens);
  const cacheWriteTokens = count(usage.cache_creation_input_tokens, before.cacheWriteTokens);
  const hour = object(usage.cache_creation).ephemeral_1h_input_tokens;
  const thinking = object(usage.output_tokens_details).thinking_tokens;
  return {
    inputTokens: plain + cachedTokens + cacheWriteTokens,
    outputTokens: count(usage.output_tokens, before.outputTokens),
    cachedTokens,
    cacheWriteTokens,
    cacheWriteHourTokens: count(hour, before.cacheWriteHourTokens),
    reasoningTokens: count(thinking, before.reasoningTokens),
  };
}

function count(value: unknown, otherwise = 0): number {
  return typeof value === 'number' && value >= 0 && value <= MOST_TOKENS ? Math.ceil(value) : otherwise;
}

function object(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
