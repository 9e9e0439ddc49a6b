import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRuntimeFile } from '../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from './support/gateway.ts';
import { startProvider } from './support/provider/provider.ts';
import { reply } from './support/provider/reply.ts';
import { until } from './support/until.ts';

/** A port nobody has just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as { port: number }).port;
}

const healthy = async (url: string) => (await fetch(`${url}/healthz`)).status === 200;

/** Whether nobody takes a new connection there; `fetch` might still have one that is open. */
async function refused(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return once(socket, 'connect').then(
    () => false,
    (error) => error.code === 'ECONNREFUSED',
  );
}

/** Moves the gateway and gives the answer of the PATCH. */
async function moveTo(gateway: TestGateway, port: number | null) {
  return gateway.admin('PATCH', '/settings', { port });
}

describe('another port', () => {
  it('is listened at at once, written down, and told to whoever asked for it', async () => {
    await using gateway = await startGateway();
    const before = gateway.url;
    const port = await freePort();
    const answer = await moveTo(gateway, port);
    const url = `http://127.0.0.1:${port}`;
    expect(answer.body).toMatchObject({ port, portInUse: port, portFrom: 'setting', url });
    expect(await healthy(url)).toBe(true);
    expect(await refused(before)).toBe(true);
    expect(gateway.gateway.address).toMatchObject({ url, port, from: 'setting', bound: ['127.0.0.1'] });

    const runtime = readRuntimeFile(gateway.dataDir);
    expect(runtime).toMatchObject({ url });
    const signedIn = await fetch(runtime?.panelUrl ?? '', { redirect: 'manual' });
    expect(signedIn.status).toBe(303);
    const authorization = `Bearer ${runtime?.adminToken}`;
    const changes = await fetch(`${url}/admin/api/changes`, { headers: { authorization } });
    expect((await changes.json()).data[0]).toMatchObject({ action: 'settings.update', after: { port } });
  });

  it('holds at the next start, where nothing else is said', async () => {
    await using gateway = await startGateway();
    const port = await freePort();
    await moveTo(gateway, port);
    await gateway.gateway.stop();
    await using again = await startGateway({ dataDir: gateway.dataDir });
    expect(again.url).not.toBe(`http://127.0.0.1:${port}`);
    expect(again.gateway.address?.from).toBe('flag');
    await again.gateway.stop();

    const { createGateway } = await import('../gateway/gateway.ts');
    const third = await createGateway({ dataDir: gateway.dataDir, vault: 'file', logLevel: 'silent' });
    onTestFinished(() => third.stop());
    expect(await third.listen()).toBe(`http://127.0.0.1:${port}`);
    expect(third.address?.from).toBe('setting');
  });

  it('that is taken is refused at its field, and nothing changes', async () => {
    await using gateway = await startGateway();
    const port = await takenPort();
    const answer = await gateway.admin('PATCH', '/settings', { port, retentionDays: 7 });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({ code: 'conflict', param: 'port' });
    expect(answer.body.error.message).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(answer.body.error.message).not.toContain('--port');
    expect(await healthy(gateway.url)).toBe(true);
    expect((await gateway.admin('GET', '/settings')).body).toMatchObject({
      ...{ port: null, retentionDays: 365, url: gateway.url, portFrom: 'flag' },
    });
    expect((await gateway.admin('GET', '/changes')).body.data).toEqual([]);
  });

  it('is not looked for when a form sends back what it was given', async () => {
    await using gateway = await startGateway();
    const answer = await gateway.admin('PATCH', '/settings', { port: null, metrics: true });
    expect(answer.body).toMatchObject({ metrics: true, url: gateway.url, portFrom: 'flag' });
  });

  it('comes last of two that are asked for at once', async () => {
    await using gateway = await startGateway();
    const [first, second] = [await freePort(), await freePort()];
    await Promise.all([moveTo(gateway, first), moveTo(gateway, second)]);
    const { port } = gateway.gateway.address ?? {};
    expect([first, second]).toContain(port);
    const left = port === first ? second : first;
    expect(await refused(`http://127.0.0.1:${left}`)).toBe(true);
    expect(await healthy(`http://127.0.0.1:${port}`)).toBe(true);
  });
});

describe('what runs over the old port', () => {
  it('goes on to its end: a stream, and the live events of the panel', async () => {
    await using gateway = await startGateway();
    const provider = await startProvider();
    onTestFinished(() => provider.close());
    await gateway.publish(provider, ['gpt-4o']);
    provider.script(reply.gated(reply.text('one two three')));
    const authorization = `Bearer ${readRuntimeFile(gateway.dataDir)?.adminToken}`;
    const live = await fetch(`${gateway.url}/admin/api/events`, { headers: { authorization } });
    const events = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    const answer = fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
    await until('the call', () => provider.requests.at(-1)?.path.endsWith('/chat/completions'));
    await provider.requests.at(-1)?.release();
    const stream = await answer;

    await moveTo(gateway, await freePort());
    provider.requests.at(-1)?.releaseAll();
    expect(await stream.text()).toMatch(/three[\s\S]*\[DONE\]/);
    let told = '';
    while (!told.includes('event: request')) told += (await events?.read())?.value;
    expect(told).toContain('settings.update');
    await events?.cancel();
  });

  it('may ask once more over its connection, which then ends', async () => {
    await using gateway = await startGateway();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ask = async () => {
      const [response] = (await once(get(`${gateway.url}/healthz`, { agent }), 'response')) as [
        IncomingMessage,
      ];
      response.resume();
      await once(response, 'end');
      return response.headers.connection;
    };
    expect(await ask()).toBe('keep-alive');
    await moveTo(gateway, await freePort());
    expect(await ask()).toBe('close');
    await expect(ask()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is ended with everything else by a stop', async () => {
    const gateway = await startGateway();
    const authorization = `Bearer ${readRuntimeFile(gateway.dataDir)?.adminToken}`;
    const live = await fetch(`${gateway.url}/admin/api/events`, { headers: { authorization } });
    const port = await freePort();
    await moveTo(gateway, port);
    await gateway[Symbol.asyncDispose]();
    await live.text().catch(() => undefined);
    expect(await refused(`http://127.0.0.1:${port}`)).toBe(true);
  });
});

describe('the door inside the process', () => {
  it('stays open whatever port is listened at', async () => {
    await using gateway = await startGateway();
    const ask = () => gateway.gateway.app.inject({ url: '/admin/api/session', remoteAddress: 'in-process' });
    const move = await gateway.gateway.app.inject({
      ...{ method: 'PATCH', url: '/admin/api/settings', remoteAddress: 'in-process' },
      payload: { port: await freePort() },
    });
    expect(move.statusCode).toBe(200);
    expect((await ask()).json()).toEqual({ actor: 'window' });
  });
});

describe('the host localhost', () => {
  it('is every address of that name, on one port, before and after a move', async () => {
    await using gateway = await startGateway();
    await gateway.gateway.stop();
    const { createGateway } = await import('../gateway/gateway.ts');
    const other = await createGateway({ dataDir: gateway.dataDir, vault: 'file', logLevel: 'silent' });
    onTestFinished(() => other.stop());
    const url = await other.listen('localhost', 0);
    expect(await healthy(url)).toBe(true);
    expect(await healthy(url.replace('localhost', '127.0.0.1'))).toBe(true);
    for (const address of other.address?.bound ?? []) expect(['127.0.0.1', '::1']).toContain(address);
  });
});
