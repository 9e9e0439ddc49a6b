import { GatewayError } from '../errors.ts';
import type { CanonicalAnswer, ProviderError } from '../protocols/canonical/answer.ts';
import { ENDPOINTS } from '../protocols/endpoint.ts';
import { parseObject } from '../protocols/json.ts';
import { providerErrorBody } from '../protocols/provider-error.ts';
import type { AnswerTranslation, HttpTranslation } from '../protocols/translation.ts';
import { downstreamHeaders } from '../providers/forward-headers.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { errorAtStart, nameOf, unfitTarget, uselessAnswer } from './attempts.ts';
import type { AuthorizedCall } from './call.ts';
import type { Metered } from './metered.ts';
import { readAll } from './read-whole.ts';
import { relayTranslated } from './relay-translated.ts';
import type { HttpWay, Route } from './route.ts';
import {
  type AnswerEnd,
  callOverHttp,
  isEventStream,
  type OutgoingRequest,
  type Serving,
} from './serving.ts';

/**
 * Serves by a provider that speaks another of the hub's protocols.
 * @throws AttemptFailed, EndpointMissing, UpstreamFailure, BrokenOff
 */
export async function serveTranslated(serving: Serving, route: Route, way: HttpWay): Promise<AnswerEnd> {
  const { call, delivery, metered } = serving;
  const translation = orUnfit(route, () => call.plan.translations.overHttp(route, way));
  const answer = await callOverHttp(serving, route, outgoing(call, translation));
  const { 'content-type': _, ...headers } = downstreamHeaders(answer.headers);
  if (call.body.stream && isEventStream(answer)) {
    delivery.streamHeaders(headers);
    return { kind: 'stream', last: await relayTranslated(translation, route, answer, delivery, metered) };
  }
  const bytes = await readAll(route, answer);
  const { status } = answer;
  if (status >= 300) {
    const error = refusalIn(translation, answer.withoutCredential?.(bytes) ?? bytes, route);
    return { kind: 'whole', status, headers: asJson(headers), body: errorBody(call, error, status) };
  }
  const whole = { answer: decoded(translation, route, answer, bytes), status, headers };
  return deliverAnswer(call, translation.answer, route, metered, whole);
}

/**
 * Another target may still be able to do what this one cannot be asked for.
 * @throws AttemptFailed in place of a GatewayError
 */
export function orUnfit<Result>(route: Route, ask: () => Result): Result {
  try {
    return ask();
  } catch (error) {
    if (error instanceof GatewayError) throw unfitTarget(route, error.message);
    throw error;
  }
}

/** The caller's headers and query belong to its own protocol and stay behind. */
function outgoing(call: AuthorizedCall, { endpoint, body, dropped }: HttpTranslation): OutgoingRequest {
  const accept = call.body.stream ? 'text/event-stream' : 'application/json';
  const headers = { 'content-type': 'application/json', accept, 'accept-encoding': 'identity' };
  return { endpoint, query: '', headers, body, dropped };
}

export interface WholeAnswer {
  answer: CanonicalAnswer;
  status: number;
  headers: Record<string, string>;
}

/** Where a stream was asked for, the answer is told as one. */
export function deliverAnswer(
  call: AuthorizedCall,
  translation: AnswerTranslation,
  route: Route,
  metered: Metered,
  { answer, status, headers }: WholeAnswer,
): AnswerEnd {
  metered.usage = answer.usage;
  metered.outputBytes = lengthOf(answer);
  if (call.body.stream) {
    const last = orJunk(route, () => Buffer.from(translation.encodeAsStream(answer)));
    return { kind: 'stream', last };
  }
  const body = orJunk(route, () => Buffer.from(JSON.stringify(translation.encodeAnswer(answer))));
  return { kind: 'whole', status, headers: asJson(headers), body };
}

export function asJson(headers: Record<string, string>): Record<string, string> {
  return { ...headers, 'content-type': 'application/json' };
}

/** The provider's words, in the caller's envelope: agents act on the wording. */
export function errorBody(call: AuthorizedCall, error: ProviderError, status: number): Buffer {
  const { endpoint, requestId } = call.incoming;
  return Buffer.from(JSON.stringify(providerErrorBody(ENDPOINTS[endpoint].family, error, requestId, status)));
}

function refusalIn(translation: HttpTranslation, bytes: Buffer, route: Route): ProviderError {
  const json = parseObject(bytes.toString('utf8'));
  const told = json && translation.decodeError(json);
  const silent = {
    message: `${nameOf(route)} refused the request without saying why.`,
    type: null,
    code: null,
  };
  return told ?? silent;
}

function decoded(
  translation: HttpTranslation,
  route: Route,
  { withoutCredential }: UpstreamAnswer,
  bytes: Buffer,
): CanonicalAnswer {
  const json = parseObject((withoutCredential?.(bytes) ?? bytes).toString('utf8'));
  if (json === undefined) throw uselessAnswer(route, 'junk', 'answered with something that is not JSON.');
  const answer = orJunk(route, () => translation.decodeAnswer(json));
  if (answer !== undefined) return answer;
  const error = translation.decodeError(json);
  throw error === undefined
    ? uselessAnswer(route, 'no_answer', 'answered without an answer.')
    : errorAtStart(route, error);
}

function lengthOf({ parts }: CanonicalAnswer): number {
  return parts.reduce((sum, part) => {
    if (part.type === 'opaque') return sum;
    return sum + Buffer.byteLength(part.type === 'tool_call' ? part.input : part.text);
  }, 0);
}

/**
 * @throws AttemptFailed in place of a GatewayError, for an answer that the caller's protocol cannot hold, and of a
 *   RangeError, for one nested so deep that the stack ends
 */
function orJunk<Result>(route: Route, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof GatewayError)
      throw uselessAnswer(route, 'junk', `answered wrongly: ${error.message}`);
    if (error instanceof RangeError) throw uselessAnswer(route, 'junk', 'sent an answer nested too deep.');
    throw error;
  }
}
