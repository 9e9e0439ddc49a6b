import type { ImportFinding, Model } from '../../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../../api/admin-api.ts';

type ImportedModel = ImportFinding['models'][number];

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
  for (const { id, upstream } of offered(wanted, known.models, known.together)) {
    const target = { providerId, upstreamModel: upstream };
    const model = known.models.find((one) => one.id === id);
    const before = model?.targets.map(({ listPrice: _, providerName: __, ...rest }) => rest) ?? [];
    if (model === undefined) await sendJson('POST', '/models', { id, targets: [target] });
    else await sendJson('PATCH', `/models/${encodeURIComponent(id)}`, { targets: [...before, target] });
    done.push(id);
  }
}
