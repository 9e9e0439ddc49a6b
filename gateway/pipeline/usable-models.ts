import type { Member } from '../accounts/members.ts';
import { AUTO_MODEL, type Models, type ResolvedModel } from '../catalogue/models.ts';
import type { Settings } from '../catalogue/settings.ts';
import { authorizeModel, mayUse } from './authorize.ts';

/**
 * The models a member's requests may name now, as a request would find them: published, bound, on its allow-list.
 * `auto` comes last, where the owner has chosen what it stands for.
 */
export function usableModels(parts: { models: Models; settings: Settings }, member: Member): ResolvedModel[] {
  const usable = publishedModels(parts.models).filter((model) => mayUse(member, model));
  const auto = parts.models.get(AUTO_MODEL) === undefined ? resolvedAuto(parts, member) : undefined;
  return auto === undefined ? usable : [...usable, auto];
}

/** Every model that can serve, whoever asks. */
export function publishedModels(models: Models): ResolvedModel[] {
  return models
    .list()
    .map(({ id }) => models.resolve(id))
    .filter((model) => model !== undefined);
}

function resolvedAuto(
  { models, settings }: { models: Models; settings: Settings },
  member: Member,
): ResolvedModel | undefined {
  try {
    return authorizeModel(models, settings.get('default_model'), member, AUTO_MODEL);
  } catch {
    return undefined;
  }
}
