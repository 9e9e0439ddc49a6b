import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import type { Target } from '../../../gateway/protocols/canonical/target.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';
import {
  createHttpUpstream,
  type HttpProvider,
  type UpstreamTimeouts,
} from '../../../gateway/providers/http-upstream.ts';
import type { NativeKind } from '../../../gateway/providers/native/kinds.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import type { NativeModel, NativeStream } from '../../../gateway/providers/native/native-model.ts';
import { traitsOf } from '../../../gateway/providers/traits.ts';
import { NOTHING_ASKED } from '../../protocols/canonical/requests.ts';
import { serve } from '../local-servers.ts';
import { text } from '../upstream-setup.ts';

export const API_KEY = 'AIzaVerySecret-0123456789_abcdef';

/** A request that says `hi`, made ready as `prepare` leaves it. */
export function canonical(changes: Partial<CanonicalRequest> = {}): CanonicalRequest {
  return {
    ...NOTHING_ASKED,
    turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
    ...changes,
  };
}

export function sampling(changes: Partial<CanonicalRequest['sampling']>): CanonicalRequest['sampling'] {
  return { ...canonical().sampling, ...changes };
}

export function targetOf(model: string, facts: Partial<ModelFacts> = {}): Target {
  const all = { ...UNKNOWN_FACTS, ...facts };
  return { providerId: '7', upstreamModel: model, facts: all, traits: traitsOf('google', all) };
}

export interface Recorded {
  method: string | undefined;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** The body, every number with its digits. */
  json: JsonObject;
}

/** A server that keeps what it was asked. The answer may look at the request. */
export async function scripted(answer: (response: ServerResponse, request: Recorded) => unknown) {
  const seen: Recorded[] = [];
  const server = await serve(async (request, response) => {
    const body = await text(request);
    const recorded: Recorded = {
      method: request.method,
      url: request.url ?? '',
      headers: request.headers,
      body,
      json: body.startsWith('{') ? (parseExactly(body) as JsonObject) : {},
    };
    seen.push(recorded);
    await answer(response, recorded);
  });
  return { ...server, seen };
}

interface Setup extends Partial<HttpProvider> {
  credential?: string | null;
  timeouts?: Partial<UpstreamTimeouts>;
}

export async function modelAt(
  kind: NativeKind,
  baseUrl: string,
  { credential = API_KEY, timeouts, ...provider }: Setup = {},
): Promise<NativeModel> {
  const upstream = createHttpUpstream(
    { name: 'Acme', kind: 'google', headers: {}, proxy: null, ca: null, ...provider, baseUrl },
    {
      credential: async () => credential,
      timeouts: { connectMs: 5_000, headersMs: 10_000, idleMs: 10_000, ...timeouts },
    },
  );
  onTestFinished(() => upstream.close());
  return upstream.native(kind);
}

export const USUAL_MODEL: Readonly<Record<NativeKind, string>> = {
  google: 'gemini-3-flash-preview',
  vertex: 'gemini-3-flash-preview',
  bedrock: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
};

const WHOLE: Readonly<Record<NativeKind, unknown>> = {
  google: { candidates: [{ content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }] },
  vertex: { candidates: [{ content: { parts: [{ text: 'ok' }] }, finishReason: 'STOP' }] },
  bedrock: {
    output: { message: { role: 'assistant', content: [{ text: 'ok' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
  },
};

/** What goes over the wire for a request, and what is reported as left out. */
export async function sent(
  kind: NativeKind,
  changes: Partial<CanonicalRequest> = {},
  { model = USUAL_MODEL[kind], facts }: { model?: string; facts?: Partial<ModelFacts> } = {},
): Promise<Recorded & { dropped: string | null }> {
  const server = await scripted((response) => json(response, WHOLE[kind]));
  const dropped = new Dropped();
  const call = nativeCall(kind, canonical(changes), targetOf(model, facts), dropped);
  const outcome = await (await modelAt(kind, server.origin)).generate(call, dropped, signal());
  expect(outcome.kind).toBe('whole');
  expect(server.seen).toHaveLength(1);
  return { ...(server.seen[0] as Recorded), dropped: dropped.text };
}

/** Asks a server that answers one JSON body. */
export async function answered(kind: NativeKind, body: unknown, status = 200, headers = {}) {
  const server = await scripted((response) => json(response, body, status, headers));
  const dropped = new Dropped();
  const call = nativeCall(kind, canonical(), targetOf(USUAL_MODEL[kind]), dropped);
  return (await modelAt(kind, server.origin)).generate(call, dropped, signal());
}

/** Opens a stream; anything else fails the test. */
export async function opened(
  model: NativeModel,
  kind: NativeKind,
  aborting: AbortSignal = signal(),
  changes: Partial<CanonicalRequest> = {},
): Promise<NativeStream> {
  const dropped = new Dropped();
  const call = nativeCall(kind, canonical(changes), targetOf(USUAL_MODEL[kind]), dropped);
  const outcome = await model.stream(call, dropped, aborting);
  if (outcome.kind !== 'stream') throw new Error(`no stream but ${inspect(outcome)}`);
  return outcome;
}

export async function eventsIn(stream: NativeStream): Promise<CanonicalEvent[]> {
  const events: CanonicalEvent[] = [];
  for await (const some of stream.events) events.push(...some);
  return events;
}

export function json(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function signal(): AbortSignal {
  return new AbortController().signal;
}
