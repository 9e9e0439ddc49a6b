import { downstreamHeaders } from '../providers/forward-headers.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { RefusedInStream, tryInTurn } from './attempts.ts';
import { serveNative } from './native.ts';
import { servePassThrough } from './pass-through.ts';
import { readAll } from './read-whole.ts';
import type { Route } from './route.ts';
import { type AnswerEnd, EndpointMissing, type Serving, saysMissing } from './serving.ts';
import { asJson, errorBody, serveTranslated } from './translated.ts';

/**
 * Sends the request to one target after the other until one serves, and relays a stream as it comes.
 * @returns what must still go out
 * @throws GatewayError, BrokenOff
 */
export function forwardCall(serving: Serving): Promise<AnswerEnd> {
  const { parts, call, delivery, report } = serving;
  const mayTryNext = () => !delivery.begun;
  return tryInTurn(call.plan.routes, parts, report, mayTryNext, (route) => serveBy(serving, route));
}

async function serveBy(serving: Serving, route: Route): Promise<AnswerEnd> {
  serving.report.last = route;
  try {
    return await serveOneWay(serving, route);
  } catch (error) {
    if (!(error instanceof EndpointMissing) || route.otherwise === null) throw error;
    const refusal = error.answer === null ? null : await ownRefusal(route, error.answer);
    return await serveOtherwise(serving, route, route.otherwise, refusal);
  }
}

/**
 * Where the other way lacks it too, it was the model: the first answer is the caller's then, if it speaks of the
 * model and not of an address.
 */
async function serveOtherwise(
  serving: Serving,
  route: Route,
  otherwise: Route,
  refusal: AnswerEnd | null,
): Promise<AnswerEnd> {
  serving.report.made++;
  const end = await serveBy(serving, otherwise);
  const { status } = serving.metered;
  if (status < 300) serving.parts.onLacking(route);
  return saysMissing(status) && refusal !== null ? refusal : end;
}

/** @returns null from a way that is not the caller's own, and for an answer that does not name the model */
async function ownRefusal(route: Route, answer: UpstreamAnswer): Promise<AnswerEnd | null> {
  const bytes = await readAll(route, answer).catch(() => null);
  if (bytes === null || route.into !== null || !bytes.includes(route.upstreamModel)) return null;
  const headers = downstreamHeaders(answer.headers);
  const body = answer.withoutCredential?.(bytes) ?? bytes;
  return { kind: 'whole', status: answer.status, headers, body };
}

async function serveOneWay(serving: Serving, route: Route): Promise<AnswerEnd> {
  const { into } = route;
  try {
    if (into === null) return await servePassThrough(serving, route);
    if (into.protocol === 'native') return await serveNative(serving, route, into);
    return await serveTranslated(serving, route, into);
  } catch (error) {
    if (!(error instanceof RefusedInStream)) throw error;
    serving.metered.status = REFUSED;
    return {
      kind: 'whole',
      status: REFUSED,
      headers: asJson({}),
      body: errorBody(serving.call, error.error, REFUSED),
    };
  }
}

/** As the provider would have answered had it looked at the request before its status. */
const REFUSED = 400;
