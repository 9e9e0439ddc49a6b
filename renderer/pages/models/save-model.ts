import type { Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import { AdminError, sendJson } from '../../api/admin-api.ts';
import { pathOf } from './model-table.tsx';
import { type ModelValues, modelBody } from './model-values.ts';

interface SaveContext {
  /** Null for a new one. */
  saved: Model | null;
  before: ModelValues;
  models: readonly Model[];
  providers: readonly Provider[];
  /** The model is saved; its aliases come next. */
  onSaved: (model: Model) => void;
}

/**
 * Saves the model, then the names that lead to it.
 * @throws AdminError; one about an alias names it, with `aliases` as its field
 */
export async function saveModel(values: ModelValues, context: SaveContext): Promise<Model> {
  const { saved, before, models, providers } = context;
  const body = modelBody(values, before, providers);
  const model =
    saved === null
      ? await sendJson<Model>('POST', '/models', { ...body, id: values.id.trim() })
      : await sendJson<Model>('PATCH', pathOf(saved.id), body);
  context.onSaved(model);
  for (const alias of before.aliases.filter((id) => !values.aliases.includes(id)))
    await about(alias, sendJson('PATCH', pathOf(alias), { aliasOf: null }));
  for (const alias of values.aliases.filter((id) => !before.aliases.includes(id))) {
    const known = models.some(({ id }) => id === alias);
    await about(
      alias,
      known
        ? sendJson('PATCH', pathOf(alias), { aliasOf: model.id })
        : sendJson('POST', '/models', { id: alias, aliasOf: model.id }),
    );
  }
  return model;
}

async function about(alias: string, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof AdminError)) throw error;
    const { status, code, message } = error;
    throw new AdminError(status, { code, message: `${alias}: ${message}`, param: 'aliases' });
  }
}
