import type { Database } from '../../store/store.ts';

/** A passkey of the owner's. */
export interface Passkey {
  id: number;
  /** Base64url. */
  credentialId: string;
  /** The host name it was made for: it is shown to no other. */
  rpId: string;
  /** COSE. */
  publicKey: Uint8Array<ArrayBuffer>;
  /** As it last told; 0 where it counts nothing. */
  counter: number;
  transports: readonly string[];
  name: string;
  /** Wall-clock ms. */
  createdAt: number;
  lastUsedAt: number | null;
}

interface Row {
  id: number;
  credential_id: string;
  rp_id: string;
  public_key: Buffer;
  counter: number;
  transports: string;
  name: string;
  created_at: number;
  last_used_at: number | null;
}

/** The owner's passkeys. Their private halves never leave whatever made them. */
export class Passkeys {
  readonly #insert;
  readonly #list;
  readonly #find;
  readonly #used;
  readonly #delete;

  constructor(db: Database) {
    this.#insert = db.prepare<Omit<Row, 'id' | 'last_used_at'>>(
      `INSERT INTO passkeys (credential_id, rp_id, public_key, counter, transports, name, created_at)
       VALUES (@credential_id, @rp_id, @public_key, @counter, @transports, @name, @created_at)`,
    );
    this.#list = db.prepare<[], Row>('SELECT * FROM passkeys ORDER BY id LIMIT 100');
    this.#find = db.prepare<[string], Row>('SELECT * FROM passkeys WHERE credential_id = ?');
    this.#used = db.prepare<[number, number, number]>(
      'UPDATE passkeys SET counter = ?, last_used_at = ? WHERE id = ?',
    );
    this.#delete = db.prepare<[number]>('DELETE FROM passkeys WHERE id = ?');
  }

  add(facts: Omit<Passkey, 'id' | 'lastUsedAt'>): Passkey {
    this.#insert.run({
      ...{ credential_id: facts.credentialId, rp_id: facts.rpId, counter: facts.counter, name: facts.name },
      ...{ public_key: Buffer.from(facts.publicKey), transports: JSON.stringify(facts.transports) },
      created_at: facts.createdAt,
    });
    return this.find(facts.credentialId) as Passkey;
  }

  list(): Passkey[] {
    return this.#list.all().map(shape);
  }

  /** @param credentialId base64url */
  find(credentialId: string): Passkey | undefined {
    const row = this.#find.get(credentialId);
    return row === undefined ? undefined : shape(row);
  }

  /** Somebody signed in by it. @param now wall-clock ms */
  noteUse(id: number, counter: number, now: number): void {
    this.#used.run(counter, now, id);
  }

  /** @returns whether there was one */
  remove(id: number): boolean {
    return this.#delete.run(id).changes > 0;
  }
}

function shape(row: Row): Passkey {
  return {
    ...{ id: row.id, credentialId: row.credential_id, rpId: row.rp_id, counter: row.counter, name: row.name },
    publicKey: Uint8Array.from(row.public_key),
    transports: JSON.parse(row.transports),
    ...{ createdAt: row.created_at, lastUsedAt: row.last_used_at },
  };
}
