import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { normalAddress } from '../accounts/addresses.ts';
import type { Member } from '../accounts/members.ts';
import { publicFacts } from '../catalogue/model-facts.ts';
import { AUTO_MODEL, type Model } from '../catalogue/models.ts';
import { GatewayError } from '../errors.ts';
import { mayUse } from '../pipeline/authorize.ts';
import { identify } from '../pipeline/identify.ts';
import { asGatewayError, type PipelineParts } from '../pipeline/pipeline.ts';
import type { Family } from '../protocols/endpoint.ts';
import { UNKNOWN_FACTS } from '../protocols/model-facts.ts';
import { errorEnvelope } from './error-envelope.ts';
import { inferenceRoutes } from './inference-paths.ts';
import { anthropicModel, type ListedModel, openaiModel } from './model-shapes.ts';

/** GET /models and /models/{id}: what the calling key may use. Model ids may hold slashes, encoded or not. */
export async function modelsDoor(app: FastifyInstance, parts: PipelineParts): Promise<void> {
  for (const { url, preset } of inferenceRoutes('/models')) {
    app.get(url, (request, reply) => handle(parts, preset, request, reply, listAnswer));
    app.get(`${url}/*`, (request, reply) => handle(parts, preset, request, reply, oneAnswer));
  }
}

type Answer = (
  family: Family,
  usable: ListedModel[],
  params: Record<string, string>,
) => Record<string, unknown>;

function handle(
  parts: PipelineParts,
  presetRoute: boolean,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer,
): FastifyReply {
  const family: Family = request.headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
  const params = request.params as Record<string, string>;
  try {
    const preset = presetRoute ? parts.presets.get(params.preset ?? '') : undefined;
    if (presetRoute && preset === undefined) throw noSuchRoute(request);
    const { member } = identify(parts, normalAddress(request.ip), request.headers, (seen) => {
      reply.header('x-ntl-tier', seen.member.planId);
    });
    return reply.send(answer(family, usableModels(parts, member, preset?.defaultModel ?? null), params));
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
function listAnswer(family: Family, usable: ListedModel[]): Record<string, unknown> {
  const data = usable.map((model) => describe(family, model));
  if (family === 'openai') return { object: 'list', data, models: data };
  return { data, has_more: false, first_id: usable[0]?.id ?? null, last_id: usable.at(-1)?.id ?? null };
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
