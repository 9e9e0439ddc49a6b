import {
  type Effort,
  type Modality,
  type ModelFacts,
  type ThinkingMode,
  UNKNOWN_FACTS,
} from '../protocols/model-facts.ts';
import { PROVIDERS } from '../providers/catalogue.ts';
import type { ProviderKind } from '../providers/provider-kinds.ts';
import type { Provider, Providers } from '../providers/providers.ts';
import { knownModel } from './known-models.ts';
import type { ListedFacts } from './listed-facts.ts';
import type { Model, Models, ModelTarget } from './models.ts';
import { catalogueWindow } from './prices.ts';

/** The parts of a provider that decide what its models take. */
export interface FactsProvider {
  id: number;
  kind: ProviderKind;
}

/**
 * What is known of one target of a public model, field by field: the owner's edit, what the provider's own
 * listing told, what is shipped, the price catalogue's window. Nothing is read from disk.
 */
export function factsFor(
  model: Pick<Model, 'id' | 'facts'>,
  target: Pick<ModelTarget, 'upstreamModel'>,
  provider: FactsProvider,
  listed: ListedFacts,
): ModelFacts {
  return {
    // Azure knows models by the owner's own names of deployments.
    ...shippedFacts(provider.kind, target.upstreamModel, provider.kind === 'azure-openai' ? model.id : null),
    ...listed.of(provider.id, target.upstreamModel),
    ...ownersEdits(model),
  };
}

/** What is known of a model of a provider, published or not. */
export function upstreamFacts(
  provider: FactsProvider,
  upstreamModel: string,
  listed: Pick<ListedFacts, 'of'>,
): ModelFacts {
  return {
    ...shippedFacts(provider.kind, upstreamModel, null),
    ...listed.of(provider.id, upstreamModel),
  };
}

/** There are as many as targets and listed models. */
const shipped = new Map<string, ModelFacts>();
const MOST_SHIPPED = 10_000;

/** @param otherName looked up where the first name tells nothing */
function shippedFacts(kind: ProviderKind, upstreamModel: string, otherName: string | null): ModelFacts {
  const key = JSON.stringify([kind, upstreamModel, otherName]);
  const known = shipped.get(key);
  if (known !== undefined) return known;
  const found = lookUp(kind, upstreamModel, otherName);
  if (shipped.size >= MOST_SHIPPED) shipped.clear();
  shipped.set(key, found);
  return found;
}

function lookUp(kind: ProviderKind, upstreamModel: string, otherName: string | null): ModelFacts {
  const { local, prices } = PROVIDERS[kind];
  // A local server runs what it was given under any name, with as much context as it was started with.
  if (local) return UNKNOWN_FACTS;
  return {
    ...UNKNOWN_FACTS,
    contextWindow: catalogueWindow(prices, upstreamModel),
    ...(knownModel(upstreamModel) ?? (otherName === null ? undefined : knownModel(otherName))),
  };
}

function ownersEdits({ facts }: Pick<Model, 'facts'>): Partial<ModelFacts> {
  return Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== null));
}

export interface PublicFactsParts {
  models: Models;
  providers: Providers;
  facts: (model: Model, target: ModelTarget, provider: Provider) => ModelFacts;
}

/** What may be told of a public model: it holds for every target that is switched on. An alias has its model's. */
export function publicFacts({ models, providers, facts }: PublicFactsParts, model: Model): ModelFacts {
  const served = models.behind(model);
  const targets = served.targets.flatMap((target) => {
    const provider = providers.get(target.providerId);
    return provider === undefined ? [] : [{ target, provider }];
  });
  const enabled = targets.filter(({ provider }) => provider.enabled);
  const asked = enabled.length > 0 ? enabled : targets;
  if (asked.length === 0) return { ...UNKNOWN_FACTS, ...ownersEdits(served) };
  return commonFacts(asked.map(({ target, provider }) => facts(served, target, provider)));
}

/**
 * What holds for each of several targets: the smallest limits, what all of them take. What is not known of one
 * of them is not known at all; a single one that takes no sampling parameters is enough for not taking them.
 */
function commonFacts(all: readonly ModelFacts[]): ModelFacts {
  const sampling = all.map((facts) => facts.sampling);
  return {
    contextWindow: smallest(all.map((facts) => facts.contextWindow)),
    maxOutputTokens: smallest(all.map((facts) => facts.maxOutputTokens)),
    inputModalities: shared<Modality>(all.map((facts) => facts.inputModalities)),
    efforts: shared<Effort>(all.map((facts) => facts.efforts)),
    thinking: shared<ThinkingMode>(all.map((facts) => facts.thinking)),
    sampling: sampling.includes(false) ? false : sampling.includes(null) ? null : true,
  };
}

function smallest(limits: readonly (number | null)[]): number | null {
  const known = limits.filter((limit) => limit !== null);
  return known.length < limits.length ? null : Math.min(...known);
}

function shared<Item>(lists: readonly (readonly Item[] | null)[]): readonly Item[] | null {
  const known = lists.filter((list) => list !== null);
  const [first = []] = known;
  if (known.length < lists.length) return null;
  return first.filter((item) => known.every((list) => list.includes(item)));
}
