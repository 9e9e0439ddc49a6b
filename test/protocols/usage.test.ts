import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_TOKENS, readUsage } from '../../gateway/protocols/usage.ts';

describe('the usage of an answer', () => {
  it('of Chat Completions includes cached input and reasoning', () => {
    const usage = {
      prompt_tokens: 2_006,
      completion_tokens: 300,
      total_tokens: 2_306,
      prompt_tokens_details: { cached_tokens: 1_920, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 192, accepted_prediction_tokens: 0 },
    };
    expect(readUsage('openai-chat', usage, null)).toEqual({
      ...NO_TOKENS,
      inputTokens: 2_006,
      outputTokens: 300,
      cachedTokens: 1_920,
      reasoningTokens: 192,
    });
  });

  it('of Responses has the same figures under other names', () => {
    const usage = {
      input_tokens: 328,
      input_tokens_details: { cached_tokens: 100, cache_write_tokens: 28 },
      output_tokens: 52,
      output_tokens_details: { reasoning_tokens: 40 },
      total_tokens: 380,
    };
    expect(readUsage('openai-responses', usage, null)).toEqual({
      ...NO_TOKENS,
      inputTokens: 328,
      outputTokens: 52,
      cachedTokens: 100,
      cacheWriteTokens: 28,
      reasoningTokens: 40,
    });
  });

  // xAI (https://docs.x.ai/docs/key-information/consumption-and-rate-limits) tells reasoning beside the completion; the total holds both.
  it('of a provider that tells reasoning beside the output counts both as output', () => {
    const usage = {
      prompt_tokens: 32,
      completion_tokens: 9,
      total_tokens: 135,
      completion_tokens_details: { reasoning_tokens: 94 },
    };
    expect(readUsage('openai-chat', usage, null)).toMatchObject({ outputTokens: 103, reasoningTokens: 94 });
  });

  it('of Messages leaves the cache out of input_tokens, so it is added', () => {
    const usage = {
      input_tokens: 21,
      cache_creation_input_tokens: 188_086,
      cache_read_input_tokens: 1_000,
      cache_creation: { ephemeral_5m_input_tokens: 100_000, ephemeral_1h_input_tokens: 88_086 },
      output_tokens: 393,
      output_tokens_details: { thinking_tokens: 120 },
    };
    expect(readUsage('anthropic-messages', usage, null)).toEqual({
      inputTokens: 189_107,
      outputTokens: 393,
      cachedTokens: 1_000,
      cacheWriteTokens: 188_086,
      cacheWriteHourTokens: 88_086,
      reasoningTokens: 120,
    });
  });

  it('of a Messages stream is replaced, not added: its figures are cumulative', () => {
    const start = {
      input_tokens: 25,
      cache_read_input_tokens: 75,
      cache_creation_input_tokens: 10,
      output_tokens: 1,
    };
    const begun = readUsage('anthropic-messages', start, null);
    const middle = readUsage('anthropic-messages', { output_tokens: 15 }, begun);
    const end = readUsage(
      'anthropic-messages',
      { output_tokens: 40, input_tokens: 25, cache_read_input_tokens: 75 },
      middle,
    );
    expect(begun).toMatchObject({ inputTokens: 110, cachedTokens: 75, outputTokens: 1 });
    expect(middle).toMatchObject({ inputTokens: 110, cachedTokens: 75, outputTokens: 15 });
    expect(end).toMatchObject({ inputTokens: 110, cachedTokens: 75, cacheWriteTokens: 10, outputTokens: 40 });
  });

  it.each([null, undefined, 7, 'many', [], [1]])('keeps what was told before in the place of %j', (junk) => {
    const before = { ...NO_TOKENS, inputTokens: 5 };
    for (const protocol of ['openai-chat', 'anthropic-messages'] as const) {
      expect(readUsage(protocol, junk, before)).toBe(before);
      expect(readUsage(protocol, junk, null)).toBeNull();
    }
  });

  it('is whole, finite and not negative, whatever was sent', () => {
    const figure = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.string(),
      fc.constant(null),
      fc.constant(Number.POSITIVE_INFINITY),
    );
    const details = fc.oneof(
      figure,
      fc.dictionary(fc.constantFrom('cached_tokens', 'reasoning_tokens', 'cache_write_tokens'), figure),
    );
    const usage = fc.record(
      {
        prompt_tokens: figure,
        completion_tokens: figure,
        input_tokens: figure,
        output_tokens: figure,
        total_tokens: figure,
        cache_read_input_tokens: figure,
        cache_creation_input_tokens: figure,
        prompt_tokens_details: details,
        output_tokens_details: details,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('openai-chat', 'openai-responses', 'anthropic-messages'),
        usage,
        (protocol, told) => {
          for (const tokens of Object.values(readUsage(protocol, told, null) ?? {})) {
            expect(Number.isSafeInteger(tokens)).toBe(true);
            expect(tokens).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
