import type { KeyKind } from '../accounts/keys.ts';
import type { Database } from '../store/store.ts';
import type { Metric, WindowSeconds } from './sliding-window.ts';

export type LimitScope = 'plan' | 'member' | 'key';

export interface Limit {
  scope: LimitScope;
  /** Plan id, or a member's or key's number as text. */
  subjectId: string;
  /** Public model id, or null for every model. */
  model: string | null;
  metric: Metric;
  windowSeconds: WindowSeconds;
  amount: number;
}

/** A limit as it holds for one request: whose use it counts is told by `countedFor`. */
export interface HoldingLimit extends Limit {
  countedFor: 'member' | 'key';
}

export interface LimitSubject {
  planId: string;
  memberId: number;
  keyId: number;
  /** The id asked for and, where that is an alias, the one it stands for. */
  models: readonly string[];
}

/** The owner's limits: held in memory, written through. */
export class Limits {
  readonly #bySubject = new Map<string, Limit[]>();
  /** What held for each key's last request; any change of a limit empties it. */
  readonly #holding = new Map<number, { subject: LimitSubject; limits: readonly HoldingLimit[] }>();
  readonly #put;
  readonly #delete;

  constructor(db: Database) {
    this.#put = db.prepare<[string, string, string, string, number, number]>(
      `INSERT INTO limits (scope, subject_id, model, metric, window_seconds, amount) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET amount = excluded.amount`,
    );
    this.#delete = db.prepare<[string, string, string, string, number]>(
      'DELETE FROM limits WHERE scope = ? AND subject_id = ? AND model = ? AND metric = ? AND window_seconds = ?',
    );
    const rows = db
      .prepare<
        [],
        {
          scope: LimitScope;
          subject_id: string;
          model: string;
          metric: Metric;
          window_seconds: WindowSeconds;
          amount: number;
        }
      >('SELECT scope, subject_id, model, metric, window_seconds, amount FROM limits')
      .all();
    for (const row of rows) {
      this.#remember({
        scope: row.scope,
        subjectId: row.subject_id,
        model: row.model === '' ? null : row.model,
        metric: row.metric,
        windowSeconds: row.window_seconds,
        amount: row.amount,
      });
    }
  }

  list(): Limit[] {
    return [...this.#bySubject.values()].flat();
  }

  of(scope: LimitScope, subjectId: string): readonly Limit[] {
    return this.#bySubject.get(`${scope}:${subjectId}`) ?? [];
  }

  find(wanted: Omit<Limit, 'amount'>): Limit | undefined {
    return this.of(wanted.scope, wanted.subjectId).find((limit) => sameLimit(limit, wanted));
  }

  /** Sets the one limit with this scope, subject, model, metric and window. */
  put(limit: Limit): void {
    this.#put.run(
      limit.scope,
      limit.subjectId,
      limit.model ?? '',
      limit.metric,
      limit.windowSeconds,
      limit.amount,
    );
    this.#forget(limit);
    this.#remember(limit);
  }

  /** @returns whether there was such a limit */
  remove(limit: Omit<Limit, 'amount'>): boolean {
    const { changes } = this.#delete.run(
      limit.scope,
      limit.subjectId,
      limit.model ?? '',
      limit.metric,
      limit.windowSeconds,
    );
    this.#forget(limit);
    return changes > 0;
  }

  /**
   * What holds for a request: the plan's limits, each replaced by the member's own for the same metric,
   * window and model; beside them the key's.
   */
  holdingFor(subject: LimitSubject): readonly HoldingLimit[] {
    const known = this.#holding.get(subject.keyId);
    if (known !== undefined && sameSubject(known.subject, subject)) return known.limits;
    const concerns = (limit: Limit) => limit.model === null || subject.models.includes(limit.model);
    const limits = [
      ...this.holdingForMember(subject, concerns),
      ...this.holdingForKey(subject.keyId, concerns),
    ];
    this.#holding.set(subject.keyId, { subject, limits });
    return limits;
  }

  /** What holds for a member's requests whatever the key: its own limits, and of the plan's what those leave. */
  holdingForMember(
    { planId, memberId }: Pick<LimitSubject, 'planId' | 'memberId'>,
    concerns: (limit: Limit) => boolean = all,
  ): HoldingLimit[] {
    const own = this.of('member', String(memberId)).filter(concerns);
    const plans = this.of('plan', planId).filter(
      (limit) => concerns(limit) && !own.some((other) => sameCount(limit, other)),
    );
    return [...own, ...plans].map((limit) => ({ ...limit, countedFor: 'member' }));
  }

  /** What holds for requests with a key, beside its member's. */
  holdingForKey(keyId: number, concerns: (limit: Limit) => boolean = all): HoldingLimit[] {
    return this.of('key', String(keyId))
      .filter(concerns)
      .map((limit) => ({ ...limit, countedFor: 'key' }));
  }

  #remember(limit: Limit): void {
    this.#holding.clear();
    const id = `${limit.scope}:${limit.subjectId}`;
    this.#bySubject.set(id, [...(this.#bySubject.get(id) ?? []), limit]);
  }

  #forget(limit: Omit<Limit, 'amount'>): void {
    this.#holding.clear();
    const id = `${limit.scope}:${limit.subjectId}`;
    const rest = this.of(limit.scope, limit.subjectId).filter((other) => !sameCount(other, limit));
    if (rest.length === 0) this.#bySubject.delete(id);
    else this.#bySubject.set(id, rest);
  }
}

function sameSubject(a: LimitSubject, b: LimitSubject): boolean {
  if (a.memberId !== b.memberId || a.planId !== b.planId || a.models.length !== b.models.length) return false;
  return a.models.every((model, index) => model === b.models[index]);
}

function all(): boolean {
  return true;
}

/**
 * Those that count for a key's kind. Its balance alone meters one paid by token, the day alone a subscription's: the
 * plan's 24 h quota, or the member's own in its place. Where neither says anything of a day for this request, all
 * that holds for the member holds for its subscription too, since a key may do no more than its member.
 */
export function metering(kind: KeyKind, limits: readonly HoldingLimit[]): readonly HoldingLimit[] {
  if (kind === 'standard') return limits;
  if (kind === 'pay_per_token') return [];
  const hasDay = limits.some((limit) => limit.countedFor === 'member' && isDay(limit));
  return limits.filter((limit) => isDay(limit) || (!hasDay && limit.countedFor === 'member'));
}

function isDay({ windowSeconds }: Limit): boolean {
  return windowSeconds === 86_400;
}

/** Whether both are the one limit with this scope, subject, model, metric and window. */
export function sameLimit(a: Omit<Limit, 'amount'>, b: Omit<Limit, 'amount'>): boolean {
  return a.scope === b.scope && a.subjectId === b.subjectId && sameCount(a, b);
}

function sameCount(a: Omit<Limit, 'amount'>, b: Omit<Limit, 'amount'>): boolean {
  return a.model === b.model && a.metric === b.metric && a.windowSeconds === b.windowSeconds;
}
