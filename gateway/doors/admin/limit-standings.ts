import { setImmediate as nextTurn } from 'node:timers/promises';
import { isUsable } from '../../accounts/keys.ts';
import type { Member } from '../../accounts/members.ts';
import {
  byCounter,
  type CountedLimit,
  type LimitStanding,
  limitStandings,
  shareUsed,
} from '../../quotas/limit-standing.ts';
import { type Limit, metering, sameLimit } from '../../quotas/limits.ts';
import { METRICS } from '../../quotas/sliding-window.ts';
import type { AdminParts } from './parts.ts';
import { idOf } from './values.ts';

/** A plan's limit is looked at for so many of its members: those that sent something last. */
const MOST_LOOKED_AT = 100;

/** Of a plan's limit that no member used there is nobody to name. */
export type Standing = Omit<LimitStanding, 'memberId'> & { memberId: number | null };

type StandingParts = Pick<AdminParts, 'limits' | 'keys' | 'members' | 'lastUse' | 'counters' | 'clock'>;

/** Looks at limits as they stand, a counter at a time, and lets other work pass in between. */
export class LimitStandings {
  readonly #parts: StandingParts;

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  /** What holds for a member, and for its keys that can still be used. */
  ofMember(member: Member, gone: AbortSignal): Promise<LimitStanding[]> {
    return this.#look(this.#holdingFor(member), gone);
  }

  /**
   * One limit. A plan's counts each of its members by itself: the one that used most stands for it.
   * @returns undefined where it holds for nothing, as for a revoked key
   */
  async ofLimit(limit: Limit, gone: AbortSignal): Promise<Standing | undefined> {
    const wanted = this.#countedBy(limit).flatMap((member) =>
      this.#holdingFor(member).filter((counted) => sameLimit(counted.limit, limit)),
    );
    const found = fullest(await this.#look(wanted, gone));
    if (found !== undefined || limit.scope !== 'plan') return found;
    return {
      limit: { ...limit, countedFor: 'member' },
      ...{ memberId: null, keyId: null, used: 0, frees: null },
    };
  }

  async #look(wanted: readonly CountedLimit[], gone: AbortSignal): Promise<LimitStanding[]> {
    const { counters, clock } = this.#parts;
    const found: LimitStanding[] = [];
    for (const limits of byCounter(wanted)) {
      gone.throwIfAborted();
      found.push(...limitStandings(counters, clock, limits));
      await nextTurn();
    }
    return found;
  }

  #holdingFor({ id: memberId, planId }: Member): CountedLimit[] {
    const { limits, keys, clock } = this.#parts;
    const now = clock.wall();
    const own = limits.holdingForMember({ planId, memberId });
    const ofKeys = keys.ofMember(memberId).filter((key) => isUsable(key, now));
    return [
      ...own.map((limit) => ({ limit, memberId, keyId: null })),
      ...ofKeys.flatMap(({ id: keyId, kind }) =>
        metering(kind, limits.holdingForKey(keyId)).map((limit) => ({ limit, memberId, keyId })),
      ),
    ];
  }

  /** The members whose use a limit counts; of a plan those that may have used any of it. */
  #countedBy({ scope, subjectId, windowSeconds }: Limit): Member[] {
    const { members, keys, lastUse, clock } = this.#parts;
    if (scope === 'plan') {
      // Twice the window: a roll-up's step and a clock that was set must not hide anybody.
      const since = clock.wall() - 2 * windowSeconds * 1_000;
      return members
        .list()
        .filter(({ planId }) => planId === subjectId)
        .map((member) => ({ member, at: lastUse.latest(keys.ofMember(member.id)) ?? 0 }))
        .filter(({ at }) => at >= since)
        .sort((a, b) => b.at - a.at)
        .slice(0, MOST_LOOKED_AT)
        .map(({ member }) => member);
    }
    const memberId = scope === 'key' ? keys.get(idOf(subjectId))?.memberId : idOf(subjectId);
    const member = memberId === undefined ? undefined : members.get(memberId);
    return member === undefined ? [] : [member];
  }
}

/** The one used up furthest; undefined for none. */
export function fullest<Some extends Standing>(standings: readonly Some[]): Some | undefined {
  return standings.reduce<Some | undefined>(
    (most, standing) => (most === undefined || shareUsed(standing) > shareUsed(most) ? standing : most),
    undefined,
  );
}

/** The member's before its keys', short windows first, all models before one. */
export function inReadingOrder(a: Standing, b: Standing): number {
  return (
    (a.keyId ?? 0) - (b.keyId ?? 0) ||
    a.limit.windowSeconds - b.limit.windowSeconds ||
    METRICS.indexOf(a.limit.metric) - METRICS.indexOf(b.limit.metric) ||
    (a.limit.model ?? '').localeCompare(b.limit.model ?? '')
  );
}
