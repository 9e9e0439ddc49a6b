import { PROVIDERS } from '../providers/catalogue.ts';
import type { ProviderKind } from '../providers/provider-kinds.ts';
import { cataloguePrice, type ModelPrice } from './prices.ts';

/** The catalogue looks through hundreds of patterns; there are as many answers as targets and listed models. */
const known = new Map<string, ModelPrice | null>();
const MOST_KNOWN = 10_000;

const FREE: ModelPrice = { input: 0, output: 0 };

/**
 * What a provider's model costs where the owner says nothing, in micros of a US dollar a million tokens: nothing
 * on a machine of one's own; null where nobody knows.
 */
export function listPrice(kind: ProviderKind, upstreamModel: string): ModelPrice | null {
  const { local, prices } = PROVIDERS[kind];
  if (local) return FREE;
  const key = `${prices} ${upstreamModel}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const price = cataloguePrice(prices, upstreamModel);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, price);
  return price;
}
