import type { Endpoint } from '../protocols/endpoint.ts';
import type { Database, Store } from '../store/store.ts';
import { asUnavailable, StoreUnavailable } from '../store/store-errors.ts';
import type { Names } from './names.ts';
import { Refusals, type RequestRefusal } from './refusals.ts';

/** What is known of a request when it is admitted or refused. Times are wall-clock milliseconds. */
export interface RequestFacts {
  at: number;
  /** UUID version 7. */
  requestId: string;
  memberId: number | null;
  keyId: number | null;
  address: string;
  tool: string;
  endpoint: Endpoint | 'models';
  model: string | null;
  streamed: boolean;
  multiplier: number;
}

/** Tokens, images and cost of one request. `inputTokens` includes cached ones, in every protocol. */
export interface RequestUsage {
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
  images: number;
  costMicros: number;
  chargedTokens: number;
  estimated: boolean;
}

export interface FailedAttempt {
  providerId: number | null;
  upstreamModel: string;
  status: number | null;
  reason: string;
  latencyMs: number;
}

export interface RequestOutcome {
  status: number;
  code: string | null;
  providerId: number | null;
  upstreamModel: string | null;
  attempts: number;
  failedAttempts: readonly FailedAttempt[];
  latencyMs: number;
  ttfbMs: number | null;
  usage: RequestUsage;
  counts: Counts;
  /** What the target could not take of the request, by name; null for nothing. */
  dropped: string | null;
}

/** What pays for a request: its member's limits alone, or a prepaid balance. */
export type PaidFrom = 'limits' | 'tokens' | 'micros';

const PAID_FROM: Record<PaidFrom, number> = { limits: 0, tokens: 1, micros: 2 };

/** A request that a kill interrupted, with the estimate that stays. */
export interface InterruptedRequest {
  row: number;
  memberId: number;
  paidFrom: Exclude<PaidFrom, 'limits'>;
  chargedTokens: number;
  costMicros: number;
}

/** Where a request counts: nowhere (refused), in every window, or in the minute window alone. */
export type Counts = 'nowhere' | 'everywhere' | 'minute';

const COUNTED: Record<Counts, number> = { nowhere: 0, everywhere: 1, minute: 2 };

export const NO_USAGE: RequestUsage = {
  inputTokens: 0,
  outputTokens: 0,
  cachedTokens: 0,
  reasoningTokens: 0,
  images: 0,
  costMicros: 0,
  chargedTokens: 0,
  estimated: false,
};

/** Code of a row whose request was running when the gateway was killed. Its estimate stays. */
export const INTERRUPTED = 'interrupted';

const RETRY_MS = 1_000;

/** Writes the audit rows. A row is on disk before its provider is called and settled before its answer ends. */
export class RequestLog {
  readonly #store: Store;
  readonly #names: Names;
  readonly #insert;
  readonly #settle;
  readonly #insertAttempt;
  readonly #refusals: Refusals;
  readonly #onWritten: (facts: RequestFacts) => void;
  #nextId: number;
  readonly #running = new Set<number>();
  readonly #unsettled = new Map<number, () => Promise<void>>();
  #retry: NodeJS.Timeout | undefined;

  /**
   * @param charge books what an interrupted request may have spent of a balance, in the transaction that closes its
   *   row; returns the tokens that it charged
   * @param onWritten told of every request once its row is on disk
   */
  constructor(
    store: Store,
    names: Names,
    charge: (request: InterruptedRequest) => number = ({ chargedTokens }) => chargedTokens,
    onWritten: (facts: RequestFacts) => void = () => undefined,
  ) {
    this.#store = store;
    this.#names = names;
    this.#onWritten = onWritten;
    const { db } = store;
    this.#insert = db.prepare(
      `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, streamed, multiplier,
         status, code, latency_ms, input_tokens, output_tokens, images, cost_micros, charged_tokens, estimated, counted,
         paid_from)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#settle = db.prepare(
      `UPDATE requests SET status = ?, code = ?, provider_id = ?, upstream_model = ?, attempts = ?, latency_ms = ?, ttfb_ms = ?,
         input_tokens = ?, output_tokens = ?, cached_tokens = ?, reasoning_tokens = ?, images = ?, cost_micros = ?,
         charged_tokens = ?, estimated = ?, counted = ?, dropped = ?
       WHERE id = ?`,
    );
    this.#insertAttempt = db.prepare(
      `INSERT OR REPLACE INTO attempts (request, number, provider_id, upstream_model, status, reason, latency_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#refusals = new Refusals(db, names);
    this.#nextId = nextRowId(db);
    db.transaction(() => closeInterrupted(db, names, charge))();
  }

  /** Rows below this id are settled for good. */
  get settledBelow(): number {
    let lowest = this.#nextId;
    for (const id of this.#running) lowest = Math.min(lowest, id);
    return lowest;
  }

  get running(): number {
    return this.#running.size;
  }

  /**
   * Opens a row with the reserved amounts. Resolves once it is on disk.
   * @throws StoreUnavailable when it cannot be written
   */
  async open(facts: RequestFacts, reserved: RequestUsage, paidFrom: PaidFrom = 'limits'): Promise<number> {
    const row = this.#nextId++;
    const running = { status: 0, code: null, latencyMs: null };
    this.#running.add(row);
    try {
      await this.#write(() => this.#values(row, facts, running, reserved, 'everywhere', paidFrom));
    } catch (error) {
      this.#running.delete(row);
      throw error;
    }
    this.#onWritten(facts);
    return row;
  }

  /**
   * Writes the row of a refused request, which consumed nothing.
   * @param refusal the limit or balance that refused it
   * @returns its id
   */
  async refused(
    facts: RequestFacts,
    outcome: { status: number; code: string; latencyMs: number },
    refusal: RequestRefusal | null = null,
  ): Promise<number> {
    const row = this.#nextId++;
    const alongside = refusal && orUnavailable(() => this.#refusals.writeOf(row, refusal));
    await this.#write(() => this.#values(row, facts, outcome, NO_USAGE, 'nowhere', 'limits'), alongside);
    this.#onWritten(facts);
    return row;
  }

  /**
   * Puts the outcome in the place of the reservation. Resolves once it is on disk. A row that cannot be
   * written now is tried again until it can.
   * @throws StoreUnavailable when it could not be written at once
   */
  async settle(row: number, outcome: RequestOutcome, alongside?: () => void): Promise<void> {
    const write = () => this.#writeOutcome(row, outcome, alongside);
    try {
      await write();
      this.#running.delete(row);
    } catch (error) {
      if (error instanceof StoreUnavailable) {
        this.#unsettled.set(row, write);
        this.#retryLater();
      } else {
        this.#running.delete(row);
      }
      throw error;
    }
  }

  close(): void {
    clearTimeout(this.#retry);
  }

  #writeOutcome(row: number, outcome: RequestOutcome, alongside?: () => void): Promise<void> {
    const { values, attempts } = orUnavailable(() => this.#outcomeValues(row, outcome));
    return this.#store.commits.commit(() => {
      this.#settle.run(values);
      for (const attempt of attempts) this.#insertAttempt.run(attempt);
      alongside?.();
    });
  }

  #outcomeValues(row: number, outcome: RequestOutcome): { values: unknown[]; attempts: unknown[][] } {
    const { usage } = outcome;
    const values = [
      outcome.status,
      outcome.code === null ? null : this.#names.id(outcome.code),
      outcome.providerId,
      outcome.upstreamModel === null ? null : this.#names.id(outcome.upstreamModel),
      outcome.attempts,
      outcome.latencyMs,
      outcome.ttfbMs,
      usage.inputTokens,
      usage.outputTokens,
      usage.cachedTokens,
      usage.reasoningTokens,
      usage.images,
      usage.costMicros,
      usage.chargedTokens,
      usage.estimated ? 1 : 0,
      COUNTED[outcome.counts],
      outcome.dropped === null ? null : this.#names.id(outcome.dropped),
      row,
    ];
    const attempts = outcome.failedAttempts.map((attempt, index) => [
      row,
      index + 1,
      attempt.providerId,
      this.#names.id(attempt.upstreamModel),
      attempt.status,
      this.#names.id(attempt.reason),
      attempt.latencyMs,
    ]);
    return { values, attempts };
  }

  /** Names are looked up, and new ones written, ahead of the row. @throws StoreUnavailable when either fails */
  #write(values: () => unknown[], alongside: (() => void) | null = null): Promise<void> {
    const row = orUnavailable(values);
    return this.#store.commits.commit(() => {
      this.#insert.run(row);
      alongside?.();
    });
  }

  #values(
    row: number,
    facts: RequestFacts,
    outcome: { status: number; code: string | null; latencyMs: number | null },
    usage: RequestUsage,
    counts: Counts,
    paidFrom: PaidFrom,
  ): unknown[] {
    const id = (text: string) => this.#names.id(text);
    return [
      row,
      facts.at,
      Buffer.from(facts.requestId.replaceAll('-', ''), 'hex'),
      facts.memberId,
      facts.keyId,
      id(facts.address),
      id(facts.tool),
      id(facts.endpoint),
      facts.model === null ? null : id(facts.model),
      facts.streamed ? 1 : 0,
      facts.multiplier,
      outcome.status,
      outcome.code === null ? null : id(outcome.code),
      outcome.latencyMs,
      usage.inputTokens,
      usage.outputTokens,
      usage.images,
      usage.costMicros,
      usage.chargedTokens,
      usage.estimated ? 1 : 0,
      COUNTED[counts],
      PAID_FROM[paidFrom],
    ];
  }

  #retryLater(): void {
    if (this.#retry !== undefined) return;
    this.#retry = setTimeout(async () => {
      this.#retry = undefined;
      for (const [row, write] of this.#unsettled) {
        try {
          await write();
          this.#unsettled.delete(row);
          this.#running.delete(row);
        } catch (error) {
          if (error instanceof StoreUnavailable) return this.#retryLater();
          // A fault that no wait mends must not hold the others up: the row keeps its reservation.
          this.#unsettled.delete(row);
          this.#running.delete(row);
        }
      }
    }, RETRY_MS);
    this.#retry.unref();
  }
}

function orUnavailable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw asUnavailable(error);
  }
}

function nextRowId(db: Database): number {
  const last = db.prepare<[], { id: number | null }>('SELECT max(id) AS id FROM requests').get()?.id ?? 0;
  const rolledUp = db
    .prepare<[], { value: string }>("SELECT value FROM settings WHERE key = 'rolled_up_to'")
    .get()?.value;
  return Math.max(last, Number(rolledUp ?? 0)) + 1;
}

/** Requests that were running at a kill: the provider may have billed them, so their estimate stays. */
function closeInterrupted(db: Database, names: Names, charge: (request: InterruptedRequest) => number): void {
  const prepaid = db
    .prepare<[], Omit<InterruptedRequest, 'paidFrom'> & { paidFrom: number }>(
      `SELECT id AS row, member_id AS memberId, paid_from AS paidFrom, charged_tokens AS chargedTokens, cost_micros AS costMicros
       FROM requests WHERE status = 0 AND paid_from > 0`,
    )
    .all();
  const note = db.prepare<[number, number]>('UPDATE requests SET charged_tokens = ? WHERE id = ?');
  for (const request of prepaid) {
    const paidFrom = request.paidFrom === PAID_FROM.tokens ? 'tokens' : 'micros';
    note.run(charge({ ...request, paidFrom }), request.row);
  }
  db.prepare('UPDATE requests SET status = 499, code = ?, estimated = 1 WHERE status = 0').run(
    names.id(INTERRUPTED),
  );
}
