import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { curlLine, type StartFacts, startText } from '../../gateway/cli/banner.ts';
import { readServeOptions } from '../../gateway/cli/serve-options.ts';
import { defaultDataDir } from '../../gateway/data-dir.ts';
import { FILE_VAULT, runNtl, startServe, TestFolder } from './run-ntl.ts';

const run = promisify(execFile);
const KEY = /ntl_live_[A-Za-z0-9]{40}/;

describe('ntl serve', () => {
  it('shows the first key once, with a curl line that works', async () => {
    using folder = new TestFolder();
    await using first = await startServe(folder.path);
    const key = KEY.exec(first.stdout)?.[0] ?? '';
    expect(first.stdout).toContain('shown this once');
    expect(first.stdout).toContain(`${first.url}/v1`);
    expect(first.stdout).toContain('NTL_VAULT_PASSPHRASE');
    expect(first.stdout).not.toContain('correct horse');
    expect(first.stdout).not.toContain('Warning');

    const line = first.stdout.split('\n').find((text) => text.trim().startsWith('curl ')) ?? '';
    const { stdout } = await run('sh', ['-c', line]);
    expect(JSON.parse(stdout)).toMatchObject({ object: 'chat.completion', model: 'ntl/echo' });

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.stderr).toBe('');

    await using second = await startServe(folder.path);
    expect(second.stdout).not.toMatch(KEY);
    expect(second.stdout).toContain('keys create');
    const answer = await fetch(`${second.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } });
    expect(answer.status).toBe(200);
  });

  it('ends with 0 on Ctrl-C, and is then told as not running', async () => {
    using folder = new TestFolder();
    await using gateway = await startServe(folder.path);
    expect(await runNtl(['status', '--data-dir', folder.path])).toMatchObject({ code: 0, stderr: '' });
    gateway.child.kill('SIGINT');
    expect(await gateway.ended).toBe(0);
    const status = await runNtl(['status', '--data-dir', folder.path]);
    expect(status).toMatchObject({ code: 1, stderr: '' });
    expect(status.stdout).toContain(`not running on ${folder.path}`);
    expect(status.stdout).toContain(`serve --data-dir ${folder.path}`);
  });

  it('refuses a second instance and names the first', async () => {
    using folder = new TestFolder();
    await using first = await startServe(folder.path);
    const second = await runNtl(['serve', '--port', '0', '--data-dir', folder.path], { env: FILE_VAULT });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain(`already running on ${folder.path} (process ${first.child.pid})`);
    expect(second.stderr).toContain(first.url);
    expect(second.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names a taken port, and still shows the first key', async () => {
    using folder = new TestFolder();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      const env = { ...FILE_VAULT, NTL_PORT: String(port) };
      const refused = await runNtl(['serve', '--data-dir', folder.path], { env });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(`Port ${port} on 127.0.0.1 is taken`);
      expect(refused.stderr).not.toMatch(/^\s+at /m);

      const key = KEY.exec(refused.stdout)?.[0] ?? '';
      await using later = await startServe(folder.path);
      const answer = await fetch(`${later.url}/v1/models`, { headers: { 'x-api-key': key } });
      expect(answer.status).toBe(200);
    } finally {
      other.close();
    }
  });

  it('listens where the settings say, unless a flag or a variable says otherwise', async () => {
    using folder = new TestFolder();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    {
      await using gateway = await startServe(folder.path);
      const moved = await runNtl(['settings', 'port', String(port), '--data-dir', folder.path]);
      expect(moved.stdout).toMatch(new RegExp(`^port +${port} `, 'm'));
      gateway.child.kill('SIGTERM');
      await gateway.ended;
    }
    {
      await using gateway = await startServe(folder.path, []);
      expect(gateway.url).toBe(`http://127.0.0.1:${port}`);
      gateway.child.kill('SIGTERM');
      await gateway.ended;
    }
    await using other = await startServe(folder.path, [], { NTL_PORT: '0' });
    expect(other.url).not.toBe(`http://127.0.0.1:${port}`);
  });

  it('says what is wrong with a passphrase, without a stack', async () => {
    using folder = new TestFolder();
    const args = ['--data-dir', folder.path];
    {
      await using gateway = await startServe(folder.path);
      const added = await runNtl(
        ['providers', 'add', 'ollama', ...args, '--base-url', 'http://127.0.0.1:1'],
        {
          input: 'sk-kept',
        },
      );
      expect(added.stdout).toContain('Added Ollama');
      gateway.child.kill('SIGTERM');
      await gateway.ended;
    }
    const env = { ...FILE_VAULT, NTL_VAULT_PASSPHRASE: 'wrong horse' };
    const refused = await runNtl(['serve', '--port', '0', ...args], { env });
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/passphrase/i);
    expect(refused.stderr).not.toContain('wrong horse');
    expect(refused.stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
  });

  it('says loudly that a damaged database was replaced', async () => {
    using folder = new TestFolder();
    {
      await using gateway = await startServe(folder.path);
      gateway.child.kill('SIGTERM');
      await gateway.ended;
    }
    for (const suffix of ['-wal', '-shm']) rmSync(join(folder.path, `ntl.db${suffix}`), { force: true });
    rmSync(join(folder.path, 'backups'), { recursive: true });
    writeFileSync(join(folder.path, 'ntl.db'), 'not a database '.repeat(1_000));
    await using gateway = await startServe(folder.path);
    expect(gateway.stdout).toMatch(/^!{72}\nThe database was damaged [^!]*\n!{72}$/m);
    expect(gateway.stdout).toMatch(KEY);
    const status = await runNtl(['status', '--data-dir', folder.path]);
    expect(status.stdout).toMatch(/^! .* The database was damaged/m);
  });

  it('warns when other machines can reach it', async () => {
    using folder = new TestFolder();
    await using gateway = await startServe(folder.path, ['--port', '0', '--host', '0.0.0.0']);
    expect(gateway.stdout).toMatch(/^Warning: other machines can reach the inference API/m);
    expect(await runNtl(['status', '--data-dir', folder.path])).toMatchObject({ code: 0 });
  });

  it('ends with 2 for a value it cannot use', async () => {
    using folder = new TestFolder();
    const refused = await runNtl(['serve', '--data-dir', folder.path, '--port', '70000']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toBe('--port is "70000"; give a port from 0 to 65535, 0 for a free one.\n');
  });
});

const FACTS: StartFacts = {
  url: 'http://127.0.0.1:7411',
  dataDir: '/data',
  protection: 'This is how provider credentials are kept, in a sentence that is longer than a line.',
  notices: [],
  firstKey: null,
  panel: 'built',
  reach: 'loopback',
};

describe('the options of serve', () => {
  it('puts flags before the environment, and takes the passphrase out of it', () => {
    const environment = {
      NTL_DATA_DIR: '/srv/ntl',
      NTL_HOST: '::1',
      NTL_PORT: '8000',
      NTL_LOG_LEVEL: 'debug',
      NTL_VAULT_PASSPHRASE: 'secret',
    };
    expect(readServeOptions({ port: '0' }, environment)).toMatchObject({
      dataDir: '/srv/ntl',
      host: '::1',
      port: 0,
      logLevel: 'debug',
      vaultPassphrase: 'secret',
    });
    expect(environment).not.toHaveProperty('NTL_VAULT_PASSPHRASE');
  });

  it.each([
    [{ port: '-1' }, {}, '--port is "-1"'],
    [{}, { NTL_PORT: 'http' }, 'NTL_PORT is "http"'],
    [{}, { NTL_LOG_LEVEL: 'loud' }, 'NTL_LOG_LEVEL is "loud"; give debug, info, warn, error, silent.'],
    [{}, { NTL_VAULT: 'cloud' }, 'NTL_VAULT is "cloud"; give auto, keychain, file.'],
  ])('refuses %j %j', (flags, environment, message) => {
    expect(() => readServeOptions(flags, environment)).toThrow(message);
  });

  it('counts empty variables as unset', () => {
    const environment = { NTL_HOST: '', NTL_PORT: '', NTL_LOG_LEVEL: '', NTL_VAULT_PASSPHRASE: '' };
    expect(readServeOptions({}, environment)).toMatchObject({
      host: '127.0.0.1',
      port: undefined,
      logLevel: 'info',
      vault: 'auto',
      vaultPassphrase: undefined,
    });
  });

  it('says that the panel needs loopback where only the network is listened to', () => {
    const text = startText({ ...FACTS, url: 'http://192.0.2.1:7411', reach: 'network-only' });
    expect(text).toMatch(/^Warning: [\s\S]*keys and prompts[\s\S]*\n[\s\S]*use --host 0\.0\.0\.0/m);
  });

  it('keeps within 80 columns but for what is to be copied', () => {
    const facts = { ...FACTS, reach: 'network-only', firstKey: `ntl_live_${'x'.repeat(40)}` } as const;
    const text = startText({ ...facts, notices: [{ message: 'The database was damaged. '.repeat(9) }] }, 80);
    const long = text.split('\n').filter((line) => line.length > 80);
    expect(long).toEqual([`  ${curlLine(facts.url, facts.firstKey)}`]);
    const order = ['OpenAI base URL', 'shown this once', 'curl ', 'providers add openai', 'ntl status'];
    expect(order.map((words) => text.indexOf(words))).toEqual(
      order.map((words) => text.indexOf(words)).toSorted((a, b) => a - b),
    );
    for (const words of order) expect(text.split(words)).toHaveLength(2);
    const narrow = startText({ ...facts, notices: [] }, 50);
    expect(narrow).toContain(
      '  Credentials         This is how provider\n                      credentials are kept, in a\n',
    );
  });

  it('says what to paste in a clone, with the folder where it is not the usual one', () => {
    vi.stubEnv('npm_lifecycle_event', 'start');
    try {
      const first = { ...FACTS, firstKey: 'ntl_live_x' };
      expect(startText({ ...first, dataDir: defaultDataDir({}) })).toContain(
        '\n  npm run -s ntl -- providers add openai\n',
      );
      expect(startText(first)).toContain('\n  npm run -s ntl -- providers add openai --data-dir /data\n');
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([
    [
      { signIn: 'http://127.0.0.1:7411/panel/signin?ticket=x' },
      '\n  http://127.0.0.1:7411/panel/signin?ticket=x\n',
    ],
    ['built', '\n  ntl status --data-dir /data\n'],
    ['not built', '\n  npm run build\n'],
  ] as const)('says how to get to the panel: %j', (panel, line) => {
    expect(startText({ ...FACTS, panel })).toContain(line);
  });

  it('quotes the curl line for cmd.exe on Windows', () => {
    const line = curlLine('http://127.0.0.1:7411', 'ntl_live_x', 'win32');
    expect(line).toContain('"Authorization: Bearer ntl_live_x"');
    expect(line).toContain('"{\\"model\\":\\"ntl/echo\\"');
    expect(line).not.toContain("'");
  });
});
