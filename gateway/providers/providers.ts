import type { Database } from '../store/store.ts';
import type { ProviderKind } from './provider-kinds.ts';

/** An upstream service. Its credential is in the vault, under `provider:<id>`. */
export interface Provider {
  id: number;
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  enabled: boolean;
  /** Added to the priority of its targets; lower is tried first. */
  priority: number;
  /** Sent with every call; never a credential. */
  headers: Record<string, string>;
  /** A proxy's URL without user and password, `direct` for none, null for the system's. */
  proxy: string | null;
  /** PEM certificates trusted besides the usual ones. */
  ca: string | null;
  /** A credential was put into the vault. Without one the vault is not asked: local models need none. */
  credentialStored: boolean;
  createdAt: number;
}

interface Row {
  id: number;
  name: string;
  kind: ProviderKind;
  baseUrl: string;
  enabled: number;
  priority: number;
  headers: string;
  proxy: string | null;
  ca: string | null;
  credentialStored: number;
  createdAt: number;
}

export function credentialAccount(providerId: number): string {
  return `provider:${providerId}`;
}

/** Where a proxy's URL is kept when it carries a user and a password. */
export function proxyAccount(providerId: number): string {
  return `provider:${providerId}:proxy`;
}

/** Providers: held in memory, written through. A deleted one leaves its audit rows behind. */
export class Providers {
  readonly #byId = new Map<number, Provider>();
  readonly #names = new Map<number, string>();
  readonly #insert;
  readonly #update;
  readonly #delete;

  constructor(db: Database) {
    this.#insert = db.prepare<Omit<Row, 'id'>>(
      `INSERT INTO providers (name, kind, base_url, enabled, priority, headers, proxy, ca, credential_stored, created_at)
       VALUES (@name, @kind, @baseUrl, @enabled, @priority, @headers, @proxy, @ca, @credentialStored, @createdAt)`,
    );
    this.#update = db.prepare<Omit<Row, 'createdAt'>>(
      `UPDATE providers SET name = @name, kind = @kind, base_url = @baseUrl, enabled = @enabled, priority = @priority,
         headers = @headers, proxy = @proxy, ca = @ca, credential_stored = @credentialStored WHERE id = @id`,
    );
    this.#delete = db.prepare<[number, number]>('UPDATE providers SET deleted_at = ? WHERE id = ?');
    const rows = db
      .prepare<[], Row & { deletedAt: number | null }>(
        `SELECT id, name, kind, base_url AS baseUrl, enabled, priority, headers, proxy, ca,
           credential_stored AS credentialStored, created_at AS createdAt,
           deleted_at AS deletedAt FROM providers ORDER BY id`,
      )
      .all();
    for (const { deletedAt, ...row } of rows) {
      this.#names.set(row.id, row.name);
      if (deletedAt === null) this.#byId.set(row.id, fromRow(row));
    }
  }

  get(id: number): Provider | undefined {
    return this.#byId.get(id);
  }

  /** The name, also of a deleted provider. */
  nameOf(id: number): string | undefined {
    return this.#names.get(id);
  }

  list(): Provider[] {
    return [...this.#byId.values()];
  }

  create(facts: Omit<Provider, 'id'>): Provider {
    const provider = { ...facts, id: Number(this.#insert.run(toRow(facts)).lastInsertRowid) };
    this.#remember(provider);
    return provider;
  }

  update(id: number, patch: Partial<Omit<Provider, 'id' | 'createdAt'>>): Provider | undefined {
    const before = this.#byId.get(id);
    if (before === undefined) return undefined;
    const provider = { ...before, ...patch };
    const { createdAt: _, ...row } = toRow(provider);
    this.#update.run({ ...row, id });
    this.#remember(provider);
    return provider;
  }

  /** @returns the provider as it was */
  remove(id: number, now: number): Provider | undefined {
    const provider = this.#byId.get(id);
    if (provider !== undefined) {
      this.#delete.run(now, id);
      this.#byId.delete(id);
    }
    return provider;
  }

  #remember(provider: Provider): void {
    this.#byId.set(provider.id, provider);
    this.#names.set(provider.id, provider.name);
  }
}

function fromRow(row: Row): Provider {
  return {
    ...row,
    enabled: row.enabled === 1,
    credentialStored: row.credentialStored === 1,
    headers: JSON.parse(row.headers),
  };
}

function toRow(provider: Omit<Provider, 'id'>): Omit<Row, 'id'> {
  return {
    name: provider.name,
    kind: provider.kind,
    baseUrl: provider.baseUrl,
    enabled: provider.enabled ? 1 : 0,
    priority: provider.priority,
    headers: JSON.stringify(provider.headers),
    proxy: provider.proxy,
    ca: provider.ca,
    credentialStored: provider.credentialStored ? 1 : 0,
    createdAt: provider.createdAt,
  };
}
