import type { Plan as StoredPlan } from '../../accounts/plans.ts';
import * as contract from './contract.ts';
import { conflict, invalid, notFound } from './errors.ts';
import { pageOfAll } from './lists.ts';
import { noteChange } from './owner-change.ts';
import type { AdminApp, AdminParts } from './parts.ts';
import { answers, IdParams } from './schemas.ts';
import { given } from './values.ts';

/** A new plan's page size cap and history window: those of `pro`. */
const DEFAULTS = { pageSizeCap: 100, historyDays: 30, priceMicros: 0 };

export function planRoutes(app: AdminApp, parts: AdminParts): void {
  const { plans, limits } = parts;

  const perMinute = (planId: string) =>
    ({ scope: 'plan', subjectId: planId, model: null, metric: 'requests', windowSeconds: 60 }) as const;

  function find(id: string): StoredPlan {
    const plan = plans.get(id);
    if (plan === undefined) throw notFound('plan');
    return plan;
  }

  function shape(plan: StoredPlan): contract.Plan {
    return {
      ...plan,
      requestsPerMinute: limits.find(perMinute(plan.id))?.amount ?? null,
      limits: [...limits.of('plan', plan.id)],
    };
  }

  function setPerMinute(planId: string, amount: number | null | undefined): void {
    if (amount === null) limits.remove(perMinute(planId));
    else if (amount !== undefined) limits.put({ ...perMinute(planId), amount });
  }

  app.get(
    '/plans',
    {
      schema: {
        summary: 'All plans with their limits',
        querystring: contract.ListQuery,
        response: answers(contract.listOf(contract.Plan)),
      },
    },
    async ({ query }) => {
      const { data, pagination } = pageOfAll(plans.list(), query);
      return { data: data.map(shape), pagination };
    },
  );

  app.get(
    '/plans/:id',
    { schema: { summary: 'One plan', params: IdParams, response: answers(contract.Plan) } },
    async ({ params }) => shape(find(params.id)),
  );

  app.post(
    '/plans',
    { schema: { summary: 'Adds a plan', body: contract.NewPlan, response: answers(contract.Plan, 201) } },
    async (request, reply) => {
      const { id = slugOf(request.body.name), requestsPerMinute, ...facts } = request.body;
      if (plans.get(id) !== undefined)
        throw conflict(`There is a plan ${id} already. Change that one.`, 'id');
      const plan = { ...DEFAULTS, name: facts.name, ...given(facts), id };
      plans.put(plan);
      setPerMinute(id, requestsPerMinute);
      const after = shape(plan);
      noteChange(parts, request, { action: 'plan.create', subject: `plan:${id}`, after });
      return reply.status(201).send(after);
    },
  );

  app.patch(
    '/plans/:id',
    {
      schema: {
        summary: 'Changes a plan; what is left out stays',
        params: IdParams,
        body: contract.PlanPatch,
        response: answers(contract.Plan),
      },
    },
    async (request) => {
      const { requestsPerMinute, ...facts } = request.body;
      const stored = find(request.params.id);
      const before = shape(stored);
      const plan = { ...stored, ...given(facts) };
      plans.put(plan);
      setPerMinute(plan.id, requestsPerMinute);
      const after = shape(plan);
      noteChange(parts, request, { action: 'plan.update', subject: `plan:${plan.id}`, before, after });
      return after;
    },
  );
}

/** `Team plan (EU)` becomes `team-plan-eu`. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
  if (slug === '')
    throw invalid('id', 'Give the plan an id of small letters and digits: none can be made from its name.');
  return slug;
}
