import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { proxyFindings } from '../../gateway/cli/doctor-proxy.ts';
import { TestHome } from '../connect/setup/home.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { runNtl, TestFolder } from './run-ntl.ts';

/** Each test starts the command several times, each a process of its own. */
vi.setConfig({ testTimeout: 180_000 });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const QUIET = {
  ...{ http_proxy: '', HTTP_PROXY: '', all_proxy: '', ALL_PROXY: '', NO_PROXY: '', no_proxy: '' },
  ...{ ANTHROPIC_BASE_URL: '', ANTHROPIC_API_KEY: '', OPENAI_BASE_URL: '', CLAUDE_CONFIG_DIR: '' },
  XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
};

async function doctor(env: Record<string, string>) {
  const { code, stdout, stderr } = await runNtl(['doctor', '--json'], { env: { ...QUIET, ...env } });
  expect(stderr).toBe('');
  return {
    code,
    findings: JSON.parse(stdout).data as { state: string; what: string; mend: string | null }[],
  };
}

describe('a connected tool', () => {
  it('is tried with its own key and model, and what is wrong has its mend', async () => {
    const home = new TestHome();
    onTestFinished(() => home[Symbol.dispose]());
    home.write('.claude/x', '');
    const env = { ...QUIET, HOME: home.path, NTL_DATA_DIR: gateway.dataDir };
    expect((await runNtl(['connect', 'claude', '--yes', '--model', 'ntl/echo'], { env })).code).toBe(0);
    const told = async () => {
      const { code, findings } = await doctor(env);
      return { code, of: findings.filter(({ what }) => what.startsWith('claude-code')) };
    };
    expect(await told()).toMatchObject({ code: 0, of: [{ state: 'ok' }] });

    const settings = home.read('.claude/settings.json');
    home.write('.claude/settings.json', settings.replace('/api"', '/api/v2"'));
    expect((await told()).of[0]).toMatchObject({
      state: 'warn',
      what: expect.stringContaining('changed env.ANTHROPIC_BASE_URL'),
      mend: expect.stringContaining('connect claude-code'),
    });
    home.write('.claude/settings.json', settings);

    await gateway.admin('PATCH', '/members/1', { allowedModels: ['auto'] });
    expect(await told()).toMatchObject({
      code: 1,
      of: [{ state: 'bad', what: expect.stringContaining('not allowed') }],
    });
    await gateway.admin('PATCH', '/members/1', { allowedModels: null });

    const { body } = await gateway.admin('GET', '/keys?pageSize=100');
    await gateway.admin(
      'DELETE',
      `/keys/${body.data.find(({ name }: { name: string }) => name === 'claude-code').id}`,
    );
    expect(await told()).toMatchObject({
      code: 1,
      of: [{ state: 'bad', what: expect.stringContaining('401 key_revoked') }],
    });
    await runNtl(['disconnect', 'claude', '--yes'], { env });
  });
});

describe('a gateway that does not run', () => {
  it('is told apart from a port that another program has', async () => {
    using folder = new TestFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    const env = { NTL_DATA_DIR: folder.path, NTL_PORT: String(port) };
    const taken = await doctor(env);
    expect(taken.code).toBe(1);
    expect(taken.findings[0]).toMatchObject({
      state: 'bad',
      what: expect.stringContaining(`listens at port ${port}`),
    });
    await new Promise((resolve) => other.close(resolve));
    const { code, stdout } = await runNtl(['doctor'], { env: { ...QUIET, ...env } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^wrong {2}The gateway of .* is not running\.\n {7}Start it: .*serve/);
  });
});

it.each([
  [{}, 'ok'],
  [{ HTTP_PROXY: 'http://p:1' }, 'warn'],
  [{ HTTPS_PROXY: 'http://p:1' }, 'ok'],
  [{ all_proxy: 'socks5://p:1', NO_PROXY: 'localhost' }, 'warn'],
  [{ HTTP_PROXY: 'http://p:1', NO_PROXY: '127.0.0.1:7411, .localhost' }, 'ok'],
  [{ HTTP_PROXY: 'http://p:1', no_proxy: '*' }, 'ok'],
])('a proxy of the environment %j is %s', (environment, state) => {
  const [finding] = proxyFindings(environment);
  expect(finding?.state).toBe(state);
  if (state === 'warn') expect(finding?.mend).toContain('127.0.0.1');
});
