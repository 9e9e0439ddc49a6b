import { usableModels } from '../pipeline/usable-models.ts';
import { matchesFilter, quotaRows } from '../quotas/quota-rows.ts';
import { answers } from './admin/schemas.ts';
import { callerOf, planOf } from './member/caller.ts';
import * as contract from './member/contract.ts';
import { pageOfNow } from './member/pages.ts';
import type { MemberApp, MemberParts } from './member/parts.ts';

/** GET /openapi/v1/user/quota/list: what admission holds the key to in a minute, model by model. */
export function quotaListRoutes(app: MemberApp, parts: MemberParts): void {
  const { limits, plans, clock } = parts;

  app.get(
    '/openapi/v1/user/quota/list',
    {
      schema: {
        tags: ['Quotas'],
        summary: 'Requests, tokens and images a minute, by model',
        description:
          'From the very limits that requests are held to: a row for each model the key may use and each quota ' +
          'type that limits it. Where nothing limits a model by the minute there is no row: so a `pay_per_token` ' +
          "key has none, nor a `subscription` key that is metered by its plan's 24 h quota.",
        querystring: contract.QuotaQuery,
        response: answers(contract.QuotaList),
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { modal, quotaType, productType, quotaObject, ...query } = request.query;
      const list = pageOfNow(planOf(plans, caller), query, clock.wall(), () => {
        if (productType !== undefined && productType.toLowerCase() !== contract.PRODUCT_TYPE.toLowerCase()) {
          return [];
        }
        const { member, key } = caller;
        const planIds = plans.list().map(({ id }) => id);
        const subject = { planId: member.planId, memberId: member.id, keyId: key.id, kind: key.kind };
        const rows = quotaRows(limits, planIds, { ...subject, models: usableModels(parts, member) });
        return rows.filter((row) => matchesFilter(row, { modal, quotaType, quotaObject }));
      });
      const data = list.data.map((row) => ({
        ...row,
        productType: contract.PRODUCT_TYPE,
        adjustable: true as const,
      }));
      return { data, total: list.pagination.total, pagination: list.pagination };
    },
  );
}
