import { hangUpSignal } from '../client-connection.ts';
import { spanOf } from '../span.ts';
import * as contract from './contract.ts';
import { pageOfAll } from './lists.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers } from './schemas.ts';

const DAY_MS = 86_400_000;

export function providerUsageRoutes(app: AdminApp, parts: AdminParts): void {
  app.get(
    '/usage/providers',
    {
      schema: {
        summary: 'What each provider did: requests, calls and failed ones, first byte, cost',
        description: 'Of the last 24 hours, unless `startDate` says otherwise; in whole hours.',
        querystring: contract.ProviderUsageQuery,
        response: answers(contract.ProviderUsageList),
      },
    },
    async ({ query }, reply) => {
      const now = parts.clock.wall();
      const span = spanOf(query);
      const to = Math.min(span.to, now + DAY_MS);
      const from = query.startDate === undefined ? Math.min(to, now) - DAY_MS : span.from;
      const gone = hangUpSignal(reply.raw);
      return pageOfAll(await parts.providerUsage.report({ from, to }, gone), query);
    },
  );
}
