import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { launchGateway } from './gateway-process.ts';
import { dataFolder, MESSAGES, releaseAll, send, storedRows, tally, times } from './support.ts';

const LIMIT = 60;
const SENT = 200;
const EXACTLY_THE_LIMIT = { 200: LIMIT, '429 rate_limit_minute': SENT - LIMIT };

const CHAT = { model: 'gpt-4o', messages: MESSAGES };
const CHAT_ROUTES = [
  '/v1/chat/completions',
  '/api/v1/chat/completions',
  '/chat',
  '/cursor/v1/chat/completions',
];

let provider: Provider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await startProvider({ models: null });
  gateway = await startGateway();
  await gateway.publish(provider, ['gpt-4o', 'gpt-5-mini'], { kind: 'openai' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

async function limited(limit: Record<string, unknown> = {}): Promise<{ id: string; key: string }> {
  const member = await gateway.member();
  await setLimit(gateway, member.id, limit);
  return member;
}

async function setLimit(on: TestGateway, memberId: string, limit: Record<string, unknown> = {}) {
  const minute = { metric: 'requests', windowSeconds: 60, amount: LIMIT };
  const wanted = { scope: 'member', subjectId: memberId, ...minute, ...limit };
  expect((await on.admin('PUT', '/limits', wanted)).status).toBeLessThan(300);
}

interface Sent {
  path?: string;
  body?: object;
  headers?: Record<string, string>;
}

/** Sends 200 requests at once. @returns how they ended, and how many the provider saw */
async function burst(key: string, sent: (index: number) => Sent) {
  const before = provider.requests.length;
  const answers = await Promise.all(
    times(SENT, (index) => {
      const { path = '/v1/chat/completions', body = CHAT, headers = {} } = sent(index);
      return send(gateway.url, key, body, { path, headers });
    }),
  );
  return { outcome: tally(answers), seen: provider.requests.length - before };
}

describe('200 concurrent requests against 60 a minute: exactly 60 get through', () => {
  it.each<[string, (index: number) => Sent]>([
    ['JSON', () => ({})],
    ['streams', () => ({ body: { ...CHAT, stream: true } })],
    ['both', (index) => ({ body: { ...CHAT, stream: index % 2 === 0 } })],
    ['every route', (index) => ({ path: CHAT_ROUTES[index % 4] as string })],
    [
      'every protocol',
      (index) =>
        [
          { body: CHAT },
          { path: '/v1/responses', body: { model: 'gpt-5-mini', input: 'hi', stream: true } },
          { path: '/v1/messages', body: { model: 'claude', max_tokens: 9, messages: MESSAGES } },
        ][index % 3] as Sent,
    ],
  ])('%s', async (_, sent) => {
    const { key } = await limited();
    expect(await burst(key, sent)).toEqual({ outcome: EXACTLY_THE_LIMIT, seen: LIMIT });
  });

  it('the key in two headers at once, or in one or the other', async () => {
    const { key } = await limited();
    const forms = [
      { 'x-api-key': key },
      { 'x-api-key': key, authorization: '' },
      { 'api-key': key, authorization: 'Bearer sk-left-over' },
    ];
    const sent = (index: number) => ({ headers: forms[index % 3] as Record<string, string> });
    expect(await burst(key, sent)).toEqual({ outcome: EXACTLY_THE_LIMIT, seen: LIMIT });
  });

  it('two keys of one member', async () => {
    const { id, key } = await limited();
    const { body: second } = await gateway.admin('POST', '/keys', { memberId: id, name: 'second' });
    const sent = (index: number) => ({
      headers: { authorization: `Bearer ${index % 2 ? key : second.key}` },
    });
    expect(await burst(key, sent)).toEqual({ outcome: EXACTLY_THE_LIMIT, seen: LIMIT });
  });

  it('a limit of one model, asked for by its name and by an alias', async () => {
    const alias = await gateway.admin('PATCH', '/models/quota%2Ffast', { aliasOf: 'gpt-4o' });
    expect(alias.status).toBe(200);
    const { key } = await limited({ model: 'gpt-4o' });
    const sent = (index: number) => ({ body: { ...CHAT, model: index % 2 ? 'gpt-4o' : 'quota/fast' } });
    expect(await burst(key, sent)).toEqual({ outcome: EXACTLY_THE_LIMIT, seen: LIMIT });
    expect((await gateway.post('/v1/responses', { model: 'gpt-5-mini', input: 'hi' }, { key })).status).toBe(
      200,
    );
  });
});

describe('a restart in the middle', () => {
  it('a stop lets what runs end, and the next start remembers all of it', async () => {
    await using own = await startGateway();
    await using upstream = await startProvider();
    upstream.script(reply.gated(reply.text('ok')));
    await own.publish(upstream, ['gpt-4o']);
    const { id, key } = await own.member();
    await setLimit(own, id);

    const running = times(30, () => send(own.url, key, CHAT));
    await until('thirty calls', () => upstream.requests.length === 30);
    const restarted = own.restart();
    releaseAll(upstream);
    await restarted;
    expect(tally(await Promise.all(running))).toEqual({ 200: 30 });

    upstream.script(reply.text('ok'));
    const rest = await Promise.all(times(100, () => send(own.url, key, CHAT)));
    expect(tally(rest)).toEqual({ 200: 30, '429 rate_limit_minute': 70 });
    expect(upstream.requests).toHaveLength(LIMIT);
  });

  it('after kill -9 those that ran keep their places', async () => {
    const dataDir = dataFolder();
    await using upstream = await startProvider();
    let key = '';
    {
      await using setup = await startGateway({ dataDir });
      await setup.publish(upstream, ['gpt-4o']);
      const member = await setup.member();
      await setLimit(setup, member.id);
      key = member.key;
    }
    upstream.script(reply.gated(reply.text('ok')));
    const killed = await launchGateway().open({ dataDir });
    const cutOff = times(40, () => send(killed.url, key, CHAT).catch(() => undefined));
    await until('calls', () => upstream.requests.length >= 20);
    await killed.kill();
    await Promise.all(cutOff);

    upstream.script(reply.text('ok'));
    const next = await launchGateway().open({ dataDir });
    const rest = await Promise.all(times(100, () => send(next.url, key, CHAT)));
    await next.stop();
    const admitted = storedRows(dataDir).filter((row) => row.counted > 0);
    expect(admitted).toHaveLength(LIMIT);
    expect(admitted.filter((row) => row.status === 200)).toHaveLength(tally(rest)[200] ?? 0);
    expect(upstream.requests.length).toBeLessThanOrEqual(LIMIT);
  });

  it('a request is counted from its admission on, however long its body took to arrive', async () => {
    // Counted from its arrival, it would leave the window early after a restart.
    const { key } = await limited();
    const text = JSON.stringify(CHAT);
    const body = new TransformStream<Uint8Array, Uint8Array>();
    const writer = body.writable.getWriter();
    const arrived = once(gateway.gateway.app.server, 'request');
    const answer = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: body.readable,
      duplex: 'half',
    } as RequestInit);
    await writer.write(Buffer.from(text.slice(0, 10)));
    await arrived;
    const arrivedAt = Date.now();
    const completed = await until('the clock', () => Date.now() > arrivedAt && Date.now());
    await writer.write(Buffer.from(text.slice(10)));
    await writer.close();
    expect((await answer).status).toBe(200);
    const row = storedRows(gateway.dataDir).at(-1);
    expect(row?.at).toBeGreaterThanOrEqual(completed);
  });
});
