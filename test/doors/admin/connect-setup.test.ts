import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { TestHome } from '../../connect/setup/home.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { openAdmin } from './admin-app.ts';

let gateway: TestGateway;
let home: TestHome;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());
beforeEach(() => {
  home = new TestHome();
  vi.stubEnv('HOME', home.path);
  for (const name of ['CLAUDE_CONFIG_DIR', 'XDG_CONFIG_HOME', 'ZDOTDIR']) vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  home[Symbol.dispose]();
});

const path = '/connect/tools/claude-code/setup';
const wish = { model: 'ntl/echo', smallModel: 'ntl/echo' };

it('a tool’s files are shown, written, and put back', async () => {
  home.write('.claude/settings.json', '{\n  "verbose": true\n}\n');
  const before = home.state();
  const { body } = await gateway.admin('GET', `${path}?model=ntl/echo`);
  expect(body).toMatchObject({
    installed: true,
    connected: null,
    settled: false,
    problem: null,
    keyByHand: false,
  });
  expect(body.files).toMatchObject([
    { path: '~/.claude/settings.json', state: 'changes', added: 10, removed: 0 },
  ]);
  expect(home.state()).toEqual(before);

  const written = await gateway.admin('POST', path, wish);
  expect(written).toMatchObject({
    status: 200,
    body: { settled: true, key: null, connected: { model: 'ntl/echo' } },
  });
  const { env } = JSON.parse(home.read('.claude/settings.json'));
  expect(env.ANTHROPIC_BASE_URL).toBe(`${gateway.url}/api`);
  expect(JSON.stringify(written.body)).not.toContain(env.ANTHROPIC_AUTH_TOKEN);
  const hello = { model: 'ntl/echo', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] };
  expect((await gateway.post('/api/v1/messages', hello, { key: env.ANTHROPIC_AUTH_TOKEN })).status).toBe(200);

  expect((await gateway.admin('DELETE', path)).body).toEqual({
    files: [{ path: '~/.claude/settings.json', exact: true, kept: [] }],
    failures: [],
  });
  expect(home.state()).toEqual(before);
  expect((await gateway.post('/api/v1/messages', hello, { key: env.ANTHROPIC_AUTH_TOKEN })).status).toBe(401);
  expect((await gateway.admin('DELETE', path)).status).toBe(404);
  const { body: changes } = await gateway.admin('GET', '/changes?pageSize=4');
  expect(changes.data.map(({ action }: { action: string }) => action)).toEqual([
    ...['tool.disconnect', 'key.revoke', 'tool.connect', 'key.create'],
  ]);
});

it('a file that is not understood is named, and left alone', async () => {
  home.write('.claude/settings.json', '{\n  "env": [,]\n}\n');
  const before = home.state();
  const looked = await gateway.admin('GET', path);
  expect(looked.body.problem).toMatch(/settings\.json, line 2, is no valid JSON/);
  expect(await gateway.admin('POST', path, wish)).toMatchObject({
    status: 400,
    body: { error: { message: looked.body.problem } },
  });
  expect(home.state()).toEqual(before);
});

it('nobody elsewhere sees or writes them, though the owner may come over the network', async () => {
  const admin = await openAdmin({ ownerFromNetwork: true });
  const headers = {
    host: 'gateway.lan:7411',
    cookie: `ntl_session=${admin.sessions.start('Firefox', 'password')}`,
  };
  const ask = async (method: string, route: string) => {
    const body = method === 'POST' ? { body: wish } : {};
    return (
      await admin.inject({
        method,
        path: `/admin/api${route}`,
        headers,
        remoteAddress: '192.168.1.5',
        ...body,
      })
    ).status;
  };
  expect(await ask('GET', '/connect/tools')).toBe(200);
  for (const method of ['GET', 'POST', 'DELETE']) expect(await ask(method, path)).toBe(403);
  expect(home.state()).toEqual({});
});

it('a tool without files has none, and one that is not known is not known', async () => {
  const { body } = await gateway.admin('GET', '/connect/tools/cursor/setup');
  expect(body).toMatchObject({ files: [], keyByHand: true, problem: null });
  expect((await gateway.admin('GET', '/connect/tools/curl/setup')).status).toBe(404);
  expect((await gateway.admin('GET', '/connect/tools/nothing/setup')).status).toBe(404);
  const { body: list } = await gateway.admin('GET', '/connect/tools');
  const without = list.data
    .filter(({ setUp }: { setUp: boolean }) => !setUp)
    .map(({ id }: { id: string }) => id);
  expect(without).toEqual(['curl', 'vercel-ai-sdk']);
});
