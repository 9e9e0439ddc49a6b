import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cataloguePrice, costMicros } from '../../gateway/catalogue/prices.ts';
import { NO_TOKENS, readUsage, type TokenUsage } from '../../gateway/protocols/usage.ts';

function usage(some: Partial<TokenUsage>): TokenUsage {
  return { ...NO_TOKENS, ...some };
}

describe("a cost by the owner's price", () => {
  const price = { input: 3_000_000, output: 15_000_000, cacheRead: 300_000, cacheWrite: 3_750_000 };

  it('takes each token once', () => {
    const told = {
      prompt_tokens: 1_000,
      completion_tokens: 200,
      prompt_tokens_details: { cached_tokens: 600 },
    };
    // 400 × 3 + 600 × 0.3 + 200 × 15 micros
    expect(costMicros(price, null, 'any', readUsage('openai-chat', told, null) as TokenUsage)).toBe(4_380);
  });

  it("adds the cache that Anthropic's input leaves out", () => {
    const told = {
      input_tokens: 400,
      cache_read_input_tokens: 600,
      cache_creation_input_tokens: 100,
      output_tokens: 200,
    };
    // 400 × 3 + 600 × 0.3 + 100 × 3.75 + 200 × 15 micros
    expect(costMicros(price, null, 'any', readUsage('anthropic-messages', told, null) as TokenUsage)).toBe(
      4_755,
    );
  });

  it('takes the input price where the cache has none', () => {
    const plain = { input: 2_000_000, output: 0 };
    expect(
      costMicros(plain, null, 'any', usage({ inputTokens: 100, cachedTokens: 40, cacheWriteTokens: 10 })),
    ).toBe(200);
  });

  it('wins over the catalogue, even when it is nothing', () => {
    expect(
      costMicros({ input: 0, output: 0 }, 'openai', 'gpt-4o', usage({ inputTokens: 1e6, outputTokens: 1e6 })),
    ).toBe(0);
  });

  it('is whole micros', () => {
    expect(costMicros({ input: 150_000, output: 0 }, null, 'any', usage({ inputTokens: 10 }))).toBe(2);
  });
});

describe("a cost by the catalogue's price", () => {
  it('of OpenAI: cached input is part of the input', () => {
    const told = {
      prompt_tokens: 1_000_000,
      completion_tokens: 100_000,
      prompt_tokens_details: { cached_tokens: 400_000 },
    };
    const tokens = readUsage('openai-chat', told, null) as TokenUsage;
    // gpt-4o: $2.50 in, $1.25 cached, $10 out a million: 0.6 × 2.5 + 0.4 × 1.25 + 0.1 × 10
    expect(costMicros(null, 'openai', 'gpt-4o', tokens)).toBe(3_000_000);
  });

  it('of Anthropic: cached input comes on top of the input', () => {
    const told = {
      input_tokens: 100_000,
      cache_read_input_tokens: 1_000_000,
      cache_creation_input_tokens: 200_000,
      output_tokens: 10_000,
    };
    const tokens = readUsage('anthropic-messages', told, null) as TokenUsage;
    // Claude Haiku 4.5: $1 in, $0.10 read, $1.25 written, $5 out: 0.1 × 1 + 1 × 0.1 + 0.2 × 1.25 + 0.01 × 5
    expect(costMicros(null, 'anthropic', 'claude-haiku-4-5', tokens)).toBe(500_000);
  });

  it('of Anthropic: what is cached for an hour costs twice the input', () => {
    const told = {
      input_tokens: 0,
      cache_creation_input_tokens: 300_000,
      cache_creation: { ephemeral_1h_input_tokens: 100_000 },
      output_tokens: 0,
    };
    const tokens = readUsage('anthropic-messages', told, null) as TokenUsage;
    // Claude Haiku 4.5: 0.2 × 1.25 + 0.1 × 2
    expect(costMicros(null, 'anthropic', 'claude-haiku-4-5', tokens)).toBe(450_000);
  });

  it('with tiers: a long prompt costs more', () => {
    // gemini-2.5-pro: $1.25 in and $10 out up to 200,000 tokens of input; $2.50 and $15 beyond
    const cost = (inputTokens: number) =>
      costMicros(null, 'google', 'gemini-2.5-pro', usage({ inputTokens, outputTokens: 10_000 }));
    expect(cost(100_000)).toBe(225_000);
    expect(cost(400_000)).toBe(1_150_000);
  });

  it('is 0 where nobody knows a price', () => {
    const some = usage({ inputTokens: 1_000, outputTokens: 1_000 });
    expect(costMicros(null, null, 'gpt-4o', some)).toBe(0);
    expect(costMicros(null, 'no-such-provider', 'gpt-4o', some)).toBe(0);
    expect(costMicros(null, 'openai', 'no-such-model', some)).toBe(0);
  });

  it('never throws, and is whole and not negative, whatever a provider told', () => {
    const tokens = fc.oneof(fc.nat(10), fc.nat(2_000_000), fc.constant(1_000_000_000_000));
    const told = fc.record({
      inputTokens: tokens,
      outputTokens: tokens,
      cachedTokens: tokens,
      cacheWriteTokens: tokens,
      cacheWriteHourTokens: tokens,
      reasoningTokens: tokens,
    });
    const models = fc.constantFrom(
      ['openai', 'gpt-4o'],
      ['anthropic', 'claude-haiku-4-5'],
      ['google', 'gemini-2.5-pro'],
      ['x-ai', 'grok-4'],
    );
    fc.assert(
      fc.property(models, told, fc.boolean(), ([provider, model], used, own) => {
        const cost = costMicros(
          own ? { input: 1, output: 1 } : null,
          provider as string,
          model as string,
          used,
        );
        expect(Number.isInteger(cost)).toBe(true);
        expect(cost).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300 },
    );
  });

  it('can be told', () => {
    expect(cataloguePrice('openai', 'gpt-4o')).toMatchObject({
      input: 2_500_000,
      output: 10_000_000,
      cacheRead: 1_250_000,
    });
    expect(cataloguePrice('anthropic', 'claude-haiku-4-5')).toMatchObject({
      input: 1_000_000,
      output: 5_000_000,
      cacheRead: 100_000,
      cacheWrite: 1_250_000,
    });
    expect(cataloguePrice('google', 'gemini-2.5-pro')).toMatchObject({
      input: 1_250_000,
      output: 10_000_000,
    });
    expect(cataloguePrice(null, 'gpt-4o')).toBeNull();
    expect(cataloguePrice('no-such-provider', 'gpt-4o')).toBeNull();
    expect(cataloguePrice('openai', 'no-such-model')).toBeNull();
  });
});
