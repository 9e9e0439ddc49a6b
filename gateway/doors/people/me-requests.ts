import { answers } from '../admin/schemas.ts';
import { hangUpSignal } from '../client-connection.ts';
import { callerOf, planOf } from '../member/caller.ts';
import { ListQuery, listOf } from '../member/contract.ts';
import { pageOf, visibleSpan, windowStart } from '../member/pages.ts';
import type { MemberApp } from '../member/parts.ts';
import * as contract from './contract.ts';
import type { MeParts } from './parts.ts';

/** A member's own requests, as far back as its plan shows them. Nothing names a provider. */
export function meRequestRoutes(app: MemberApp, { plans, requests, clock }: MeParts): void {
  app.get(
    '/requests',
    { schema: { querystring: ListQuery, response: answers(listOf(contract.OwnRequest)) } },
    async (request, reply) => {
      const caller = callerOf(request);
      const plan = planOf(plans, caller);
      const now = clock.wall();
      const { page, limit, offset } = pageOf(plan, request.query);
      const span = visibleSpan(plan, request.query, now);
      if (span === null) return { data: [], pagination: { page, limit, total: 0 } };
      const filter = {
        memberId: caller.member.id,
        from: Math.max(span.from, windowStart(plan, now)),
        to: span.to,
      };
      const found = await requests.list(filter, { limit, offset }, hangUpSignal(reply.raw));
      return { data: found.rows.map(shape), pagination: { page, limit, total: found.total } };
    },
  );
}

function shape(row: contract.OwnRequest): contract.OwnRequest {
  const { id, at, keyPrefix, address, tool, model, status, code, latencyMs } = row;
  const { inputTokens, outputTokens, costMicros, chargedTokens } = row;
  return {
    ...{ id, at, keyPrefix, address, tool, model, status, code, latencyMs },
    ...{ inputTokens, outputTokens, costMicros, chargedTokens },
  };
}
