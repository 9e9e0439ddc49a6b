import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';

/** Why a request was refused, as the audit log tells it: the figures are those that refused it. */

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  [gateway, provider] = await Promise.all([startGateway(), startProvider()]);
  await gateway.publish(provider, ['gpt-4o']);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

const BODY = { model: 'gpt-4o', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };

function ask(key: string, body: object = BODY) {
  return gateway.post('/v1/chat/completions', body, { key });
}

// biome-ignore lint/suspicious/noExplicitAny: rows are looked into field by field by the tests
async function newest(): Promise<any> {
  const [{ id }] = await gateway.rows();
  return (await gateway.admin('GET', `/requests/${id}`)).body;
}

async function limit(subjectId: string, some: object) {
  const wanted = {
    scope: 'member',
    subjectId,
    model: null,
    metric: 'requests',
    windowSeconds: 60,
    amount: 1,
  };
  const { status, body } = await gateway.admin('PUT', '/limits', { ...wanted, ...some });
  expect(status).toBe(200);
  return body;
}

describe('a limit', () => {
  it('is told with its state then, and the moment that it would have passed at', async () => {
    const { id, key } = await gateway.member();
    const set = await limit(id, {});
    expect((await ask(key)).status).toBe(200);
    const refused = await ask(key);
    expect(refused.status).toBe(429);
    const row = await newest();
    expect(row.refusedBy).toEqual({
      kind: 'limit',
      ...set,
      used: 1,
      needed: 1,
      passesAt: expect.any(String),
    });
    const wait = Date.parse(row.refusedBy.passesAt) - Date.parse(row.at);
    expect(wait).toBeGreaterThan(50_000);
    // The client was told the same, in whole seconds.
    expect(Math.abs(Number(refused.headers.get('retry-after')) - wait / 1_000)).toBeLessThan(2);

    // What the owner changes later changes nothing of what was.
    await limit(id, { amount: 5 });
    expect((await ask(key)).status).toBe(200);
    expect((await gateway.admin('GET', `/requests/${row.id}`)).body.refusedBy).toEqual(row.refusedBy);
  });

  it('is the one that held longest, of a model, a plan or a key', async () => {
    const { id, key, keyId } = await gateway.member();
    await limit(id, { amount: 0 });
    await limit(keyId, {
      scope: 'key',
      model: 'gpt-4o',
      metric: 'tokens',
      windowSeconds: 86_400,
      amount: 20,
    });
    expect((await ask(key)).status).toBe(429);
    const { refusedBy } = await newest();
    expect(refusedBy).toMatchObject({ kind: 'limit', scope: 'member', amount: 0, passesAt: null });
    await limit(id, { amount: 9 });
    expect((await ask(key)).status).toBe(200);
    expect((await ask(key)).status).toBe(429);
    expect((await newest()).refusedBy).toMatchObject({
      ...{ kind: 'limit', scope: 'key', subjectId: keyId, model: 'gpt-4o', metric: 'tokens', amount: 20 },
      passesAt: expect.any(String),
    });
  });

  it('stands there after a restart', async () => {
    const { id, key } = await gateway.member();
    await limit(id, { amount: 0 });
    await ask(key);
    const row = await newest();
    await gateway.restart();
    expect((await gateway.admin('GET', `/requests/${row.id}`)).body).toEqual(row);
  });
});

describe('a balance', () => {
  it('is told as it was, with what others held and what was needed', async () => {
    const { id, key } = await gateway.member({ prepaid: true });
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 150 });
    provider.script(reply.gated(reply.text('ok')));
    const before = provider.requests.length;
    const running = ask(key);
    const request = await until('the first', () => provider.requests[before]);
    const refused = await ask(key);
    expect(refused.status).toBe(402);
    const { refusedBy } = await newest();
    request.releaseAll();
    provider.script(reply.text('ok'));
    expect((await running).status).toBe(200);
    const needed = { tokens: expect.any(Number), micros: expect.any(Number) };
    expect(refusedBy).toEqual({ kind: 'balance', tokens: 150, micros: 0, held: needed, needed });
    expect(refusedBy.needed.tokens).toBeGreaterThan(100);
    expect(refusedBy.held).toEqual({ tokens: refusedBy.needed.tokens, micros: 0 });
    for (const figure of ['150', String(refusedBy.needed.tokens), 'requests that run now hold'])
      expect(refused.body.error.message).toContain(figure);
  });
});

describe('anything else', () => {
  it.each([
    ['a request that went well', BODY, 200],
    ['an unknown model', { ...BODY, model: 'nobody' }, 400],
  ])('has no such figures: %s', async (_name, body, status) => {
    const { key } = await gateway.member();
    expect((await ask(key, body)).status).toBe(status);
    expect((await newest()).refusedBy).toBeNull();
  });
});
