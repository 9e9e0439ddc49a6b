import { holdsReplay } from '../protocols/canonical/replay.ts';
import { CODECS, isHubProtocol } from '../protocols/codecs.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import { ENDPOINTS } from '../protocols/endpoint.ts';
import { bodyFor, hidesUsageChunk, type InferenceBody } from '../protocols/inference-body.ts';
import { parseObject } from '../protocols/json.ts';
import { renamedMember } from '../protocols/json-members.ts';
import { UNKNOWN_FACTS } from '../protocols/model-facts.ts';
import { withoutReplays } from '../protocols/strip-replays.ts';
import { downstreamHeaders, forwardQuery, upstreamHeaders } from '../providers/forward-headers.ts';
import { traitsOf } from '../providers/traits.ts';
import type { AuthorizedCall } from './call.ts';
import { estimatedCount } from './count-tokens.ts';
import { readWhole, type WholeAnswer } from './read-whole.ts';
import { relayStream } from './relay-stream.ts';
import type { Route } from './route.ts';
import {
  type AnswerEnd,
  callOverHttp,
  isEventStream,
  type OutgoingRequest,
  type Serving,
} from './serving.ts';

/** The caller's own bytes, for a provider that speaks its protocol. */
function ownRequest({ incoming, body }: AuthorizedCall, route: Route): OutgoingRequest {
  const { endpoint, headers, query } = incoming;
  const foreign = holdsReplay(body.bytes);
  const asked = bodyFor(endpoint, body, route.upstreamModel);
  const own = foreign ? withoutReplays(endpoint, asked, takesReasoning(route)) : asked;
  return {
    endpoint,
    query: forwardQuery(query),
    // Some clients send JSON under another name (curl as a form); providers take it under its own alone.
    headers: { ...upstreamHeaders(headers), 'content-type': 'application/json' },
    body: refusesMaxTokens(endpoint, body, route)
      ? renamedMember(own, 'max_tokens', 'max_completion_tokens')
      : own,
    dropped: foreign ? 'reasoning' : null,
  };
}

/**
 * OpenAI's reasoning models know the limit by its newer name alone, and some tools still send the older one
 * (https://platform.openai.com/docs/api-reference/chat/create, "max_tokens").
 */
function refusesMaxTokens(endpoint: Endpoint, { json }: InferenceBody, { provider, facts }: Route): boolean {
  if (endpoint !== 'chat' || json.max_tokens === undefined || json.max_completion_tokens !== undefined)
    return false;
  if (provider === null) return false;
  const { maxTokens } = traitsOf(provider.kind, UNKNOWN_FACTS).chat;
  return maxTokens === 'max_completion_tokens' && facts().sampling === false;
}

function takesReasoning({ provider }: Route): boolean {
  return provider !== null && traitsOf(provider.kind, UNKNOWN_FACTS).chat.reasoningBack !== null;
}

/**
 * Serves by a provider that speaks the caller's protocol: bodies and streams pass unchanged.
 * @throws AttemptFailed, EndpointMissing, UpstreamFailure, BrokenOff
 */
export async function servePassThrough(serving: Serving, route: Route): Promise<AnswerEnd> {
  const { call, delivery, metered } = serving;
  const answer = await callOverHttp(serving, route, ownRequest(call, route));
  const { endpoint } = call.incoming;
  const headers = downstreamHeaders(answer.headers);
  if (call.body.stream && isEventStream(answer)) {
    delivery.streamHeaders(headers);
    const usage = { hideChunk: hidesUsageChunk(endpoint, call.body), keepForEnd: serving.tellsCharge };
    const last = await relayStream(endpoint, route, answer, delivery, metered, usage);
    return { kind: 'stream', last };
  }
  const whole = await readWhole(endpoint, route, answer, metered);
  if (endpoint === 'count_tokens' && hasNoCounter(whole.status)) return estimatedCount(call);
  if (call.body.stream && whole.status < 300) {
    const last = asStream(call, route, whole);
    if (last !== undefined) return { kind: 'stream', last };
  }
  return { kind: 'whole', status: whole.status, headers, body: whole.body };
}

/** A provider that speaks Anthropic's protocol but has no token counter. */
function hasNoCounter(status: number): boolean {
  return status === 404 || status === 405;
}

/** Some servers answer a request for a stream in one piece; the client waits for events. */
function asStream(call: AuthorizedCall, route: Route, { body }: WholeAnswer): Buffer | undefined {
  const { protocol } = ENDPOINTS[call.incoming.endpoint];
  if (!isHubProtocol(protocol)) return undefined;
  const json = parseObject(body.toString('utf8'));
  const answer = json && CODECS[protocol].decodeAnswer(json, { providerId: String(route.provider?.id ?? 0) });
  if (answer === undefined) return undefined;
  return Buffer.from(call.plan.translations.ownAnswer().encodeAsStream(answer));
}
