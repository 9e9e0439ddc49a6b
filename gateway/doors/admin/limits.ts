import type { Limit as StoredLimit } from '../../quotas/limits.ts';
import * as contract from './contract.ts';
import { invalid, notFound, parsed } from './errors.ts';
import { pageOfAll } from './lists.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, NoContent } from './schemas.ts';
import { idOf } from './values.ts';

export function limitRoutes(app: AdminApp, parts: AdminParts): void {
  const { limits } = parts;

  function check({ scope, subjectId, model }: contract.LimitRef): void {
    const subjects = {
      plan: () => parts.plans.get(subjectId),
      member: () => parts.members.get(idOf(subjectId)),
      key: () => parts.keys.get(idOf(subjectId)),
    };
    if (subjects[scope]() === undefined) throw invalid('subjectId', `There is no such ${scope}.`);
    if (model != null && parts.models.get(model) === undefined) {
      throw invalid(
        'model',
        'There is no such model. Leave the field out for a limit on all models together.',
      );
    }
  }

  app.get(
    '/limits',
    {
      schema: {
        summary: 'All limits of plans, members and keys',
        querystring: contract.LimitsQuery,
        response: answers(contract.listOf(contract.Limit)),
      },
    },
    async ({ query }) => {
      const { scope, subjectId, model, metric } = query;
      const wanted = { scope, subjectId, model, metric };
      const names = (['scope', 'subjectId', 'model', 'metric'] as const).filter(
        (name) => wanted[name] !== undefined,
      );
      const found = limits.list().filter((limit) => names.every((name) => limit[name] === wanted[name]));
      return pageOfAll(found, query);
    },
  );

  app.put(
    '/limits',
    {
      schema: {
        summary: 'Sets the one limit with this scope, subject, model, metric and window',
        body: contract.LimitInput,
        response: answers(contract.Limit),
      },
    },
    async (request) => {
      check(request.body);
      const limit: StoredLimit = { ...request.body, model: request.body.model ?? null };
      const before = limits.find(limit);
      limits.put(limit);
      noteChange(parts, request, { action: 'limit.set', subject: subjectOf(limit), before, after: limit });
      return limit;
    },
  );

  app.delete(
    '/limits',
    {
      schema: {
        summary: 'Lifts a limit, named by the fields it was set with, in the body or the query',
        body: contract.LimitRef.partial().nullish(),
        querystring: contract.LimitRefQuery,
        response: answers(NoContent, 204),
      },
    },
    async (request, reply) => {
      const named = parsed(contract.LimitRef, { ...request.query, ...request.body });
      const wanted = { ...named, model: named.model ?? null };
      const before = limits.find(wanted);
      if (before === undefined) throw notFound('limit');
      limits.remove(wanted);
      noteChange(parts, request, { action: 'limit.lift', subject: subjectOf(before), before });
      return reply.status(204).send();
    },
  );
}

/** Such as `member:3 requests/60 all`. */
export function subjectOf({ scope, subjectId, metric, windowSeconds, model }: StoredLimit): string {
  return `${scope}:${subjectId} ${metric}/${windowSeconds} ${model ?? 'all'}`;
}
