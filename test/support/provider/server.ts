/** The HTTP server below every scripted provider: it records, refuses, and does what the script says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { play } from './play.ts';
import type { Refusal } from './refusal.ts';
import type { Reply, Script } from './reply.ts';
import { type RecordedRequest, Recording } from './request.ts';
import type { Route } from './route.ts';

/** A kind of provider: which requests it refuses, and how it answers the others. */
export interface Service {
  /** The refusal of a request that breaks a rule; undefined when it may be answered. */
  check(recording: Recording): Refusal | undefined;
  /** Path below the base path, by which scripts are found. */
  pathOf(recording: Recording): string;
  routeOf(recording: Recording): Route;
  /** Whether `script` applies; other routes follow `scriptFor` alone. */
  isScripted(recording: Recording): boolean;
  /** What an unscripted request gets. */
  usualReply(recording: Recording): Reply;
  /** On every answer. */
  headers: Record<string, string>;
}

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

/** PEM texts. */
export interface Tls {
  key: string;
  cert: string;
}

/** Starts a service on a free port of 127.0.0.1. */
export async function serve(service: Service, tls: Tls | undefined): Promise<Provider> {
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

    const refusal = service.check(recording);
    if (refusal !== undefined) return refuse(refusal, recording, response, service);
    const own = take(scripts.get(service.pathOf(recording)));
    const entry = own ?? (service.isScripted(recording) ? take(scripts.get(ANY_ROUTE)) : undefined);
    const chosen = typeof entry === 'function' ? entry(recording) : entry;
    const reply = chosen ?? service.usualReply(recording);
    await play(reply, recording, response, service.routeOf(recording));
  }

  const listener = (message: IncomingMessage, response: ServerResponse): void => {
    handle(message, response).catch((error: unknown) => abandon(error, message, response));
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
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
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
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

function refuse(refusal: Refusal, recording: Recording, response: ServerResponse, service: Service): void {
  const body = JSON.stringify(refusal.body);
  const { error, message } = refusal.body as { error?: { message?: string }; message?: string };
  recording.refusal = { status: refusal.status, message: error?.message ?? message ?? body };
  response.writeHead(refusal.status, {
    'content-type': 'application/json',
    ...service.headers,
    ...refusal.headers,
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
