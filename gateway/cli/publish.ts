import type { List, Model, NewModel, Provider } from '../doors/admin/contract.ts';
import type { AdminClient } from './admin-client.ts';
import { CliError } from './failures.ts';
import { plain } from './output.ts';

/** A target as the API takes it. */
export type TargetInput = NonNullable<NewModel['targets']>[number];

export interface Published {
  id: string;
  how:
    | 'published'
    | 'got another target'
    | 'had this target already'
    | 'skipped: it is an alias'
    | 'skipped: the name is in use';
}

/**
 * Publishes models of a provider under the ids it calls them by. A public model of that id gets the provider as
 * one more target; an alias stays what it is.
 * @param wanted `all` for all that the provider lists
 * @throws CliError for one that the provider does not list
 */
export async function publishModels(
  admin: AdminClient,
  provider: Provider,
  wanted: readonly string[] | 'all',
): Promise<Published[]> {
  const listed = await admin.get<List<{ id: string }>>(`/providers/${provider.id}/models`);
  const offered = listed.data.map(({ id }) => id);
  const chosen = wanted === 'all' ? offered : wanted;
  const unknown = chosen.filter((id) => !offered.includes(id));
  if (unknown.length > 0) throw new CliError(`${provider.name} does not list ${unknown.join(', ')}.`);
  const { data: models } = await admin.list<Model>('/models');
  const known = new Map(models.map((model) => [model.id, model]));
  const published: Published[] = [];
  for (const id of chosen) published.push(await publish(admin, provider, id, known.get(id)));
  return published;
}

async function publish(
  admin: AdminClient,
  provider: Provider,
  id: string,
  known: Model | undefined,
): Promise<Published> {
  const target: TargetInput = { providerId: provider.id, upstreamModel: id };
  if (known === undefined) {
    await admin.post('/models', { id, targets: [target] });
    return { id, how: 'published' };
  }
  if (known.aliasOf !== null) return { id, how: 'skipped: it is an alias' };
  const { targets } = known;
  if (targets.some((other) => other.providerId === provider.id && other.upstreamModel === id)) {
    return { id, how: 'had this target already' };
  }
  await admin.patch(`/models/${encodeURIComponent(id)}`, { targets: [...targets.map(asInput), target] });
  return { id, how: 'got another target' };
}

/** A target without what the API adds to it in answers. */
export function asInput({
  providerId,
  upstreamModel,
  priority,
  weight,
}: Model['targets'][number]): TargetInput {
  return { providerId, upstreamModel, priority, weight };
}

/** One line for each model. */
export function publishedText(published: readonly Published[]): string {
  if (published.length === 0) return 'The provider lists no models.';
  return published.map(({ id, how }) => `${plain(id)}: ${how}`).join('\n');
}
