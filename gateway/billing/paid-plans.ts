import type { Member, Members } from '../accounts/members.ts';
import type { Plans } from '../accounts/plans.ts';
import type { Changes } from '../audit/changes.ts';
import type { Database } from '../store/store.ts';
import { MONTH_MS, type Term, termAt, withPaidTime } from './terms.ts';

/** As the change log names whoever moved a member because of a payment. */
export const BILLING_ACTOR = 'billing';

export interface PaidPlansParts {
  db: Database;
  members: Members;
  plans: Plans;
  changes: Changes;
}

interface Standing {
  memberId: number;
  /** Where the member goes back to when nothing is paid any more. */
  planBefore: string;
  /** Where payments put it last. */
  planSet: string;
}

type StoredTerm = Term & { memberId: number };

/**
 * Plans that are paid by the month. Nothing renews by itself: a gateway that was switched off must not go on
 * charging cards. Where the owner has put a member on another plan meanwhile, that stands.
 */
export class PaidPlans {
  readonly #parts: PaidPlansParts;
  readonly #terms;
  readonly #addTerm;
  readonly #dropTerms;
  readonly #standing;
  readonly #putStanding;
  readonly #due;

  constructor(parts: PaidPlansParts) {
    this.#parts = parts;
    const { db } = parts;
    this.#terms = db.prepare<[number], Term>(
      `SELECT plan_id AS planId, starts_at AS startsAt, ends_at AS endsAt FROM billing_terms
       WHERE member_id = ? ORDER BY starts_at`,
    );
    this.#addTerm = db.prepare<StoredTerm>(
      `INSERT INTO billing_terms (member_id, plan_id, starts_at, ends_at)
       VALUES (@memberId, @planId, @startsAt, @endsAt)`,
    );
    this.#dropTerms = db.prepare<[number]>('DELETE FROM billing_terms WHERE member_id = ?');
    this.#standing = db.prepare<[number], Standing>(
      `SELECT member_id AS memberId, plan_before AS planBefore, plan_set AS planSet FROM billing_plans
       WHERE member_id = ?`,
    );
    this.#putStanding = db.prepare<Standing>(
      `INSERT INTO billing_plans (member_id, plan_before, plan_set) VALUES (@memberId, @planBefore, @planSet)
       ON CONFLICT DO UPDATE SET plan_before = excluded.plan_before, plan_set = excluded.plan_set`,
    );
    this.#due = db.prepare<{ now: number }, Standing & { planDue: string }>(
      `SELECT p.member_id AS memberId, p.plan_before AS planBefore, p.plan_set AS planSet,
         ifnull(t.plan_id, p.plan_before) AS planDue
       FROM billing_plans p LEFT JOIN billing_terms t
         ON t.member_id = p.member_id AND t.starts_at <= @now AND t.ends_at > @now
       WHERE planDue <> p.plan_set`,
    );
  }

  /** What a member has paid for from now on, in order. */
  termsOf(memberId: number, now: number): Term[] {
    return this.#terms.all(memberId).filter(({ endsAt }) => endsAt > now);
  }

  /**
   * A month of a plan, for a transaction of the caller's.
   * @returns to be called once that has committed
   */
  pay(member: Member, planId: string, now: number): () => void {
    const running = termAt(this.#terms.all(member.id), now);
    const standing = this.#standing.get(member.id);
    // What the owner chose since the last payment is where this one leads back to.
    const kept = running !== undefined && standing?.planSet === member.planId;
    const planBefore = kept ? standing.planBefore : member.planId;
    const terms = this.#change(member.id, planId, MONTH_MS, now);
    return this.#move(member, planBefore, termAt(terms, now)?.planId ?? planId);
  }

  /** The month was given back. To be used as `pay`. */
  takeBack(member: Member, planId: string, now: number): () => void {
    const standing = this.#standing.get(member.id);
    const terms = this.#change(member.id, planId, -MONTH_MS, now);
    if (standing === undefined || standing.planSet !== member.planId) return () => undefined;
    return this.#move(member, standing.planBefore, termAt(terms, now)?.planId ?? standing.planBefore);
  }

  /** Moves members whose paid time has begun or ended. To be called every minute or so. */
  check(now: number): void {
    for (const { memberId, planBefore, planSet, planDue } of this.#due.all({ now })) {
      const member = this.#parts.members.get(memberId);
      if (member?.planId !== planSet) continue;
      this.#parts.db.transaction(() => this.#move(member, planBefore, planDue))()();
    }
  }

  #change(memberId: number, planId: string, added: number, now: number): Term[] {
    const priceOf = (id: string) => this.#parts.plans.get(id)?.priceMicros ?? 0;
    const terms = withPaidTime(this.#terms.all(memberId), planId, added, now, priceOf);
    this.#dropTerms.run(memberId);
    for (const term of terms) this.#addTerm.run({ memberId, ...term });
    return terms;
  }

  #move(member: Member, planBefore: string, planId: string): () => void {
    const { members, changes } = this.#parts;
    this.#putStanding.run({ memberId: member.id, planBefore, planSet: planId });
    if (member.planId === planId) return () => undefined;
    const moved = members.write(member.id, { planId });
    const { name } = member;
    changes.record({
      actor: BILLING_ACTOR,
      action: 'member.update',
      subject: `member:${member.id}`,
      before: { name, planId: member.planId },
      after: { name, planId },
    });
    return () => {
      if (moved !== undefined) members.remember(moved);
    };
  }
}
