import { ECHO_MODEL, type Model, type ModelTarget } from '../catalogue/models.ts';
import { GatewayError } from '../errors.ts';
import type { Target } from '../protocols/canonical/target.ts';
import { type HubProtocol, isHubProtocol } from '../protocols/codecs.ts';
import { ENDPOINTS, type Endpoint, type Protocol } from '../protocols/endpoint.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../protocols/model-facts.ts';
import { PROVIDERS, speaks } from '../providers/catalogue.ts';
import type { NativeKind } from '../providers/native/kinds.ts';
import type { NativeModel } from '../providers/native/native-model.ts';
import type { ProviderKind } from '../providers/provider-kinds.ts';
import type { Provider, Providers } from '../providers/providers.ts';
import { traitsOf, translatedTo } from '../providers/traits.ts';
import type { Upstream } from '../providers/upstream.ts';
import type { Upstreams } from '../providers/upstreams.ts';

/** One way in which one place can answer a request. */
export interface Route {
  /** Null for the built-in echo. */
  provider: Provider | null;
  upstreamModel: string;
  /** The provider's id in the price catalogue. */
  pricedAs: string | null;
  /** In which the provider is asked. */
  protocol: Protocol | 'native';
  /** Null where the caller's own bytes pass through. */
  into: HttpWay | NativeWay | null;
  /** Another way to ask the same provider, should its server turn out to lack this endpoint, as older ones do. */
  otherwise: Route | null;
  /** What is known of its model. */
  facts(): ModelFacts;
  connect(): Promise<Upstream>;
  /** For a way that is native. */
  connectNative(kind: NativeKind): Promise<NativeModel>;
}

/** Into another of the hub's protocols. */
export interface HttpWay {
  protocol: HubProtocol;
  target: Target;
}

/** Into a protocol of the service's own, which the AI SDK speaks. */
export interface NativeWay {
  protocol: 'native';
  kind: NativeKind;
  target: Target;
}

export interface RouteParts {
  providers: Providers;
  upstreams: Upstreams;
  facts: (model: Model, target: ModelTarget, provider: Provider) => ModelFacts;
  /** In [0, 1). */
  random: () => number;
}

/**
 * The targets of a model in the order they are tried: by priority, and by weighted chance among equals. Each is
 * spoken to in the caller's protocol where it can be, else in the one that carries most.
 * @returns none for a token count that no target can make
 * @throws GatewayError when no provider of the model is switched on, or none takes this kind of request
 */
export function routesFor(parts: RouteParts, model: Model, endpoint: Endpoint, asked: AskedOfRoute): Route[] {
  const { upstreams } = parts;
  if (model.id === ECHO_MODEL) {
    return [
      {
        provider: null,
        upstreamModel: ECHO_MODEL,
        pricedAs: null,
        protocol: ENDPOINTS[endpoint].protocol,
        into: null,
        otherwise: null,
        facts: () => UNKNOWN_FACTS,
        connect: async () => upstreams.echo,
        connectNative: () => Promise.reject(new TypeError('the echo speaks every protocol')),
      },
    ];
  }
  const enabled = model.targets.flatMap((target) => {
    const provider = parts.providers.get(target.providerId);
    return provider?.enabled ? [{ target, provider }] : [];
  });
  if (enabled.length === 0) {
    throw new GatewayError('upstream_error', `Every provider of ${model.id} is switched off.`);
  }
  const routes = inOrder(enabled, parts.random)
    .map((candidate) => routeTo(parts, model, candidate, endpoint, asked))
    .filter((route) => route !== null);
  if (routes.length === 0 && endpoint !== 'count_tokens') {
    const names = [...new Set(enabled.map(({ provider }) => provider.name))].join(', ');
    throw new GatewayError(
      'invalid_request',
      `${model.id} is served by ${names}, which does not take this kind of request; use a model whose provider does.`,
    );
  }
  return routes;
}

/** What of a body decides which way it goes. */
export interface AskedOfRoute {
  /** Written as the endpoint's protocol says, and so may pass through. */
  plain: boolean;
  /** It offers tools, and calls come back without what a service may have put on them. */
  bareTools: boolean;
}

interface Candidate {
  target: ModelTarget;
  provider: Provider;
}

/** @returns null where the provider cannot be asked for this at all */
function routeTo(
  parts: RouteParts,
  model: Model,
  { target, provider }: Candidate,
  endpoint: Endpoint,
  { plain, bareTools }: AskedOfRoute,
): Route | null {
  const { protocol: asked } = ENDPOINTS[endpoint];
  const route = (into: Route['into'], otherwise: Route | null): Route => ({
    provider,
    upstreamModel: target.upstreamModel,
    pricedAs: PROVIDERS[provider.kind].prices,
    protocol: into?.protocol ?? asked,
    into,
    otherwise,
    facts: () => parts.facts(model, target, provider),
    connect: () => parts.upstreams.of(provider),
    connectNative: async (kind) => (await parts.upstreams.of(provider)).native(kind),
  });
  const there = (protocol: Protocol | 'native') => !parts.upstreams.lacks(provider.id, protocol);
  const uncertain = isUncertain(provider);
  const needsNative =
    bareTools && isHubProtocol(asked) && !uncertain && PROVIDERS[provider.kind].nativeTools === true;
  const passes = plain && !needsNative && speaks(provider.kind, endpoint) && there(asked);
  if (passes && !uncertain) return route(null, null);
  if (!isHubProtocol(asked) || endpoint === 'count_tokens') return passes ? route(null, null) : null;

  const facts = parts.facts(model, target, provider);
  const traits = traitsOf(provider.kind, facts);
  const into: Target = {
    ...{ providerId: String(provider.id), upstreamModel: target.upstreamModel },
    ...{ facts, traits },
  };
  const spoken = worthTrying(waysOf(provider.kind).filter(there));
  const translated = spoken.filter((protocol) => !passes || protocol !== asked);
  const ways = [
    ...(passes ? [null] : []),
    ...translated.map((protocol) => wayInto(protocol, provider.kind, into)),
  ];
  return (uncertain ? ways : ways.slice(0, 1)).reduceRight<Route | null>(
    (otherwise, way) => route(way, otherwise),
    null,
  );
}

function wayInto(protocol: HubProtocol | 'native', kind: ProviderKind, target: Target): HttpWay | NativeWay {
  const native = PROVIDERS[kind].native;
  if (protocol !== 'native') return { protocol, target };
  if (native === undefined) throw new TypeError(`${kind} has no protocol of its own`);
  return { protocol, kind: native, target };
}

/** Every server that has one of these protocols has chat: where that is missing too, it is the model that is. */
function worthTrying(protocols: (HubProtocol | 'native')[]): (HubProtocol | 'native')[] {
  const chat = protocols.indexOf('openai-chat');
  return chat === -1 ? protocols.slice(0, 1) : protocols.slice(0, chat + 1);
}

function waysOf(kind: ProviderKind): (HubProtocol | 'native')[] {
  const { protocols, native } = PROVIDERS[kind];
  return translatedTo(kind).filter((protocol) =>
    protocol === 'native' ? native !== undefined : protocols[protocol] !== undefined,
  );
}

/** Older local servers lack the newer endpoints, and an address of the owner's own may be any server. */
function isUncertain({ kind, baseUrl }: Provider): boolean {
  const facts = PROVIDERS[kind];
  return facts.local || (facts.baseUrl !== null && new URL(facts.baseUrl).host !== new URL(baseUrl).host);
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
