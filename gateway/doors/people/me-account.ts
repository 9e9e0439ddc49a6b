import { publicFacts } from '../../catalogue/model-facts.ts';
import { publicPrice } from '../../catalogue/public-price.ts';
import { usableModels } from '../../pipeline/usable-models.ts';
import { inReadingOrder, LimitStandings } from '../admin/limit-standings.ts';
import { shapeStanding } from '../admin/limit-states.ts';
import { answers } from '../admin/schemas.ts';
import { isoTimeOrNull } from '../admin/values.ts';
import { hangUpSignal } from '../client-connection.ts';
import { callerOf, planOf } from '../member/caller.ts';
import type { MemberApp } from '../member/parts.ts';
import * as contract from './contract.ts';
import type { MeParts } from './parts.ts';

/** What a member is, may use, and has used of its limits. */
export function meAccountRoutes(app: MemberApp, parts: MeParts): void {
  const { plans, limits, balances, billing, models, clock } = parts;
  const standings = new LimitStandings(parts);

  app.get('/account', { schema: { response: answers(contract.Account) } }, async (request) => {
    const caller = callerOf(request);
    const { member, key } = caller;
    const plan = planOf(plans, caller);
    const { id, name, prefix, kind, expiresAt } = key;
    return {
      ...{ name: member.name, email: member.email, selfService: member.selfService, prepaid: member.prepaid },
      plan: {
        ...{ id: plan.id, name: plan.name, historyDays: plan.historyDays },
        paidUntil: isoTimeOrNull(billing.paidUntil(member.id)),
      },
      key: {
        ...{ id: String(id), name, prefix, kind, expiresAt: isoTimeOrNull(expiresAt) },
        limited: limits.of('key', String(id)).length > 0,
      },
      balance: balances.of(member.id),
      payments: billing.account.settings !== null,
    };
  });

  app.get('/limits', { schema: { response: answers(contract.OwnLimits) } }, async (request, reply) => {
    const found = await standings.ofMember(callerOf(request).member, hangUpSignal(reply.raw));
    return { data: found.toSorted(inReadingOrder).map((standing) => shapeStanding(standing, clock)) };
  });

  app.get('/models', { schema: { response: answers(contract.OwnModels) } }, async (request) => {
    const data = usableModels(parts, callerOf(request).member).map(({ requested, served, multiplier }) => {
      const model = models.get(requested) ?? models.get(served.id);
      const price = publicPrice(parts.providers, served);
      return {
        ...{ id: requested, multiplier, input: price?.input ?? null, output: price?.output ?? null },
        contextWindow: (model && publicFacts(parts, model).contextWindow) ?? null,
      };
    });
    return { data };
  });
}
