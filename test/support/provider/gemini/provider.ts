/**
 * A scripted Gemini: the native API of Google AI Studio, and with another base path that of Vertex AI. Scripts,
 * requests, gates and faults are those of `startProvider`.
 *
 * @example
 * await using gemini = await startGeminiProvider();
 * gemini.script(reply.tools([{ name: 'f' }], { thinking: 'hm' }));
 * const google = createGoogle({ baseURL: `${gemini.url}/v1beta`, apiKey: 'sk-provider' });
 */
import { eventStream } from '../framing.ts';
import { type Body, isObject, type Refusal } from '../refusal.ts';
import { reply } from '../reply.ts';
import type { Recording } from '../request.ts';
import type { Route } from '../route.ts';
import { type Provider, type Service, serve, type Tls } from '../server.ts';
import { codeOf, googleError, googleUsualError } from './errors.ts';
import { GEMINI_MODELS } from './models.ts';
import { renderGemini } from './render.ts';
import { checkGenerate } from './rules.ts';

export interface GeminiOptions {
  /** The only credential accepted; default `sk-provider`. `null` accepts calls without one. */
  credential?: string | null;
  /** Where it is looked for: `x-goog-api-key` or `?key=` (default), or a Bearer token as Vertex AI takes it. */
  credentialHeader?: 'x-goog-api-key' | 'authorization';
  /** Models that exist; default GEMINI_MODELS. `null` accepts any name. */
  models?: readonly string[] | null;
  /** Path before `/models`; default `/v1beta`. */
  basePath?: string;
  /** False accepts any body. Default true. */
  strict?: boolean;
  /** Proofs of thinking are taken back from providers of the same realm alone. */
  realm?: string;
  /** PEM texts; makes it an HTTPS server. */
  tls?: Tls;
}

interface Standards {
  credential: string | null;
  bearer: boolean;
  models: readonly string[] | null;
  basePath: string;
  strict: boolean;
  realm: string;
}

/** Starts it on a free port of 127.0.0.1. */
export function startGeminiProvider(options: GeminiOptions = {}): Promise<Provider> {
  const standards: Standards = {
    credential: options.credential === undefined ? 'sk-provider' : options.credential,
    bearer: options.credentialHeader === 'authorization',
    models: options.models === undefined ? GEMINI_MODELS : options.models,
    basePath: options.basePath ?? '/v1beta',
    strict: options.strict ?? true,
    realm: options.realm ?? '',
  };
  const service: Service = {
    headers: {},
    pathOf: (recording) => recording.path.slice(standards.basePath.length),
    check: (recording) => checkRequest(recording, standards),
    isScripted: (recording) => callOf(recording, standards) !== undefined,
    usualReply: (recording) =>
      callOf(recording, standards) === undefined ? listReply(recording, standards) : reply.text('ok'),
    routeOf: (recording) => routeOf(recording, standards),
  };
  return serve(service, options.tls);
}

/** Model and method of `/models/{model}:{method}`. */
function callOf({ path }: Recording, { basePath }: Standards): { model: string; method: string } | undefined {
  const [, model, method] = path.slice(basePath.length).match(/^\/models\/([^/:]+):(\w+)$/) ?? [];
  return model === undefined || method === undefined
    ? undefined
    : { model: decodeURIComponent(model), method };
}

const METHODS = ['generateContent', 'streamGenerateContent'];

function checkRequest(recording: Recording, standards: Standards): Refusal | undefined {
  const refused = checkCredential(recording, standards);
  if (refused !== undefined) return refused;
  const call = callOf(recording, standards);
  if (call === undefined) return isList(recording, standards) ? undefined : googleUsualError(404, undefined);
  const { model, method } = call;
  if (recording.method !== 'POST' || !METHODS.includes(method)) return googleUsualError(404, undefined);
  if (standards.models !== null && !standards.models.includes(model)) return unknownModel(model, method);
  const { json } = recording;
  if (!isObject(json)) return googleError('Invalid JSON payload received. Unexpected end of string.');
  return standards.strict ? checkGenerate(json, model, standards.realm) : undefined;
}

function checkCredential(recording: Recording, { credential, bearer }: Standards): Refusal | undefined {
  if (credential === null) return undefined;
  const { headers, query } = recording;
  const key = bearer
    ? headers.authorization?.match(/^Bearer (.*)$/i)?.[1]
    : (headers['x-goog-api-key']?.toString() ?? new URLSearchParams(query).get('key') ?? undefined);
  if (key === credential) return undefined;
  if (bearer) return googleUsualError(401, undefined);
  if (key === undefined) {
    return googleError(
      "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
      403,
    );
  }
  return googleError('API key not valid. Please pass a valid API key.', 400, [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason: 'API_KEY_INVALID',
      domain: 'googleapis.com',
    },
  ]);
}

function unknownModel(model: string, method: string): Refusal {
  return googleError(
    `models/${model} is not found for API version v1beta, or is not supported for ${method}. Call ListModels to see the list of available models and their supported methods.`,
    404,
  );
}

function isList({ method, path }: Recording, { basePath }: Standards): boolean {
  return method === 'GET' && /^\/models(\/[^/]+)?$/.test(path.slice(basePath.length));
}

function listReply(recording: Recording, standards: Standards) {
  const ids = standards.models ?? [];
  const [, id] = recording.path.slice(standards.basePath.length).match(/^\/models\/(.+)$/) ?? [];
  if (id === undefined) return reply.status(200, { body: { models: ids.map(listed) } });
  if (ids.includes(id)) return reply.status(200, { body: listed(id) });
  const { status, body } = unknownModel(id, 'generateContent');
  return reply.status(status, { body });
}

function listed(id: string): object {
  return {
    name: `models/${id}`,
    version: '001',
    displayName: id,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
    thinking: true,
  };
}

/** Without `alt=sse` a stream is one JSON array. */
function routeOf(recording: Recording, standards: Standards): Route {
  const call = callOf(recording, standards);
  const model = call?.model ?? '';
  const streams = call?.method === 'streamGenerateContent';
  const sse = new URLSearchParams(recording.query).get('alt') === 'sse';
  return {
    render: (turn, body: Body) => {
      const rendered = renderGemini(turn, body, model, standards.realm);
      return streams && !sse ? { ...rendered, whole: rendered.events.map((event) => event.data) } : rendered;
    },
    streams: () => streams && sse,
    framing: eventStream(),
    headers: {},
    errorEvent: ({ message, type = 'UNAVAILABLE' }) => ({
      data: googleError(message, codeOf(type), undefined, type).body,
    }),
    usualError: googleUsualError,
  };
}
