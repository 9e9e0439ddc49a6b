import { GatewayError } from '../errors.ts';
import { downstreamHeaders } from '../providers/forward-headers.ts';
import type { NativeOutcome, NativeStream, NativeWhole } from '../providers/native/native-model.ts';
import { unfitTarget, uselessAnswer } from './attempts.ts';
import type { NativeTranslation } from './plan.ts';
import { relayCanonical } from './relay-translated.ts';
import type { NativeWay, Route } from './route.ts';
import {
  type AnswerEnd,
  EndpointMissing,
  noteDropped,
  noteSent,
  type Serving,
  saysMissing,
  sortStatus,
} from './serving.ts';
import { asJson, deliverAnswer, errorBody, orUnfit } from './translated.ts';

/**
 * Serves by a provider that the AI SDK speaks to.
 * @throws AttemptFailed, EndpointMissing, UpstreamFailure, BrokenOff
 */
export async function serveNative(serving: Serving, route: Route, way: NativeWay): Promise<AnswerEnd> {
  const { call, signal } = serving;
  const translation = orUnfit(route, () => call.plan.translations.native(route, way));
  const model = await route.connectNative(way.kind);
  signal.throwIfAborted();
  noteSent(serving, translation.dropped.text);
  const ask = call.body.stream ? model.stream : model.generate;
  let outcome: NativeStream | NativeWhole | NativeOutcome;
  try {
    outcome = await ask(translation.call, translation.dropped, signal);
  } catch (error) {
    if (error instanceof GatewayError) throw unfitTarget(route, error.message);
    throw error;
  }
  noteDropped(serving, translation.dropped.text);
  if (route.otherwise !== null && saysMissing(outcome.status)) throw new EndpointMissing(null);
  sortStatus(serving, route, outcome);
  return deliver(serving, route, translation, outcome);
}

async function deliver(
  { call, delivery, metered }: Serving,
  route: Route,
  { answer }: NativeTranslation,
  outcome: NativeStream | NativeWhole | NativeOutcome,
): Promise<AnswerEnd> {
  const { status } = outcome;
  const { 'content-type': _, ...headers } = downstreamHeaders(outcome.headers);
  switch (outcome.kind) {
    case 'stream':
      delivery.streamHeaders(headers);
      return { kind: 'stream', last: await relayCanonical(answer, route, outcome.events, delivery, metered) };
    case 'whole':
      return deliverAnswer(call, answer, route, metered, { ...outcome, headers });
    case 'refused':
      return {
        kind: 'whole',
        status,
        headers: asJson(headers),
        body: errorBody(call, outcome.error, status),
      };
    case 'useless': {
      const why = outcome.error === null ? 'answered without an answer.' : outcome.error.message;
      throw uselessAnswer(route, 'no_answer', why);
    }
  }
}
