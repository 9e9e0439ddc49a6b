import { ECHO_MODEL, type Model, type ModelTarget } from '../catalogue/models.ts';
import { GatewayError } from '../errors.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import { PROVIDERS, speaks } from '../providers/catalogue.ts';
import type { Provider, Providers } from '../providers/providers.ts';
import type { Upstream } from '../providers/upstream.ts';
import type { Upstreams } from '../providers/upstreams.ts';

/** One place that can answer a request. */
export interface Route {
  /** Null for the built-in echo. */
  provider: Provider | null;
  upstreamModel: string;
  /** The provider's id in the price catalogue. */
  pricedAs: string | null;
  connect(): Promise<Upstream>;
}

/**
 * The targets of a model in the order they are tried: by priority, and by weighted chance among equals.
 * @returns none for a token count that no target can make
 * @throws GatewayError when no provider of the model is switched on, or none speaks the caller's protocol
 */
export function routesFor(
  parts: { providers: Providers; upstreams: Upstreams /** In [0, 1). */; random: () => number },
  model: Model,
  endpoint: Endpoint,
): Route[] {
  const { upstreams } = parts;
  if (model.id === ECHO_MODEL) {
    return [
      { provider: null, upstreamModel: ECHO_MODEL, pricedAs: null, connect: async () => upstreams.echo },
    ];
  }
  const enabled = model.targets.flatMap((target) => {
    const provider = parts.providers.get(target.providerId);
    return provider?.enabled ? [{ target, provider }] : [];
  });
  if (enabled.length === 0) {
    throw new GatewayError('upstream_error', `Every provider of ${model.id} is switched off.`);
  }
  const speaking = enabled.filter(({ provider }) => speaks(provider.kind, endpoint));
  if (speaking.length === 0 && endpoint === 'count_tokens') return [];
  if (speaking.length === 0) {
    const names = [...new Set(enabled.map(({ provider }) => provider.name))].join(', ');
    throw new GatewayError(
      'invalid_request',
      `${model.id} is served by ${names}, which does not take this kind of request; use a model whose provider does.`,
    );
  }
  return inOrder(speaking, parts.random).map(({ target, provider }) => ({
    provider,
    upstreamModel: target.upstreamModel,
    pricedAs: PROVIDERS[provider.kind].prices,
    connect: () => upstreams.of(provider),
  }));
}

interface Candidate {
  target: ModelTarget;
  provider: Provider;
}

function inOrder(candidates: Candidate[], random: () => number): Candidate[] {
  const priority = ({ target, provider }: Candidate) => target.priority + provider.priority;
  return (
    candidates
      // Drawing by random^(1/weight) and sorting is weighted sampling without replacement (Efraimidis, Spirakis 2006).
      .map((candidate) => ({
        candidate,
        draw: random() ** (1 / Math.max(candidate.target.weight, Number.EPSILON)),
      }))
      .sort((a, b) => priority(a.candidate) - priority(b.candidate) || b.draw - a.draw)
      .map(({ candidate }) => candidate)
  );
}
