import type { GatewayError } from '../errors.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import { bodyAsEvent, errorEvent, keepAlive } from '../protocols/stream-words.ts';
import type { ClientConnection } from './call.ts';
import type { StreamSink } from './relay-stream.ts';

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

const DROPPED_HEADER = 'x-ntl-dropped';

/**
 * The answer on its way to the client. A streaming client that hears nothing for `keepAliveMs` gets the
 * protocol's keep-alive, from the request on: some models think for minutes before their first word.
 */
export class Delivery implements StreamSink {
  readonly #endpoint: Endpoint;
  readonly #client: ClientConnection;
  readonly #base: Record<string, string>;
  #upstream: Record<string, string> = {};
  #begun = false;
  #keepAlive: NodeJS.Timeout | undefined;

  constructor(
    endpoint: Endpoint,
    client: ClientConnection,
    base: Record<string, string>,
    keepAliveMs: number | null,
  ) {
    this.#endpoint = endpoint;
    this.#client = client;
    this.#base = base;
    if (keepAliveMs !== null) {
      this.#keepAlive = setInterval(() => {
        this.#start();
        client.write(keepAlive(endpoint));
      }, keepAliveMs);
    }
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Headers of the provider's answer that go on to the client, once a stream begins. */
  streamHeaders(headers: Record<string, string>): void {
    this.#upstream = headers;
  }

  /** Names what the target could not take, in the header of the answer. */
  dropped(names: string | null): void {
    if (names === null) delete this.#base[DROPPED_HEADER];
    else this.#base[DROPPED_HEADER] = names;
  }

  write(events: Buffer): Promise<void> | undefined {
    this.#begun = true;
    this.#start();
    this.#keepAlive?.refresh();
    return this.#client.write(events);
  }

  endStream(last: Buffer): void {
    this.stop();
    this.#start();
    this.#client.end(last);
  }

  /** Sends an answer in one piece; in a stream that a keep-alive has opened, it can only be an event. */
  sendWhole(status: number, headers: Record<string, string>, body: Buffer): void {
    this.stop();
    if (this.#client.started) {
      this.#client.end(bodyAsEvent(this.#endpoint, body));
      return;
    }
    this.#client.start(status, { ...headers, ...this.#base, 'content-length': String(body.length) });
    this.#client.end(body);
  }

  /** @returns false where no stream has begun, so that the error can have a status of its own */
  endWithError(error: GatewayError, requestId: string, providersEvent: Buffer | null): boolean {
    this.stop();
    if (!this.#client.started) return false;
    this.#client.end(providersEvent ?? errorEvent(this.#endpoint, error, requestId));
    return true;
  }

  stop(): void {
    clearInterval(this.#keepAlive);
  }

  #start(): void {
    if (!this.#client.started)
      this.#client.start(200, { ...STREAM_HEADERS, ...this.#upstream, ...this.#base });
  }
}
