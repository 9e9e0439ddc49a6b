import type { ListPrice, Model, Provider } from '../../../gateway/doors/admin/contract.ts';
import { inOrder, type RankedTarget } from '../../api/targets.ts';

/** Answers by itself; both names are the gateway's own. */
export const ECHO = 'ntl/echo';
export const AUTO = 'auto';

export type RowGroup = 'model' | 'alias' | 'built-in';

/** A line of the list: a name clients send, and what answers it. */
export interface ModelRow {
  id: string;
  group: RowGroup;
  /** Null for `auto`, which is a setting. */
  model: Model | null;
  /** In the order they are tried; none for an alias. */
  targets: RankedTarget[];
  /** What it stands for; null where it stands for itself, or for nothing yet. */
  leadsTo: string | null;
  /** The model that answers in the end; null where none does. */
  served: Model | null;
  /** Of the served model; null where nobody knows. */
  price: ListPrice | null;
}

const GROUPS: readonly RowGroup[] = ['model', 'alias', 'built-in'];
export const GROUP_TITLES: Readonly<Record<RowGroup, string | null>> = {
  model: null,
  alias: 'Aliases',
  'built-in': 'Built in',
};

/** @param defaultModel what `auto` stands for */
export function rowsOf(
  models: readonly Model[],
  providers: readonly Provider[],
  defaultModel: string | null,
): ModelRow[] {
  const byId = new Map(models.map((model) => [model.id, model]));
  const rows = models.map((model): ModelRow => {
    const served = behind(model, byId);
    return {
      ...{ id: model.id, model, served, leadsTo: model.aliasOf },
      group: model.id === ECHO ? 'built-in' : isModel(model) ? 'model' : 'alias',
      targets: inOrder(model.targets, providers),
      price: served && priceOf(served, providers),
    };
  });
  const standsFor = defaultModel === null ? undefined : byId.get(defaultModel);
  const served = standsFor === undefined ? null : behind(standsFor, byId);
  rows.push({
    ...{ id: AUTO, group: 'built-in', model: null, targets: [], leadsTo: defaultModel, served },
    price: served && priceOf(served, providers),
  });
  return rows.sort((a, b) => GROUPS.indexOf(a.group) - GROUPS.indexOf(b.group));
}

/** What the owner set, else the price list's for the target that is tried first. */
export function priceOf(model: Model, providers: readonly Provider[]): ListPrice | null {
  if (model.id === ECHO) return { input: 0, output: 0 };
  return model.price ?? inOrder(model.targets, providers)[0]?.listPrice ?? null;
}

/** The model at the end of the aliases; null where they lead nowhere. */
export function behind(model: Model, byId: ReadonlyMap<string, Model>): Model | null {
  const seen = new Set<string>();
  let at: Model | undefined = model;
  while (at !== undefined && at.aliasOf !== null && !seen.has(at.id)) {
    seen.add(at.id);
    at = byId.get(at.aliasOf);
  }
  if (at === undefined || at.aliasOf !== null) return null;
  return at.targets.length > 0 || at.id === ECHO ? at : null;
}

/** Those whose name, target or alias holds the words, at one provider where that is asked for. */
export function rowsFound(rows: readonly ModelRow[], search: string, providerId: string | null): ModelRow[] {
  const words = search.trim().toLowerCase();
  return rows.filter(({ id, leadsTo, targets, served }) => {
    const reached = served?.targets ?? targets;
    if (providerId !== null && !reached.some((target) => target.providerId === providerId)) return false;
    const text = [id, leadsTo ?? '', ...targets.map(({ upstreamModel }) => upstreamModel)].join(' ');
    return text.toLowerCase().includes(words);
  });
}

function isModel({ aliasOf, targets }: Model): boolean {
  return aliasOf === null && targets.length > 0;
}
