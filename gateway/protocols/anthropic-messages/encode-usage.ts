import type { JsonObject } from '../json.ts';
import { NO_TOKENS, type TokenUsage } from '../usage.ts';

/** Anthropic's `input_tokens` are those that no cache had a part in. Zeros where nothing was told. */
export function encodeUsage(usage: TokenUsage | null): JsonObject {
  const { inputTokens, outputTokens, cachedTokens, cacheWriteTokens, cacheWriteHourTokens, reasoningTokens } =
    usage ?? NO_TOKENS;
  return {
    input_tokens: Math.max(0, inputTokens - cachedTokens - cacheWriteTokens),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedTokens,
    // Clients keep what the beginning of a stream says of it, so nothing is said before it is known.
    cache_creation:
      usage === null
        ? null
        : {
            ephemeral_5m_input_tokens: Math.max(0, cacheWriteTokens - cacheWriteHourTokens),
            ephemeral_1h_input_tokens: cacheWriteHourTokens,
          },
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: reasoningTokens },
    server_tool_use: null,
    service_tier: null,
  };
}
