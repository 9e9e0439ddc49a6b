import { calcPrice, findProvider, type Provider } from '@pydantic/genai-prices';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceRates } from '../../gateway/catalogue/price-rates.ts';
import { costMicros } from '../../gateway/catalogue/prices.ts';

const PROVIDERS = ['openai', 'anthropic', 'google', 'deepseek', 'groq', 'mistral', 'x-ai', 'openrouter'];

function providerOf(id: string): Provider {
  const provider = findProvider({ providerId: id });
  if (provider === undefined) throw new Error(`the price catalogue does not know ${id}`);
  return provider;
}

describe('a cost by rates', () => {
  const asked = PROVIDERS.flatMap((id) => providerOf(id).models.map((model) => ({ id, model: model.id })));
  const tokens = fc.oneof(fc.nat(2_000), fc.nat(3_000_000));
  const usages = fc.record({ plain: tokens, read: tokens, write: tokens, hour: tokens, output: tokens });

  it('is what the price catalogue itself says, for every model and every mix of tokens', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...asked),
        usages,
        ({ id, model }, { plain, read, write, hour, output }) => {
          const usage = {
            ...{ inputTokens: plain + read + write + hour, outputTokens: output, reasoningTokens: 0 },
            ...{ cachedTokens: read, cacheWriteTokens: write + hour, cacheWriteHourTokens: hour },
          };
          const told = calcPrice(
            {
              input_tokens: usage.inputTokens,
              output_tokens: output,
              cache_read_tokens: read,
              cache_write_tokens: write + hour,
              cache_write_1h_tokens: hour,
            },
            model,
            { provider: providerOf(id) },
          );
          const micros = (told?.total_price ?? 0) * 1_000_000;
          expect(Math.abs(costMicros(null, id, model, usage) - micros)).toBeLessThanOrEqual(
            0.5 + micros * 1e-9,
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  it('follows a price that depends on the time, a minute late at most', () => {
    const provider = providerOf('openai');
    const cheap = { input_mtok: 1, output_mtok: 2 };
    const dear = { input_mtok: 10, output_mtok: 20 };
    const model = { id: 'm', match: { equals: 'm' }, prices: cheap };
    let now = 0;
    const rates = new PriceRates({ ...provider, models: [model] } as Provider, () => now);
    expect(rates.of('m', 1_000)?.plainInput).toBeCloseTo(1);
    model.prices = dear;
    now = 59_999;
    expect(rates.of('m', 1_000)?.plainInput).toBeCloseTo(1);
    now = 60_000;
    expect(rates.of('m', 1_000)?.plainInput).toBeCloseTo(10);
    expect(rates.of('another', 1_000)).toBeNull();
  });
});
