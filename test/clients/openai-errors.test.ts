import OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../support/provider/collect.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { arrival, limitRequests, newestRow, settledRow, useBench, watchRetries } from './support.ts';

const bench = useBench();
let client: OpenAI;

const messages = [{ role: 'user' as const, content: 'please count to ten' }];
const chat = { model: 'gpt-4o', messages };
const ask = (on: OpenAI = client, body: object = {}) => on.chat.completions.create({ ...chat, ...body });
const asMember = (key: string) => client.withOptions({ apiKey: key });
type ApiError = InstanceType<typeof OpenAI.APIError>;

async function errorOf(answer: Promise<unknown>): Promise<ApiError> {
  const error = await answer.then(
    () => expect.unreachable('an error was due'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OpenAI.APIError);
  return error as ApiError;
}

beforeAll(() => {
  client = new OpenAI({ baseURL: `${bench.gateway.url}/v1`, apiKey: bench.gateway.key, maxRetries: 0 });
});

describe('error classes', () => {
  /** The id the SDK shows is the one under which the owner finds the request. */
  async function expectAudited(error: ApiError, code: string | null): Promise<void> {
    const row = await newestRow(bench);
    expect(row).toMatchObject({ status: error.status, code });
    expect(error.requestID).toBe(row.requestId);
  }

  it('BadRequestError in the provider’s own words', async () => {
    const message =
      "This model's maximum context length is 128000 tokens. However, your messages are longer.";
    const body = {
      error: { message, type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' },
    };
    bench.openai.script(reply.status(400, { body }));
    const error = await errorOf(ask());
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error.message).toBe(`400 ${message}`);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      param: 'messages',
    });
    await expectAudited(error, null);
    expect(error.headers?.get('x-upstream-request-id')).toBe('req_scripted');
  });

  it('BadRequestError for a body the provider’s rules refuse', async () => {
    const error = await errorOf(
      ask(client, { messages: [{ role: 'tool', tool_call_id: 'x', content: 'y' }] }),
    );
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error.message).toContain("messages with role 'tool' must be a response to a preceeding message");
  });

  it.each([
    ['unknown_model', { model: 'gpt-0' }],
    ['missing_model', { model: undefined }],
    ['invalid_messages', { messages: [] }],
  ])('BadRequestError of the gateway: %s', async (code, body) => {
    const error = await errorOf(ask(client, body));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ code, type: 'invalid_request_error' });
    await expectAudited(error, code);
  });

  it('AuthenticationError', async () => {
    const error = await errorOf(ask(asMember('ntl_live_unknown')));
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ code: 'invalid_key', type: 'authentication_error' });
    await expectAudited(error, 'invalid_key');
  });

  it('PermissionDeniedError', async () => {
    const { key } = await bench.gateway.member({ allowedModels: ['ntl/echo'] });
    const error = await errorOf(ask(asMember(key)));
    expect(error).toBeInstanceOf(OpenAI.PermissionDeniedError);
    expect(error).toMatchObject({ code: 'model_not_allowed', type: 'permission_error' });
    expect(error.headers?.get('x-ntl-tier')).toBe('pro');
    await expectAudited(error, 'model_not_allowed');
  });

  it('NotFoundError, when the provider does not know the model any more', async () => {
    await bench.gateway.publish(bench.openai, ['retired'], { kind: 'openai', name: 'again' });
    const error = await errorOf(ask(client, { model: 'retired' }));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found' });
    expect(error.message).toContain('The model `retired` does not exist');
    await expectAudited(error, null);
  });

  it('UnprocessableEntityError', async () => {
    bench.openai.script(reply.status(422, { message: 'This cannot be processed.' }));
    const error = await errorOf(ask());
    expect(error).toBeInstanceOf(OpenAI.UnprocessableEntityError);
    expect(error.message).toBe('422 This cannot be processed.');
  });

  it('RateLimitError, with the limit in its headers', async () => {
    const { id, key } = await bench.gateway.member();
    await limitRequests(bench, id, 60);
    await ask(asMember(key));
    const error = await errorOf(ask(asMember(key)));
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error).toMatchObject({ code: 'rate_limit_minute', type: 'rate_limit_error' });
    expect(error.message).toContain('1 request in 60 seconds');
    expect(error.headers?.get('x-ratelimit-limit-requests')).toBe('1');
    expect(error.headers?.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(Number(error.headers?.get('retry-after'))).toBeLessThanOrEqual(60);
    await expectAudited(error, 'rate_limit_minute');
  });

  it('APIError with status 402', async () => {
    const { key } = await bench.gateway.member({ prepaid: true });
    const error = await errorOf(ask(asMember(key)));
    expect(error).toMatchObject({ status: 402, code: 'insufficient_balance', type: 'billing_error' });
  });

  it('InternalServerError, without a word about the provider’s credential', async () => {
    bench.openai.script(reply.status(401));
    const error = await errorOf(ask());
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 502, code: 'upstream_error' });
    expect(error.message).toContain('refused the stored credential (401)');
    await expectAudited(error, 'upstream_error');
  });
});

describe('streams that break', () => {
  it('with the provider’s error event raise it', async () => {
    bench.openai.script(reply.error(reply.text('one two'), { after: 2, message: 'The model is tired.' }));
    const error = await errorOf(client.chat.completions.create({ ...chat, stream: true }).then(collect));
    expect(error.message).toBe('The model is tired.');
    expect(await newestRow(bench)).toMatchObject({ status: 502, code: 'upstream_error' });
  });

  it.each([
    ['without an end', reply.cut(reply.text('one two'), { after: 2 })],
    ['with their connection', reply.hangUp(reply.text('one two'), { after: 2 })],
  ])('%s raise an error; what came before arrives', async (_, broken) => {
    bench.openai.script(broken);
    const said: unknown[] = [];
    const stream = await client.chat.completions.create({ ...chat, stream: true });
    const error = await errorOf(
      (async () => {
        for await (const chunk of stream) said.push(chunk.choices[0]?.delta.content);
      })(),
    );
    expect(said).toEqual(['', 'one']);
    expect(error).toMatchObject({ code: 'upstream_error', type: 'upstream_error' });
    const helper = client.chat.completions.stream(chat).finalChatCompletion();
    expect((await errorOf(helper)).code).toBe('upstream_error');
  });
});

describe('a client that stops', () => {
  beforeEach(() => bench.openai.script(reply.gated(reply.text('one two three four five six'))));

  async function expectBilled(): Promise<void> {
    const row = await settledRow(bench, 499);
    expect(row).toMatchObject({ code: 'client_closed', estimated: true, streamed: true });
    expect(Math.min(row.inputTokens, row.outputTokens, row.costMicros)).toBeGreaterThan(0);
  }

  it('by the stream’s controller stops the provider and is billed', async () => {
    const { request, sent } = await arrival(bench.openai, () =>
      client.chat.completions.create({ ...chat, stream: true }),
    );
    await request.release(3);
    for await (const chunk of await sent) {
      if (chunk.choices[0]?.delta.content === 'one') (await sent).controller.abort();
    }
    expect(await request.aborted).toBe(true);
    await expectBilled();
  });

  it('by leaving the loop stops the provider and is billed', async () => {
    const { request, sent } = await arrival(bench.openai, () =>
      client.chat.completions.create({ ...chat, stream: true }),
    );
    await request.release(3);
    for await (const chunk of await sent) if (chunk.choices[0]?.delta.content === 'one') break;
    expect(await request.aborted).toBe(true);
    await expectBilled();
  });

  it('by the helper’s abort stops the provider and is billed', async () => {
    const { request, sent } = await arrival(bench.openai, () => client.chat.completions.stream(chat));
    const firstWord = new Promise((resolve) => sent.once('content', resolve));
    await request.release(3);
    await firstWord;
    sent.abort();
    await expect(sent.done()).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(await request.aborted).toBe(true);
    await expectBilled();
  });

  it('by a signal before the first word stops the provider', async () => {
    const stop = new AbortController();
    const { request, sent } = await arrival(bench.openai, () => {
      const answer = client.chat.completions.create(chat, { signal: stop.signal });
      answer.catch(() => undefined);
      return { answer };
    });
    stop.abort();
    await expect(sent.answer).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(await request.aborted).toBe(true);
    expect(await settledRow(bench, 499)).toMatchObject({ code: 'client_closed', streamed: false });
  });

  it('by its own timeout stops the provider', async () => {
    const { request, sent } = await arrival(bench.openai, () => {
      const answer = client.chat.completions.create(chat, { timeout: 1_000 });
      answer.catch(() => undefined);
      return { answer };
    });
    await expect(sent.answer).rejects.toThrow(OpenAI.APIConnectionTimeoutError);
    expect(await request.aborted).toBe(true);
  });
});

describe('retries', () => {
  it('wait out the minute limit as long as retry-after says, and are admitted', async () => {
    const { id, key } = await bench.gateway.member();
    await limitRequests(bench, id, 60);
    using watch = watchRetries(() => limitRequests(bench, id, 60, 2));
    const retrying = client.withOptions({ apiKey: key, maxRetries: 2, fetch: watch.fetch });
    await ask(retrying);
    expect((await ask(retrying)).choices[0]?.message.content).toBe('ok');
    expect(watch.attempts.map((attempt) => attempt.status)).toEqual([200, 429, 200]);
    const [, refused] = watch.attempts;
    expect(refused?.retryAfter).toBeGreaterThan(50);
    expect(refused?.retryAfter).toBeLessThanOrEqual(60);
    expect(refused?.shouldRetry).toBeNull();
    expect(watch.sleeps).toEqual([Number(refused?.retryAfter) * 1000]);
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
    expect(error).toBeInstanceOf(OpenAI.RateLimitError);
    expect(error.code).toBe(code);
    expect(watch.attempts).toHaveLength(2);
    expect(watch.attempts[1]).toMatchObject({ status: 429, shouldRetry: 'false' });
    expect(watch.attempts[1]?.retryAfter).toBeGreaterThan(60);
    expect(watch.sleeps).toEqual([]);
  });

  it.each([429, 503])('of a provider’s %i happen inside, on the next target', async (status) => {
    await using limited = await startProvider({ models: null });
    await using spare = await startProvider({ models: null });
    const model = `shared-${status}`;
    await bench.gateway.publish(limited, [model], { kind: 'openai', priority: 0 });
    await bench.gateway.publish(spare, [model], { kind: 'openai', priority: 1 });
    limited.script(reply.status(status, { headers: { 'retry-after': '30' } }));
    spare.script(reply.text('served by the spare one'));
    using watch = watchRetries();
    const retrying = client.withOptions({ maxRetries: 5, fetch: watch.fetch });
    const answer = await ask(retrying, { model });
    expect(answer.choices[0]?.message.content).toBe('served by the spare one');
    expect(watch.attempts.map((attempt) => attempt.status)).toEqual([200]);
    expect([limited.requests.length, spare.requests.length]).toEqual([1, 1]);
    expect(await newestRow(bench)).toMatchObject({ status: 200, attempts: 2 });
  });

  it('of a 502 wait as long as the provider asked', async () => {
    await using limited = await startProvider({ models: null });
    await bench.gateway.publish(limited, ['alone'], { kind: 'openai' });
    limited.script(reply.status(429, { headers: { 'retry-after': '30' } }), reply.text('ok'));
    using watch = watchRetries();
    const retrying = client.withOptions({ maxRetries: 1, fetch: watch.fetch });
    expect(await errorOf(ask(retrying, { model: 'alone' }))).toMatchObject({
      status: 502,
      code: 'upstream_error',
    });
    expect(watch.attempts.map((attempt) => attempt.status)).toEqual([502, 502]);
    expect(watch.attempts[0]?.retryAfter).toBe(30);
    expect(watch.sleeps).toEqual([30_000]);
    // Woken early, the SDK came too soon: the gateway keeps to what the provider asked for.
    expect(limited.requests).toHaveLength(1);
  });
});
