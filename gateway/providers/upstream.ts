import type { Endpoint } from '../protocols/endpoint.ts';

/** One call to a provider, already shaped for its protocol. */
export interface UpstreamCall {
  endpoint: Endpoint;
  /** Query string as the client sent it, without local keys; '' or '?…'. */
  query: string;
  /** Lower-case header names; carries no caller's credential. */
  headers: Record<string, string>;
  body: Buffer;
  /** Aborting it stops the call, before or during the answer. */
  signal: AbortSignal;
}

/**
 * A provider's answer. `body` yields decompressed bytes as they arrive and throws UpstreamFailure. Ending its
 * iteration stops the call, even while a read is pending.
 */
export interface UpstreamAnswer {
  status: number;
  /** Lower-case header names. */
  headers: Record<string, string>;
  body: AsyncIterable<Buffer>;
  /** Takes the credential it was sent out of what a provider says of an error: callers read that. */
  withoutCredential?: (bytes: Buffer) => Buffer;
}

/** Anything that can answer an inference call: a provider over HTTP, or the built-in echo. */
export interface Upstream {
  /** @throws UpstreamFailure when no status line came back */
  call(call: UpstreamCall): Promise<UpstreamAnswer>;
}

export type UpstreamFailureReason =
  | 'connect'
  | 'tls'
  | 'header_timeout'
  | 'idle_timeout'
  | 'reset'
  | 'credential_unavailable'
  | 'aborted';

/** A call that failed below HTTP. `message` is fit for a caller: no address of the owner's network, no credential. */
export class UpstreamFailure extends Error {
  readonly reason: UpstreamFailureReason;

  constructor(reason: UpstreamFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UpstreamFailure';
    this.reason = reason;
  }
}
