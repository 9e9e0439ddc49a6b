import type { Database } from '../store/store.ts';

export type AlertKind =
  | 'new_address'
  | 'refused_keys'
  | 'provider_failing'
  | 'provider_credential'
  | 'unusual_volume'
  | 'key_expiring'
  | 'tunnel'
  | 'billing';

/** What the owner answered to an alert. */
export type AlertAnswer = 'fine' | 'block' | 'unblock' | 'suspend' | 'revoke';

/** Something the owner should look at. */
export interface Alert {
  id: number;
  /** Wall-clock ms. */
  at: number;
  kind: AlertKind;
  /** Plain sentences, without secrets. */
  message: string;
  memberId: number | null;
  keyId: number | null;
  providerId: number | null;
  address: string | null;
  seenAt: number | null;
  /** Null while it is open, and where it was only marked as seen. */
  answer: AlertAnswer | null;
}

export type AlertFacts = Pick<Alert, 'at' | 'kind' | 'message'> &
  Partial<Pick<Alert, 'memberId' | 'keyId' | 'providerId' | 'address'>>;

/** Half-open span of wall-clock milliseconds, and a page of it. */
export interface AlertPage {
  from: number;
  to: number;
  limit: number;
  offset: number;
  /** Only those nobody has looked at. */
  unseenOnly: boolean;
}

const COLUMNS = `id, at, kind, message, member_id AS memberId, key_id AS keyId, provider_id AS providerId, address,
  seen_at AS seenAt, answer FROM alerts`;
const SPAN = 'at >= @from AND at < @to AND (@unseen = 0 OR seen_at IS NULL)';

type Span = { from: number; to: number; unseen: number };

/** The alerts there were, what was answered to them, and how to take that back. */
export class AlertLog {
  readonly #insert;
  readonly #list;
  readonly #count;
  readonly #byId;
  readonly #settle;
  readonly #undo;
  readonly #reopen;
  readonly #remove;
  readonly #ofKey;
  readonly #openOfProvider;
  readonly #settleOfProvider;

  constructor(db: Database) {
    this.#insert = db.prepare<Omit<Alert, 'id' | 'seenAt' | 'answer'>>(
      `INSERT INTO alerts (at, kind, message, member_id, key_id, provider_id, address)
       VALUES (@at, @kind, @message, @memberId, @keyId, @providerId, @address)`,
    );
    this.#list = db.prepare<Span & { limit: number; offset: number }, Alert>(
      `SELECT ${COLUMNS} WHERE ${SPAN} ORDER BY id DESC LIMIT @limit OFFSET @offset`,
    );
    this.#count = db.prepare<Span, { total: number }>(`SELECT count(*) AS total FROM alerts WHERE ${SPAN}`);
    this.#byId = db.prepare<[number], Alert>(`SELECT ${COLUMNS} WHERE id = ?`);
    this.#settle = db.prepare<{ id: number; at: number; answer: string | null; undo: string | null }>(
      `UPDATE alerts SET seen_at = coalesce(seen_at, @at), answer = coalesce(@answer, answer),
         undo = coalesce(@undo, undo) WHERE id = @id`,
    );
    this.#undo = db.prepare<[number], { undo: string | null }>('SELECT undo FROM alerts WHERE id = ?');
    this.#reopen = db.prepare<[number]>(
      'UPDATE alerts SET seen_at = NULL, answer = NULL, undo = NULL WHERE id = ?',
    );
    this.#remove = db.prepare<[number]>('DELETE FROM alerts WHERE id = ?');
    this.#ofKey = db.prepare<[number, string, number], { id: number }>(
      'SELECT id FROM alerts WHERE key_id = ? AND kind = ? AND at >= ? LIMIT 1',
    );
    this.#settleOfProvider = db.prepare<[number, number, string]>(
      'UPDATE alerts SET seen_at = ? WHERE provider_id = ? AND kind = ? AND seen_at IS NULL',
    );
    this.#openOfProvider = db.prepare<[number, string], { id: number }>(
      'SELECT id FROM alerts WHERE provider_id = ? AND kind = ? AND seen_at IS NULL LIMIT 1',
    );
  }

  add(facts: AlertFacts): Alert {
    const whole = { memberId: null, keyId: null, providerId: null, address: null, ...facts };
    return { ...whole, id: Number(this.#insert.run(whole).lastInsertRowid), seenAt: null, answer: null };
  }

  /** Newest first. */
  list({ unseenOnly, ...page }: AlertPage): { alerts: Alert[]; total: number } {
    const span = { ...page, unseen: unseenOnly ? 1 : 0 };
    return { alerts: this.#list.all(span), total: this.#count.get(span)?.total ?? 0 };
  }

  get(id: number): Alert | undefined {
    return this.#byId.get(id);
  }

  /** Marks it as seen. @param undo what takes the answer back, as JSON can hold it */
  settle(id: number, at: number, answer: AlertAnswer | null = null, undo?: unknown): Alert | undefined {
    this.#settle.run({ id, at, answer, undo: undo === undefined ? null : JSON.stringify(undo) });
    return this.get(id);
  }

  undoOf(id: number): unknown {
    const text = this.#undo.get(id)?.undo ?? null;
    return text === null ? undefined : JSON.parse(text);
  }

  /** As if nobody had looked at it. */
  reopen(id: number): Alert | undefined {
    this.#reopen.run(id);
    return this.get(id);
  }

  remove(id: number): void {
    this.#remove.run(id);
  }

  /** Whether there was one of this kind about the key since then. */
  hasOfKey(keyId: number, kind: AlertKind, since: number): boolean {
    return this.#ofKey.get(keyId, kind, since) !== undefined;
  }

  /** It is well again: what waits about it needs no look any more. */
  settleOfProvider(providerId: number, kind: AlertKind, at: number): void {
    this.#settleOfProvider.run(at, providerId, kind);
  }

  /** Whether one about the provider waits to be looked at. */
  hasOpenOfProvider(providerId: number, kind: AlertKind): boolean {
    return this.#openOfProvider.get(providerId, kind) !== undefined;
  }
}
