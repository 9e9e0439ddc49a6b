import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { countConnections } from './connections.ts';
import { connectRaw, postText, type RawClient } from './raw-client.ts';
import { MESSAGES, type StoredRow, send, storedRows, times } from './support.ts';

const ROUTES = [
  { path: '/v1/chat/completions', body: { model: 'gpt-4o', messages: MESSAGES }, end: /data: \[DONE\]/ },
  { path: '/v1/responses', body: { model: 'gpt-4o', input: 'hi' }, end: /event: response\.completed/ },
  {
    path: '/v1/messages',
    body: { model: 'claude', max_tokens: 9, messages: MESSAGES },
    end: /event: message_stop/,
  },
];

let provider: Provider;
let gateway: TestGateway;
let connections: () => number;
let rowsBefore: number;

beforeAll(async () => {
  provider = await startProvider({ models: null });
  gateway = await startGateway();
  await gateway.publish(provider, ['gpt-4o'], { kind: 'openai' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});
beforeEach(() => {
  connections = countConnections(provider.port);
  rowsBefore = storedRows(gateway.dataDir).length;
  provider.script(reply.text('ok'));
});
afterEach(async () => {
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
});

/** The rows since the test began, once there are `count` and none runs. */
function settledRows(count = 1): Promise<StoredRow[]> {
  return until(`${count} settled rows`, () => {
    const rows = storedRows(gateway.dataDir).slice(rowsBefore);
    return rows.length >= count && rows.every((row) => row.status > 0) && rows;
  });
}

async function open(path: string, body: object): Promise<RawClient> {
  const client = await connectRaw(gateway.url);
  const { head, body: text } = postText(path, gateway.key, body);
  client.send(head + text);
  return client;
}

const LEFT = { status: 499, code: 'client_closed' };

describe.each(ROUTES)('a client of $path hangs up', ({ path, body, end }) => {
  const stream = { ...body, stream: true };

  it('while it sends its body: one row, no call', async () => {
    const seen = provider.requests.length;
    const client = await connectRaw(gateway.url);
    const { head, body: text } = postText(path, gateway.key, body);
    const arrived = new Promise((resolve) => gateway.gateway.app.server.once('request', resolve));
    client.send(head + text.slice(0, 20));
    await arrived;
    client.breakOff();
    expect(await settledRows()).toMatchObject([{ ...LEFT, counted: 0, inputTokens: 0 }]);
    expect(provider.requests).toHaveLength(seen);
  });

  it.each([
    ['a stream', stream],
    ['an answer in one piece', body],
  ])('before %s has begun: the call is stopped, the input billed', async (_, asked) => {
    provider.script(reply.stall());
    const count = provider.requests.length;
    const client = await open(path, asked);
    const request = await until('the call', () => provider.requests[count]);
    client.breakOff();
    expect(await request.aborted).toBe(true);
    const [row, ...more] = await settledRows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ ...LEFT, estimated: 1, outputTokens: 0 });
    expect(row?.inputTokens).toBeGreaterThan(0);
    await until('the connection to close', () => connections() === 0);
  });

  it('between two events: the call is stopped, what came is billed', async () => {
    provider.script(reply.gated(reply.text(Array.from({ length: 40 }, () => 'a word '))));
    const count = provider.requests.length;
    const client = await open(path, stream);
    const request = await until('the call', () => provider.requests[count]);
    await request.release(20);
    await client.seen(/a word .*a word /s);
    client.breakOff();
    expect(await request.aborted).toBe(true);
    const [row, ...more] = await settledRows();
    expect(more).toEqual([]);
    expect(row).toMatchObject({ ...LEFT, estimated: 1 });
    expect(row?.outputTokens).toBeGreaterThan(0);
    await until('the connection to close', () => connections() === 0);
  });

  it('right after the last byte: the row is that of a served request', async () => {
    provider.script(reply.text('all of it', { usage: { input: 33, output: 4 } }));
    const client = await open(path, stream);
    await client.seen(end);
    client.breakOff();
    const rows = await settledRows();
    expect(rows).toMatchObject([{ status: 200, code: null, inputTokens: 33, outputTokens: 4, estimated: 0 }]);
  });
});

it('a hundred clients that leave at once leave a hundred rows, no connection and an open door', async () => {
  provider.script(reply.stall(reply.text('half an answer'), { after: 3 }));
  const seen = provider.requests.length;
  const clients = await Promise.all(
    times(100, (index) => open('/v1/chat/completions', { ...ROUTES[0]?.body, stream: index % 2 === 0 })),
  );
  await until('every call', () => provider.requests.length - seen === clients.length);
  for (const client of clients) client.breakOff();
  const rows = await settledRows(100);
  expect(rows.map((row) => row.status)).toEqual(rows.map(() => 499));
  await until('all connections to the provider to close', () => connections() === 0);
  provider.script(reply.text('ok'));
  expect((await send(gateway.url, gateway.key, ROUTES[0]?.body)).status).toBe(200);
  expect(connections()).toBe(1);
});
