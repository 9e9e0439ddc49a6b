import { hash, randomInt } from 'node:crypto';
import type { Database } from '../store/store.ts';

export const KEY_PREFIX = 'ntl_live_';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_LENGTH = 40;
/** How much of a key is shown to tell it from others. */
const DISPLAY_LENGTH = KEY_PREFIX.length + 6;

export type KeyKind = 'standard' | 'subscription' | 'pay_per_token';

/** A local key. The plaintext is not kept: only its SHA-256 and the first letters. */
export interface ApiKey {
  id: number;
  memberId: number;
  name: string;
  kind: KeyKind;
  prefix: string;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  /** May come through the owner's public tunnel. */
  tunnel: boolean;
}

export interface NewKey {
  memberId: number;
  name: string;
  kind: KeyKind;
  expiresAt: number | null;
  now: number;
}

/** Keys: held in memory by hash, written through. A revoked key stays, so that its rows keep their name. */
export class Keys {
  readonly #byHash = new Map<string, ApiKey>();
  readonly #byId = new Map<number, ApiKey>();
  readonly #byMember = new Map<number, ApiKey[]>();
  readonly #insert;
  readonly #revoke;
  readonly #setTunnel;

  constructor(db: Database) {
    this.#insert = db.prepare<Omit<ApiKey, 'id' | 'revokedAt' | 'tunnel'> & { hash: string }>(
      `INSERT INTO api_keys (member_id, name, kind, hash, prefix, created_at, expires_at)
       VALUES (@memberId, @name, @kind, @hash, @prefix, @createdAt, @expiresAt)`,
    );
    this.#revoke = db.prepare<[number, number]>('UPDATE api_keys SET revoked_at = ? WHERE id = ?');
    this.#setTunnel = db.prepare<[number, number]>('UPDATE api_keys SET tunnel = ? WHERE id = ?');
    const rows = db
      .prepare<[], Omit<ApiKey, 'tunnel'> & { hash: string; tunnel: number }>(
        `SELECT id, member_id AS memberId, name, kind, hash, prefix, created_at AS createdAt,
           expires_at AS expiresAt, revoked_at AS revokedAt, tunnel FROM api_keys ORDER BY id`,
      )
      .all();
    for (const { hash, tunnel, ...key } of rows) this.#remember(hash, { ...key, tunnel: tunnel === 1 });
  }

  /** Looks a presented key up by its hash, so the time taken tells nothing of the keys that exist. */
  byPlaintext(plaintext: string): ApiKey | undefined {
    return this.byHash(hashOf(plaintext));
  }

  /** @param hash SHA-256 of the key in hexadecimal */
  byHash(hash: string): ApiKey | undefined {
    return this.#byHash.get(hash);
  }

  get(id: number): ApiKey | undefined {
    return this.#byId.get(id);
  }

  list(): ApiKey[] {
    return [...this.#byId.values()];
  }

  ofMember(memberId: number): readonly ApiKey[] {
    return this.#byMember.get(memberId) ?? [];
  }

  /** @returns the key and its plaintext, which nobody can ask for again */
  create(wanted: NewKey): { key: ApiKey; plaintext: string } {
    const plaintext =
      KEY_PREFIX + Array.from({ length: RANDOM_LENGTH }, () => ALPHABET[randomInt(62)]).join('');
    const hash = hashOf(plaintext);
    const { now, ...rest } = wanted;
    const facts = { ...rest, prefix: plaintext.slice(0, DISPLAY_LENGTH), createdAt: now };
    const id = Number(this.#insert.run({ ...facts, hash }).lastInsertRowid);
    const key = { ...facts, id, revokedAt: null, tunnel: false };
    this.#remember(hash, key);
    return { key, plaintext };
  }

  /** Later requests with the key are refused; running ones go on. */
  revoke(id: number, now: number): ApiKey | undefined {
    const key = this.#byId.get(id);
    if (key !== undefined && key.revokedAt === null) {
      this.#revoke.run(now, id);
      key.revokedAt = now;
    }
    return key;
  }

  /** Whether it may come through the tunnel, from the next request on. */
  setTunnel(id: number, tunnel: boolean): ApiKey | undefined {
    const key = this.#byId.get(id);
    if (key !== undefined && key.tunnel !== tunnel) {
      this.#setTunnel.run(tunnel ? 1 : 0, id);
      key.tunnel = tunnel;
    }
    return key;
  }

  #remember(hash: string, key: ApiKey): void {
    this.#byHash.set(hash, key);
    this.#byId.set(key.id, key);
    const others = this.#byMember.get(key.memberId);
    if (others === undefined) this.#byMember.set(key.memberId, [key]);
    else others.push(key);
  }
}

/** Whether a request with the key may pass: it is neither revoked nor expired. @param now wall-clock ms */
export function isUsable({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

function hashOf(plaintext: string): string {
  return hash('sha256', plaintext, 'hex');
}
