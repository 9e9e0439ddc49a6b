import type { Plan } from '../accounts/plans.ts';
import { publicPrice } from '../catalogue/public-price.ts';
import { refuseBlocked } from '../pipeline/identify.ts';
import { publishedModels } from '../pipeline/usable-models.ts';
import type { Limit } from '../quotas/limits.ts';
import { answers } from './admin/schemas.ts';
import * as contract from './member/contract.ts';
import { pageOfNow } from './member/pages.ts';
import type { MemberApp, MemberParts } from './member/parts.ts';

/** GET /pricing and /pricing/tokens: for everybody who is not blocked, without a key. Nothing there names a provider. */
export function pricingRoutes(app: MemberApp, parts: MemberParts): void {
  const { plans, limits, models, clock } = parts;
  app.addHook('onRequest', async ({ raw }) => refuseBlocked(parts, parts.clients.of(raw)));

  /** A limit of a model that nobody can ask for tells of it no more than GET /models does. */
  function limitsOf(planId: string): Limit[] {
    return limits
      .of('plan', planId)
      .filter(({ model }) => model === null || models.resolve(model) !== undefined);
  }

  function shape({ id, name, priceMicros, pageSizeCap, historyDays }: Plan) {
    const own = limitsOf(id).map(({ model, metric, windowSeconds, amount }) => ({
      ...{ model, metric, amount },
      window_seconds: windowSeconds,
    }));
    const perMinute = own.find(
      ({ model, metric, window_seconds: seconds }) =>
        model === null && metric === 'requests' && seconds === 60,
    );
    return {
      ...{ id, name, price_micros: priceMicros, page_size_cap: pageSizeCap, history_days: historyDays },
      requests_per_minute: perMinute?.amount ?? null,
      limits: own,
    };
  }

  app.get(
    '/pricing',
    {
      schema: {
        ...{ tags: ['Pricing'], security: [] },
        summary: 'Plans with their limits and price',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.PricedPlan)),
      },
    },
    async ({ query }) =>
      pageOfNow(null, query, clock.wall(), () => plans.list().map(shape).sort(smallerFirst)),
  );

  app.get(
    '/pricing/tokens',
    {
      schema: {
        ...{ tags: ['Pricing'], security: [] },
        summary: 'What tokens cost, by model',
        description:
          'Every published model, in micros of a US dollar per million tokens. Where several services may answer ' +
          'for a model, each price is the highest of theirs.',
        querystring: contract.ListQuery,
        response: answers(contract.TokenPrices),
      },
    },
    async ({ query }) => {
      const list = pageOfNow(null, query, clock.wall(), () =>
        publishedModels(models).map(({ requested, served, multiplier }) => ({
          model: requested,
          ...shapePrice(publicPrice(parts.providers, served)),
          multiplier,
        })),
      );
      return { unit: 'micros of a US dollar per million tokens' as const, ...list };
    },
  );
}

function smallerFirst(a: contract.PricedPlan, b: contract.PricedPlan): number {
  const room = ({ requests_per_minute: perMinute }: contract.PricedPlan) =>
    perMinute ?? Number.MAX_SAFE_INTEGER;
  return a.price_micros - b.price_micros || room(a) - room(b);
}

function shapePrice(price: ReturnType<typeof publicPrice>) {
  return {
    input: price?.input ?? null,
    output: price?.output ?? null,
    cache_read: price?.cacheRead ?? null,
    cache_write: price?.cacheWrite ?? null,
  };
}
