import { ECHO_MODEL, type Model, type Models, type ModelTarget } from '../../catalogue/models.ts';
import type { Providers } from '../../providers/providers.ts';
import type { NewModel } from './contract.ts';
import { invalid } from './errors.ts';
import { idOf } from './values.ts';

/** @throws GatewayError for a provider that is not there, or a target given twice */
export function targetsOf(targets: NonNullable<NewModel['targets']>, providers: Providers): ModelTarget[] {
  const seen = new Set<string>();
  return targets.map(({ providerId, upstreamModel, priority = 0, weight = 1 }, index) => {
    const id = idOf(providerId);
    if (providers.get(id) === undefined) {
      throw invalid(
        `targets[${index}].providerId`,
        `There is no provider ${providerId}. It may have been deleted.`,
      );
    }
    const name = `${id} ${upstreamModel}`;
    if (seen.has(name)) {
      throw invalid(
        `targets[${index}]`,
        `The model ${upstreamModel} of provider ${providerId} stands there twice.`,
      );
    }
    seen.add(name);
    return { providerId: id, upstreamModel, priority, weight };
  });
}

/** @throws GatewayError where the model cannot be what it is to become */
export function checkModel(model: Model, models: Models): void {
  if (model.id === ECHO_MODEL && (model.targets.length > 0 || model.aliasOf !== null)) {
    const field = model.aliasOf === null ? 'targets' : 'aliasOf';
    throw invalid(
      field,
      `${ECHO_MODEL} is built in and answers by itself: it takes neither targets nor aliasOf.`,
    );
  }
  if (model.aliasOf === null) return;
  if (model.targets.length > 0) {
    throw invalid(
      'aliasOf',
      'Give either targets or aliasOf: an alias is served by the model it stands for.',
    );
  }
  if (model.aliasOf !== model.id && models.get(model.aliasOf) === undefined) {
    throw invalid('aliasOf', `There is no model ${model.aliasOf}. Add it first.`);
  }
  if (leadsTo(models, model.aliasOf, model.id)) {
    throw invalid('aliasOf', `${model.aliasOf} leads back to ${model.id}: an alias must end at a model.`);
  }
}

function leadsTo(models: Models, from: string, to: string): boolean {
  const seen = new Set<string>();
  for (let at: string | null = from; at !== null && !seen.has(at); at = models.get(at)?.aliasOf ?? null) {
    if (at === to) return true;
    seen.add(at);
  }
  return false;
}
