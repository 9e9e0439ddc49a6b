import type { ImportFinding, Model } from '../../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../../api/admin-api.ts';

type ImportedModel = ImportFinding['models'][number];

export function namesOf(models: readonly ImportedModel[]): string[] {
  return [...new Set(models.map(({ id }) => id))];
}

/**
 * Those of a finding's models whose names can be offered: nobody has them, or all they lead to came from the same place,
 * where several providers served one name too.
 */
export function offered(
  wanted: readonly ImportedModel[],
  models: readonly Model[],
  together: readonly string[],
): ImportedModel[] {
  const known = new Map(models.map((model) => [model.id, model]));
  return wanted.filter(({ id }) => {
    const model = known.get(id);
    return model === undefined || isOfThere(model, together);
  });
}

function isOfThere({ aliasOf, targets }: Model, together: readonly string[]): boolean {
  return (
    aliasOf === null && targets.length > 0 && targets.every(({ providerId }) => together.includes(providerId))
  );
}

/**
 * Publishes them one by one.
 * @param done takes each name once it is there
 * @throws AdminError for the first that the gateway refuses
 */
export async function publishImported(
  providerId: string,
  wanted: readonly ImportedModel[],
  known: { models: readonly Model[]; together: readonly string[] },
  done: string[],
): Promise<void> {
  const models = new Map(known.models.map((model) => [model.id, model]));
  for (const { id, upstream } of offered(wanted, known.models, known.together)) {
    const target = { providerId, upstreamModel: upstream };
    const model = models.get(id);
    const before = model?.targets.map(({ listPrice: _, providerName: __, ...rest }) => rest) ?? [];
    const targets = [...before, target];
    const stored =
      model === undefined
        ? await sendJson<Model>('POST', '/models', { id, targets })
        : await sendJson<Model>('PATCH', `/models/${encodeURIComponent(id)}`, { targets });
    models.set(id, stored);
    if (!done.includes(id)) done.push(id);
  }
}
