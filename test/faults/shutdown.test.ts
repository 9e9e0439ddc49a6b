import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GatewayOptions } from '../../gateway/gateway.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { connectRaw, postText } from './raw-client.ts';
import { dataFolder, MESSAGES, type SendOptions, send, storedRows } from './support.ts';

const CHAT = { model: 'gpt-4o', messages: MESSAGES };
const STREAM = { ...CHAT, stream: true };

const ROUTES = [
  { path: '/v1/chat/completions', body: STREAM, end: /data: \[DONE\]\n\n$/ },
  { path: '/v1/responses', body: { model: 'gpt-4o', input: 'hi', stream: true }, end: /response\.completed/ },
  {
    path: '/v1/messages',
    body: { model: 'claude', max_tokens: 9, messages: MESSAGES, stream: true },
    end: /event: message_stop/,
  },
];

interface Running {
  gateway: TestGateway;
  provider: Provider;
  dataDir: string;
  post(body: unknown, options?: SendOptions): ReturnType<typeof send>;
}

async function start(options: Partial<GatewayOptions> = {}): Promise<Running> {
  const dataDir = dataFolder();
  const provider = await startProvider({ models: null });
  const gateway = await startGateway({ ...options, dataDir });
  onTestFinished(async () => {
    await provider.close();
    await gateway.gateway.stop();
  });
  await gateway.publish(provider, ['gpt-4o'], { kind: 'openai' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic' });
  return {
    gateway,
    provider,
    dataDir,
    post: (body, sendOptions) => send(gateway.url, gateway.key, body, sendOptions),
  };
}

describe('a stop', () => {
  it.each(ROUTES)('lets a running stream on $path come to its end', async ({ path, body, end }) => {
    const { gateway, provider, dataDir, post } = await start();
    provider.script(reply.gated(reply.text('to the very last word')));
    const answer = post(body, { path });
    const request = await provider.nextRequest();
    await request.release(2);
    const stopped = gateway.gateway.stop();
    request.releaseAll();
    expect((await answer).text).toMatch(end);
    await stopped;
    expect(storedRows(dataDir)).toMatchObject([{ status: 200, inputTokens: 10, outputTokens: 5 }]);
  });

  it('refuses what comes meanwhile, in both envelopes, and a second call waits for the same end', async () => {
    const { gateway, provider, post } = await start();
    provider.script(reply.gated(reply.text('slow')));
    const running = post(CHAT);
    const request = await provider.nextRequest();
    const stopped = gateway.gateway.stop();
    const again = gateway.gateway.stop();

    const openai = await post(CHAT);
    expect(openai.status).toBe(503);
    expect(JSON.parse(openai.text)).toMatchObject({ error: { code: 'shutting_down', param: null } });
    const anthropic = await post({ ...CHAT, model: 'claude', max_tokens: 9 }, { path: '/v1/messages' });
    expect(anthropic.status).toBe(503);
    expect(JSON.parse(anthropic.text)).toMatchObject({ type: 'error', error: { code: 'shutting_down' } });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(503);
    expect(provider.requests).toHaveLength(1);

    request.releaseAll();
    expect((await running).status).toBe(200);
    await Promise.all([stopped, again]);
    await expect(fetch(`${gateway.url}/healthz`)).rejects.toThrow();
  });

  it('goes on answering the window, which shows what is waited for', async () => {
    const { gateway, provider, post } = await start();
    provider.script(reply.gated(reply.text('slow')));
    const running = post(CHAT);
    const request = await provider.nextRequest();
    const stopped = gateway.gateway.stop();
    const ask = { url: '/admin/api/status', remoteAddress: 'in-process' };
    const status = await gateway.gateway.app.inject(ask);
    expect(status.statusCode).toBe(200);
    expect(status.json()).toMatchObject({ runningRequests: 1 });
    request.releaseAll();
    expect((await running).status).toBe(200);
    await stopped;
  });

  it.each(ROUTES)(
    'cuts what stalls on $path after the time to drain, with the error event',
    async (route) => {
      const { gateway, provider, dataDir, post } = await start({ drainMs: 50 });
      provider.script(reply.stall(reply.text('half an answer'), { after: 4 }));
      const answer = post(route.body, { path: route.path });
      const request = await provider.nextRequest();
      await until('the first events', () => request.piecesSent === 4);
      await gateway.gateway.stop();
      const { status, text } = await answer;
      expect(status).toBe(200);
      expect(text).toContain('"code":"shutting_down"');
      expect(text).not.toMatch(route.end);
      expect(await request.aborted).toBe(true);
      expect(storedRows(dataDir)).toMatchObject([{ status: 503, code: 'shutting_down', estimated: 1 }]);
    },
  );

  it('cuts off at once what a first, patient stop waits for, when asked again impatiently', async () => {
    const { gateway, provider, dataDir, post } = await start({ drainMs: 3_600_000 });
    provider.script(reply.stall(reply.text('half an answer'), { after: 4 }));
    const answer = post(STREAM);
    const request = await provider.nextRequest();
    await until('the first events', () => request.piecesSent === 4);
    const patient = gateway.gateway.stop();
    await gateway.gateway.stop({ atOnce: true });
    await patient;
    expect((await answer).text).toContain('"code":"shutting_down"');
    expect(storedRows(dataDir)).toMatchObject([{ status: 503, code: 'shutting_down' }]);
  });

  it('answers 503 where nothing of the answer had come', async () => {
    const { gateway, provider, dataDir, post } = await start({ drainMs: 50 });
    provider.script(reply.stall());
    const answer = post(CHAT);
    await provider.nextRequest();
    await gateway.gateway.stop();
    expect(await answer).toMatchObject({ status: 503, text: expect.stringContaining('shutting_down') });
    expect(storedRows(dataDir)).toMatchObject([{ status: 503, code: 'shutting_down' }]);
  });
});

describe('a stop does not wait for ever', () => {
  it('for a client that never sends the rest of its body', async () => {
    const { gateway, dataDir } = await start({ drainMs: 50 });
    const client = await connectRaw(gateway.url);
    const arrived = new Promise((resolve) => gateway.gateway.app.server.once('request', resolve));
    client.send(postText('/v1/chat/completions', gateway.key, CHAT).head);
    await arrived;
    await gateway.gateway.stop();
    await client.closed;
    expect(storedRows(dataDir).filter((row) => row.status === 0)).toEqual([]);
  });

  it('for a client that does not read its answer', async () => {
    const { gateway, provider, dataDir } = await start({ drainMs: 50 });
    provider.script(reply.text(Array.from({ length: 400 }, () => 'x'.repeat(65_536))));
    const client = await connectRaw(gateway.url);
    client.socket.pause();
    const asked = new Promise<ServerResponse>((resolve) => {
      gateway.gateway.app.server.once('request', (_request, response) => resolve(response));
    });
    const { head, body } = postText('/v1/chat/completions', gateway.key, STREAM);
    client.send(head + body);
    const response = await asked;
    await until('every buffer on the way to be full', () => response.writableNeedDrain);
    await gateway.gateway.stop();
    expect(storedRows(dataDir)).toMatchObject([{ counted: 1 }]);
    expect(storedRows(dataDir).filter((row) => row.status === 0)).toEqual([]);
  });

  it('for idle connections and half a request head', async () => {
    const { gateway } = await start();
    const idle = await connectRaw(gateway.url);
    const half = await connectRaw(gateway.url);
    half.send('POST /v1/chat/completions HTTP/1.1\r\nhost: loc');
    await gateway.gateway.stop();
    await Promise.all([idle.closed, half.closed]);
  });
});
