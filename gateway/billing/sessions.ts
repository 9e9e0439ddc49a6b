import type { Database } from '../store/store.ts';
import type { StripeMode } from './account.ts';

export type Purpose = 'topup' | 'plan';

/**
 * `creating`: Stripe was asked, its answer is not here; `open`: can be paid; `processing`: the payer is done and the
 * money is on its way; `paid`: credited; `expired`: nobody paid in time; `failed`: nothing will come of it.
 */
export type SessionState = 'creating' | 'open' | 'processing' | 'paid' | 'expired' | 'failed';

/** A Checkout Session the gateway had Stripe make. */
export interface BillingSession {
  id: number;
  /** Ours: idempotency key and `client_reference_id`. */
  reference: string;
  /** Stripe's; null until its answer is here. */
  sessionId: string | null;
  /** Stripe's payment intent; null until somebody pays. */
  paymentId: string | null;
  memberId: number;
  customerId: string;
  mode: StripeMode;
  purpose: Purpose;
  /** What is paid for, where it is a plan. */
  planId: string | null;
  amountMicros: number;
  state: SessionState;
  /** Why it failed; null else. */
  reason: string | null;
  /** What Stripe has given back to the payer. */
  refundedMicros: number;
  disputed: boolean;
  /** Wall-clock ms, as are those below. */
  createdAt: number;
  settledAt: number | null;
  lookedAt: number | null;
  /** Null: not followed any more. */
  nextLookAt: number | null;
  /** Looks in a row that failed. */
  failures: number;
}

interface Row extends Omit<BillingSession, 'disputed'> {
  disputed: number;
}

export type NewBillingSession = Pick<
  BillingSession,
  'reference' | 'memberId' | 'customerId' | 'mode' | 'purpose' | 'planId' | 'amountMicros' | 'createdAt'
> & { nextLookAt: number };

/** Half-open span of wall-clock milliseconds, and a page of it. Null takes all. */
export interface SessionPage {
  memberId: number | null;
  from: number;
  to: number;
  limit: number;
  offset: number;
}

const COLUMNS = `id, reference, session_id AS sessionId, payment_id AS paymentId, member_id AS memberId,
  customer_id AS customerId, mode, purpose, plan_id AS planId, amount_micros AS amountMicros, state, reason,
  refunded_micros AS refundedMicros, disputed, created_at AS createdAt, settled_at AS settledAt,
  looked_at AS lookedAt, next_look_at AS nextLookAt, failures FROM billing_sessions`;
const OPEN = `state IN ('creating', 'open', 'processing')`;
const CHOSEN = '(@memberId IS NULL OR member_id = @memberId) AND created_at >= @from AND created_at < @to';

/** The sessions in the database. A row is written before Stripe is asked, so none is ever lost. */
export class BillingSessions {
  readonly #insert;
  readonly #byId;
  readonly #byReference;
  readonly #bySession;
  readonly #byPayment;
  readonly #due;
  readonly #nextDue;
  readonly #found;
  readonly #looked;
  readonly #sooner;
  readonly #settle;
  readonly #notePayment;
  readonly #list;
  readonly #count;
  readonly #openOf;
  readonly #openCount;

  constructor(db: Database) {
    this.#insert = db.prepare<NewBillingSession>(
      `INSERT INTO billing_sessions (reference, member_id, customer_id, mode, purpose, plan_id, amount_micros, state,
         created_at, next_look_at)
       VALUES (@reference, @memberId, @customerId, @mode, @purpose, @planId, @amountMicros, 'creating',
         @createdAt, @nextLookAt)`,
    );
    this.#byId = db.prepare<[number], Row>(`SELECT ${COLUMNS} WHERE id = ?`);
    this.#byReference = db.prepare<[string], Row>(`SELECT ${COLUMNS} WHERE reference = ?`);
    this.#bySession = db.prepare<[string], Row>(`SELECT ${COLUMNS} WHERE session_id = ?`);
    this.#byPayment = db.prepare<[string], Row>(`SELECT ${COLUMNS} WHERE payment_id = ?`);
    this.#due = db.prepare<[StripeMode, number, number, number], Row>(
      `SELECT ${COLUMNS} WHERE mode = ? AND next_look_at IS NOT NULL AND (next_look_at <= ? OR next_look_at > ?)
       ORDER BY next_look_at LIMIT ?`,
    );
    this.#nextDue = db.prepare<[StripeMode], { at: number | null }>(
      'SELECT min(next_look_at) AS at FROM billing_sessions WHERE mode = ? AND next_look_at IS NOT NULL',
    );
    this.#found = db.prepare<{ id: number; sessionId: string }>(
      `UPDATE billing_sessions SET session_id = @sessionId, state = iif(state = 'creating', 'open', state)
       WHERE id = @id`,
    );
    this.#looked = db.prepare<
      Pick<BillingSession, 'id' | 'state' | 'lookedAt' | 'nextLookAt' | 'failures'> & {
        paymentId: string | null;
      }
    >(
      `UPDATE billing_sessions SET state = @state, looked_at = @lookedAt, next_look_at = @nextLookAt,
         failures = @failures, payment_id = ifnull(@paymentId, payment_id)
       WHERE id = @id AND (state = @state OR ${OPEN})`,
    );
    this.#sooner = db.prepare<{ id: number; at: number }>(
      `UPDATE billing_sessions SET next_look_at = min(next_look_at, @at) WHERE id = @id AND ${OPEN}`,
    );
    this.#settle = db.prepare<
      Pick<BillingSession, 'id' | 'state' | 'reason' | 'paymentId' | 'nextLookAt'> & { settledAt: number }
    >(
      `UPDATE billing_sessions SET state = @state, reason = @reason, settled_at = @settledAt, looked_at = @settledAt,
         next_look_at = @nextLookAt, failures = 0, payment_id = ifnull(@paymentId, payment_id)
       WHERE id = @id AND state <> 'paid' AND (@state = 'paid' OR ${OPEN})`,
    );
    this.#notePayment = db.prepare<{ id: number; refundedMicros: number; disputed: number }>(
      `UPDATE billing_sessions SET refunded_micros = @refundedMicros, disputed = @disputed
       WHERE id = @id AND (refunded_micros < @refundedMicros OR disputed <> @disputed)`,
    );
    this.#list = db.prepare<SessionPage, Row>(
      `SELECT ${COLUMNS} WHERE ${CHOSEN} ORDER BY id DESC LIMIT @limit OFFSET @offset`,
    );
    this.#count = db.prepare<Omit<SessionPage, 'limit' | 'offset'>, { total: number }>(
      `SELECT count(*) AS total FROM billing_sessions WHERE ${CHOSEN}`,
    );
    this.#openOf = db.prepare<[number], { total: number }>(
      `SELECT count(*) AS total FROM billing_sessions WHERE member_id = ? AND ${OPEN}`,
    );
    this.#openCount = db.prepare<[], { total: number }>(
      `SELECT count(*) AS total FROM billing_sessions WHERE ${OPEN}`,
    );
  }

  create(session: NewBillingSession): BillingSession {
    const { lastInsertRowid } = this.#insert.run(session);
    return this.get(Number(lastInsertRowid)) as BillingSession;
  }

  get(id: number): BillingSession | undefined {
    return shape(this.#byId.get(id));
  }

  byReference(reference: string): BillingSession | undefined {
    return shape(this.#byReference.get(reference));
  }

  bySession(sessionId: string): BillingSession | undefined {
    return shape(this.#bySession.get(sessionId));
  }

  byPayment(paymentId: string): BillingSession | undefined {
    return shape(this.#byPayment.get(paymentId));
  }

  /** Those to be looked at, the longest overdue first. Beyond `farthest` only a clock that was set back has put one. */
  due(mode: StripeMode, now: number, farthest: number, limit: number): BillingSession[] {
    return this.#due.all(mode, now, farthest, limit).map((row) => shape(row) as BillingSession);
  }

  /** When the next one is due; null where none is followed. */
  nextDue(mode: StripeMode): number | null {
    return this.#nextDue.get(mode)?.at ?? null;
  }

  /** Stripe has it, by this id. */
  found(id: number, sessionId: string): void {
    this.#found.run({ id, sessionId });
  }

  /** What a look said of one that is not over. */
  looked(
    id: number,
    look: Pick<BillingSession, 'state' | 'lookedAt' | 'nextLookAt' | 'failures' | 'paymentId'>,
  ): void {
    this.#looked.run({ id, ...look });
  }

  /** Looks at one that is not over no later than then. */
  sooner(id: number, at: number): void {
    this.#sooner.run({ id, at });
  }

  /**
   * Ends it. What was given up may still turn out to be paid; what is paid stays so.
   * @returns whether this call ended it: false where another was quicker
   */
  settle(
    id: number,
    end: Pick<BillingSession, 'state' | 'reason' | 'paymentId' | 'nextLookAt'> & { settledAt: number },
  ): boolean {
    return this.#settle.run({ id, ...end }).changes === 1;
  }

  /** @returns whether that is news */
  notePayment(id: number, refundedMicros: number, disputed: boolean): boolean {
    return this.#notePayment.run({ id, refundedMicros, disputed: disputed ? 1 : 0 }).changes === 1;
  }

  /** Newest first. */
  list(page: SessionPage): { sessions: BillingSession[]; total: number } {
    const { memberId, from, to } = page;
    return {
      sessions: this.#list.all(page).map((row) => shape(row) as BillingSession),
      total: this.#count.get({ memberId, from, to })?.total ?? 0,
    };
  }

  /** How many of a member's are not over. */
  openOf(memberId: number): number {
    return this.#openOf.get(memberId)?.total ?? 0;
  }

  openCount(): number {
    return this.#openCount.get()?.total ?? 0;
  }
}

function shape(row: Row | undefined): BillingSession | undefined {
  return row === undefined ? undefined : { ...row, disputed: row.disputed === 1 };
}
