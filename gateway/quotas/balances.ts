import type { Database } from '../store/store.ts';

/** What a member has prepaid. */
export interface Balance {
  tokens: number;
  /** Micros of a US dollar. */
  micros: number;
}

export interface LedgerEntry extends Balance {
  id: number;
  memberId: number;
  at: number;
  kind: 'grant' | 'charge' | 'refund';
  /** requests.id of a charge or refund. */
  request: number | null;
  note: string | null;
}

/** An entry with what it was for. */
export interface ListedEntry extends LedgerEntry {
  /** Public model of the request; null where that row is gone. */
  model: string | null;
}

/** What a running request may yet spend, of one of the two. */
export interface Hold extends Balance {
  memberId: number;
  paidFrom: 'tokens' | 'micros';
}

/** What a request may need of a balance. */
export interface BalanceNeed {
  /** All that it may need. */
  most: Balance;
  /** With less it is not begun. It holds what there is, where that is less than the most. */
  least: Balance;
}

interface MemberAmount extends Balance {
  memberId: number;
}

/**
 * Prepaid balances: an append-only ledger with its running sum. Running requests hold what they may spend, so
 * that concurrent ones cannot spend the same tokens twice. A hold lives in memory: the audit row of a killed
 * request keeps its estimate, and `chargeInterrupted` books it at the next start.
 */
export class Balances {
  readonly #byMember = new Map<number, Balance>();
  readonly #held = new Map<number, Balance>();
  readonly #append;
  readonly #add;
  readonly #entries;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.#append = db.prepare<Omit<LedgerEntry, 'id'>>(
      `INSERT INTO ledger_entries (member_id, at, kind, tokens, micros, request, note)
       VALUES (@memberId, @at, @kind, @tokens, @micros, @request, @note)`,
    );
    this.#add = db.prepare<MemberAmount>(
      `INSERT INTO balances (member_id, tokens, micros) VALUES (@memberId, @tokens, @micros)
       ON CONFLICT DO UPDATE SET tokens = tokens + excluded.tokens, micros = micros + excluded.micros`,
    );
    this.#entries = db.prepare<[number, number, number], ListedEntry>(
      `SELECT l.id, l.member_id AS memberId, l.at, l.kind, l.tokens, l.micros, l.request, l.note, n.text AS model
       FROM ledger_entries AS l LEFT JOIN requests AS r ON r.id = l.request LEFT JOIN names AS n ON n.id = r.model
       WHERE l.member_id = ? ORDER BY l.id DESC LIMIT ? OFFSET ?`,
    );
    const rows = db
      .prepare<[], MemberAmount>('SELECT member_id AS memberId, tokens, micros FROM balances')
      .all();
    for (const { memberId, ...balance } of rows) this.#byMember.set(memberId, balance);
  }

  /** What the ledger sums to. */
  of(memberId: number): Balance {
    return this.#byMember.get(memberId) ?? { tokens: 0, micros: 0 };
  }

  /** What its running requests may yet spend of it. */
  heldOf(memberId: number): Balance {
    return this.#held.get(memberId) ?? { tokens: 0, micros: 0 };
  }

  /**
   * Holds what a request may spend: charged tokens if the token balance covers them, else its cost if the
   * money does. @returns null when neither covers it
   */
  hold(memberId: number, { most, least }: BalanceNeed): Hold | null {
    const balance = this.of(memberId);
    const held = this.heldOf(memberId);
    for (const paidFrom of ['tokens', 'micros'] as const) {
      const free = balance[paidFrom] - held[paidFrom];
      if (free < Math.max(1, least[paidFrom])) continue;
      const hold = { memberId, tokens: 0, micros: 0, paidFrom };
      return this.#take({ ...hold, [paidFrom]: Math.min(most[paidFrom], free) });
    }
    return null;
  }

  /**
   * What a request is charged of what it used. Estimates may be too low, and many requests run at once: what
   * would take the balance further below zero than one request's output goes is not charged.
   * @param output the part of `used` that was its output
   */
  chargeable(
    { memberId, paidFrom }: Pick<Hold, 'memberId' | 'paidFrom'>,
    used: number,
    output: number,
  ): number {
    return Math.max(0, Math.min(used, this.of(memberId)[paidFrom] + output));
  }

  release(hold: Hold): void {
    this.#change(hold, -1);
  }

  /**
   * Appends an entry. Call `remember` with it once the transaction around it has committed.
   * @returns the entry's id
   */
  write(entry: Omit<LedgerEntry, 'id'>): number {
    const { lastInsertRowid } = this.#append.run(entry);
    this.#add.run({ memberId: entry.memberId, tokens: entry.tokens, micros: entry.micros });
    return Number(lastInsertRowid);
  }

  remember(entry: Omit<LedgerEntry, 'id'>): void {
    const { tokens, micros } = this.of(entry.memberId);
    this.#byMember.set(entry.memberId, { tokens: tokens + entry.tokens, micros: micros + entry.micros });
  }

  grant(memberId: number, amount: Balance, note: string | null, at: number): Balance {
    const entry = { memberId, at, kind: 'grant' as const, ...amount, request: null, note };
    this.#db.transaction(() => this.write(entry))();
    this.remember(entry);
    return this.of(memberId);
  }

  /** Newest first. */
  entries(memberId: number, limit: number, offset: number): ListedEntry[] {
    return this.#entries.all(memberId, limit, offset);
  }

  #take(hold: Hold): Hold {
    this.#change(hold, 1);
    return hold;
  }

  #change(hold: Hold, sign: 1 | -1): void {
    const held = this.heldOf(hold.memberId);
    const tokens = held.tokens + sign * hold.tokens;
    const micros = held.micros + sign * hold.micros;
    if (tokens === 0 && micros === 0) this.#held.delete(hold.memberId);
    else this.#held.set(hold.memberId, { tokens, micros });
  }
}
