import type { Database } from '../store/store.ts';
import type { LiveEvents } from './events.ts';

/** One thing the owner changed, or a member of its own keys. */
export interface Change {
  id: number;
  /** Wall-clock ms. */
  at: number;
  /** Through which of the owner's doors: `window`, `token`, `browser`; `member` by one of the member's own keys. */
  actor: string;
  /** What was done, such as `provider.update`. */
  action: string;
  /** To what, such as `provider:3`. */
  subject: string;
  /** As it was, without secrets; null where there was nothing. */
  before: unknown;
  after: unknown;
}

export interface ChangeFacts {
  actor: string;
  action: string;
  subject: string;
  /** JSON; the caller leaves secrets out. */
  before?: unknown;
  after?: unknown;
}

/** Half-open span of wall-clock milliseconds, and a page of it. */
export interface ListPage {
  from: number;
  to: number;
  limit: number;
  offset: number;
}

interface Row extends Omit<Change, 'before' | 'after'> {
  before: string | null;
  after: string | null;
}

/** The log of what the owner changed. It is kept for ever: a busy owner makes a few rows a day. */
export class Changes {
  readonly #wall: () => number;
  readonly #events: LiveEvents;
  readonly #insert;
  readonly #list;
  readonly #count;

  constructor(db: Database, wall: () => number, events: LiveEvents) {
    this.#wall = wall;
    this.#events = events;
    this.#insert = db.prepare<Omit<Row, 'id'>>(
      `INSERT INTO changes (at, actor, action, subject, before, after)
       VALUES (@at, @actor, @action, @subject, @before, @after)`,
    );
    this.#list = db.prepare<ListPage, Row>(
      `SELECT id, at, actor, action, subject, before, after FROM changes WHERE at >= @from AND at < @to
       ORDER BY id DESC LIMIT @limit OFFSET @offset`,
    );
    this.#count = db.prepare<Pick<ListPage, 'from' | 'to'>, { total: number }>(
      'SELECT count(*) AS total FROM changes WHERE at >= @from AND at < @to',
    );
  }

  record({ actor, action, subject, before = null, after = null }: ChangeFacts): Change {
    const facts = { at: this.#wall(), actor, action, subject };
    const { lastInsertRowid } = this.#insert.run({ ...facts, before: toText(before), after: toText(after) });
    const change = { ...facts, id: Number(lastInsertRowid), before, after };
    this.#events.emit({ type: 'change', data: change });
    return change;
  }

  /** Newest first. */
  list(page: ListPage): { changes: Change[]; total: number } {
    const changes = this.#list.all(page).map((row) => ({
      ...row,
      before: fromText(row.before),
      after: fromText(row.after),
    }));
    return { changes, total: this.#count.get(page)?.total ?? 0 };
  }
}

function toText(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

function fromText(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}
