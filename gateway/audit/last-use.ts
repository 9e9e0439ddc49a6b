import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';
import type { RequestFacts } from './request-log.ts';

/** The last request that came with a key. */
export interface Use {
  /** Wall-clock ms. */
  at: number;
  /** Null where it is not known any more. */
  address: string | null;
}

/**
 * When each key was last presented, admitted or refused. The roll-up keeps it on disk (`api_keys.last_used_at`);
 * what came since is read from the rows at the start and noted in memory from then on.
 */
export class LastUse {
  readonly #byKey = new Map<number, Use>();

  /** @param rolledUpTo last audit row that the roll-ups hold */
  constructor(db: Database, names: Names, rolledUpTo: number) {
    const uses = db.prepare<[number], { keyId: number; at: number; address: number | null }>(
      `SELECT id AS keyId, last_used_at AS at, last_address AS address FROM api_keys WHERE last_used_at IS NOT NULL
       UNION ALL
       SELECT keyId, at, address FROM (
         SELECT key_id AS keyId, max(id), at, address FROM requests NOT INDEXED
         WHERE id > ? AND key_id IS NOT NULL GROUP BY key_id)`,
    );
    for (const { keyId, at, address } of uses.all(rolledUpTo)) {
      this.#byKey.set(keyId, { at, address: names.text(address) });
    }
  }

  /** A request was written to the log. */
  note({ keyId, at, address }: Pick<RequestFacts, 'keyId' | 'at' | 'address'>): void {
    if (keyId !== null) this.#byKey.set(keyId, { at, address });
  }

  of(keyId: number): Use | undefined {
    return this.#byKey.get(keyId);
  }

  /** The latest among keys. @returns wall-clock ms; null where none was ever used */
  latest(keys: readonly { id: number }[]): number | null {
    const times = keys.map(({ id }) => this.#byKey.get(id)?.at).filter((at) => at !== undefined);
    return times.length === 0 ? null : Math.max(...times);
  }
}
