import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recorder } from '../../providers/upstream-setup.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { openAdmin } from './admin-app.ts';

const SECRET = 'sk-very-secret-credential-0123456789';

describe('trying settings of a provider', () => {
  it('tells how the provider answers and which models it has, and stores nothing', async () => {
    await using upstream = await startProvider({ credential: SECRET });
    const { call, parts } = await openAdmin();
    const settings = { kind: 'openai-compatible', baseUrl: upstream.url, credential: SECRET };
    const { status, body, text } = await call('POST', '/providers/test', settings);
    expect(status).toBe(200);
    expect(body).toMatchObject({ ok: true, verdict: 'ok', status: 200, models: 5 });
    expect(body.found).toContainEqual({
      id: 'gpt-4o',
      facts: expect.objectContaining({ contextWindow: 128_000 }),
      listPrice: null,
    });
    expect(text).not.toContain(SECRET);
    expect((await call('GET', '/providers')).body.data).toEqual([]);
    expect((await call('GET', '/changes')).body.data).toEqual([]);
    expect(await parts.vault.get('provider:1')).toBeNull();
  });

  it('names the price list’s price, and nothing for a model on one’s own computer', async () => {
    await using upstream = await startProvider({ credential: null });
    const { call } = await openAdmin();
    const priceOf = async (kind: string, id: string) => {
      const settings = { kind, baseUrl: upstream.url, credential: 'sk-any' };
      const { found } = (await call('POST', '/providers/test', settings)).body;
      return found.find((model: { id: string }) => model.id === id).listPrice;
    };
    expect(await priceOf('openai', 'gpt-4o')).toMatchObject({ input: 2_500_000, output: 10_000_000 });
    expect(await priceOf('ollama', 'gpt-4o')).toEqual({ input: 0, output: 0 });
  });

  it('says what is wrong, with the kind’s name where none is given', async () => {
    await using upstream = await startProvider({ credential: SECRET });
    const { call } = await openAdmin();
    const at = { kind: 'mistral', baseUrl: upstream.url };
    expect((await call('POST', '/providers/test', { ...at, credential: 'sk-wrong' })).body).toEqual({
      ...{ ok: false, verdict: 'wrong_credential', status: 401, models: 0, found: [] },
      latencyMs: expect.any(Number),
      message: expect.stringContaining('Mistral AI refused the credential'),
    });
    expect((await call('POST', '/providers/test', at)).body.verdict).toBe('no_credential');
    const closed = { kind: 'vllm', baseUrl: 'http://127.0.0.1:9' };
    expect((await call('POST', '/providers/test', closed)).body).toMatchObject({
      ...{ ok: false, verdict: 'unreachable', status: null },
    });
  });

  it('takes what is left out from the saved provider, the credential in the vault too', async () => {
    await using upstream = await startProvider({ credential: SECRET });
    const { call } = await openAdmin();
    const facts = { name: 'Mine', kind: 'openai-compatible', baseUrl: upstream.url, credential: SECRET };
    const { id } = (await call('POST', '/providers', facts)).body;
    const trial = (change: object) =>
      call('POST', '/providers/test', { id, kind: 'openai-compatible', ...change });
    expect((await trial({})).body.ok).toBe(true);
    expect((await trial({ baseUrl: `${upstream.url}/elsewhere` })).body.verdict).toBe('not_an_api');
    expect((await trial({ credential: 'sk-new' })).body).toMatchObject({
      verdict: 'wrong_credential',
      message: expect.stringContaining('Mine refused'),
    });
    expect((await trial({ credential: null })).body.ok).toBe(false);
    // Neither trial changed the provider, or what is known of it.
    expect((await call('POST', `/providers/${id}/test`)).body.ok).toBe(true);
    expect((await call('GET', `/providers/${id}`)).body).toMatchObject({ baseUrl: upstream.url });
  });

  it('asks a service that lists its models to anybody for its key', async () => {
    const server = await recorder((response) => {
      const { url, headers } = response.req;
      const isRight = headers.authorization === `Bearer ${SECRET}`;
      response.statusCode = url === '/api/v1/models' || isRight ? 200 : 401;
      response.end('{"data":[{"id":"a/model"}]}');
    });
    const { call } = await openAdmin();
    const trial = async (credential: string) =>
      (await call('POST', '/providers/test', { kind: 'openrouter', baseUrl: server.origin, credential }))
        .body;
    expect(await trial('sk-wrong')).toMatchObject({ verdict: 'wrong_credential', status: 401, found: [] });
    expect(await trial(SECRET)).toMatchObject({ verdict: 'ok', models: 1 });
    expect(server.seen.map(({ url }) => url)).toEqual(['/api/v1/key', '/api/v1/key', '/api/v1/models']);
  });

  it('sends the headers that are tried', async () => {
    const server = await recorder((response) => response.end('{"data":[]}'));
    const { call } = await openAdmin();
    const settings = { kind: 'vllm', baseUrl: server.origin, headers: { 'X-Team': 'blue' } };
    expect((await call('POST', '/providers/test', settings)).body).toMatchObject({ ok: true, models: 0 });
    expect(server.seen[0]?.headers).toMatchObject({ 'x-team': 'blue' });
  });

  it('goes through the proxy that is tried, and through a saved one with its password', async () => {
    const asked: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.headers['proxy-authorization']);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"m"}]}');
    });
    proxy.on('connect', (request, socket) => {
      asked.push(request.headers['proxy-authorization']);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const { port } = proxy.address() as { port: number };
    const { call } = await openAdmin();
    const settings = {
      ...{ name: 'Far', kind: 'vllm', baseUrl: 'http://rack.invalid:8000' },
      proxy: `http://ntl:secret@127.0.0.1:${port}`,
    };
    await call('POST', '/providers/test', { ...settings, name: undefined });
    const { id } = (await call('POST', '/providers', settings)).body;
    await call('POST', '/providers/test', { id, kind: 'vllm' });
    const basic = `Basic ${Buffer.from('ntl:secret').toString('base64')}`;
    expect(asked).toEqual([basic, basic]);
  });

  it('refuses settings that could not be saved, and a provider that is not there', async () => {
    const { call } = await openAdmin();
    const refusal = async (body: object) => (await call('POST', '/providers/test', body)).body.error;
    expect(await refusal({ kind: 'azure-openai' })).toMatchObject({ param: 'baseUrl' });
    expect(await refusal({ kind: 'vllm', headers: { host: 'x' } })).toMatchObject({ param: 'headers.host' });
    expect(await refusal({ kind: 'vllm', id: '9' })).toMatchObject({ code: 'not_found' });
  });
});
