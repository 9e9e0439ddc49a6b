import { hangUpSignal } from '../client-connection.ts';
import * as contract from './contract.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { ProviderStates } from './provider-states.ts';
import { answers } from './schemas.ts';
import { isoTime } from './values.ts';

export function overviewRoutes(app: AdminApp, parts: AdminParts): void {
  const states = new ProviderStates(parts);

  app.get(
    '/overview',
    {
      schema: {
        summary: 'Today beside yesterday, and how many providers answer',
        querystring: contract.OverviewQuery,
        response: answers(contract.Overview),
      },
    },
    async ({ query }, reply) => {
      const gone = hangUpSignal(reply.raw);
      const { hours, ...days } = await parts.days.report(query.timeZoneOffsetMinutes ?? 0, gone);
      const providers = parts.providers.list();
      return {
        ...days,
        hours: hours.map(({ start, ...sums }) => ({ start: isoTime(start), ...sums })),
        providersAnswering: providers.filter((provider) => states.of(provider).kind === 'answers').length,
        providers: providers.length,
      };
    },
  );
}
