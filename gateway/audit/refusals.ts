import type { Balance } from '../quotas/balances.ts';
import type { Limit } from '../quotas/limits.ts';
import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';

/** The limit that refused a request, as it stood then. */
export interface LimitRefusal extends Limit {
  kind: 'limit';
  used: number;
  /** What the request needed of it. */
  needed: number;
  /** When it would have been admitted, had nothing else been sent: wall-clock ms; null for never. */
  passesAt: number | null;
}

/** The balance that did not cover a request, as it stood then. */
export interface BalanceRefusal extends Balance {
  kind: 'balance';
  /** By other requests of the member that ran. */
  held: Balance;
  /** Either of the two. */
  needed: Balance;
}

export type RequestRefusal = LimitRefusal | BalanceRefusal;

type StoredLimit = Omit<LimitRefusal, 'kind' | 'model'> & { request: number; model: number | null };
interface StoredBalance extends Balance {
  request: number;
  heldTokens: number;
  heldMicros: number;
  neededTokens: number;
  neededMicros: number;
}

/** What refused the requests whose refusal has figures. */
export class Refusals {
  readonly #names: Names;
  readonly #putLimit;
  readonly #putBalance;
  readonly #limit;
  readonly #balance;

  constructor(db: Database, names: Names) {
    this.#names = names;
    this.#putLimit = db.prepare<StoredLimit>(
      `INSERT INTO limit_refusals (request, scope, subject_id, model, metric, window_seconds, amount, used, needed, passes_at)
       VALUES (@request, @scope, @subjectId, @model, @metric, @windowSeconds, @amount, @used, @needed, @passesAt)`,
    );
    this.#putBalance = db.prepare<StoredBalance>(
      `INSERT INTO balance_refusals (request, tokens, micros, held_tokens, held_micros, needed_tokens, needed_micros)
       VALUES (@request, @tokens, @micros, @heldTokens, @heldMicros, @neededTokens, @neededMicros)`,
    );
    this.#limit = db.prepare<[number], Omit<StoredLimit, 'request'>>(
      `SELECT scope, subject_id AS subjectId, model, metric, window_seconds AS windowSeconds, amount, used, needed,
         passes_at AS passesAt FROM limit_refusals WHERE request = ?`,
    );
    this.#balance = db.prepare<[number], Omit<StoredBalance, 'request'>>(
      `SELECT tokens, micros, held_tokens AS heldTokens, held_micros AS heldMicros, needed_tokens AS neededTokens,
         needed_micros AS neededMicros FROM balance_refusals WHERE request = ?`,
    );
  }

  /** @returns the write for the transaction that writes the request's row; names are looked up ahead of it */
  writeOf(request: number, refusal: RequestRefusal): () => void {
    if (refusal.kind === 'balance') {
      const { tokens, micros, held, needed } = refusal;
      const stored = {
        ...{ request, tokens, micros, heldTokens: held.tokens, heldMicros: held.micros },
        ...{ neededTokens: needed.tokens, neededMicros: needed.micros },
      };
      return () => void this.#putBalance.run(stored);
    }
    const { kind: _, model, ...facts } = refusal;
    const stored = { request, ...facts, model: model === null ? null : this.#names.id(model) };
    return () => void this.#putLimit.run(stored);
  }

  of(request: number): RequestRefusal | undefined {
    const limit = this.#limit.get(request);
    if (limit !== undefined) return { kind: 'limit', ...limit, model: this.#names.text(limit.model) };
    const balance = this.#balance.get(request);
    if (balance === undefined) return undefined;
    const { tokens, micros, heldTokens, heldMicros, neededTokens, neededMicros } = balance;
    return {
      ...{ kind: 'balance', tokens, micros },
      held: { tokens: heldTokens, micros: heldMicros },
      needed: { tokens: neededTokens, micros: neededMicros },
    };
  }
}
