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
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { asksAnthropic, checkRequest, type Standards } from './check-request.ts';
import { modelsReply } from './models-reply.ts';
import { play } from './play.ts';
import type { Refusal } from './refusal.ts';
import { type Reply, reply, type Script } from './reply.ts';
import { type RecordedRequest, Recording } from './request.ts';
import { MODELS_ROUTES, ROUTES } from './routes.ts';

export interface ProviderOptions {
  /** The only credential accepted; default `sk-provider`. `null` accepts calls without one. */
  credential?: string | null;
  /** Where OpenAI routes look for it: `authorization` (default), or `api-key` as Azure does. */
  credentialHeader?: 'authorization' | 'api-key';
  /** Models that exist; default DEFAULT_MODELS. `null` accepts any name. */
  models?: readonly string[] | null;
  /** Path before the routes; default `/v1`. */
  basePath?: string;
  /** False accepts any body, as many compatible servers do. Default true. */
  strict?: boolean;
  /** PEM texts; makes it an HTTPS server. */
  tls?: { key: string; cert: string };
}

export const DEFAULT_CREDENTIAL = 'sk-provider';
export const DEFAULT_MODELS = [
  'gpt-4o',
  'gpt-5-mini',
  'gpt-3.5-turbo-instruct',
  'text-embedding-3-small',
  'claude-haiku-4-5',
] as const;

export interface Provider extends AsyncDisposable {
  /** Origin, such as `http://127.0.0.1:40123`; routes stand under the base path. */
  readonly url: string;
  readonly port: number;
  /** Every request in order of arrival, refused ones too. */
  readonly requests: readonly RecordedRequest[];
  /**
   * Replaces what is left of the script. Each request that passes the checks takes the next entry; the
   * last one repeats. Without a script every turn is the text "ok". Model lists follow `scriptFor` only.
   */
  script(...entries: Script[]): void;
  /** A script of its own for one route below the base path, such as `/models` or `/messages/count_tokens`. */
  scriptFor(path: string, ...entries: Script[]): void;
  /** The next request that no call of this has returned yet; waits for it to arrive. */
  nextRequest(): Promise<RecordedRequest>;
  /** Ends all connections and the server. */
  close(): Promise<void>;
}

/** Starts a provider on a free port of 127.0.0.1. */
export async function startProvider(options: ProviderOptions = {}): Promise<Provider> {
  const standards: Standards = {
    credential: options.credential === undefined ? DEFAULT_CREDENTIAL : options.credential,
    credentialHeader: options.credentialHeader ?? 'authorization',
    models: options.models === undefined ? DEFAULT_MODELS : options.models,
    basePath: options.basePath ?? '/v1',
    strict: options.strict ?? true,
  };
  const requests: Recording[] = [];
  const scripts = new Map<string, Script[]>();
  const arrivals = new Arrivals();

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const recording = new Recording(message, await buffer(message));
    response.on('close', () => recording.close(!response.writableFinished));
    // A write to a peer that is gone; 'close' has told it.
    response.on('error', () => {});
    requests.push(recording);
    arrivals.add(recording);

    const refusal = checkRequest(recording, standards);
    if (refusal !== undefined) return refuse(refusal, recording, response);
    const path = recording.path.slice(standards.basePath.length);
    const route = ROUTES[path] ?? MODELS_ROUTES[asksAnthropic(recording) ? 'anthropic' : 'openai'];
    const entry = take(scripts.get(path)) ?? (path in ROUTES ? take(scripts.get(ANY_ROUTE)) : undefined);
    const chosen = typeof entry === 'function' ? entry(recording) : entry;
    await play(chosen ?? usualReply(path, recording, standards), recording, response, route);
  }

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    handle(message, response).catch((error: unknown) => abandon(error, message, response));
  };
  const server = options.tls ? createTlsServer(options.tls, listener) : createServer(listener);
  // Slow and silent peers are the tests' business.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const close = async (): Promise<void> => {
    if (!server.listening) return;
    for (const recording of requests) recording.close(false);
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    script: (...entries) => void scripts.set(ANY_ROUTE, entries),
    scriptFor: (path, ...entries) => void scripts.set(path, entries),
    nextRequest: () => arrivals.next(),
    close,
    [Symbol.asyncDispose]: close,
  };
}

const ANY_ROUTE = '*';

/** The next entry; the last one stays. */
function take(entries: Script[] | undefined): Script | undefined {
  return entries !== undefined && entries.length > 1 ? entries.shift() : entries?.[0];
}

function usualReply(path: string, recording: Recording, standards: Standards): Reply {
  return path in ROUTES ? reply.text('ok') : modelsReply(recording, standards);
}

function refuse(refusal: Refusal, recording: Recording, response: ServerResponse): void {
  const body = JSON.stringify(refusal.body);
  const { error } = refusal.body as { error?: { message?: string } };
  recording.refusal = { status: refusal.status, message: error?.message ?? body };
  response.writeHead(refusal.status, {
    'content-type': 'application/json',
    'x-request-id': 'req_scripted',
    'request-id': 'req_scripted',
  });
  response.end(body);
}

/** A peer that hangs up while it sends its request has no recording; anything else is a fault of a script. */
function abandon(error: unknown, message: IncomingMessage, response: ServerResponse): void {
  if (!message.complete) return;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (response.headersSent) response.destroy();
  else response.writeHead(599, { 'content-type': 'text/plain' }).end(`The provider's script failed: ${text}`);
}

/** Hands out requests one by one, to whoever waits first. */
class Arrivals {
  readonly #arrived: RecordedRequest[] = [];
  readonly #waiting: ((request: RecordedRequest) => void)[] = [];

  add(request: RecordedRequest): void {
    const waiter = this.#waiting.shift();
    if (waiter) waiter(request);
    else this.#arrived.push(request);
  }

  next(): Promise<RecordedRequest> {
    const request = this.#arrived.shift();
    return request ? Promise.resolve(request) : new Promise((resolve) => this.#waiting.push(resolve));
  }
}
