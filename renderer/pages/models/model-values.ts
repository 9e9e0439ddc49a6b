import type {
  Facts,
  FactsPatch,
  Model,
  ModelPatch,
  ModelPrice,
  Provider,
} from '../../../gateway/doors/admin/contract.ts';
import { inOrder, prioritised, type RankedTarget, type TargetInput } from '../../api/targets.ts';
import { microsOf } from './dollars.ts';
import { ECHO } from './model-rows.ts';

type Price = import('zod').infer<typeof ModelPrice>;

/** What a number field holds: text while nothing is typed. */
export type Typed = number | string;

export interface TargetValue {
  /** Stays the same while rows are moved. */
  key: string;
  /** Empty until one is chosen. */
  providerId: string;
  upstreamModel: string;
  weight: Typed;
  /** Shares the load with the one above, in place of being tried after it. */
  joined: boolean;
}

/** Dollars a million tokens. */
export interface PriceValues {
  input: Typed;
  output: Typed;
  cacheRead: Typed;
  cacheWrite: Typed;
}

/** The owner's word; null, or an empty number, takes what is known. */
export interface FactValues {
  contextWindow: Typed;
  maxOutputTokens: Typed;
  inputModalities: Facts['inputModalities'];
  efforts: Facts['efforts'];
  thinking: Facts['thinking'];
  sampling: boolean | null;
}

export interface ModelValues extends Record<string, unknown> {
  id: string;
  enabled: boolean;
  answeredBy: 'providers' | 'model';
  targets: TargetValue[];
  aliasOf: string | null;
  ownPrice: boolean;
  price: PriceValues;
  multiplier: Typed;
  /** Other names that lead here. */
  aliases: string[];
  facts: FactValues;
}

let keys = 0;

export function newTarget(providerId = '', upstreamModel = ''): TargetValue {
  keys += 1;
  return { key: `t${keys}`, providerId, upstreamModel, weight: 1, joined: false };
}

export function newModelValues(): ModelValues {
  return {
    ...{ id: '', enabled: true, answeredBy: 'providers', targets: [newTarget()], aliasOf: null },
    ...{ ownPrice: false, price: { input: '', output: '', cacheRead: '', cacheWrite: '' } },
    ...{ multiplier: 1, aliases: [], facts: factValues(null) },
  };
}

export function modelValues(
  model: Model,
  models: readonly Model[],
  providers: readonly Provider[],
): ModelValues {
  const { id, enabled, aliasOf, multiplier, price, facts } = model;
  const targets = inOrder(model.targets, providers);
  return {
    ...{ id, enabled, aliasOf, multiplier },
    answeredBy: targets.length > 0 || id === ECHO ? 'providers' : 'model',
    targets: targets.map(({ providerId, upstreamModel, weight, rank }, index) => ({
      ...newTarget(providerId, upstreamModel),
      weight,
      joined: targets[index - 1]?.rank === rank,
    })),
    ownPrice: price !== null,
    price: {
      input: dollarsOf(price?.input),
      output: dollarsOf(price?.output),
      cacheRead: dollarsOf(price?.cacheRead),
      cacheWrite: dollarsOf(price?.cacheWrite),
    },
    aliases: models.filter((other) => other.aliasOf === id).map((alias) => alias.id),
    facts: factValues(facts),
  };
}

/** What PATCH and POST take. What was not touched is left out, but for a new model. */
export function modelBody(
  values: ModelValues,
  before: ModelValues,
  providers: readonly Provider[],
): ModelPatch {
  const id = values.id.trim();
  const shared = { ...(id === before.id ? {} : { id }), enabled: values.enabled };
  if (id === ECHO) return { ...shared, multiplier: Number(values.multiplier) };
  if (values.answeredBy === 'model') {
    return {
      ...shared,
      ...(values.aliasOf === null ? { aliasOf: null, targets: [] } : { aliasOf: values.aliasOf }),
      ...(Number(values.multiplier) === before.multiplier ? {} : { multiplier: Number(values.multiplier) }),
    };
  }
  return {
    ...shared,
    ...(isSame(values.targets, before.targets) && values.answeredBy === before.answeredBy
      ? {}
      : { targets: targetInputs(values.targets, providers) }),
    price: values.ownPrice ? priceOf(values.price) : null,
    multiplier: Number(values.multiplier),
    ...(isSame(values.facts, before.facts) ? {} : { facts: factsPatch(values.facts) }),
  };
}

function targetInputs(targets: readonly TargetValue[], providers: readonly Provider[]): TargetInput[] {
  let rank = -1;
  const ranked = targets.map(({ providerId, upstreamModel, weight, joined }, index) => {
    if (index === 0 || !joined) rank += 1;
    return { providerId, upstreamModel: upstreamModel.trim(), weight: Number(weight) || 1, rank };
  });
  return prioritised(
    ranked satisfies Omit<RankedTarget, 'priority' | 'providerName' | 'listPrice'>[],
    providers,
  );
}

function priceOf({ input, output, cacheRead, cacheWrite }: PriceValues): Price {
  return {
    input: microsOf(Number(input)),
    output: microsOf(Number(output)),
    ...(cacheRead === '' ? {} : { cacheRead: microsOf(Number(cacheRead)) }),
    ...(cacheWrite === '' ? {} : { cacheWrite: microsOf(Number(cacheWrite)) }),
  };
}

function factValues(facts: Facts | null): FactValues {
  return {
    contextWindow: facts?.contextWindow ?? '',
    maxOutputTokens: facts?.maxOutputTokens ?? '',
    inputModalities: facts?.inputModalities ?? null,
    efforts: facts?.efforts ?? null,
    thinking: facts?.thinking ?? null,
    sampling: facts?.sampling ?? null,
  };
}

function factsPatch({ contextWindow, maxOutputTokens, ...others }: FactValues): FactsPatch {
  const tokens = (typed: Typed) => (typed === '' ? null : Number(typed));
  return {
    ...others,
    contextWindow: tokens(contextWindow),
    maxOutputTokens: tokens(maxOutputTokens),
  };
}

function dollarsOf(micros: number | undefined): Typed {
  return micros === undefined ? '' : micros / 1_000_000;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
