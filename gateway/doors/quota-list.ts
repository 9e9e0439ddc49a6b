import type { ApiKey } from '../accounts/keys.ts';
import type { Member } from '../accounts/members.ts';
import { usableModels } from '../pipeline/usable-models.ts';
import { matchesFilter, quotaRows } from '../quotas/quota-rows.ts';
import { PRODUCT_TYPE, type QuotaFilter, type QuotaRow } from './admin/contract/quotas.ts';
import { answers } from './admin/schemas.ts';
import { callerOf, planOf } from './member/caller.ts';
import * as contract from './member/contract.ts';
import { pageOfNow } from './member/pages.ts';
import type { MemberApp, MemberParts } from './member/parts.ts';

type QuotaParts = Pick<MemberParts, 'limits' | 'plans' | 'models' | 'settings'>;

/** GET /openapi/v1/user/quota/list: what admission holds the key to in a minute, model by model. */
export function quotaListRoutes(app: MemberApp, parts: MemberParts): void {
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
      const { member, key } = caller;
      const { modal, quotaType, productType, quotaObject, ...query } = request.query;
      const filter = { modal, quotaType, productType, quotaObject };
      const { data, pagination } = pageOfNow(planOf(parts.plans, caller), query, parts.clock.wall(), () =>
        quotasOf(parts, member, key, filter),
      );
      return { data, total: pagination.total, pagination };
    },
  );
}

/** @param key null for the member whatever the key: without limits of a key's own */
export function quotasOf(
  parts: QuotaParts,
  member: Member,
  key: Pick<ApiKey, 'id' | 'kind'> | null,
  { productType, ...filter }: QuotaFilter,
): QuotaRow[] {
  if (productType !== undefined && productType.toLowerCase() !== PRODUCT_TYPE.toLowerCase()) return [];
  const subject = {
    ...{ planId: member.planId, memberId: member.id },
    ...{ keyId: key?.id ?? null, kind: key?.kind ?? ('standard' as const) },
    models: usableModels(parts, member),
  };
  const planIds = parts.plans.list().map(({ id }) => id);
  return quotaRows(parts.limits, planIds, subject)
    .filter((row) => matchesFilter(row, filter))
    .map((row) => ({ ...row, productType: PRODUCT_TYPE, adjustable: true }));
}
