import type { UpstreamAnswer, UpstreamCall } from '../providers/upstream.ts';
import { type AttemptsParts, type AttemptsReport, refusedByStatus } from './attempts.ts';
import type { AuthorizedCall } from './call.ts';
import type { Delivery } from './delivery.ts';
import { drain } from './drain.ts';
import { type Metered, unmetered } from './metered.ts';
import type { Route } from './route.ts';

export interface ForwardParts extends AttemptsParts {
  /** Told that a provider's server lacks a protocol that its kind has. */
  onLacking(route: Route): void;
  /** Told that an answer begins that is one to deliver. */
  onAnswer(route: Route): void;
}

/** What serving one request needs at every step. */
export interface Serving {
  parts: ForwardParts;
  call: AuthorizedCall;
  delivery: Delivery;
  report: AttemptsReport;
  metered: Metered;
  /** A balance pays: the answer's usage tells what was charged. */
  tellsCharge: boolean;
  signal: AbortSignal;
}

/** The end of an answer, kept back until the request is settled. */
export type AnswerEnd =
  | { kind: 'whole'; status: number; headers: Record<string, string>; body: Buffer }
  | { kind: 'stream'; last: Buffer };

/** An upstream call without its signal, and what was left out of it. */
export type OutgoingRequest = Omit<UpstreamCall, 'signal'> & { dropped: string | null };

/** The provider's server does not know the endpoint, though its kind has it; there is another way to ask it. */
export class EndpointMissing extends Error {
  /** Not read yet. Null from a way that is native. */
  readonly answer: UpstreamAnswer | null;

  constructor(answer: UpstreamAnswer | null) {
    super('the endpoint is missing');
    this.answer = answer;
  }
}

/** Also what a server says of a model that it does not have: the other way shows which of the two it was. */
export function saysMissing(status: number): boolean {
  return status === 404 || status === 405 || status === 501;
}

/**
 * Makes a call over HTTP, and sorts its status.
 * @returns an answer whose status is one to deliver
 * @throws AttemptFailed, EndpointMissing, UpstreamFailure
 */
export async function callOverHttp(
  serving: Serving,
  route: Route,
  { dropped, ...request }: OutgoingRequest,
): Promise<UpstreamAnswer> {
  const upstream = await route.connect();
  serving.signal.throwIfAborted();
  noteSent(serving, dropped);
  const answer = await upstream.call({ ...request, signal: serving.signal });
  if (route.otherwise !== null && saysMissing(answer.status)) throw new EndpointMissing(answer);
  try {
    sortStatus(serving, route, answer);
  } catch (error) {
    void drain(answer.body[Symbol.asyncIterator]());
    throw error;
  }
  return answer;
}

/** The request goes out: whatever an earlier target left behind is over. */
export function noteSent(serving: Serving, dropped: string | null): void {
  noteDropped(serving, dropped);
  const { metered } = serving;
  Object.assign(metered, unmetered(), { sent: true });
}

export function noteDropped(
  { report, delivery, call }: Pick<Serving, 'report' | 'delivery' | 'call'>,
  dropped: string | null,
): void {
  const { leftOut } = call;
  const all = leftOut !== null && dropped !== null ? `${leftOut}, ${dropped}` : (leftOut ?? dropped);
  report.dropped = all;
  delivery.dropped(all);
}

/** @throws AttemptFailed for a status that is not to be delivered */
export function sortStatus(
  { parts, metered }: Serving,
  route: Route,
  answer: Pick<UpstreamAnswer, 'status' | 'headers'>,
): void {
  const refused = refusedByStatus(route, answer, parts.clock.wall());
  if (refused !== undefined) throw refused;
  metered.status = answer.status;
  metered.firstByteAt = parts.clock.steady();
  parts.onAnswer(route);
}

export function isEventStream(answer: UpstreamAnswer): boolean {
  return answer.status < 300 && (answer.headers['content-type'] ?? '').includes('text/event-stream');
}
