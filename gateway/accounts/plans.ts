import type { Database } from '../store/store.ts';

/** A tier: its limits are kept with all others in `quotas/limits.ts`. */
export interface Plan {
  id: string;
  name: string;
  /** Largest `pageSize` of a list. */
  pageSizeCap: number;
  /** How far back a list reaches. */
  historyDays: number;
  /** Micros of a US dollar a month. */
  priceMicros: number;
}

/** Plans: held in memory, written through. */
export class Plans {
  readonly #byId = new Map<string, Plan>();
  readonly #put;

  constructor(db: Database) {
    this.#put = db.prepare<Plan>(
      `INSERT INTO plans (id, name, page_size_cap, history_days, price_micros)
       VALUES (@id, @name, @pageSizeCap, @historyDays, @priceMicros)
       ON CONFLICT DO UPDATE SET name = excluded.name, page_size_cap = excluded.page_size_cap,
         history_days = excluded.history_days, price_micros = excluded.price_micros`,
    );
    const rows = db
      .prepare<[], Plan>(
        `SELECT id, name, page_size_cap AS pageSizeCap, history_days AS historyDays, price_micros AS priceMicros
         FROM plans`,
      )
      .all();
    for (const plan of rows) this.#byId.set(plan.id, plan);
  }

  get(id: string): Plan | undefined {
    return this.#byId.get(id);
  }

  list(): Plan[] {
    return [...this.#byId.values()];
  }

  put(plan: Plan): void {
    this.#put.run(plan);
    this.#byId.set(plan.id, plan);
  }
}
