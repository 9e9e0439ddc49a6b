import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { startServe, TestFolder } from '../cli/run-ntl.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { isAlive, isGone, TunnelTools } from '../support/tunnel-tool.ts';
import { until } from '../support/until.ts';

const CHAT = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };
const FAR = { 'cf-connecting-ip': '203.0.113.9' };
const ADDRESS = 'https://made-up-words-here.trycloudflare.com';

let tools: TunnelTools;
let gateway: TestGateway;
beforeEach(async () => {
  tools = new TunnelTools();
  gateway = await startGateway({
    toolEnvironment: { ...tools.env, NTL_VAULT_PASSPHRASE: 'ours', X_KEY: 'ours' },
  });
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  tools[Symbol.dispose]();
});

const status = async () => (await gateway.admin('GET', '/tunnel')).body;
const state = (wanted: string) => until(wanted, async () => (await status()).state === wanted);

/** Opens it and returns where the tool was told to lead. */
async function opened(name: 'cloudflared' | 'ngrok' | 'tailscale' = 'cloudflared'): Promise<string> {
  tools.install(name);
  const answer = await gateway.admin('POST', '/tunnel', { tool: name });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  await state('open');
  const [start] = tools.starts(name);
  const port = start?.args.map((arg) => /(\d{4,5})$/.exec(arg)?.[1]).find((found) => found !== undefined);
  return `http://127.0.0.1:${port}`;
}

const ask = (origin: string, path: string, init: RequestInit & { key?: string; from?: object } = {}) => {
  const { key = gateway.key, from = FAR, ...rest } = init;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...from };
  return fetch(origin + path, { ...rest, headers });
};
const chat = (origin: string, init: { key?: string; from?: object } = {}) =>
  ask(origin, '/cursor/v1/chat/completions', { method: 'POST', body: JSON.stringify(CHAT), ...init });

async function allowed(): Promise<{ key: string; keyId: string; id: string }> {
  const member = await gateway.member();
  expect((await gateway.admin('PATCH', `/keys/${member.keyId}`, { tunnel: true })).body.tunnel).toBe(true);
  return member;
}

describe('an open tunnel', () => {
  it('serves allowed keys, under their true address, and no others', async () => {
    const origin = await opened();
    const { key, keyId } = await allowed();
    expect(await status()).toMatchObject({
      ...{ state: 'open', tool: 'cloudflared', url: ADDRESS, restarts: 0, message: null, keyIds: [keyId] },
    });
    const answer = await chat(origin, { key });
    expect([answer.status, (await answer.json()).choices[0].message.role]).toEqual([200, 'assistant']);
    expect((await gateway.rows())[0]).toMatchObject({ address: '203.0.113.9', tool: 'cursor', status: 200 });

    const other = await chat(origin);
    expect([other.status, (await other.json()).error.code]).toEqual([403, 'route_not_allowed']);
    await gateway.admin('PATCH', `/keys/${keyId}`, { tunnel: false });
    expect((await chat(origin, { key })).status).toBe(403);
  });

  it('has the inference routes and nothing else', async () => {
    const origin = await opened();
    const { key } = await allowed();
    const models = await ask(origin, '/v1/models', { key });
    expect(models.status).toBe(200);
    const posts = ['chat/completions', 'messages', 'responses', 'embeddings', 'completions'];
    for (const path of posts) {
      const { status: code } = await ask(origin, `/v1/${path}`, { method: 'POST', body: '{}', key });
      expect(code, path).toBe(400);
    }
    const token = readRuntimeFile(gateway.dataDir)?.adminToken ?? '';
    const panel = new URL(readRuntimeFile(gateway.dataDir)?.panelUrl ?? '');
    const closed = [
      ...['/', '/panel/', `${panel.pathname}${panel.search}`, '/admin/api/session', '/admin/api/tunnel'],
      ...['/admin/api/openapi.json', '/docs', '/healthz', '/metrics', '/pricing', '/pricing/tokens'],
      ...['/tenant/keys', '/tenant/credits', '/openapi/v1/user/quota/list', '/billing/webhook', '/join'],
      ...['/v1/../admin/api/session', '//admin/api/session', '/%61dmin/api/session'],
    ];
    for (const path of closed)
      for (const bearer of [token, key])
        for (const method of ['GET', 'POST'])
          expect((await ask(origin, path, { method, key: bearer })).status, `${method} ${path}`).toBe(404);
  });

  it('keeps blocks, lists of addresses, wrong keys and alerts by the true address', async () => {
    const origin = await opened();
    const { key, id } = await allowed();
    await gateway.admin('PATCH', `/members/${id}`, { allowedIps: ['198.51.100.0/24'] });
    expect((await (await chat(origin, { key })).json()).error.code).toBe('ip_blocked');
    expect((await chat(origin, { key, from: { 'cf-connecting-ip': '198.51.100.7' } })).status).toBe(200);
    // What the client says itself is not what the tunnel's server says.
    const lying = { 'cf-connecting-ip': '203.0.113.9', 'x-forwarded-for': '198.51.100.7' };
    expect((await chat(origin, { key, from: lying })).status).toBe(403);
    for (let count = 0; count < 20; count += 1) await chat(origin, { key: 'ntl_live_wrong' });
    expect((await (await chat(origin)).json()).error.code).toBe('ip_blocked');
    const { data } = (await gateway.admin('GET', '/alerts')).body;
    expect(data[0]).toMatchObject({ kind: 'refused_keys', address: '203.0.113.9' });
  });

  it('is no way in for a program on this computer that does not come through it', async () => {
    const origin = await opened();
    const { key } = await allowed();
    const answer = await chat(origin, { key, from: {} });
    expect([answer.status, (await answer.json()).error.code]).toEqual([403, 'origin_not_allowed']);
  });

  it('tells its tool nothing of the gateway’s environment, and no secret', async () => {
    await opened();
    const [start] = tools.starts('cloudflared');
    expect(start?.args).toEqual(['tunnel', '--url', expect.stringMatching(/^http:/), '--no-autoupdate']);
    expect(JSON.stringify(start?.env)).not.toContain('ours');
    expect(Object.keys(start?.env ?? {}).filter((name) => /NTL|X_KEY/.test(name))).toEqual([]);
  });

  it('is closed by its owner, and its port and its tool with it', async () => {
    const origin = await opened();
    const pid = tools.starts('cloudflared')[0]?.pid ?? 0;
    const answer = await gateway.admin('DELETE', '/tunnel');
    expect(answer.body).toMatchObject({ state: 'off', url: null, message: null });
    expect(isAlive(pid)).toBe(false);
    await expect(ask(origin, '/v1/models')).rejects.toThrow();
    const { data } = (await gateway.admin('GET', '/changes')).body;
    expect(data.slice(0, 2).map(({ action }: { action: string }) => action)).toEqual([
      'tunnel.close',
      'tunnel.open',
    ]);
  });

  it('is one, and gone after a restart of the gateway', async () => {
    await opened();
    const again = await gateway.admin('POST', '/tunnel', {});
    expect([again.status, again.body.error.message]).toEqual([
      409,
      'A tunnel is open already. Stop it first.',
    ]);
    const pid = tools.starts('cloudflared')[0]?.pid ?? 0;
    await gateway.restart();
    expect(isAlive(pid)).toBe(false);
    expect((await status()).state).toBe('off');
    expect(tools.starts('cloudflared')).toHaveLength(1);
  });
});

describe('a tool', () => {
  it.each(['tailscale', 'ngrok'] as const)('of another make does as well: %s', async (name) => {
    const origin = await opened(name);
    const { key } = await allowed();
    const from = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
    expect((await chat(origin, { key, from })).status).toBe(200);
    expect((await gateway.rows())[0].address).toBe('203.0.113.9');
  });

  it('that is not there is missed by name, and found once it is', async () => {
    const missing = await gateway.admin('POST', '/tunnel', { tool: 'ngrok' });
    expect([missing.status, missing.body.error.message]).toEqual([
      409,
      'ngrok is not installed, or not on the PATH of the gateway. Install it, then try again.',
    ]);
    tools.install('ngrok');
    const { tools: known } = await status();
    expect(known.find(({ id }: { id: string }) => id === 'ngrok').installed).toBe(true);
    expect((await gateway.admin('POST', '/tunnel', { hours: 0 })).status).toBe(400);
  });

  it('that never opens is given up, with its own words, and the owner hears of it', async () => {
    tools.install('ngrok', {
      lines: ['ERROR:  authentication failed: The authtoken you specified is invalid.'],
      endsWith: 1,
    });
    await gateway.admin('POST', '/tunnel', { tool: 'ngrok' });
    await state('failed');
    expect((await status()).message).toBe(
      'authentication failed: The authtoken you specified is invalid. It ended (exit code 1).',
    );
    expect(tools.starts('ngrok')).toHaveLength(3);
    const { data } = (await gateway.admin('GET', '/alerts')).body;
    expect(data[0]).toMatchObject({ kind: 'tunnel' });
    expect(data[0].message).toContain('The tunnel could not be opened: ngrok ended.');
    await gateway.admin('DELETE', '/tunnel');
    tools.install('ngrok');
    await gateway.admin('POST', '/tunnel', { tool: 'ngrok' });
    await state('open');
  });

  it('that dies is started again, and the owner hears of it', async () => {
    await opened();
    process.kill(tools.starts('cloudflared')[0]?.pid ?? 0, 'SIGKILL');
    await until('the next start', () => tools.starts('cloudflared').length === 2);
    await state('open');
    expect((await status()).restarts).toBe(1);
    const { data } = (await gateway.admin('GET', '/alerts')).body;
    expect(data[0].message).toContain('The tunnel was cut: cloudflared ended.');
  });
});

it('ends with the gateway, whatever ended that', async () => {
  tools.install('cloudflared');
  using folder = new TestFolder();
  await using serving = await startServe(folder.path, ['--port', '0'], { ...tools.env });
  const { adminToken = '', url = '' } = readRuntimeFile(folder.path) ?? {};
  await fetch(`${url}/admin/api/tunnel`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    body: '{}',
  });
  await until('the tool', () => tools.starts('cloudflared').length === 1);
  const [{ pid } = { pid: 0 }] = tools.starts('cloudflared');
  const environment = readFileSync(join('/proc', String(pid), 'environ'), 'latin1');
  expect(environment).not.toContain('correct horse');
  serving.child.kill('SIGKILL');
  await serving.ended;
  await isGone(pid);
}, 60_000);
