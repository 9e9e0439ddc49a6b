import type { Model } from '../doors/admin/contract.ts';
import type { ImportedModel } from '../imports/finding.ts';
import type { AdminClient } from './admin-client.ts';
import { asInput, type Published, type TargetInput } from './publish.ts';

/**
 * Publishes models under the names they had elsewhere. A name that somebody has stays his, unless all it leads to came
 * from there too: then several providers served it there, and do so here.
 * @param together ids of the providers that came from the same place
 */
export async function publishImported(
  admin: AdminClient,
  providerId: string,
  wanted: readonly ImportedModel[],
  together: ReadonlySet<string>,
): Promise<Published[]> {
  const { data: models } = await admin.list<Model>('/models');
  const known = new Map(models.map((model) => [model.id, model]));
  const published: Published[] = [];
  for (const { id, upstream } of wanted) {
    const target: TargetInput = { providerId, upstreamModel: upstream };
    const model = known.get(id);
    const how = model === undefined ? 'published' : stays(model, target, together);
    if (model === undefined) known.set(id, await admin.post<Model>('/models', { id, targets: [target] }));
    else if (how === 'got another target') {
      const targets = [...model.targets.map(asInput), target];
      known.set(id, await admin.patch<Model>(`/models/${encodeURIComponent(id)}`, { targets }));
    }
    published.push({ id, how });
  }
  return published;
}

function stays(
  { aliasOf, targets }: Model,
  { providerId, upstreamModel }: TargetInput,
  together: ReadonlySet<string>,
): Published['how'] {
  if (aliasOf !== null) return 'skipped: it is an alias';
  if (targets.some((other) => other.providerId === providerId && other.upstreamModel === upstreamModel))
    return 'had this target already';
  const isOfThere = targets.length > 0 && targets.every((other) => together.has(other.providerId));
  return isOfThere ? 'got another target' : 'skipped: the name is in use';
}
