import Anthropic from '@anthropic-ai/sdk';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../support/provider/collect.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { arrival, limitRequests, newestRow, settledRow, useBench, watchRetries } from './support.ts';

const bench = useBench();
let client: Anthropic;

const messages = [{ role: 'user' as const, content: 'please count to ten' }];
const asked = { model: 'claude-haiku-4-5', max_tokens: 100, messages };
const ask = (on: Anthropic = client, body: object = {}) => on.messages.create({ ...asked, ...body });
const asMember = (key: string) => client.withOptions({ apiKey: key });
type ApiError = InstanceType<typeof Anthropic.APIError>;

async function errorOf(answer: Promise<unknown>): Promise<ApiError> {
  const error = await answer.then(
    () => expect.unreachable('an error was due'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(Anthropic.APIError);
  return error as ApiError;
}

/** The gateway's own code stands in the error body: this SDK has no field for it. */
function codeOf(error: ApiError): unknown {
  return (error.error as { error?: { code?: unknown } } | undefined)?.error?.code;
}

beforeAll(() => {
  const { url, key } = bench.gateway;
  client = new Anthropic({ baseURL: `${url}/api`, apiKey: key, authToken: null, maxRetries: 0 });
});

describe('error classes', () => {
  /** The id the SDK shows is the one under which the owner finds the request. */
  async function expectAudited(error: ApiError, code: string | null): Promise<void> {
    const row = await newestRow(bench);
    expect(row).toMatchObject({ status: error.status, code });
    expect(error.requestID).toBe(row.requestId);
  }

  it('BadRequestError in the provider’s own words, which clients look for', async () => {
    const message = 'prompt is too long: 250000 tokens > 200000 maximum';
    bench.anthropic.script(reply.status(400, { message }));
    const error = await errorOf(ask());
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error).toMatchObject({ type: 'invalid_request_error', apiMessage: message });
    expect(error.error).toEqual({
      type: 'error',
      error: { type: 'invalid_request_error', message },
      request_id: 'req_scripted',
    });
    await expectAudited(error, null);
  });

  it('BadRequestError for a body the provider’s rules refuse', async () => {
    const error = await errorOf(ask(client, { temperature: 2 }));
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error.apiMessage).toBe('temperature: range: 0..1');
  });

  it.each([
    ['unknown_model', { model: 'claude-0' }],
    ['invalid_messages', { messages: [] }],
  ])('BadRequestError of the gateway: %s', async (code, body) => {
    const error = await errorOf(ask(client, body));
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
    expect(error.type).toBe('invalid_request_error');
    expect(codeOf(error)).toBe(code);
    await expectAudited(error, code);
  });

  it('AuthenticationError', async () => {
    const error = await errorOf(ask(asMember('ntl_live_unknown')));
    expect(error).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(error.type).toBe('authentication_error');
    await expectAudited(error, 'invalid_key');
  });

  it('PaymentRequiredError', async () => {
    const { key } = await bench.gateway.member({ prepaid: true });
    const error = await errorOf(ask(asMember(key)));
    expect(error).toBeInstanceOf(Anthropic.PaymentRequiredError);
    expect(error.type).toBe('billing_error');
    await expectAudited(error, 'insufficient_balance');
  });

  it('PermissionDeniedError', async () => {
    const { key } = await bench.gateway.member({ status: 'suspended' });
    const error = await errorOf(ask(asMember(key)));
    expect(error).toBeInstanceOf(Anthropic.PermissionDeniedError);
    expect(error.type).toBe('permission_error');
    await expectAudited(error, 'suspended');
  });

  it('NotFoundError, of the provider and of the gateway', async () => {
    await bench.gateway.publish(bench.anthropic, ['retired'], { kind: 'anthropic', name: 'again' });
    const error = await errorOf(ask(client, { model: 'retired' }));
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error).toMatchObject({ type: 'not_found_error', apiMessage: 'model: retired' });
    const missing = await errorOf(client.models.retrieve('nope'));
    expect(missing).toBeInstanceOf(Anthropic.NotFoundError);
    expect(missing.type).toBe('not_found_error');
  });

  it('ContentTooLargeError and UnprocessableEntityError', async () => {
    bench.anthropic.script(reply.status(413), reply.status(422, { message: 'no' }), reply.text('ok'));
    expect(await errorOf(ask())).toBeInstanceOf(Anthropic.ContentTooLargeError);
    expect(await errorOf(ask())).toBeInstanceOf(Anthropic.UnprocessableEntityError);
  });

  it('RateLimitError, with the limit in its headers', async () => {
    const { id, key } = await bench.gateway.member();
    await limitRequests(bench, id, 60);
    await ask(asMember(key));
    const error = await errorOf(ask(asMember(key)));
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error.type).toBe('rate_limit_error');
    expect(codeOf(error)).toBe('rate_limit_minute');
    expect(error.headers?.get('anthropic-ratelimit-requests-limit')).toBe('1');
    expect(error.headers?.get('anthropic-ratelimit-requests-remaining')).toBe('0');
    const reset = Date.parse(error.headers?.get('anthropic-ratelimit-requests-reset') ?? '');
    expect(reset).toBeGreaterThan(Date.now());
    await expectAudited(error, 'rate_limit_minute');
  });

  it('InternalServerError, without a word about the provider’s credential', async () => {
    bench.anthropic.script(reply.status(401));
    const error = await errorOf(ask());
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error).toMatchObject({ status: 502, type: 'api_error' });
    expect(error.apiMessage).toContain('refused the stored credential (401)');
    await expectAudited(error, 'upstream_error');
  });
});

describe('streams that break', () => {
  const stream = () => client.messages.create({ ...asked, stream: true }).then(collect);

  it('with the provider’s error event raise it', async () => {
    bench.anthropic.script(reply.error(reply.text('one two'), { message: 'Overloaded' }));
    for (const send of [stream, () => client.messages.stream(asked).finalMessage()]) {
      const error = await errorOf(send());
      expect(error).toMatchObject({ type: 'overloaded_error', apiMessage: 'Overloaded' });
    }
    const row = await newestRow(bench);
    expect(row).toMatchObject({ status: 502, code: 'upstream_error', inputTokens: 10, estimated: true });
  });

  it.each([
    ['without an end', reply.cut(reply.text('one two'))],
    ['with their connection', reply.hangUp(reply.text('one two'))],
  ])('%s raise an error', async (_, broken) => {
    bench.anthropic.script(broken);
    for (const send of [stream, () => client.messages.stream(asked).finalMessage()]) {
      const error = await errorOf(send());
      expect(error.type).toBe('api_error');
      expect(codeOf(error)).toBe('upstream_error');
    }
    expect(await newestRow(bench)).toMatchObject({ status: 502, code: 'upstream_error' });
  });
});

describe('a client that stops', () => {
  const usage = { input: 1_000, output: 200, cached: 600 };
  beforeEach(() => bench.anthropic.script(reply.gated(reply.text('one two three four five six', { usage }))));

  /** The provider told the input when it began; the output is what came of it. */
  async function expectBilled(): Promise<void> {
    const row = await settledRow(bench, 499);
    expect(row).toMatchObject({
      code: 'client_closed',
      estimated: true,
      streamed: true,
      inputTokens: 1_000,
      cachedTokens: 600,
    });
    expect(row.outputTokens).toBeGreaterThan(0);
    expect(row.outputTokens).toBeLessThan(200);
    expect(row.costMicros).toBeGreaterThan(0);
  }

  it('by the stream’s controller stops the provider and is billed', async () => {
    const { request, sent } = await arrival(bench.anthropic, () =>
      client.messages.create({ ...asked, stream: true }),
    );
    await request.release(4);
    for await (const event of await sent) {
      if (event.type === 'content_block_delta') (await sent).controller.abort();
    }
    expect(await request.aborted).toBe(true);
    await expectBilled();
  });

  it('by the helper’s abort stops the provider and is billed', async () => {
    const { request, sent } = await arrival(bench.anthropic, () => client.messages.stream(asked));
    const firstWord = new Promise((resolve) => sent.once('text', resolve));
    await request.release(4);
    await firstWord;
    sent.abort();
    await expect(sent.done()).rejects.toThrow(Anthropic.APIUserAbortError);
    expect(await request.aborted).toBe(true);
    await expectBilled();
  });
});

describe('retries', () => {
  it('wait out the minute limit as long as retry-after says, and are admitted', async () => {
    const { id, key } = await bench.gateway.member();
    await limitRequests(bench, id, 60);
    using watch = watchRetries(() => limitRequests(bench, id, 60, 2));
    const retrying = client.withOptions({ apiKey: key, maxRetries: 2, fetch: watch.fetch });
    await ask(retrying);
    expect((await ask(retrying)).content).toMatchObject([{ text: 'ok' }]);
    expect(watch.attempts.map((attempt) => attempt.status)).toEqual([200, 429, 200]);
    const retryAfter = Number(watch.attempts[1]?.retryAfter);
    expect(retryAfter).toBeGreaterThan(50);
    expect(retryAfter).toBeLessThanOrEqual(60);
    expect(watch.sleeps).toEqual([retryAfter * 1000]);
  });

  it.each([
    [86_400, 'quota_day'],
    [2_592_000, 'quota_month'],
  ])('are not made where a window of %i s is full', async (windowSeconds, code) => {
    const { id, key } = await bench.gateway.member();
    await limitRequests(bench, id, windowSeconds);
    using watch = watchRetries();
    const retrying = client.withOptions({ apiKey: key, maxRetries: 5, fetch: watch.fetch });
    await ask(retrying);
    const error = await errorOf(ask(retrying));
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(codeOf(error)).toBe(code);
    expect(watch.attempts.map((attempt) => attempt.status)).toEqual([200, 429]);
    expect(watch.attempts[1]).toMatchObject({ shouldRetry: 'false' });
    expect(watch.sleeps).toEqual([]);
  });

  it.each([429, 529])('of a provider’s %i happen inside, on the next target', async (status) => {
    await using limited = await startProvider({ models: null });
    await using spare = await startProvider({ models: null });
    const model = `shared-${status}`;
    await bench.gateway.publish(limited, [model], { kind: 'anthropic', priority: 0 });
    await bench.gateway.publish(spare, [model], { kind: 'anthropic', priority: 1 });
    limited.script(reply.status(status, { headers: { 'retry-after': '30' } }));
    using watch = watchRetries();
    const retrying = client.withOptions({ maxRetries: 5, fetch: watch.fetch });
    expect((await ask(retrying, { model })).content).toMatchObject([{ text: 'ok' }]);
    expect(watch.attempts.map((attempt) => attempt.status)).toEqual([200]);
    expect([limited.requests.length, spare.requests.length]).toEqual([1, 1]);
    expect(await newestRow(bench)).toMatchObject({ status: 200, attempts: 2 });
  });
});
