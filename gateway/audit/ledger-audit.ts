import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';

export interface LedgerCheck {
  /** Wall-clock ms. */
  checkedAt: number;
  balanced: boolean;
  /** Members whose balance is not the sum of their entries. */
  differingMemberIds: number[];
}

interface Sums {
  tokens: number;
  micros: number;
}

/** Entries added up in one go: about a millisecond of the gateway's thread. */
const SLICE = 5_000;
/** Adding up years of entries takes seconds; a status page asks far more often. */
const KEPT_MS = 10 * 60_000;
/** Entries counted in one go, in the index alone. */
const COUNTED = 10_000;
/** Entries are counted up to here; nobody pages further. */
const COUNT_CAP = 100_000;

/** Checks that every balance is the sum of its append-only ledger. */
export class LedgerAudit {
  readonly #wall: () => number;
  readonly #balances;
  readonly #lastEntry;
  readonly #slice;
  readonly #count;
  #kept: { at: number; check: Promise<LedgerCheck> } | undefined;

  constructor(db: Database, wall: () => number) {
    this.#wall = wall;
    this.#balances = db.prepare<[], Sums & { memberId: number }>(
      'SELECT member_id AS memberId, tokens, micros FROM balances ORDER BY member_id',
    );
    this.#lastEntry = db.prepare<[], { id: number }>('SELECT ifnull(max(id), 0) AS id FROM ledger_entries');
    this.#slice = db.prepare<
      { memberId: number; after: number; upTo: number },
      Sums & { entries: number; last: number | null }
    >(
      `SELECT count(*) AS entries, max(id) AS last, ifnull(sum(tokens), 0) AS tokens, ifnull(sum(micros), 0) AS micros FROM
         (SELECT id, tokens, micros FROM ledger_entries WHERE member_id = @memberId AND id > @after AND id <= @upTo
          ORDER BY id LIMIT ${SLICE})`,
    );
    this.#count = db.prepare<[number, number], { entries: number; last: number | null }>(
      `SELECT count(*) AS entries, max(id) AS last FROM
         (SELECT id FROM ledger_entries WHERE member_id = ? AND id > ? ORDER BY id LIMIT ${COUNTED})`,
    );
  }

  /** How many entries a member has; counted up to 100,000, some at a time. */
  async entriesOf(memberId: number): Promise<number> {
    let total = 0;
    for (let after = 0; total < COUNT_CAP; await nextTurn()) {
      const { entries = 0, last = null } = this.#count.get(memberId, after) ?? {};
      total += entries;
      if (last === null || entries < COUNTED) break;
      after = last;
    }
    return total;
  }

  /** The last check, if it is not older than ten minutes, else a new one. */
  check(): Promise<LedgerCheck> {
    const now = this.#wall();
    if (this.#kept === undefined || Math.abs(now - this.#kept.at) > KEPT_MS) {
      const check = this.#run();
      this.#kept = { at: now, check };
      check.catch(() => {
        this.#kept = undefined;
      });
    }
    return this.#kept.check;
  }

  /** Entries are never changed, so what stood at the start can be added up while new ones come in. */
  async #run(): Promise<LedgerCheck> {
    const balances = this.#balances.all();
    const upTo = this.#lastEntry.get()?.id ?? 0;
    const differingMemberIds: number[] = [];
    for (const { memberId, tokens, micros } of balances) {
      const sum = await this.#sumOf(memberId, upTo);
      if (sum.tokens !== tokens || sum.micros !== micros) differingMemberIds.push(memberId);
    }
    return { checkedAt: this.#wall(), balanced: differingMemberIds.length === 0, differingMemberIds };
  }

  async #sumOf(memberId: number, upTo: number): Promise<Sums> {
    const sum = { tokens: 0, micros: 0 };
    for (let after = 0; ; ) {
      const slice = this.#slice.get({ memberId, after, upTo });
      if (slice === undefined || slice.last === null) return sum;
      sum.tokens += slice.tokens;
      sum.micros += slice.micros;
      if (slice.entries < SLICE) return sum;
      after = slice.last;
      await nextTurn();
    }
  }
}
