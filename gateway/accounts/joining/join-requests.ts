import type { Database } from '../../store/store.ts';
import type { KeyKind } from '../keys.ts';

/**
 * `waiting` for the owner; `approved`, so that the key can be fetched; `collected` when it was; `refused`; `unanswered`
 * and `uncollected` where the time ran out.
 */
export type JoinState = 'waiting' | 'approved' | 'refused' | 'collected' | 'unanswered' | 'uncollected';

/** The key that is made when it is fetched: before, there is none. */
export interface KeyTerms {
  name: string;
  kind: KeyKind;
  /** Wall-clock ms; null: never. */
  expiresAt: number | null;
}

/** Somebody who asked to join, by the page /join. */
export interface JoinRequest {
  id: number;
  memberId: number;
  /** As it was asked for: the owner may call the member otherwise. */
  name: string;
  purpose: string | null;
  /** Where it came from. */
  address: string;
  state: JoinState;
  /** Wall-clock ms. */
  createdAt: number;
  decidedAt: number | null;
  /** When a waiting or an approved one lapses, wall-clock ms. */
  until: number;
  /** The owner's, with a refusal. */
  words: string | null;
  /** Null until it is approved. */
  key: KeyTerms | null;
  keyId: number | null;
}

interface Row extends Omit<JoinRequest, 'key'> {
  secretHash: string;
  keyName: string | null;
  keyKind: KeyKind | null;
  keyExpiresAt: number | null;
}

/** Requests to join: held in memory, written through. */
export class JoinRequests {
  readonly #byId = new Map<number, JoinRequest>();
  readonly #byHash = new Map<string, number>();
  readonly #insert;
  readonly #update;
  readonly #delete;

  constructor(db: Database) {
    this.#insert = db.prepare<Omit<Row, 'id'>>(
      `INSERT INTO join_requests (member_id, secret_hash, name, purpose, address, state, created_at, decided_at, until,
         words, key_name, key_kind, key_expires_at, key_id)
       VALUES (@memberId, @secretHash, @name, @purpose, @address, @state, @createdAt, @decidedAt, @until,
         @words, @keyName, @keyKind, @keyExpiresAt, @keyId)`,
    );
    this.#update = db.prepare<Omit<Row, 'secretHash'>>(
      `UPDATE join_requests SET state = @state, decided_at = @decidedAt, until = @until, words = @words,
         key_name = @keyName, key_kind = @keyKind, key_expires_at = @keyExpiresAt, key_id = @keyId WHERE id = @id`,
    );
    this.#delete = db.prepare<[number]>('DELETE FROM join_requests WHERE id = ?');
    const rows = db
      .prepare<[], Row>(
        `SELECT id, member_id AS memberId, secret_hash AS secretHash, name, purpose, address, state,
           created_at AS createdAt, decided_at AS decidedAt, until, words, key_name AS keyName, key_kind AS keyKind,
           key_expires_at AS keyExpiresAt, key_id AS keyId FROM join_requests ORDER BY id`,
      )
      .all();
    for (const row of rows) {
      this.#byId.set(row.id, fromRow(row));
      this.#byHash.set(row.secretHash, row.id);
    }
  }

  list(): JoinRequest[] {
    return [...this.#byId.values()];
  }

  get(id: number): JoinRequest | undefined {
    return this.#byId.get(id);
  }

  /** By the hash of the browser's secret, so that the time taken tells nothing. */
  byHash(secretHash: string): JoinRequest | undefined {
    return this.#byId.get(this.#byHash.get(secretHash) ?? 0);
  }

  ofMember(memberId: number): JoinRequest | undefined {
    return this.list().find((request) => request.memberId === memberId);
  }

  /** To be called within a transaction; `remember` follows its commit. */
  insert(facts: Omit<JoinRequest, 'id'>, secretHash: string): JoinRequest {
    const id = Number(this.#insert.run({ ...toRow(facts), secretHash }).lastInsertRowid);
    return { ...facts, id };
  }

  /** To be called within a transaction; `remember` follows its commit. */
  write(request: JoinRequest): void {
    this.#update.run({ ...toRow(request), id: request.id });
  }

  /** @param secretHash of a new one */
  remember(request: JoinRequest, secretHash?: string): void {
    this.#byId.set(request.id, request);
    if (secretHash !== undefined) this.#byHash.set(secretHash, request.id);
  }

  remove(id: number): void {
    this.#delete.run(id);
    this.#byId.delete(id);
    for (const [hash, known] of this.#byHash) if (known === id) this.#byHash.delete(hash);
  }
}

function fromRow({ secretHash: _, keyName, keyKind, keyExpiresAt, ...facts }: Row): JoinRequest {
  const key =
    keyName === null || keyKind === null ? null : { name: keyName, kind: keyKind, expiresAt: keyExpiresAt };
  return { ...facts, key };
}

function toRow({ key, ...facts }: Omit<JoinRequest, 'id'>): Omit<Row, 'id' | 'secretHash'> {
  return {
    memberId: facts.memberId,
    name: facts.name,
    purpose: facts.purpose,
    address: facts.address,
    state: facts.state,
    createdAt: facts.createdAt,
    decidedAt: facts.decidedAt,
    until: facts.until,
    words: facts.words,
    keyId: facts.keyId,
    keyName: key?.name ?? null,
    keyKind: key?.kind ?? null,
    keyExpiresAt: key?.expiresAt ?? null,
  };
}
