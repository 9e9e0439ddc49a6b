import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonAnswer, startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

/** Every row of the error table, on an OpenAI and on an Anthropic route. */
const FAMILIES = [
  { family: 'openai', path: '/v1/chat/completions', kind: 'openai-compatible', model: 'gpt-4o' },
  { family: 'anthropic', path: '/v1/messages', kind: 'anthropic-compatible', model: 'claude-haiku-4-5' },
] as const;

const MESSAGES = [{ role: 'user', content: 'hi' }];
const MiB = 1024 * 1024;

describe.each(FAMILIES)('errors on $family routes', ({ family, path, kind, model }) => {
  let provider: Provider;
  let gateway: TestGateway;

  beforeAll(async () => {
    provider = await startProvider();
    gateway = await startGateway();
    await gateway.publish(provider, [model], { kind });
  });
  afterAll(async () => {
    await gateway[Symbol.asyncDispose]();
    await provider.close();
  });

  const good = { model, max_tokens: 10, messages: MESSAGES };

  function expectError(answer: JsonAnswer, status: number, code: string, type?: string): void {
    expect(answer.status).toBe(status);
    const requestId = answer.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    const expected = {
      ...(type === undefined ? {} : { type }),
      code,
      message: expect.stringMatching(/\S/),
    };
    if (family === 'openai') {
      expect(answer.body).toEqual({ error: { type: expect.any(String), param: null, ...expected } });
    } else {
      expect(answer.body).toEqual({
        type: 'error',
        error: { type: expect.any(String), ...expected },
        request_id: requestId,
      });
    }
  }

  async function expectAudited(code: string, status: number): Promise<void> {
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ status, code, inputTokens: 0, outputTokens: 0, costMicros: 0 });
  }

  it.each([
    ['missing', { model }],
    ['not an array', { model, messages: 'hi' }],
    ['empty', { model, messages: [] }],
    ['malformed', { model, messages: [{ content: 'hi' }] }],
    ['no objects', { model, messages: ['hi'] }],
    ['an empty role', { model, messages: [{ role: '', content: 'hi' }] }],
    ['no content', { model, messages: [{ role: 'user' }] }],
    ['content null', { model, messages: [{ role: 'user', content: null }] }],
    ['a part that is no object', { model, messages: [{ role: 'user', content: [1] }] }],
    ['a part without type', { model, messages: [{ role: 'user', content: [{}] }] }],
  ])('400 invalid_messages: %s', async (_, body) => {
    expectError(await gateway.post(path, body), 400, 'invalid_messages');
    await expectAudited('invalid_messages', 400);
  });

  it('400 missing_model', async () => {
    expectError(await gateway.post(path, { messages: MESSAGES }), 400, 'missing_model');
  });

  it('400 unknown_model', async () => {
    const answer = await gateway.post(path, { ...good, model: 'nobody/published-this' });
    expectError(answer, 400, 'unknown_model');
    expect(answer.body.error.message).toContain('nobody/published-this');
  });

  it.each([
    ['broken JSON', '{"model": '],
    ['no object', '[1]'],
    ['no body', ''],
    ['model is no string', '{"model":5,"messages":[{"role":"user","content":"x"}]}'],
    [
      'model stands twice',
      `{"model":"${model}","mod\\u0065l":"ntl/echo","messages":[{"role":"user","content":"x"}]}`,
    ],
  ])('400 invalid_request: %s', async (_, body) => {
    expectError(await gateway.post(path, body), 400, 'invalid_request');
  });

  it('401 missing_auth', async () => {
    const answer = await gateway.post(path, good, { key: '' });
    expectError(answer, 401, 'missing_auth');
    expect(answer.headers.get('x-ntl-tier')).toBeNull();
    await expectAudited('missing_auth', 401);
  });

  it('401 invalid_key', async () => {
    expectError(await gateway.post(path, good, { key: `ntl_live_${'x'.repeat(40)}` }), 401, 'invalid_key');
  });

  it('401 key_revoked', async () => {
    const { key, keyId } = await gateway.member();
    await gateway.admin('DELETE', `/keys/${keyId}`);
    const answer = await gateway.post(path, good, { key });
    expectError(answer, 401, 'key_revoked');
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ code: 'key_revoked', keyId });
  });

  it('401 key_expired', async () => {
    const soon = new Date(Date.now() + 2_000).toISOString();
    const { key } = await gateway.member({}, { expiresAt: soon });
    await expect
      .poll(async () => (await gateway.post(path, good, { key })).body.error?.code)
      .toBe('key_expired');
    expectError(await gateway.post(path, good, { key }), 401, 'key_expired');
  });

  it('402 insufficient_balance', async () => {
    const { key } = await gateway.member({ prepaid: true });
    expectError(await gateway.post(path, good, { key }), 402, 'insufficient_balance', 'billing_error');
  });

  it.each([
    ['pending', 'access_disabled'],
    ['disabled', 'access_disabled'],
    ['suspended', 'suspended'],
  ])('403 for a %s member: %s', async (status, code) => {
    const { key } = await gateway.member({ status });
    const answer = await gateway.post(path, good, { key });
    expectError(answer, 403, code);
    expect(answer.headers.get('x-ntl-tier')).toBe('pro');
  });

  it('403 ip_blocked: outside the allow-list of the member', async () => {
    const { key } = await gateway.member({ allowedIps: ['10.0.0.0/8'] });
    expectError(await gateway.post(path, good, { key }), 403, 'ip_blocked');
  });

  it('403 ip_blocked: on the block list, whatever the key', async () => {
    const block = await gateway.admin('POST', '/ip-blocks', { cidr: '127.0.0.1' });
    try {
      expectError(await gateway.post(path, good, { key: '' }), 403, 'ip_blocked');
    } finally {
      await gateway.admin('DELETE', `/ip-blocks/${block.body.id}`);
    }
    expect((await gateway.post(path, good)).status).toBe(200);
  });

  it('403 model_not_allowed', async () => {
    const { key } = await gateway.member({ allowedModels: ['ntl/echo'] });
    expectError(await gateway.post(path, good, { key }), 403, 'model_not_allowed');
    expect((await gateway.post(path, { ...good, model: 'ntl/echo' }, { key })).status).toBe(200);
  });

  it('403 route_not_allowed: a subscription key off the tool routes', async () => {
    const { key } = await gateway.member({}, { kind: 'subscription' });
    expectError(await gateway.post(path, good, { key }), 403, 'route_not_allowed');
    expect((await gateway.post(`/claudecode${path}`, good, { key })).status).toBe(200);
  });

  it('404 not_found: no such route or tool', async () => {
    expectError(await gateway.post(`/nosuchtool${path}`, good), 404, 'not_found');
    expectError(
      await gateway.post(`${path}/nope`, good, { headers: familyHeader(family) }),
      404,
      'not_found',
    );
  });

  it('413 request_too_large, on the wire and unpacked', async () => {
    const answer = await gateway.post(path, Buffer.alloc(64 * MiB + 1, 32));
    expectError(answer, 413, 'request_too_large');
    const { gzipSync } = await import('node:zlib');
    const bomb = gzipSync(Buffer.alloc(65 * MiB, 32));
    const packed = await gateway.post(path, bomb, { headers: { 'content-encoding': 'gzip' } });
    expectError(packed, 413, 'request_too_large');
  });

  it.each([
    [60, 'rate_limit_minute'],
    [86_400, 'quota_day'],
    [2_592_000, 'quota_month'],
  ])('429 when the window of %i s is full: %s', async (windowSeconds, code) => {
    const { id, key } = await gateway.member();
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds, amount: 1 };
    expect((await gateway.admin('PUT', '/limits', limit)).status).toBe(200);
    expect((await gateway.post(path, good, { key })).status).toBe(200);
    const calls = provider.requests.length;
    const answer = await gateway.post(path, good, { key });
    expectError(answer, 429, code, 'rate_limit_error');
    expect(provider.requests.length).toBe(calls);
    const wait = Number(answer.headers.get('retry-after'));
    expect(Number.isInteger(wait)).toBe(true);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(windowSeconds + 3_600);
    expect(answer.headers.get('x-should-retry')).toBe(windowSeconds === 60 ? null : 'false');
    expect(answer.headers.get('x-ntl-tier')).toBe('pro');
  });

  it('502 upstream_error: the provider fails, is unreachable, or refuses the credential', async () => {
    provider.script(reply.status(500), reply.text('ok'));
    const failed = await gateway.post(path, good);
    expectError(failed, 502, 'upstream_error');
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ status: 502, code: 'upstream_error', attempts: 1, inputTokens: 0 });
  });

  it("a provider's own 4xx goes through verbatim", async () => {
    const wording = 'prompt is too long: 250000 tokens > 200000 maximum';
    for (const status of [400, 404, 413, 422]) {
      const body = { type: 'error', error: { type: 'invalid_request_error', message: wording } };
      provider.script(reply.status(status, { body }), reply.text('ok'));
      const answer = await gateway.post(path, good);
      expect(answer.status).toBe(status);
      expect(answer.body).toEqual(body);
      await gateway.post(path, good);
    }
  });

  it('503 paused while the owner has paused it', async () => {
    await gateway.admin('POST', '/pause');
    try {
      const calls = provider.requests.length;
      expectError(await gateway.post(path, good), 503, 'paused');
      await expectAudited('paused', 503);
      expect(provider.requests.length).toBe(calls);
    } finally {
      await gateway.admin('POST', '/resume');
    }
    expect((await gateway.post(path, good)).status).toBe(200);
  });

  it('503 shutting_down while it drains', async () => {
    const other = await startGateway();
    await other.publish(provider, [model], { kind });
    provider.script(reply.gated(reply.text('slow')), reply.text('ok'));
    const running = other.post(path, { ...good, stream: true });
    // Requests of earlier tests have been taken by nobody: look for the one that is still open.
    await expect.poll(() => provider.requests.at(-1)?.piecesSent).toBe(0);
    const stopped = other.gateway.stop();
    expectError(await other.post(path, good), 503, 'shutting_down');
    provider.requests.at(-1)?.releaseAll();
    expect((await running).status).toBe(200);
    await stopped;
  });
});

function familyHeader(family: 'openai' | 'anthropic'): Record<string, string> {
  return family === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {};
}
