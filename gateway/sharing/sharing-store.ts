import type { Database } from '../store/store.ts';
import type { PermittedNames } from './name-constraints.ts';
import { SHARING_OFF, type SharingSettings } from './sharing-settings.ts';

/** What the database has of the authority. Its key is in the vault. */
export interface AuthorityRecord {
  /** PEM. */
  certificate: string;
  /** What it may sign for, as its certificate says. */
  permitted: PermittedNames;
}

/** A password as scrypt leaves it (RFC 7914). */
export interface PasswordHash {
  /** Base64. */
  salt: string;
  /** Base64. */
  hash: string;
  /** Cost, block size, parallelism. */
  n: number;
  r: number;
  p: number;
  /** Wall-clock ms. */
  setAt: number;
}

interface Kept {
  settings: SharingSettings;
  authority: AuthorityRecord | null;
  password: PasswordHash | null;
}

const NOTHING_KEPT: Kept = { settings: SHARING_OFF, authority: null, password: null };

/** What is kept of sharing: held in memory, written through. */
export class SharingStore {
  readonly #values: Kept = { ...NOTHING_KEPT };
  readonly #put;

  constructor(db: Database) {
    this.#put = db.prepare<[string, string]>(
      'INSERT INTO sharing (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    );
    const rows = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM sharing').all();
    for (const { key, value } of rows) {
      if (key in NOTHING_KEPT) Object.assign(this.#values, { [key]: JSON.parse(value) });
    }
    // What a later release adds has its default in the settings of this one.
    this.#values.settings = { ...SHARING_OFF, ...this.#values.settings };
  }

  get<Key extends keyof Kept>(key: Key): Kept[Key] {
    return this.#values[key];
  }

  set<Key extends keyof Kept>(key: Key, value: Kept[Key]): void {
    this.#put.run(key, JSON.stringify(value));
    this.#values[key] = value;
  }
}
