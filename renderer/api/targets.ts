import type { Model, NewModel, Provider } from '../../gateway/doors/admin/contract.ts';

export type ModelTarget = Model['targets'][number];
export type TargetInput = NonNullable<NewModel['targets']>[number];

/** A target with the place at which it is tried. */
export interface RankedTarget extends ModelTarget {
  /** 0 for the first; equal ones share the load by weight. */
  rank: number;
}

/** The targets as the gateway tries them: a provider's priority is added to its targets'. */
export function inOrder(targets: readonly ModelTarget[], providers: readonly Provider[]): RankedTarget[] {
  const added = priorities(providers);
  const total = (target: ModelTarget) => target.priority + (added.get(target.providerId) ?? 0);
  const steps = [...new Set(targets.map(total))].sort((a, b) => a - b);
  return targets
    .map((target) => ({ ...target, rank: steps.indexOf(total(target)) }))
    .sort((a, b) => a.rank - b.rank);
}

/** Gives targets priorities by which they are tried in the given ranks, whatever their providers' priorities are. */
export function prioritised(
  targets: readonly Pick<RankedTarget, 'providerId' | 'upstreamModel' | 'weight' | 'rank'>[],
  providers: readonly Provider[],
): TargetInput[] {
  const added = priorities(providers);
  return targets.map(({ providerId, upstreamModel, weight, rank }) => ({
    ...{ providerId, upstreamModel, weight },
    priority: rank - (added.get(providerId) ?? 0),
  }));
}

/** The model's targets with one more, tried last. */
export function withTarget(
  model: Model,
  target: Pick<ModelTarget, 'providerId' | 'upstreamModel'>,
  providers: readonly Provider[],
): TargetInput[] {
  const before = inOrder(model.targets, providers);
  const rank = (before.at(-1)?.rank ?? -1) + 1;
  return prioritised([...before, { ...target, weight: 1, rank }], providers);
}

function priorities(providers: readonly Provider[]): Map<string, number> {
  return new Map(providers.map(({ id, priority }) => [id, priority]));
}
