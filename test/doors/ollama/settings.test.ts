import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../support/free-port.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const set = async (patch: object) => (await gateway.admin('PATCH', '/settings', patch)).body;
const HI = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] };

/** Without a key, over a connection of its own: one that is open may bring a request after its door was closed. */
const ask = async (base: string, path: string, body?: object) => {
  const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(base + path, { ...asked, headers: { connection: 'close' } });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

describe('off', () => {
  it('there is none of it, and what it would share is OpenAI’s', async () => {
    for (const path of ['/api/tags', '/api/version', '/api/ps'])
      expect(await ask(gateway.url, path)).toMatchObject({
        ...{ status: 404, text: expect.stringContaining(`"message":"There is no route GET ${path}."`) },
      });
    expect((await ask(gateway.url, '/api/generate', { model: 'ntl/echo', prompt: 'x' })).status).toBe(404);
    expect((await gateway.post('/api/chat', HI)).body.object).toBe('chat.completion');
    expect((await ask(gateway.url, '/api/chat', HI)).status).toBe(401);
    expect((await gateway.post('/api/embeddings', { model: 'ntl/echo', input: 'x' })).body.object).toBe(
      'list',
    );
  });
});

describe('on', () => {
  it('makes a key of the owner’s once, and takes it again', async () => {
    const { ollama, ollamaKeyId } = await set({ ollama: true });
    const key = async (id: string) => (await gateway.admin('GET', `/keys/${id}`)).body;
    const { body } = await gateway.admin('GET', '/members');
    const owner = body.data.find((member: { owner: boolean }) => member.owner);
    expect(ollama).toBe(true);
    expect(await key(ollamaKeyId)).toMatchObject({
      name: 'Ollama tools',
      memberId: owner.id,
      kind: 'standard',
    });
    await set({ ollama: false });
    expect((await set({ ollama: true })).ollamaKeyId).toBe(ollamaKeyId);
    const { body: changes } = await gateway.admin('GET', '/changes');
    const made = changes.data.filter(({ subject }: { subject: string }) => subject === `key:${ollamaKeyId}`);
    expect(made).toHaveLength(1);
    await gateway.admin('DELETE', `/keys/${ollamaKeyId}`);
    expect(await ask(gateway.url, '/api/tags')).toMatchObject({
      ...{ status: 401, text: expect.stringContaining('was revoked') },
    });
    expect((await ask(gateway.url, '/api/chat', HI)).status).toBe(401);
    await set({ ollama: false });
    const next = (await set({ ollama: true })).ollamaKeyId;
    expect(next).not.toBe(ollamaKeyId);
    expect((await ask(gateway.url, '/api/tags')).status).toBe(200);
  });

  it('answers on its routes without a key, and nowhere else', async () => {
    expect((await ask(gateway.url, '/api/chat', { ...HI, stream: false })).text).toContain('"done":true');
    expect(await ask(gateway.url, '/api/chat', HI)).toMatchObject({
      status: 200,
      type: 'application/x-ndjson',
    });
    for (const path of ['/v1/models', '/api/v1/models', '/api/models', '/models'])
      expect((await ask(gateway.url, path)).status, path).toBe(401);
    for (const path of ['/v1/chat/completions', '/api/v1/chat', '/api/chat/completions', '/chat'])
      expect((await ask(gateway.url, path, HI)).status, path).toBe(401);
    expect((await gateway.post('/api/v1/chat', HI)).body.object).toBe('chat.completion');
  });

  it('a key that comes counts, what is none of ours does not', async () => {
    const { key, keyId } = await gateway.member({ name: 'Mia' });
    const rowOf = async (authorization: string) => {
      const headers = { authorization };
      const body = JSON.stringify({ ...HI, stream: false });
      const { status } = await fetch(`${gateway.url}/api/chat`, { method: 'POST', headers, body });
      return { status, row: (await gateway.rows())[0] };
    };
    expect(await rowOf(`Bearer ${key}`)).toMatchObject({ status: 200, row: { keyId, memberName: 'Mia' } });
    expect(await rowOf('Bearer ollama')).toMatchObject({ status: 200, row: { memberName: 'Owner' } });
    expect((await rowOf(`Bearer ntl_live_${'x'.repeat(40)}`)).status).toBe(401);
  });

  it('the owner chooses another key, or none', async () => {
    const { key, keyId, id } = await gateway.member({ name: 'Noa', allowedModels: ['ntl/echo'] });
    expect((await set({ ollamaKeyId: keyId })).ollamaKeyId).toBe(keyId);
    expect(JSON.parse((await ask(gateway.url, '/api/tags')).text).models).toHaveLength(1);
    await gateway.admin('PATCH', `/members/${id}`, { status: 'suspended' });
    expect((await ask(gateway.url, '/api/chat', HI)).status).toBe(403);
    await gateway.admin('PATCH', `/members/${id}`, { status: 'active' });
    expect((await set({ ollamaKeyId: null })).ollamaKeyId).toBeNull();
    expect((await ask(gateway.url, '/api/tags')).status).toBe(401);
    const withKey = await fetch(`${gateway.url}/api/tags`, { headers: { authorization: `Bearer ${key}` } });
    expect(withKey.status).toBe(200);
    await set({ ollama: false });
    expect((await set({ ollama: true })).ollamaKeyId).toBeNull();
    const revoked = await gateway.member();
    await gateway.admin('DELETE', `/keys/${revoked.keyId}`);
    const tools = await gateway.member({}, { kind: 'subscription' });
    for (const ollamaKeyId of [revoked.keyId, tools.keyId, '4711'])
      expect((await set({ ollamaKeyId })).error).toMatchObject({
        code: 'invalid_request',
        param: 'ollamaKeyId',
      });
    await set({ ollamaKeyId: keyId });
  });
});

describe('a port of its own', () => {
  it('has all APIs without a key, nothing of the owner’s, and is there again after a restart', async () => {
    const port = await freePort();
    const own = `http://127.0.0.1:${port}`;
    expect(await set({ ollamaPort: port })).toMatchObject({
      ollamaPort: port,
      ollamaUrl: own,
      ollamaProblem: null,
    });
    const check = async () => {
      expect(await ask(own, '/')).toMatchObject({ status: 200, text: 'Ollama is running' });
      expect((await fetch(own, { method: 'HEAD' })).status).toBe(200);
      expect(JSON.parse((await ask(own, '/api/version')).text)).toEqual({ version: '0.14.2' });
      expect((await ask(own, '/v1/models')).status).toBe(200);
      expect((await ask(own, '/v1/chat/completions', HI)).text).toContain('chat.completion');
      expect((await ask(own, '/v1/messages', { ...HI, max_tokens: 9 })).text).toContain('"type":"message"');
      expect((await ask(own, '/api/chat', HI)).text).toContain('"done":true');
      for (const path of [
        '/panel/',
        '/admin/api/status',
        '/metrics',
        '/healthz',
        '/tenant/keys',
        '/pricing',
        '/docs',
      ])
        expect((await ask(own, path)).status, path).toBe(404);
    };
    await check();
    await gateway.restart();
    await check();
    expect((await set({ ollama: false })).ollamaUrl).toBeNull();
    await expect(ask(own, '/')).rejects.toThrow('fetch failed');
    expect((await set({ ollama: true })).ollamaUrl).toBe(own);
    expect((await set({ ollamaPort: null })).ollamaUrl).toBeNull();
    await expect(ask(own, '/')).rejects.toThrow('fetch failed');
  });

  it('that another program has is told, and costs nothing else', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const told = await set({ ollamaPort: port });
    expect(told).toMatchObject({ ollamaPort: port, ollamaUrl: null });
    expect(told.ollamaProblem).toContain(`Port ${port} on 127.0.0.1 is taken by another program.`);
    await gateway.restart();
    expect((await ask(gateway.url, '/api/tags')).status).toBe(200);
    expect((await gateway.admin('GET', '/settings')).body.ollamaProblem).toContain('is taken');
    expect(gateway.gateway.troubles).toEqual([
      expect.stringContaining('Ollama’s own port is not open. Port'),
    ]);
    await new Promise((resolve) => other.close(resolve));
    expect(await set({ ollamaPort: port })).toMatchObject({
      ollamaUrl: `http://127.0.0.1:${port}`,
      ollamaProblem: null,
    });
    await set({ ollamaPort: null });
  });

  it('is not the gateway’s', async () => {
    const { portInUse } = (await gateway.admin('GET', '/settings')).body;
    expect((await set({ ollamaPort: portInUse })).error).toMatchObject({ param: 'ollamaPort' });
  });
});
