import { tokenCountEstimate } from '../protocols/count-tokens.ts';
import { bodyFor, hidesUsageChunk } from '../protocols/inference-body.ts';
import { downstreamHeaders, forwardQuery, upstreamHeaders } from '../providers/forward-headers.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { type AttemptsParts, type AttemptsReport, refusedByStatus, tryInTurn } from './attempts.ts';
import type { AuthorizedCall } from './call.ts';
import type { Delivery } from './delivery.ts';
import { drain } from './drain.ts';
import { type Metered, unmetered } from './metered.ts';
import { readWhole } from './read-whole.ts';
import { relayStream } from './relay-stream.ts';
import type { Route } from './route.ts';

/** The end of an answer, kept back until the request is settled. */
export type AnswerEnd =
  | { kind: 'whole'; status: number; headers: Record<string, string>; body: Buffer }
  | { kind: 'stream'; last: Buffer };

/**
 * Sends the request to one target after the other until one serves, and relays a stream as it comes.
 * @returns what must still go out
 * @throws GatewayError, BrokenOff
 */
export async function forwardCall(
  parts: AttemptsParts,
  call: AuthorizedCall,
  routes: readonly Route[],
  delivery: Delivery,
  report: AttemptsReport,
  metered: Metered,
  signal: AbortSignal,
): Promise<AnswerEnd> {
  let end: AnswerEnd | undefined;
  await tryInTurn(
    routes,
    parts,
    report,
    () => !delivery.begun,
    async (route) => {
      end = await serveBy(parts, call, route, delivery, metered, signal);
    },
  );
  return end as AnswerEnd;
}

async function serveBy(
  parts: AttemptsParts,
  call: AuthorizedCall,
  route: Route,
  delivery: Delivery,
  metered: Metered,
  signal: AbortSignal,
): Promise<AnswerEnd> {
  const { endpoint, headers, query } = call.incoming;
  const upstream = await route.connect();
  signal.throwIfAborted();
  Object.assign(metered, unmetered(), { sent: true });
  const answer = await upstream.call({
    endpoint,
    query: forwardQuery(query),
    // Some clients send JSON under another name (curl as a form); providers take it under its own alone.
    headers: { ...upstreamHeaders(headers), 'content-type': 'application/json' },
    body: bodyFor(endpoint, call.body, route.upstreamModel),
    signal,
  });
  const refused = refusedByStatus(route, answer, parts.clock.wall());
  if (refused !== undefined) {
    void drain(answer.body[Symbol.asyncIterator]());
    throw refused;
  }
  metered.status = answer.status;
  metered.firstByteAt = parts.clock.steady();
  const back = downstreamHeaders(answer.headers);
  if (call.body.stream && isEventStream(answer)) {
    delivery.streamHeaders(back);
    const last = await relayStream(
      endpoint,
      route,
      answer,
      delivery,
      metered,
      hidesUsageChunk(endpoint, call.body),
    );
    return { kind: 'stream', last };
  }
  const { status, body } = await readWhole(endpoint, route, answer, metered);
  if (endpoint === 'count_tokens' && hasNoCounter(status)) return estimatedCount(call);
  return { kind: 'whole', status, headers: back, body };
}

/** A provider that speaks Anthropic's protocol but has no token counter. */
function hasNoCounter(status: number): boolean {
  return status === 404 || status === 405;
}

export function estimatedCount(call: AuthorizedCall): AnswerEnd {
  const body = Buffer.from(JSON.stringify({ input_tokens: tokenCountEstimate(call.body.json) }));
  return { kind: 'whole', status: 200, headers: { 'content-type': 'application/json' }, body };
}

function isEventStream(answer: UpstreamAnswer): boolean {
  return answer.status < 300 && (answer.headers['content-type'] ?? '').includes('text/event-stream');
}
