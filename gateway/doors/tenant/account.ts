import type { Caller } from '../../pipeline/call.ts';
import {
  byCounter,
  type CountedLimit,
  type LimitStanding,
  limitStandings,
} from '../../quotas/limit-standing.ts';
import { metering } from '../../quotas/limits.ts';
import { answers } from '../admin/schemas.ts';
import { isoTime, isoTimeOrNull } from '../admin/values.ts';
import { callerOf, planOf } from '../member/caller.ts';
import * as contract from '../member/contract.ts';
import type { MemberApp, MemberParts } from '../member/parts.ts';

const DAY_SECONDS = 86_400;

const TAGS = { tags: ['Account'] };

/** GET /tenant/subscription and /tenant/credits. */
export function tenantAccountRoutes(app: MemberApp, parts: MemberParts): void {
  const { plans, balances, counters, clock } = parts;

  function shape({ limit, used, frees }: LimitStanding) {
    return {
      ...{ model: limit.model, metric: limit.metric, amount: limit.amount, set_by: limit.scope, used },
      remaining: Math.max(0, limit.amount - used),
      frees_at: frees === null ? null : isoTime(frees.at - clock.steady() + clock.wall()),
      frees_amount: frees?.amount ?? null,
    };
  }

  app.get(
    '/tenant/subscription',
    {
      schema: {
        ...TAGS,
        summary: "The member's plan and the state of its 24 h quota",
        description: "The limits on the last 24 hours that hold for the member, and the calling key's own.",
        response: answers(contract.Subscription),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { id, name, priceMicros, pageSizeCap, historyDays } = planOf(plans, caller);
      const standings = byCounter(quotaOfDay(parts, caller)).flatMap((limits) =>
        limitStandings(counters, clock, limits),
      );
      return {
        ...{ plan: id, name, price_micros: priceMicros },
        paid_until: isoTimeOrNull(parts.billing.paidUntil(caller.member.id)),
        ...{ page_size_cap: pageSizeCap, history_days: historyDays },
        quota: { window_seconds: DAY_SECONDS, limits: standings.map(shape) } as const,
      };
    },
  );

  app.get(
    '/tenant/credits',
    { schema: { ...TAGS, summary: "The member's balance", response: answers(contract.Credits) } },
    async (request) => {
      const { tokens, micros } = balances.of(callerOf(request).member.id);
      return { balance_micros: micros, balance_tokens: tokens };
    },
  );
}

/** The member's, told whatever meters the key; of the key's own those that do. */
function quotaOfDay({ limits }: MemberParts, { member, key }: Caller): CountedLimit[] {
  const ofMember = limits.holdingForMember({ planId: member.planId, memberId: member.id });
  const ofKey = metering(key.kind, limits.holdingForKey(key.id));
  return [
    ...ofMember.map((limit) => ({ limit, memberId: member.id, keyId: null })),
    ...ofKey.map((limit) => ({ limit, memberId: member.id, keyId: key.id })),
  ].filter(({ limit }) => limit.windowSeconds === DAY_SECONDS);
}
