import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Member } from '../accounts/members.ts';
import type { Plan, Plans } from '../accounts/plans.ts';
import { publicFacts } from '../catalogue/model-facts.ts';
import { AUTO_MODEL, type Model } from '../catalogue/models.ts';
import { GatewayError } from '../errors.ts';
import { authorizeRoute, mayUse } from '../pipeline/authorize.ts';
import { identify } from '../pipeline/identify.ts';
import { asGatewayError, type PipelineParts } from '../pipeline/pipeline.ts';
import type { Family } from '../protocols/endpoint.ts';
import { UNKNOWN_FACTS } from '../protocols/model-facts.ts';
import { parsed } from './admin/errors.ts';
import { errorEnvelope } from './error-envelope.ts';
import { inferenceRoutes } from './inference-paths.ts';
import { type Listed, pageOfAll, visibleSpan, withoutEmpty } from './member/pages.ts';
import { anthropicModel, type ListedModel, openaiModel } from './model-shapes.ts';

export type ModelsParts = PipelineParts & { plans: Plans };

/** GET /models and /models/{id}: what the calling key may use. Model ids may hold slashes, encoded or not. */
export async function modelsDoor(app: FastifyInstance, parts: ModelsParts): Promise<void> {
  for (const { url, preset } of inferenceRoutes('/models')) {
    app.get(url, (request, reply) => handle(parts, preset, request, reply, listAnswer));
    app.get(`${url}/*`, (request, reply) => handle(parts, preset, request, reply, oneAnswer));
  }
}

type Answer = (
  family: Family,
  usable: ListedModel[],
  params: Record<string, string>,
  page: () => Promise<Listed<ListedModel> | null>,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

async function handle(
  parts: ModelsParts,
  presetRoute: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): Promise<FastifyReply> {
  const family: Family = request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
  const params = request.params as Record<string, string>;
  try {
    const preset = presetRoute ? parts.presets.get(params.preset ?? '') : undefined;
    if (presetRoute && preset === undefined) throw noSuchRoute(request);
    const caller = identify(parts, parts.clients.of(request.raw), request.headers, (seen) => {
      reply.header('x-ntl-tier', seen.member.planId);
    });
    authorizeRoute(caller, preset?.id ?? null);
    const { member } = caller;
    const usable = usableModels(parts, member, preset?.defaultModel ?? null);
    const page = () => askedPage(parts, member, withoutEmpty(request.query), usable);
    return reply.send(await answer(family, usable, params, page));
  } catch (error) {
    const shown = asGatewayError(error);
    if (shown.code === 'internal')
      request.log.error({ err: error, requestId: request.id }, 'listing models failed inside the gateway');
    return reply
      .status(shown.status)
      .headers(shown.headers)
      .send(errorEnvelope(family, shown, request.id));
  }
}

/** What a page is asked for by. */
const PAGING = ['page', 'pageSize', 'startDate', 'endDate'];

/** Clients of OpenAI and Anthropic ask for no page and get all; null for them. */
async function askedPage(
  { plans, clock }: ModelsParts,
  { planId }: Member,
  query: Record<string, unknown>,
  usable: readonly ListedModel[],
): Promise<Listed<ListedModel> | null> {
  if (!PAGING.some((name) => name in query)) return null;
  // Loaded here: most gateways never need it.
  const { ListQuery } = await import('./member/contract.ts');
  const asked = parsed(ListQuery, query);
  const plan = plans.get(planId) as Plan;
  const span = visibleSpan(plan, asked, clock.wall());
  const seen = usable.filter(
    ({ createdAt }) => span !== null && createdAt >= span.from && createdAt < span.to,
  );
  return pageOfAll(plan, asked, seen);
}

function noSuchRoute(request: FastifyRequest): GatewayError {
  return new GatewayError('not_found', `There is no route ${request.method} ${request.url.split('?')[0]}.`);
}

/** @param auto what the route's preset lets `auto` stand for; null for the settings' choice */
function usableModels(parts: PipelineParts, member: Member, auto: string | null): ListedModel[] {
  const { models } = parts;
  const usable = models
    .list()
    .filter((model: Model) => {
      const resolved = models.resolve(model.id);
      return resolved !== undefined && mayUse(member, resolved);
    })
    .map((model) => ({ id: model.id, createdAt: model.createdAt, facts: publicFacts(parts, model) }));
  if (models.get(AUTO_MODEL) !== undefined) return usable;
  return [...usable, { id: AUTO_MODEL, createdAt: usable[0]?.createdAt ?? 0, facts: autoFacts(parts, auto) }];
}

function autoFacts(parts: PipelineParts, auto: string | null): ListedModel['facts'] {
  const chosen = parts.models.get(auto ?? parts.settings.get('default_model') ?? '');
  return chosen === undefined ? UNKNOWN_FACTS : publicFacts(parts, chosen);
}

/**
 * OpenAI's list, with the same under `models` for Codex; or Anthropic's page.
 *
 * Codex does not decode these entries as the catalogue of its own that it takes `models` for, and goes on with
 * its general metadata. That is meant: an entry it decodes must carry `base_instructions`, which take the place
 * of Codex's own prompt (tried with 0.169; empty ones leave the model without any).
 */
async function listAnswer(
  family: Family,
  usable: ListedModel[],
  _params: Record<string, string>,
  page: () => Promise<Listed<ListedModel> | null>,
): Promise<Record<string, unknown>> {
  const asked = await page();
  const shown = asked?.data ?? usable;
  const data = shown.map((model) => describe(family, model));
  const told = asked === null ? {} : { pagination: asked.pagination };
  if (family === 'openai') return { object: 'list', data, models: data, ...told };
  const ends = { first_id: shown[0]?.id ?? null, last_id: shown.at(-1)?.id ?? null };
  return { data, has_more: hasMore(asked), ...ends, ...told };
}

function hasMore(page: Listed<ListedModel> | null): boolean {
  if (page === null) return false;
  const { page: number, limit, total } = page.pagination;
  return number * limit < total;
}

function oneAnswer(
  family: Family,
  usable: ListedModel[],
  params: Record<string, string>,
): Record<string, unknown> {
  const id = params['*'] ?? '';
  const model = usable.find((candidate) => candidate.id === id);
  if (model === undefined)
    throw new GatewayError('not_found', `There is no model ${JSON.stringify(id.slice(0, 100))}.`);
  return describe(family, model);
}

function describe(family: Family, model: ListedModel): Record<string, unknown> {
  return family === 'anthropic' ? anthropicModel(model) : openaiModel(model);
}
