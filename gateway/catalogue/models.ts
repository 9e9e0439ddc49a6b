import { type ModelFacts, UNKNOWN_FACTS } from '../protocols/model-facts.ts';
import type { Database } from '../store/store.ts';
import type { ModelPrice } from './prices.ts';

/** The model that answers locally, so that a first request works before any provider is set up. */
export const ECHO_MODEL = 'ntl/echo';

/** The model id that stands for the preset's or the owner's choice. */
export const AUTO_MODEL = 'auto';

export interface ModelTarget {
  providerId: number;
  upstreamModel: string;
  /** Lower is tried first. */
  priority: number;
  /** Share among targets of one priority. */
  weight: number;
}

/** What a client may put into `model`. An id with neither targets nor `aliasOf` is not bound yet. */
export interface Model {
  id: string;
  targets: ModelTarget[];
  aliasOf: string | null;
  /** Turns used tokens into charged ones. An alias with 1 has that of the model it stands for. */
  multiplier: number;
  /** The owner's price; null takes the price catalogue's. */
  price: ModelPrice | null;
  /** What the owner says of the model; null where the owner says nothing. Without effect on an alias. */
  facts: ModelFacts;
  enabled: boolean;
  createdAt: number;
}

/** A model as a request found it. `served` is the one that has the targets. */
export interface ResolvedModel {
  requested: string;
  served: Model;
  /** Every id a limit or an allow-list may name it by, `requested` first. */
  ids: readonly string[];
  /** Turns used tokens into charged ones. */
  multiplier: number;
}

interface Row {
  id: string;
  aliasOf: string | null;
  multiplier: number;
  price: string | null;
  facts: string | null;
  enabled: number;
  createdAt: number;
}

/** Public models: held in memory, written through. */
export class Models {
  readonly #byId = new Map<string, Model>();
  readonly #db: Database;
  readonly #put;
  readonly #rename;
  readonly #followRename;
  readonly #delete;
  readonly #deleteTargets;
  readonly #insertTarget;

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare<Row>(
      `INSERT INTO models (id, alias_of, multiplier, price, facts, enabled, created_at)
       VALUES (@id, @aliasOf, @multiplier, @price, @facts, @enabled, @createdAt)
       ON CONFLICT DO UPDATE SET alias_of = excluded.alias_of, multiplier = excluded.multiplier, price = excluded.price,
         facts = excluded.facts, enabled = excluded.enabled`,
    );
    this.#rename = db.prepare<[string, string]>('UPDATE models SET id = ? WHERE id = ?');
    this.#followRename = db.prepare<[string, string]>('UPDATE models SET alias_of = ? WHERE alias_of = ?');
    this.#delete = db.prepare<[string]>('DELETE FROM models WHERE id = ?');
    this.#deleteTargets = db.prepare<[string]>('DELETE FROM model_targets WHERE model_id = ?');
    this.#insertTarget = db.prepare<ModelTarget & { modelId: string }>(
      `INSERT INTO model_targets (model_id, provider_id, upstream_model, priority, weight)
       VALUES (@modelId, @providerId, @upstreamModel, @priority, @weight)`,
    );
    this.#load();
  }

  get(id: string): Model | undefined {
    return this.#byId.get(id);
  }

  list(): Model[] {
    return [...this.#byId.values()];
  }

  /** Follows aliases. @returns undefined for an unknown, disabled or unbound id */
  resolve(requested: string): ResolvedModel | undefined {
    const ids = [requested];
    let model = this.#byId.get(requested);
    while (model?.enabled && model.aliasOf !== null && !ids.includes(model.aliasOf)) {
      ids.push(model.aliasOf);
      model = this.#byId.get(model.aliasOf);
    }
    if (model === undefined || !model.enabled || model.aliasOf !== null || !isBound(model)) return undefined;
    return { requested, served: model, ids, multiplier: this.#multiplierOf(ids) };
  }

  /** By what a model's used tokens are multiplied; for an alias its own, where it has one other than 1. */
  multiplierOf(model: Model): number {
    const ids = [model.id];
    for (let next = model.aliasOf; next !== null && !ids.includes(next); ) {
      ids.push(next);
      next = this.#byId.get(next)?.aliasOf ?? null;
    }
    return this.#multiplierOf(ids);
  }

  /** The model at the end of the aliases, whether or not it can serve; itself where it is none. */
  behind(model: Model): Model {
    const seen = new Set<string>();
    let at = model;
    while (at.aliasOf !== null && !seen.has(at.id)) {
      seen.add(at.id);
      at = this.#byId.get(at.aliasOf) ?? at;
    }
    return at;
  }

  /** Every id whose requests are served by, or go through, this one; itself included. */
  countedAs(id: string): string[] {
    return [
      id,
      ...this.list()
        .filter((model) => model.id !== id && this.#leadsTo(model, id))
        .map((model) => model.id),
    ];
  }

  put(model: Model): void {
    this.#db.transaction(() => {
      this.#put.run({
        ...model,
        price: model.price && JSON.stringify(model.price),
        facts: factsText(model.facts),
        enabled: model.enabled ? 1 : 0,
      });
      this.#deleteTargets.run(model.id);
      for (const target of model.targets) this.#insertTarget.run({ ...target, modelId: model.id });
    })();
    this.#byId.set(model.id, model);
  }

  /** Aliases of the model go on standing for it. */
  rename(from: string, to: string): void {
    this.#db.transaction(() => {
      this.#rename.run(to, from);
      this.#followRename.run(to, from);
    })();
    this.#load();
  }

  remove(id: string): Model | undefined {
    const model = this.#byId.get(id);
    this.#delete.run(id);
    this.#byId.delete(id);
    return model;
  }

  /** Forgets the targets of a deleted provider. */
  dropProvider(providerId: number): void {
    this.#db.prepare<[number]>('DELETE FROM model_targets WHERE provider_id = ?').run(providerId);
    this.#load();
  }

  /** @param ids from an alias to the model it stands for */
  #multiplierOf(ids: readonly string[]): number {
    const own = ids.map((id) => this.#byId.get(id)?.multiplier ?? 1);
    return own.find((multiplier) => multiplier !== 1) ?? 1;
  }

  #leadsTo(model: Model, id: string): boolean {
    const seen = new Set<string>();
    let next: Model | undefined = model;
    while (next !== undefined && next.aliasOf !== null && !seen.has(next.id)) {
      if (next.aliasOf === id) return true;
      seen.add(next.id);
      next = this.#byId.get(next.aliasOf);
    }
    return false;
  }

  #load(): void {
    this.#byId.clear();
    const rows = this.#db
      .prepare<[], Row>(
        `SELECT id, alias_of AS aliasOf, multiplier, price, facts, enabled, created_at AS createdAt
         FROM models ORDER BY created_at, id`,
      )
      .all();
    for (const row of rows) {
      const price = row.price === null ? null : JSON.parse(row.price);
      const facts = { ...UNKNOWN_FACTS, ...(row.facts === null ? {} : JSON.parse(row.facts)) };
      this.#byId.set(row.id, { ...row, price, facts, enabled: row.enabled === 1, targets: [] });
    }
    const targets = this.#db
      .prepare<[], ModelTarget & { modelId: string }>(
        `SELECT model_id AS modelId, provider_id AS providerId, upstream_model AS upstreamModel, priority, weight
         FROM model_targets ORDER BY priority, provider_id, upstream_model`,
      )
      .all();
    for (const { modelId, ...target } of targets) this.#byId.get(modelId)?.targets.push(target);
  }
}

/** What was said alone; null for nothing. */
function factsText(facts: ModelFacts): string | null {
  const said = Object.entries(facts).filter(([, fact]) => fact !== null);
  return said.length === 0 ? null : JSON.stringify(Object.fromEntries(said));
}

function isBound(model: Model): boolean {
  return model.targets.length > 0 || model.id === ECHO_MODEL;
}
