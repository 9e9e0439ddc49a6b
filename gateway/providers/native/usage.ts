/** Token counts as Gemini and Bedrock tell them, in the gateway's own form. */
import { isObject, type JsonObject, objectsIn } from '../../protocols/json.ts';
import type { TokenUsage } from '../../protocols/usage.ts';
import type { NativeKind } from './kinds.ts';

/** @returns null where the provider told none */
export function nativeUsage(kind: NativeKind, raw: unknown): TokenUsage | null {
  if (!isObject(raw)) return null;
  return kind === 'bedrock' ? bedrockUsage(raw) : geminiUsage(raw);
}

/**
 * https://ai.google.dev/api/generate-content#UsageMetadata: the prompt's count includes cached tokens, the
 * candidates' excludes thoughts; what tools of Google's put into the prompt is counted apart.
 */
function geminiUsage(raw: JsonObject): TokenUsage {
  const thoughts = count(raw.thoughtsTokenCount);
  return {
    inputTokens: count(raw.promptTokenCount) + count(raw.toolUsePromptTokenCount),
    outputTokens: count(raw.candidatesTokenCount) + thoughts,
    cachedTokens: count(raw.cachedContentTokenCount),
    cacheWriteTokens: 0,
    cacheWriteHourTokens: 0,
    reasoningTokens: thoughts,
  };
}

/**
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html: the input's count excludes
 * what was read from and written to a cache; reasoning is part of the output and not told.
 */
function bedrockUsage(raw: JsonObject): TokenUsage {
  const read = count(raw.cacheReadInputTokens);
  const written = count(raw.cacheWriteInputTokens);
  const hour = objectsIn(raw.cacheDetails).filter(({ ttl }) => ttl === '1h');
  return {
    inputTokens: count(raw.inputTokens) + read + written,
    outputTokens: count(raw.outputTokens),
    cachedTokens: read,
    cacheWriteTokens: written,
    cacheWriteHourTokens: hour.reduce((sum, { inputTokens }) => sum + count(inputTokens), 0),
    reasoningTokens: 0,
  };
}

/** More than any answer takes; a larger figure is junk that could not be added up exactly. */
const MOST_TOKENS = 1_000_000_000_000;

function count(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= MOST_TOKENS ? Math.ceil(value) : 0;
}
