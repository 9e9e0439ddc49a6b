import type { Member } from '../accounts/members.ts';
import { AUTO_MODEL, type Models, type ResolvedModel } from '../catalogue/models.ts';
import { GatewayError } from '../errors.ts';
import type { Caller } from './call.ts';

/** @throws GatewayError `route_not_allowed` */
export function authorizeRoute(caller: Caller, preset: string | null): void {
  if (caller.key.kind === 'subscription' && preset === null) {
    throw new GatewayError(
      'route_not_allowed',
      'A subscription key works on the tool routes alone, such as /claudecode/v1; use another key here.',
    );
  }
}

/**
 * @param auto the model that `auto` stands for on this route; null where none was chosen
 * @throws GatewayError `unknown_model`, `model_not_allowed`
 */
export function authorizeModel(
  models: Models,
  auto: string | null,
  member: Member,
  wanted: string,
): ResolvedModel {
  const model = resolve(models, auto, wanted);
  if (!mayUse(member, model)) {
    throw new GatewayError('model_not_allowed', `${member.name} may not use the model ${quoted(wanted)}.`);
  }
  return model;
}

export function mayUse(member: Member, model: ResolvedModel): boolean {
  const { allowedModels } = member;
  return allowedModels === null || model.ids.some((id) => allowedModels.includes(id));
}

function resolve(models: Models, auto: string | null, wanted: string): ResolvedModel {
  if (wanted === AUTO_MODEL && models.get(AUTO_MODEL) === undefined) return resolveAuto(models, auto);
  const model = models.resolve(wanted);
  if (model !== undefined) return model;
  const known = models.get(wanted);
  const why =
    known === undefined
      ? 'There is no such model here; GET /models lists what you may use.'
      : known.enabled
        ? 'It is not bound to a provider yet; the owner chooses one under Models.'
        : 'The owner has switched it off.';
  throw new GatewayError('unknown_model', `Unknown model ${quoted(wanted)}. ${why}`);
}

function resolveAuto(models: Models, chosen: string | null): ResolvedModel {
  const model = chosen === null ? undefined : models.resolve(chosen);
  if (model === undefined) {
    const why =
      chosen === null
        ? 'the owner has not chosen a default model yet.'
        : `it stands for ${quoted(chosen)} here, which cannot serve now: it is switched off or not bound.`;
    throw new GatewayError('unknown_model', `Unknown model "auto": ${why}`);
  }
  return { ...model, requested: AUTO_MODEL, ids: [AUTO_MODEL, ...model.ids] };
}

/** Callers write model names: cut and quoted, they cannot fill a log or break a line. */
function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}
