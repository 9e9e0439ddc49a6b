/** What the tests with real clients share: a gateway with one scripted provider for each family, and its audit rows. */
import { afterAll, beforeAll, beforeEach, vi } from 'vitest';
import type { AuditRow } from '../../gateway/doors/admin/contract/audit.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import type { RecordedRequest } from '../support/provider/request.ts';
import type { ScriptedUsage } from '../support/provider/turn.ts';
import { until } from '../support/until.ts';

export interface Bench {
  gateway: TestGateway;
  /** Behind `gpt-4o`, `gpt-5-mini`, `gpt-3.5-turbo-instruct` and `text-embedding-3-small`. */
  openai: Provider;
  /** Behind `claude-haiku-4-5`. */
  anthropic: Provider;
}

const OPENAI_MODELS = ['gpt-4o', 'gpt-5-mini', 'gpt-3.5-turbo-instruct', 'text-embedding-3-small'];

/** Starts all three for a test file. Before each test the providers go back to saying "ok". */
export function useBench(): Bench {
  const bench = {} as Bench;
  beforeAll(async () => {
    const [gateway, openai, anthropic] = await Promise.all([
      startGateway(),
      startProvider(),
      startProvider(),
    ]);
    Object.assign(bench, { gateway, openai, anthropic });
    await gateway.publish(openai, OPENAI_MODELS, { kind: 'openai' });
    await gateway.publish(anthropic, ['claude-haiku-4-5'], { kind: 'anthropic' });
  });
  beforeEach(() => {
    bench.openai.script(reply.text('ok'));
    bench.anthropic.script(reply.text('ok'));
  });
  afterAll(async () => {
    await bench.gateway[Symbol.asyncDispose]();
    await Promise.all([bench.openai.close(), bench.anthropic.close()]);
  });
  return bench;
}

/** Usage with every part in it. Cached tokens and those written to the cache are part of the input. */
export const FULL_USAGE: ScriptedUsage = {
  input: 1_000,
  output: 200,
  cached: 600,
  cacheWrite: 300,
  reasoning: 70,
};

/** How FULL_USAGE must stand on the audit row, whatever the protocol. */
export const FULL_USAGE_ROW = {
  status: 200,
  inputTokens: 1_000,
  outputTokens: 200,
  cachedTokens: 600,
  reasoningTokens: 70,
  estimated: false,
};

export async function newestRow({ gateway }: Bench): Promise<AuditRow> {
  const [row] = await gateway.rows();
  return row;
}

/** The row of a request that ended without the client: it is written once the gateway has noticed. */
export function settledRow({ gateway }: Bench, status: number): Promise<AuditRow> {
  return until(`a row with status ${status}`, async () => {
    const [row] = await gateway.rows();
    return row?.status === status && row;
  });
}

/** The newest request a provider got. */
export function lastRequest(provider: Provider): RecordedRequest {
  const request = provider.requests.at(-1);
  if (request === undefined) throw new Error('the provider got no request');
  return request;
}

/** The request that `send` causes, while it is still being answered. */
export async function arrival<T>(
  provider: Provider,
  send: () => T,
): Promise<{ request: RecordedRequest; sent: T }> {
  const before = provider.requests.length;
  const sent = send();
  const request = await until('the request to arrive', () => provider.requests[before]);
  return { request, sent };
}

export interface Attempt {
  status: number;
  /** Seconds; null where the header was missing. */
  retryAfter: number | null;
  shouldRetry: string | null;
}

export interface RetryWatch extends Disposable {
  /** For the SDK under test. */
  fetch: typeof fetch;
  attempts: Attempt[];
  /** Milliseconds the SDK wanted to sleep where it took `retry-after` at its word. */
  sleeps: number[];
}

/**
 * Notes what each attempt of an SDK got, and wakes the SDK at once from the very sleep that `retry-after` asked
 * for; every other timer runs as it is.
 * @param onRefusal happens before the SDK sees a 429
 */
export function watchRetries(onRefusal: () => Promise<unknown> = async () => undefined): RetryWatch {
  const attempts: Attempt[] = [];
  const sleeps: number[] = [];
  const real = globalThis.setTimeout;
  const wakeful = (run: () => void, ms?: number) => {
    if (!attempts.some(({ retryAfter }) => retryAfter !== null && retryAfter * 1000 === ms))
      return real(run, ms);
    sleeps.push(ms as number);
    return real(run, 0);
  };
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(wakeful as typeof setTimeout);
  return {
    attempts,
    sleeps,
    async fetch(input, init) {
      const response = await fetch(input, init);
      const { status, headers } = response;
      const retryAfter = headers.has('retry-after') ? Number(headers.get('retry-after')) : null;
      attempts.push({ status, retryAfter, shouldRetry: headers.get('x-should-retry') });
      if (status === 429) await onRefusal();
      return response;
    },
    [Symbol.dispose]: () => spy.mockRestore(),
  };
}

/** Lets a member make one request in a window; a higher `amount` later lets it make more. */
export function limitRequests(
  { gateway }: Bench,
  memberId: string,
  windowSeconds: number,
  amount = 1,
): Promise<unknown> {
  const limit = { scope: 'member', subjectId: memberId, metric: 'requests', windowSeconds, amount };
  return gateway.admin('PUT', '/limits', limit);
}

/** A picture of one pixel. */
export const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
