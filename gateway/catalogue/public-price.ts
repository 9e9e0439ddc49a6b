import type { Providers } from '../providers/providers.ts';
import { listPrice } from './list-price.ts';
import { ECHO_MODEL, type Model } from './models.ts';
import type { ModelPrice } from './prices.ts';

type FullPrice = Record<keyof ModelPrice, number>;

/**
 * What tokens of a model cost whoever uses it, in micros of a US dollar a million: the owner's price, else the
 * highest of the list prices of its targets that are switched on; null where nobody knows one.
 */
export function publicPrice(providers: Pick<Providers, 'get'>, model: Model): FullPrice | null {
  if (model.price !== null) return full(model.price);
  if (model.id === ECHO_MODEL) return full({ input: 0, output: 0 });
  const targets = model.targets.flatMap(({ providerId, upstreamModel }) => {
    const provider = providers.get(providerId);
    return provider === undefined ? [] : [{ provider, upstreamModel }];
  });
  const enabled = targets.filter(({ provider }) => provider.enabled);
  const [first, ...others] = (enabled.length > 0 ? enabled : targets)
    .map(({ provider, upstreamModel }) => listPrice(provider.kind, upstreamModel))
    .filter((price) => price !== null)
    .map(full);
  return first === undefined ? null : others.reduce(highest, first);
}

/** What goes through a cache costs what input costs, unless told. */
function full({ input, output, cacheRead = input, cacheWrite = input }: ModelPrice): FullPrice {
  return { input, output, cacheRead, cacheWrite };
}

function highest(one: FullPrice, other: FullPrice): FullPrice {
  return {
    input: Math.max(one.input, other.input),
    output: Math.max(one.output, other.output),
    cacheRead: Math.max(one.cacheRead, other.cacheRead),
    cacheWrite: Math.max(one.cacheWrite, other.cacheWrite),
  };
}
