import type { UsageRow } from '../../audit/usage-report.ts';
import { answers } from '../admin/schemas.ts';
import { hangUpSignal } from '../client-connection.ts';
import { callerOf, planOf } from '../member/caller.ts';
import * as contract from '../member/contract.ts';
import { floorToDay, pageOfAll, visibleSpan, windowStart } from '../member/pages.ts';
import type { MemberApp, MemberParts } from '../member/parts.ts';

const DAY_MS = 86_400_000;

/** What is told where nobody says from when on. */
const DEFAULT_SPAN_MS = 30 * DAY_MS;

/** GET /tenant/usage: what all of the member's keys used, by days in UTC. */
export function tenantUsageRoutes(app: MemberApp, parts: MemberParts): void {
  const { usage, plans, clock } = parts;

  app.get(
    '/tenant/usage',
    {
      schema: {
        tags: ['Account'],
        summary: 'What the member used, by day; the newest first',
        description:
          'Days in UTC on which anything was asked, whole days whatever the hours of `startDate` and `endDate`. ' +
          "Without `startDate`: the last 30 days, as far as the plan's history window reaches.",
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.UsageDay)),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const plan = planOf(plans, caller);
      const now = clock.wall();
      const span = visibleSpan(plan, request.query, now);
      if (span === null) return pageOfAll(plan, request.query, []);
      const to = Math.min(ceilToDay(span.to), floorToDay(now) + DAY_MS);
      const byDefault = Math.max(windowStart(plan, now), Math.min(to, now) - DEFAULT_SPAN_MS);
      const from = floorToDay(request.query.startDate === undefined ? byDefault : span.from);
      if (from >= to) return pageOfAll(plan, request.query, []);
      const { rows } = await usage.report(
        {
          ...{ from, to, step: 'day', groupBy: [], timeZoneOffsetMinutes: 0 },
          memberId: caller.member.id,
        },
        hangUpSignal(reply.raw),
      );
      const { data, pagination } = pageOfAll(plan, request.query, rows.toReversed());
      return { data: data.map(shape), pagination };
    },
  );
}

function shape(row: UsageRow) {
  return {
    date: row.start.slice(0, 10),
    requests: row.requests,
    refused: row.refused,
    input_tokens: row.inputTokens,
    output_tokens: row.outputTokens,
    charged_tokens: row.chargedTokens,
    cost_micros: row.costMicros,
  };
}

function ceilToDay(at: number): number {
  return Math.ceil(at / DAY_MS) * DAY_MS;
}
