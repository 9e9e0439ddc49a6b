import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { ask } from './member/ask.ts';

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider();
  gateway = await startGateway();
  await gateway.publish(provider, ['house-model'], { name: 'Secret Lab', upstreamModel: 'hidden-upstream' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

const open = (path: string) => ask(gateway, path, { key: '' });
const patch = (model: string, facts: object) =>
  gateway.admin('PATCH', `/models/${encodeURIComponent(model)}`, facts);

async function pricesOf(model: string) {
  const { data } = (await open('/pricing/tokens')).body;
  return data.find((row: { model: string }) => row.model === model);
}

async function target(kind: string, upstreamModel: string, enabled = true) {
  const { body } = await gateway.admin('POST', '/providers', {
    name: `${kind} ${upstreamModel}`,
    kind,
    enabled,
  });
  return { providerId: body.id, upstreamModel };
}

describe('GET /pricing', () => {
  it('tells plans with their limits and price, to anybody, the smallest first', async () => {
    await gateway.admin('PATCH', '/plans/pro', { priceMicros: 9_500_000 });
    const limit = { scope: 'plan', subjectId: 'free', metric: 'tokens', windowSeconds: 86_400 };
    await gateway.admin('PUT', '/limits', { ...limit, amount: 50_000 });
    const { status, headers, body } = await open('/pricing');
    expect([status, headers.get('x-ntl-tier')]).toEqual([200, null]);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.pagination).toEqual({ page: 1, limit: 1_000, total: 3 });
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(['free', 'enterprise', 'pro']);
    const perMinute = { model: null, metric: 'requests', window_seconds: 60 };
    expect(body.data[0]).toEqual({
      ...{ id: 'free', name: 'Free', price_micros: 0, page_size_cap: 50, history_days: 7 },
      requests_per_minute: 60,
      limits: [
        { ...perMinute, amount: 60 },
        { model: null, metric: 'tokens', window_seconds: 86_400, amount: 50_000 },
      ],
    });
    expect(body.data[2].price_micros).toBe(9_500_000);
  });

  it('names no model that nobody can ask for', async () => {
    const limit = { scope: 'plan', subjectId: 'free', metric: 'requests', windowSeconds: 60, amount: 1 };
    await gateway.admin('PUT', '/limits', { ...limit, model: 'house-model' });
    const models = async () =>
      (await open('/pricing')).body.data[0].limits.map(({ model }: { model: string | null }) => model);
    expect(await models()).toContain('house-model');
    await patch('house-model', { enabled: false });
    expect(await models()).not.toContain('house-model');
    await patch('house-model', { enabled: true });
  });
});

describe('GET /pricing/tokens', () => {
  it('tells in micros of a dollar per million tokens what requests are charged by', async () => {
    await patch('house-model', {
      price: { input: 2_500_000, output: 10_000_000, cacheRead: 250_000 },
      multiplier: 1.5,
    });
    const { body } = await open('/pricing/tokens');
    expect(body.unit).toBe('micros of a US dollar per million tokens');
    expect(await pricesOf('house-model')).toEqual({
      ...{ model: 'house-model', input: 2_500_000, output: 10_000_000 },
      ...{ cache_read: 250_000, cache_write: 2_500_000, multiplier: 1.5 },
    });
    await gateway.post('/v1/chat/completions', {
      ...{ model: 'house-model', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] },
    });
    const [row] = await gateway.rows();
    const plain = row.inputTokens - row.cachedTokens;
    const micros = plain * 2.5 + row.cachedTokens * 0.25 + row.outputTokens * 10;
    expect(row).toMatchObject({ costMicros: Math.round(micros), multiplier: 1.5 });
  });

  it('of an alias what it stands for is charged; of the built-in model nothing', async () => {
    await patch('quota/fast', { aliasOf: 'house-model' });
    expect(await pricesOf('quota/fast')).toMatchObject({ input: 2_500_000, multiplier: 1.5 });
    await patch('quota/fast', { multiplier: 3 });
    expect(await pricesOf('quota/fast')).toMatchObject({ input: 2_500_000, multiplier: 3 });
    expect(await pricesOf('quota/opus')).toBeUndefined();
    expect(await pricesOf('ntl/echo')).toMatchObject({ input: 0, output: 0, cache_read: 0 });
  });

  it('where the owner sets none, the highest list price of those that may serve; null for an unknown one', async () => {
    const [mini, large, off] = [
      await target('openai', 'gpt-4o-mini'),
      await target('openai', 'gpt-4o'),
      await target('anthropic', 'claude-opus-4-1', false),
    ];
    await gateway.admin('POST', '/models', { id: 'mixed', targets: [mini, off] });
    expect(await pricesOf('mixed')).toMatchObject({ input: 150_000, output: 600_000, cache_read: 75_000 });
    await patch('mixed', { targets: [mini, large, off] });
    expect(await pricesOf('mixed')).toMatchObject({ input: 2_500_000, output: 10_000_000 });
    await gateway.admin('POST', '/models', { id: 'mystery', targets: [await target('openai', 'no-such')] });
    expect(await pricesOf('mystery')).toMatchObject({ input: null, output: null, cache_read: null });
  });

  it('leaves out what is switched off', async () => {
    await patch('mixed', { enabled: false });
    expect(await pricesOf('mixed')).toBeUndefined();
  });

  it('is paged', async () => {
    const { body } = await open('/pricing/tokens?pageSize=2&page=2');
    expect(body.pagination).toMatchObject({ page: 2, limit: 2 });
    expect((await open('/pricing/tokens?pageSize=100000')).body.pagination.limit).toBe(1_000);
  });
});

it('tells nothing of providers, members or what they run', async () => {
  await gateway.member({ name: 'Confidential Carla', email: 'carla@example.com' });
  const told = JSON.stringify([(await open('/pricing')).body, (await open('/pricing/tokens')).body]);
  for (const secret of [
    'Secret Lab',
    'hidden-upstream',
    'Carla',
    'carla@',
    String(provider.port),
    'gpt-4o',
  ]) {
    expect(told).not.toContain(secret);
  }
});

it('is kept from those on the block list', async () => {
  const block = await gateway.admin('POST', '/ip-blocks', { cidr: '127.0.0.1' });
  expect((await open('/pricing')).body.error.code).toBe('ip_blocked');
  expect((await open('/pricing/tokens')).status).toBe(403);
  await gateway.admin('DELETE', `/ip-blocks/${block.body.id}`);
  expect((await open('/pricing')).status).toBe(200);
});
