import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { TestHome } from '../connect/setup/home.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import { Running, runNtl } from './run-ntl.ts';

/** Each test starts the command several times, each a process of its own. */
vi.setConfig({ testTimeout: 180_000 });

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

function newHome(): { home: TestHome; env: Record<string, string> } {
  const home = new TestHome();
  onTestFinished(() => home[Symbol.dispose]());
  const path = [join(home.path, 'bin'), process.env.PATH].join(':');
  // Compiled code is kept where other tests have it.
  const folders = {
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    XDG_CONFIG_HOME: '',
    XDG_DATA_HOME: '',
    CLAUDE_CONFIG_DIR: '',
    CODEX_HOME: '',
  };
  return {
    home,
    env: { HOME: home.path, PATH: path, SHELL: '/bin/bash', NTL_DATA_DIR: gateway.dataDir, ...folders },
  };
}

async function keysNamed(begin: string) {
  const { body } = await gateway.admin('GET', '/keys?pageSize=1000');
  return body.data.filter(({ name }: { name: string }) => name.startsWith(begin));
}

describe('ntl connect', () => {
  it('shows the change, asks, writes it with a key of its own, and takes it back', async () => {
    const { home, env } = newHome();
    home.write('.claude/settings.json', '{\n  "env": {"MY_TOKEN": "secret-of-mine"}\n}\n', 0o640);
    home.write('bin/claude', '#!/bin/sh\n', 0o755);
    const before = home.state();

    const unanswered = await runNtl(['connect', 'claude'], { env });
    expect(unanswered).toMatchObject({ code: 2, stderr: expect.stringContaining('add --yes') });
    expect(unanswered.stdout).toMatch(/^~\/\.claude\/settings\.json: 1 added, 1 removed\n/);
    expect(unanswered.stdout).toContain('"ANTHROPIC_AUTH_TOKEN": "ntl_live_…"');
    expect(unanswered.stdout).not.toContain('secret-of-mine');
    expect(home.state()).toEqual(before);
    expect(await keysNamed('claude-code')).toEqual([]);

    const done = await runNtl(['connect', 'claude', '--model', 'ntl/echo', '--yes'], { env });
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).not.toMatch(/ntl_live_\w{7}/);
    const settings = JSON.parse(home.read('.claude/settings.json')).env;
    expect(settings).toMatchObject({ ANTHROPIC_BASE_URL: `${gateway.url}/api`, MY_TOKEN: 'secret-of-mine' });
    const answer = await gateway.post(
      '/api/v1/messages',
      { model: 'ntl/echo', max_tokens: 9, messages: [{ role: 'user', content: 'hi' }] },
      { key: settings.ANTHROPIC_AUTH_TOKEN },
    );
    expect(answer.status).toBe(200);

    const listed = JSON.parse((await runNtl(['connect', '--json'], { env })).stdout).data;
    expect(listed[0]).toMatchObject({ tool: 'claude-code', installed: true, model: 'ntl/echo' });
    const again = await runNtl(['connect', 'claude', '--yes', '--model', 'ntl/echo'], { env });
    expect(again.stdout).toContain('Nothing changed.');

    const gone = await runNtl(['disconnect', 'claude', '--yes'], { env });
    expect(gone.stdout).toContain('~/.claude/settings.json is as it was, to the byte.');
    expect(home.state()).toEqual(before);
    expect(
      (await keysNamed('claude-code')).map(({ revokedAt }: { revokedAt: string }) => revokedAt),
    ).not.toContain(null);
  });

  it('says of a broken file where, and of a tool without a file what to type', async () => {
    const { home, env } = newHome();
    home.write('.codex/config.toml', 'a = 1\nb =\n');
    const before = home.state();
    const broken = await runNtl(['connect', 'codex', '--yes'], { env });
    expect(broken).toMatchObject({ code: 1, stdout: '' });
    expect(broken.stderr).toMatch(/config\.toml, line 2, is no valid TOML .* It is left as it is\./);
    const look = await runNtl(['connect', 'jetbrains', '--dry-run'], { env });
    expect(look.stdout).toMatch(/URL: http.*\/api\/v1\n {2}API Key: ntl_live_YOUR_KEY\n/);
    expect(await keysNamed('jetbrains')).toEqual([]);
    const byHand = await runNtl(['connect', 'jetbrains', '--yes'], { env });
    expect(byHand.stdout).toMatch(/URL: http.*\/api\/v1\n {2}API Key: ntl_live_\w{40}\n/);
    expect(home.state()).toEqual(before);
    expect((await runNtl(['disconnect', 'codex', '--yes'], { env })).stderr).toContain(
      'codex is not connected',
    );
  });
});

describe('ntl run', () => {
  it('starts a tool with what it must know, passes its exit code, and revokes the key', async () => {
    const { home, env } = newHome();
    const script =
      '#!/bin/sh\necho "$ANTHROPIC_BASE_URL|$ANTHROPIC_MODEL|$ANTHROPIC_AUTH_TOKEN|$NTL_VAULT_PASSPHRASE|$*"\nexit 7\n';
    home.write('bin/claude', script, 0o755);
    const before = home.state();
    const words = ['run', 'claude', '--model', 'ntl/echo', '--', '-p', 'a b', '--model', 'x'];
    const { code, stdout, stderr } = await runNtl(words, { env: { ...env, NTL_VAULT_PASSPHRASE: 'hush' } });
    expect(stderr).toBe('');
    expect(code).toBe(7);
    expect(stdout).toMatch(
      new RegExp(`^${gateway.url}/api\\|ntl/echo\\|ntl_live_\\w{40}\\|\\|-p a b --model x\\n$`),
    );
    expect(home.state()).toEqual(before);
    expect(await keysNamed('claude-code, one run')).toMatchObject([{ revokedAt: expect.any(String) }]);
  });

  it('gives settings by a file that is gone afterwards, and an SDK’s variables to a program', async () => {
    const { home, env } = newHome();
    const script = '#!/bin/sh\nls -l "$2" | cut -c1-10\necho "$2"\ncat "$2"\n';
    home.write('bin/cn', script, 0o755);
    const before = home.state();
    const { code, stdout } = await runNtl(['run', 'continue', '--model', 'ntl/echo'], { env });
    expect(code).toBe(0);
    const [mode, path = '', text = ''] = stdout.split('\n');
    expect(mode).toBe('-rw-------');
    const [model] = JSON.parse(text).models;
    expect(model).toMatchObject({ model: 'ntl/echo', apiBase: `${gateway.url}/api/v1/` });
    expect(model.apiKey).toMatch(/^ntl_live_\w{40}$/);
    expect(existsSync(dirname(path))).toBe(false);
    expect(home.state()).toEqual(before);

    const byNpm = { ...env, npm_lifecycle_event: 'ntl', INIT_CWD: home.path };
    expect((await runNtl(['run', 'openai-sdk', '--', 'pwd'], { env: byNpm })).stdout).toBe(`${home.path}\n`);
    const sdk = await runNtl(['run', 'openai-sdk', '--', 'sh', '-c', 'echo $OPENAI_BASE_URL $0', 'x'], {
      env,
    });
    expect(sdk.stdout).toBe(`${gateway.url}/api/v1 x\n`);
    expect((await runNtl(['run', 'openai-sdk'], { env })).stderr).toContain('Name the program');
  });

  it('passes signals on, and says which tools it can start', async () => {
    const { home, env } = newHome();
    const script =
      '#!/bin/sh\ntrap "echo ended; exit 3" TERM\ntouch "$HOME/ready"\nwhile :; do sleep 0.05; done\n';
    home.write('bin/claude', script, 0o755);
    await using running = new Running(['run', 'claude'], env);
    await until('a start', () => existsSync(join(home.path, 'ready')), 30_000);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(3);
    expect(running.stdout).toContain('ended');
    expect((await runNtl(['run', 'zed'], { env })).stderr).toContain('zed is not installed');
    expect((await runNtl(['run', 'cursor'], { env })).stderr).toMatch(
      /cannot be started in this way\. These can: claude-code, codex/,
    );
    expect(readRuntimeFile(gateway.dataDir)).not.toBeNull();
  });
});
