import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type {
  HttpProvider,
  HttpUpstreamDeps,
  UpstreamTimeouts,
} from '../../gateway/providers/http-upstream.ts';
import { createHttpUpstream } from '../../gateway/providers/http-upstream.ts';
import type { UpstreamCall } from '../../gateway/providers/upstream.ts';
import { UpstreamFailure } from '../../gateway/providers/upstream.ts';
import { serve } from './local-servers.ts';

export const CREDENTIAL = 'sk-very-secret-0123456789';

interface Setup extends Partial<HttpProvider> {
  credential?: HttpUpstreamDeps['credential'];
  timeouts?: Partial<UpstreamTimeouts>;
}

export function upstreamAt(baseUrl: string, { credential, timeouts, ...provider }: Setup = {}) {
  const upstream = createHttpUpstream(
    { name: 'Acme', kind: 'openai', headers: {}, proxy: null, ca: null, ...provider, baseUrl },
    {
      credential: credential ?? (async () => CREDENTIAL),
      timeouts: { connectMs: 5_000, headersMs: 10_000, idleMs: 10_000, ...timeouts },
    },
  );
  onTestFinished(() => upstream.close());
  return upstream;
}

export function callWith(changes: Partial<UpstreamCall> = {}): UpstreamCall {
  return {
    endpoint: 'chat',
    query: '',
    headers: { 'content-type': 'application/json', 'accept-encoding': 'identity' },
    body: Buffer.from('{"model":"m"}'),
    signal: new AbortController().signal,
    ...changes,
  };
}

export async function text(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** The failure a promise ends in; also proves that it tells nothing it must not. */
export async function failureOf(promise: Promise<unknown>): Promise<UpstreamFailure> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UpstreamFailure);
  const shown = inspect(error, { depth: null, showHidden: true, getters: true });
  expect(shown).not.toContain(CREDENTIAL);
  expect((error as UpstreamFailure).message).not.toMatch(/127\.0\.0\.1|localhost|:\d{4,5}/);
  return error as UpstreamFailure;
}

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server that keeps what it was asked and answers the same to all. */
export async function recorder(
  answer: (response: ServerResponse) => void = (response) => response.end('{}'),
) {
  const seen: Seen[] = [];
  const server = await serve(async (request, response) => {
    const body = await text(request);
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(response);
  });
  return { ...server, seen };
}
