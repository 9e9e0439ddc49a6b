import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ApiKey } from '../accounts/keys.ts';
import type { Member } from '../accounts/members.ts';
import type { ResolvedModel } from '../catalogue/models.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import type { InferenceBody } from '../protocols/inference-body.ts';
import type { Plan } from './plan.ts';

/** An inference request as a door hands it in. */
export interface IncomingCall {
  endpoint: Endpoint;
  /** Tool preset of the route, or null on the generic ones. */
  preset: string | null;
  requestId: string;
  address: string;
  headers: IncomingHttpHeaders;
  /** Query string with its '?', or ''. */
  query: string;
  /** The body, not read yet. */
  body: IncomingBody;
  /** Set by the admin door alone: the owner asks as one of the members. */
  inside?: InsideCaller;
  /**
   * Puts a body of another form into the words of one of the endpoints, once the caller is known and it is read.
   * @throws GatewayError `invalid_request`, `invalid_messages`
   */
  rewrite?: (bytes: Buffer) => RewrittenBody;
}

/** A body in the words of `endpoint`, which takes the place of the call's. */
export interface RewrittenBody {
  endpoint: Endpoint;
  bytes: Buffer;
  /** What of the caller's body has no place in these words, as `Dropped` tells it. */
  leftOut: string | null;
  /**
   * The whole answer, as JSON, where nothing is asked of the model: it is sent once the caller may use the model.
   * Nothing counts then, and there is no audit row, as with the lists of models.
   */
  answer: Buffer | null;
}

/** A request of Node's, or a stream with the headers that tell its length and encoding. */
export type IncomingBody = Readable & { readonly headers: IncomingHttpHeaders };

/** Stands in the place of a presented key. There is nothing that a caller from outside could present for it. */
export interface InsideCaller {
  keyId: number;
  /** As the audit row names it. */
  tool: string;
}

/** Who calls. */
export interface Caller {
  key: ApiKey;
  member: Member;
}

/** A request that may be served, once its limits have room. */
export interface AuthorizedCall {
  incoming: IncomingCall;
  caller: Caller;
  body: InferenceBody;
  /** What a rewritten body has lost, whatever the target. */
  leftOut: string | null;
  model: ResolvedModel;
  plan: Plan;
}

/** The client's side of the connection. Nothing has been sent until `start`. */
export interface ClientConnection {
  /** The client hung up before the answer's end. */
  readonly gone: boolean;
  /** Calls the one listener when that happens, at once if it has. */
  whenGone(listener: () => void): void;
  readonly started: boolean;
  start(status: number, headers: Record<string, string>): void;
  /** @returns a promise while the client reads slower than the provider sends */
  write(chunk: Buffer): Promise<void> | undefined;
  end(chunk?: Buffer): void;
}
