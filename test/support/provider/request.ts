/** What the provider keeps of each request, for tests to look at. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Gate } from './gate.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** With its `?`; '' when there is none. */
  readonly query: string;
  /** Names lower-case, as Node joins them. */
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value …, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The parsed body; undefined when it is no JSON. */
  readonly json: unknown;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Set when the provider refused the request by its rules. */
  readonly refusal: { status: number; message: string } | undefined;
  /** True once the peer hung up before the answer was complete; false once it was, or the script broke it. */
  readonly aborted: Promise<boolean>;
  /** When the peer hung up, in milliseconds since 1970. */
  readonly abortedAt: number | undefined;
  /** Pieces of the body written so far; one for each event unless split or joined. */
  readonly piecesSent: number;
  /** With `reply.gated`: lets the next `count` pieces out; resolves when written or the peer is gone. */
  release(count?: number): Promise<void>;
  /** With `reply.gated`: lets everything out. */
  releaseAll(): void;
}

/** The provider's own view of a request. */
export class Recording implements RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly json: unknown;
  readonly receivedAt = Date.now();
  readonly gate = new Gate();
  readonly aborted: Promise<boolean>;
  refusal: RecordedRequest['refusal'];
  abortedAt: number | undefined;
  piecesSent = 0;
  readonly #settle: (aborted: boolean) => void;

  constructor(message: IncomingMessage, body: Buffer) {
    const { pathname, search } = new URL(message.url ?? '/', 'http://localhost');
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.method = message.method ?? '';
    this.path = pathname;
    this.query = search;
    this.headers = message.headers;
    this.rawHeaders = message.rawHeaders;
    this.body = body;
    this.json = parse(body);
    this.aborted = promise;
    this.#settle = resolve;
  }

  release(count = 1): Promise<void> {
    return this.gate.release(count);
  }

  releaseAll(): void {
    void this.gate.release(Number.MAX_SAFE_INTEGER);
  }

  /** The first call decides. */
  close(byPeer: boolean): void {
    if (byPeer) this.abortedAt ??= Date.now();
    this.gate.end();
    this.#settle(byPeer);
  }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
