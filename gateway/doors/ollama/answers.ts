/** What answers Ollama's routes; loaded with the first request. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { publicFacts } from '../../catalogue/model-facts.ts';
import { AUTO_MODEL, type Models, type ResolvedModel } from '../../catalogue/models.ts';
import { GatewayError } from '../../errors.ts';
import { authorizeModel, authorizeRoute } from '../../pipeline/authorize.ts';
import type { RewrittenBody } from '../../pipeline/call.ts';
import { identify } from '../../pipeline/identify.ts';
import { asGatewayError, type PipelineParts, runCall } from '../../pipeline/pipeline.ts';
import { readBody } from '../../pipeline/read-body.ts';
import { usableModels } from '../../pipeline/usable-models.ts';
import { readJsonObject } from '../../protocols/inference-body.ts';
import { answerHead, ending } from '../../protocols/ollama/answer-words.ts';
import { modelOf, type OllamaAsked, type OllamaRoute } from '../../protocols/ollama/asked.ts';
import { saidMembers } from '../../protocols/ollama/encode-stream.ts';
import {
  listedModel,
  OLLAMA_VERSION,
  type OllamaModel,
  shownModel,
} from '../../protocols/ollama/model-shapes.ts';
import { readRequest } from '../../protocols/ollama/read-request.ts';
import { speaks } from '../../providers/catalogue.ts';
import { HttpClient } from '../client-connection.ts';
import { errorEnvelope } from '../error-envelope.ts';
import { answerHeaders, sendError } from '../inference.ts';
import { OllamaClient } from './ollama-client.ts';
import type { Telling } from './paths.ts';

/** Asks a model, by the whole pipeline. */
export async function ask(
  parts: PipelineParts,
  route: OllamaRoute,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const headers = answerHeaders(request.id);
  reply.hijack();
  const response = reply.raw;
  const http = new HttpClient(response);
  const client = new OllamaClient(http, route, parts.clock);
  const rewrite = (bytes: Buffer): RewrittenBody => {
    const asked = readRequest(route, bytes);
    if (asked === null) {
      client.passOn();
      return { endpoint: 'embeddings', bytes, leftOut: null, answer: null };
    }
    const named = modelOf(asked.body);
    const model = typeof named === 'string' ? withoutTag(parts.models, named) : named;
    client.expect(asked, String(named));
    return {
      endpoint: asked.endpoint,
      bytes: asBytes({ ...asked.body, model }),
      leftOut: asked.leftOut,
      answer: asked.idle === null ? null : asBytes(idleAnswer(route, asked, String(named), parts)),
    };
  };
  try {
    await runCall(
      parts,
      {
        ...{ endpoint: route === 'chat' || route === 'generate' ? 'chat' : 'embeddings', preset: null },
        ...{ requestId: request.id, address: parts.clients.of(request.raw) },
        ...{ headers: request.headers, query: '', body: request.raw, rewrite },
      },
      client,
      headers,
    );
  } catch (error) {
    const shown = asGatewayError(error);
    if (shown.code === 'internal')
      request.log.error({ err: error, requestId: request.id }, 'a request of Ollama’s API failed inside');
    const envelope = client.passesOn ? errorEnvelope('openai', shown, request.id) : { error: shown.message };
    sendError(response, shown, { ...headers, ...shown.headers }, envelope);
  }
  await http.over();
}

/** Tools put `:latest` behind a name that has no tag, as Ollama does. */
function withoutTag(models: Models, name: string): string {
  const bare = name.endsWith(':latest') ? name.slice(0, -':latest'.length) : name;
  return models.get(name) === undefined && (models.get(bare) !== undefined || bare === AUTO_MODEL)
    ? bare
    : name;
}

/** @throws GatewayError `invalid_request` for what is nested so deep that the stack ends */
function asBytes(json: object): Buffer {
  try {
    return Buffer.from(JSON.stringify(json));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GatewayError('invalid_request', 'The body is nested too deep.');
  }
}

/** Of a request to load a model, or to put it away. */
function idleAnswer(
  route: OllamaRoute,
  { idle }: OllamaAsked,
  model: string,
  { clock }: PipelineParts,
): object {
  if (route === 'embed') return { model, embeddings: [] };
  if (route === 'embeddings') return { embedding: [] };
  const now = clock.steady();
  return {
    ...answerHead(model, clock.wall()),
    ...saidMembers(route, {}),
    ...ending(idle ?? 'load', { begun: now, first: null, now }, null),
  };
}

/** Tells of models. */
export async function tell(
  parts: PipelineParts,
  what: Telling,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  // A version tells nothing of anybody; tools ask for it before they have a key.
  if (what === '/api/version') return reply.send({ version: OLLAMA_VERSION });
  const caller = identify(parts, parts.clients.of(request.raw), request.headers, (seen) => {
    reply.header('x-ntl-tier', seen.member.planId);
  });
  authorizeRoute(caller, null);
  if (what === '/api/ps') return reply.send({ models: [] });
  const { member } = caller;
  if (what === '/api/tags')
    return reply.send({
      models: usableModels(parts, member).map((model) => listedModel(describe(parts, model))),
    });
  const { json } = readJsonObject(await readBody(request.raw, parts.bodyMs));
  const name = modelOf(json);
  if (typeof name !== 'string' || name === '')
    throw new GatewayError('missing_model', 'The request names no model; set `model`.');
  const auto = parts.settings.get('default_model');
  const model = authorizeModel(parts.models, auto, member, withoutTag(parts.models, name));
  return reply.send(shownModel(describe(parts, model)));
}

function describe(parts: PipelineParts, { requested, served }: ResolvedModel): OllamaModel {
  return {
    id: requested,
    createdAt: (parts.models.get(requested) ?? served).createdAt,
    facts: publicFacts(parts, served),
    completes: served.targets.some(({ providerId }) => {
      const provider = parts.providers.get(providerId);
      return provider?.enabled === true && speaks(provider.kind, 'completions');
    }),
  };
}
