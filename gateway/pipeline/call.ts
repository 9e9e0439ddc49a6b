import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
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
  body: IncomingMessage;
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
  model: ResolvedModel;
  plan: Plan;
}

/** The client's side of the connection. Nothing has been sent until `start`. */
export interface ClientConnection {
  /** Aborts when the client hangs up before the answer's end. */
  readonly gone: AbortSignal;
  readonly started: boolean;
  start(status: number, headers: Record<string, string>): void;
  /** @returns a promise while the client reads slower than the provider sends */
  write(chunk: Buffer): Promise<void> | undefined;
  end(chunk?: Buffer): void;
}
