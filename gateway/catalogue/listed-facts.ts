import type { ModelFacts } from '../protocols/model-facts.ts';
import type { ListedModel } from '../providers/model-list.ts';
import type { Database } from '../store/store.ts';

/** No provider has as many; a server gone wrong must not fill the database. */
const MOST_MODELS = 20_000;
/** As long as a target's name may be. */
const LONGEST_ID = 200;

/** As stored, and read. */
interface Known {
  text: string;
  facts: Partial<ModelFacts>;
}

interface Row {
  providerId: number;
  upstreamModel: string;
  facts: string;
}

/** What providers' own model listings told: held in memory, written through. */
export class ListedFacts {
  readonly #byProvider = new Map<number, Map<string, Known>>();
  readonly #listedAt = new Map<number, number>();
  readonly #db: Database;
  readonly #put;
  readonly #remove;
  readonly #noteTime;
  readonly #forget: readonly { run(providerId: number): unknown }[];

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare<Row>(
      `INSERT INTO listed_models (provider_id, upstream_model, facts) VALUES (@providerId, @upstreamModel, @facts)
       ON CONFLICT DO UPDATE SET facts = excluded.facts`,
    );
    this.#remove = db.prepare<[number, string]>(
      'DELETE FROM listed_models WHERE provider_id = ? AND upstream_model = ?',
    );
    this.#noteTime = db.prepare<[number, number]>(
      'INSERT INTO model_listings (provider_id, listed_at) VALUES (?, ?) ON CONFLICT DO UPDATE SET listed_at = excluded.listed_at',
    );
    this.#forget = ['listed_models', 'model_listings'].map((table) =>
      db.prepare<[number]>(`DELETE FROM ${table} WHERE provider_id = ?`),
    );
    this.#load();
  }

  /** @returns undefined where the provider's listing told nothing of the model */
  of(providerId: number, upstreamModel: string): Partial<ModelFacts> | undefined {
    return this.#byProvider.get(providerId)?.get(upstreamModel)?.facts;
  }

  /** Wall-clock ms of the provider's last listing; null for none. */
  listedAt(providerId: number): number | null {
    return this.#listedAt.get(providerId) ?? null;
  }

  /** Puts a whole listing in the place of the one before. */
  note(providerId: number, models: readonly ListedModel[], now: number): void {
    const before = this.#byProvider.get(providerId) ?? new Map<string, Known>();
    const after = new Map<string, Known>();
    for (const { id, facts } of models) {
      const text = JSON.stringify(facts);
      if (text !== '{}' && id.length <= LONGEST_ID && after.size < MOST_MODELS)
        after.set(id, { text, facts });
    }
    this.#db.transaction(() => {
      for (const [upstreamModel, { text }] of after) {
        if (before.get(upstreamModel)?.text !== text)
          this.#put.run({ providerId, upstreamModel, facts: text });
      }
      for (const id of before.keys()) if (!after.has(id)) this.#remove.run(providerId, id);
      this.#noteTime.run(providerId, now);
    })();
    this.#byProvider.set(providerId, after);
    this.#listedAt.set(providerId, now);
  }

  /** The provider is gone, or is another service now. */
  forget(providerId: number): void {
    this.#db.transaction(() => {
      for (const statement of this.#forget) statement.run(providerId);
    })();
    this.#byProvider.delete(providerId);
    this.#listedAt.delete(providerId);
  }

  #load(): void {
    const models = this.#db
      .prepare<[], Row>(
        'SELECT provider_id AS providerId, upstream_model AS upstreamModel, facts FROM listed_models',
      )
      .all();
    for (const { providerId, upstreamModel, facts } of models) {
      const known = this.#byProvider.get(providerId) ?? new Map<string, Known>();
      this.#byProvider.set(providerId, known.set(upstreamModel, { text: facts, facts: JSON.parse(facts) }));
    }
    const listings = this.#db
      .prepare<[], { providerId: number; listedAt: number }>(
        'SELECT provider_id AS providerId, listed_at AS listedAt FROM model_listings',
      )
      .all();
    for (const { providerId, listedAt } of listings) this.#listedAt.set(providerId, listedAt);
  }
}
