import type { Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import { sendJson } from '../../api/admin-api.ts';
import { withTarget } from '../../api/targets.ts';

/**
 * What publishing a provider's model under its own name would do: a `new` name; one more `target` for a name that
 * is there; nothing for an `alias`, which stays what it is, or where it is `offered` already.
 */
export type Offer = { kind: 'new' } | { kind: 'target' | 'alias' | 'offered'; model: Model };

/** @param providerId null for a provider that is not saved yet */
export function offerOf(id: string, models: ReadonlyMap<string, Model>, providerId: string | null): Offer {
  const model = models.get(id);
  if (model === undefined) return { kind: 'new' };
  if (model.aliasOf !== null) return { kind: 'alias', model };
  const isThere = model.targets.some(
    (target) => target.providerId === providerId && target.upstreamModel === id,
  );
  return { kind: isThere ? 'offered' : 'target', model };
}

/** Where a context size is known in round numbers of either kind: 128 k, 200 k, 1 M. */
export function contextSize(tokens: number): string {
  const [thousand, million] =
    tokens % 1_000 !== 0 && tokens % 1_024 === 0 ? [1_024, 1_048_576] : [1_000, 1_000_000];
  if (tokens >= million) return `${Number((tokens / million).toFixed(1))} M`;
  return tokens < thousand ? String(tokens) : `${Math.round(tokens / thousand)} k`;
}

/**
 * Publishes models of a provider under its own names for them, in their order.
 * @param onDone told after each
 * @throws AdminError for the first one the gateway refuses; those before it are published
 */
export async function publish(
  provider: Provider,
  ids: readonly string[],
  known: { models: readonly Model[]; providers: readonly Provider[] },
  onDone: (id: string) => void,
): Promise<void> {
  const models = new Map(known.models.map((model) => [model.id, model]));
  const providers = [...known.providers.filter(({ id }) => id !== provider.id), provider];
  for (const id of ids) {
    const offer = offerOf(id, models, provider.id);
    const target = { providerId: provider.id, upstreamModel: id };
    if (offer.kind === 'new') await sendJson('POST', '/models', { id, targets: [target] });
    else if (offer.kind === 'target')
      await sendJson('PATCH', `/models/${encodeURIComponent(id)}`, {
        targets: withTarget(offer.model, target, providers),
      });
    onDone(id);
  }
}
