import { hash } from 'node:crypto';
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
  for (const name of ['CLAUDE_CONFIG_DIR', 'XDG_CONFIG_HOME']) vi.stubEnv(name, '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  home[Symbol.dispose]();
});

const path = '/connect/tools/claude-code/findings';

it('a tool’s own settings are looked at and tried, and no model is asked', async () => {
  expect((await gateway.admin('GET', path)).body).toEqual({ data: [] });
  const write = (base: string, key: string) => {
    const env = { ANTHROPIC_BASE_URL: gateway.url + base, ANTHROPIC_AUTH_TOKEN: key };
    home.write('.claude/settings.json', JSON.stringify({ env }));
  };
  write('/api', gateway.key);
  expect((await gateway.admin('GET', path)).body.data).toMatchObject([{ state: 'ok', check: 'request' }]);
  write('/api/v7', gateway.key);
  const { body } = await gateway.admin('GET', path);
  expect(body.data).toMatchObject([
    {
      ...{ check: 'base-url', tool: 'claude-code', state: 'bad' },
      mend: { command: 'connect claude-code', page: '/connect/claude-code' },
    },
  ]);
  expect(JSON.stringify(body)).not.toContain(gateway.key);
  expect(await gateway.rows()).toEqual([]);
  expect((await gateway.admin('GET', '/connect/tools/nothing/findings')).status).toBe(404);
});

it('is for whoever sits at the computer', async () => {
  const admin = await openAdmin({ ownerFromNetwork: true });
  const cookie = `ntl_session=${admin.sessions.start('Firefox', 'password')}`;
  const headers = { host: 'gateway.lan:7411', cookie };
  const asked = { method: 'GET', path: `/admin/api${path}`, headers, remoteAddress: '192.168.1.5' };
  expect((await admin.inject(asked)).status).toBe(403);
});

it('a key’s outlook goes by its hash, and nothing is counted or written down', async () => {
  const keyHash = hash('sha256', gateway.key, 'hex');
  const ask = (body: object) => gateway.admin('POST', '/connect/outlook', body);
  expect((await ask({ keyHash, models: ['ntl/echo', 'gone'] })).body).toMatchObject({
    key: { prefix: gateway.key.slice(0, 15) },
    troubles: [],
    models: [{ troubles: [] }, { troubles: [{ check: 'model', state: 'bad' }] }],
  });
  const unknown = await ask({ keyHash: keyHash.replace(/./g, '0'), models: [] });
  expect(unknown.body).toMatchObject({ key: null, troubles: [{ check: 'key', state: 'bad' }] });
  expect((await ask({ keyHash: gateway.key, models: [] })).status).toBe(400);
  expect(await gateway.rows()).toEqual([]);
});
