/** The panel's files, and nothing beside them; the admin API under its own paths alone. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { bare, exchange } from './wire.ts';

const SECRET = 'what no panel shows';

let gateway: TestGateway;
const folder = mkdtempSync(join(tmpdir(), 'ntl-panel-paths-'));
beforeAll(async () => {
  const panelDir = join(folder, 'panel');
  mkdirSync(join(panelDir, 'assets'), { recursive: true });
  mkdirSync(join(panelDir, '.git'));
  writeFileSync(join(panelDir, 'index.html'), '<p>the panel</p>');
  writeFileSync(join(panelDir, 'assets', 'app.js'), 'the panel');
  for (const path of ['secret.txt', 'panel-other.txt', 'panel/.env', 'panel/.git/config'])
    writeFileSync(join(folder, path), SECRET);
  symlinkSync(join(folder, 'secret.txt'), join(panelDir, 'assets', 'link.txt'));
  symlinkSync(folder, join(panelDir, 'assets', 'up'));
  gateway = await startGateway({ panelDir });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function get(target: string): Promise<{ status: number; head: string; body: string }> {
  const [answer] = await exchange(gateway.url, bare('GET', target, 'host: 127.0.0.1'));
  if (answer === undefined) throw new Error(`no answer to ${target}`);
  return answer;
}

it('serves its files', async () => {
  expect(await get('/panel/')).toMatchObject({ status: 200, body: '<p>the panel</p>' });
  expect(await get('/panel/assets/app.js?v=1')).toMatchObject({ status: 200, body: 'the panel' });
});

describe('serves nothing beside them', () => {
  it.each([
    ...['/panel/../secret.txt', '/panel/assets/../../secret.txt', '/panel/..', '/panel/.'],
    ...['/panel/%2e%2e/secret.txt', '/panel/%2e%2e%2fsecret.txt', '/panel/..%2fsecret.txt'],
    ...['/panel/%252e%252e/secret.txt', '/panel/%252e%252e%252fsecret.txt', '/panel/..%255csecret.txt'],
    ...['/panel/..\\secret.txt', '/panel/..%5csecret.txt', '/panel/%5c..%5csecret.txt'],
    ...['/panel/%c0%ae%c0%ae/secret.txt', '/panel/%e0%80%ae./secret.txt', '/panel/%uff0e%uff0e/secret.txt'],
    ...['/panel/..%00/secret.txt', '/panel/assets/app.js%00.txt', '/panel/%00', '/panel/index.html%0a'],
    ...[
      '/panel//etc/passwd',
      '/panel/%2fetc%2fpasswd',
      '/panel/C:/Windows/win.ini',
      '/panel/file:///etc/passwd',
    ],
    ...['/panel-other.txt', '/panel/../panel-other.txt', '/panelsecret.txt', '/panel;/../secret.txt'],
    ...['/panel/.env', '/panel/%2eenv', '/panel/.git/config', '/panel/assets/', '/panel/assets'],
    '/panel/....//secret.txt',
    '/panel/..;/secret.txt',
  ])('%s', async (target) => {
    const { status, body } = await get(target);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body).not.toContain(SECRET);
    expect(body).not.toMatch(/root:|<pre>|Index of|node_modules|\/tmp\//);
  });

  it.each(['/panel/assets/link.txt', '/panel/assets/up/secret.txt'])(
    'by a link out of its folder: %s',
    async (target) => {
      expect((await get(target)).body).not.toContain(SECRET);
    },
  );
});

it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
  '%s changes no file and tells nothing',
  async (method) => {
    const [answer] = await exchange(
      gateway.url,
      bare(method, '/panel/assets/app.js', 'host: 127.0.0.1', 'content-length: 0'),
    );
    expect(answer?.status).toBe(404);
    expect((await get('/panel/assets/app.js')).body).toBe('the panel');
  },
);

describe('the admin API has no second way in', () => {
  it.each([
    ...[
      '//admin/api/status',
      '/admin//api/status',
      '/admin/api//status',
      '/admin/api/status/',
      '/./admin/api/status',
    ],
    ...['/v1/../admin/api/status', '/panel/../admin/api/status', '/v1/%2e%2e/admin/api/status'],
    ...['/admin%2fapi%2fstatus', '/%61dmin/api/status', '/admin/api/%73tatus', '/admin/api/status%2f'],
    ...['/ADMIN/API/STATUS', '/admin/api/status;x=1', '/admin/api/status%00', '/admin/api/status?/../../v1'],
    ...[
      '/admin/api/../../v1/models',
      '/admin\\api\\status',
      '/api/admin/api/status',
      '/claudecode/admin/api/status',
    ],
  ])('%s', async (target) => {
    const { status, body } = await get(target);
    expect([400, 401, 404]).toContain(status);
    expect(body).not.toMatch(/"version"|"vault"/);
  });
});
