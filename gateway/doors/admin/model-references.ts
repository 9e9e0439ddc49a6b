import type { AdminParts } from './parts.ts';

type Referrers = Pick<AdminParts, 'models' | 'limits' | 'members' | 'settings' | 'presets'>;

/** Renames a model and everything that names it: aliases, limits, allow-lists, the defaults. */
export function renameModel(
  { models, limits, members, settings, presets }: Referrers,
  from: string,
  to: string,
): void {
  models.rename(from, to);
  for (const alias of models.list()) if (alias.aliasOf === from) models.put({ ...alias, aliasOf: to });
  for (const limit of limits.list()) {
    if (limit.model !== from) continue;
    limits.put({ ...limit, model: to });
    limits.remove(limit);
  }
  for (const { id, allowedModels } of members.list()) {
    if (!allowedModels?.includes(from)) continue;
    members.update(id, { allowedModels: allowedModels.map((model) => (model === from ? to : model)) });
  }
  if (settings.get('default_model') === from) settings.set('default_model', to);
  presets.renameModel(from, to);
}

/** Lifts the limits of a deleted model. Allow-lists keep its name: without it an empty one would be left. */
export function forgetModel({ limits, settings, presets }: Referrers, id: string): void {
  for (const limit of limits.list()) if (limit.model === id) limits.remove(limit);
  if (settings.get('default_model') === id) settings.set('default_model', null);
  presets.renameModel(id, null);
}
