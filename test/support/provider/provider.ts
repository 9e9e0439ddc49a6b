/**
 * A scripted provider: a real HTTP server on loopback that follows OpenAI's and Anthropic's public
 * specifications. It checks credential, model and body as the services do, in their words, then does
 * what the script says, and records every request.
 *
 * @example
 * await using provider = await startProvider({ credential: 'sk-real' });
 * provider.script(reply.status(429), reply.text('hi'));
 * // … call `${provider.url}/v1/chat/completions` twice …
 * expect(provider.requests[1]?.json).toMatchObject({ model: 'gpt-4o' });
 *
 * @example A stream whose events go out when the test says so:
 * provider.script(reply.gated(reply.text('one two')));
 * const answer = client.chat.completions.create({ …, stream: true });
 * const request = await provider.nextRequest();
 * await request.release(); // the first event is out
 * request.releaseAll();
 *
 * @example A provider that speaks Chat Completions and is not OpenAI:
 * const provider = await startProvider({ models: null, dialect: DIALECTS.deepseek });
 */
import { DIALECTS, type Dialect } from './chat/dialect.ts';
import { asksAnthropic, checkRequest, type Standards } from './check-request.ts';
import { modelsReply } from './models-reply.ts';
import { reply } from './reply.ts';
import type { Recording } from './request.ts';
import { MODELS_ROUTES, ROUTES, SERVICE_HEADERS, wireRoute } from './routes.ts';
import { type Provider, type Service, serve, type Tls } from './server.ts';

export type { Provider } from './server.ts';

export interface ProviderOptions {
  /** The only credential accepted; default `sk-provider`. `null` accepts calls without one. */
  credential?: string | null;
  /** Where OpenAI routes look for it: `authorization` (default), or `api-key` as Azure does. */
  credentialHeader?: 'authorization' | 'api-key';
  /** Models that exist; default DEFAULT_MODELS and UNLISTED_MODELS. `null` accepts any name. */
  models?: readonly string[] | null;
  /** Path before the routes; default `/v1`. */
  basePath?: string;
  /** False accepts any body, as many compatible servers do. Default true. */
  strict?: boolean;
  /** How its Chat Completions differ from OpenAI's; see DIALECTS for some services'. */
  dialect?: Dialect;
  /** Proofs of thinking are taken back from providers of the same realm alone. Default: all share one. */
  realm?: string;
  /** PEM texts; makes it an HTTPS server. */
  tls?: Tls;
}

export const DEFAULT_CREDENTIAL = 'sk-provider';
export const DEFAULT_MODELS = [
  'gpt-4o',
  'gpt-5-mini',
  'gpt-3.5-turbo-instruct',
  'text-embedding-3-small',
  'claude-haiku-4-5',
] as const;

/** Models that are there by default beside DEFAULT_MODELS, and that the lists leave out, as services do with some. */
export const UNLISTED_MODELS = [
  'gpt-4.1',
  'gpt-5.2',
  'gpt-5.4',
  'gpt-5.6-sol',
  'claude-sonnet-4-5',
  'claude-opus-4-5',
  'claude-sonnet-4-6',
  'claude-opus-4-6',
  'claude-opus-4-7',
  'claude-opus-4-8',
  'claude-sonnet-5',
  'claude-opus-5',
  'claude-opus-5-5',
  'claude-fable-5',
] as const;

/** Starts a provider on a free port of 127.0.0.1. */
export function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const stored = new Set<string>();
  const standards: Standards = {
    credential: options.credential === undefined ? DEFAULT_CREDENTIAL : options.credential,
    credentialHeader: options.credentialHeader ?? 'authorization',
    models: options.models === undefined ? DEFAULT_MODELS : options.models,
    unlisted: options.models === undefined ? UNLISTED_MODELS : [],
    basePath: options.basePath ?? '/v1',
    strict: options.strict ?? true,
    realm: options.realm ?? '',
    dialect: options.dialect ?? DIALECTS.openai,
    stored,
  };
  const pathOf = (recording: Recording) => recording.path.slice(standards.basePath.length);
  const service: Service = {
    headers: SERVICE_HEADERS,
    pathOf,
    check: (recording) => checkRequest(recording, standards),
    isScripted: (recording) => pathOf(recording) in ROUTES,
    usualReply: (recording) =>
      pathOf(recording) in ROUTES ? reply.text('ok') : modelsReply(recording, standards),
    routeOf: (recording) => {
      const route = ROUTES[pathOf(recording)];
      const models = MODELS_ROUTES[asksAnthropic(recording) ? 'anthropic' : 'openai'];
      return wireRoute(route ?? models, standards.realm, (id) => stored.add(id));
    },
  };
  return serve(service, options.tls);
}
