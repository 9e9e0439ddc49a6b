import type { Provider as PricedProvider } from '@pydantic/genai-prices';
import type { TokenUsage } from '../protocols/usage.ts';
import { priceCatalogue } from './price-catalogue.ts';
import { PriceRates } from './price-rates.ts';

/** The owner's own price of a model, in micros of a US dollar a million tokens. */
export interface ModelPrice {
  input: number;
  output: number;
  /** Tokens read from a prompt cache; as input if left out. */
  cacheRead?: number | undefined;
  /** Tokens written to a prompt cache; as input if left out. */
  cacheWrite?: number | undefined;
}

const pricedProviders = new Map<string, PricedProvider | undefined>();
const rates = new Map<string, PriceRates>();

/**
 * What an answer costs, in whole micros of a US dollar; 0 where nobody knows a price.
 * @param pricedAs the provider's id in the price catalogue, or null if it has none
 */
export function costMicros(
  own: ModelPrice | null,
  pricedAs: string | null,
  upstreamModel: string,
  usage: TokenUsage,
): number {
  if (own !== null) return ownCost(own, usage);
  const catalogue = pricedAs === null ? undefined : priceRates(pricedAs);
  // Providers do tell parts that are larger than their whole.
  const written = Math.max(usage.cacheWriteTokens, usage.cacheWriteHourTokens);
  const input = Math.max(usage.inputTokens, usage.cachedTokens + written);
  const rate = catalogue?.of(upstreamModel, input) ?? null;
  if (rate === null) return 0;
  return Math.round(
    rate.request +
      (input - usage.cachedTokens - written) * rate.plainInput +
      usage.cachedTokens * rate.cacheRead +
      (written - usage.cacheWriteHourTokens) * rate.cacheWrite +
      usage.cacheWriteHourTokens * rate.cacheWriteHour +
      usage.outputTokens * rate.output,
  );
}

/** The price catalogue's price of a model, where it is one figure a million tokens; null if unknown. */
export function cataloguePrice(pricedAs: string | null, upstreamModel: string): ModelPrice | null {
  if (pricedAs === null) return null;
  const provider = pricedProvider(pricedAs);
  const found =
    provider &&
    priceCatalogue().calcPrice({ input_tokens: 0, output_tokens: 0 }, upstreamModel, { provider });
  if (!found) return null;
  const micros = (key: string): number | undefined => {
    const price = found.model_price[key];
    const dollars = typeof price === 'object' ? price.base : price;
    return dollars === undefined ? undefined : Math.round(dollars * 1_000_000);
  };
  return {
    input: micros('input_mtok') ?? 0,
    output: micros('output_mtok') ?? 0,
    cacheRead: micros('cache_read_mtok'),
    cacheWrite: micros('cache_write_mtok'),
  };
}

/** The price catalogue's context window of a model, in tokens; null if unknown. */
export function catalogueWindow(pricedAs: string | null, upstreamModel: string): number | null {
  const provider = pricedAs === null ? undefined : pricedProvider(pricedAs);
  const found =
    provider &&
    priceCatalogue().calcPrice({ input_tokens: 0, output_tokens: 0 }, upstreamModel, { provider });
  return found?.model.context_window ?? null;
}

function ownCost(price: ModelPrice, usage: TokenUsage): number {
  const plain = Math.max(0, usage.inputTokens - usage.cachedTokens - usage.cacheWriteTokens);
  const micros =
    plain * price.input +
    usage.cachedTokens * (price.cacheRead ?? price.input) +
    usage.cacheWriteTokens * (price.cacheWrite ?? price.input) +
    usage.outputTokens * price.output;
  return Math.round(micros / 1_000_000);
}

function pricedProvider(id: string): PricedProvider | undefined {
  if (!pricedProviders.has(id)) pricedProviders.set(id, priceCatalogue().findProvider({ providerId: id }));
  return pricedProviders.get(id);
}

function priceRates(id: string): PriceRates | undefined {
  const known = rates.get(id);
  if (known !== undefined) return known;
  const provider = pricedProvider(id);
  if (provider === undefined) return undefined;
  const made = new PriceRates(provider);
  rates.set(id, made);
  return made;
}
