import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Surroundings, whyNoWindow } from '../../electron/launch/window-possible.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');

describe('whether a window can open', () => {
  const linux: Surroundings = { platform: 'linux', environment: {}, uid: 1000, sandbox: true };

  test.each([
    ['Linux with X11', { ...linux, environment: { DISPLAY: ':0' } }],
    ['Linux with Wayland', { ...linux, environment: { WAYLAND_DISPLAY: 'wayland-0' } }],
    ['root who gave the sandbox up', { ...linux, environment: { DISPLAY: ':0' }, uid: 0, sandbox: false }],
    ['macOS', { ...linux, platform: 'darwin' as const }],
    ['Windows', { ...linux, platform: 'win32' as const, uid: undefined }],
  ])('yes: %s', (_case, surroundings) => {
    expect(whyNoWindow(surroundings)).toBeNull();
  });

  test.each([
    ['Linux without a display', linux, 'No display'],
    ['an empty DISPLAY', { ...linux, environment: { DISPLAY: '' } }, 'No display'],
    ['root', { ...linux, environment: { DISPLAY: ':0' }, uid: 0 }, 'root'],
  ])('no: %s', (_case, surroundings, words) => {
    expect(whyNoWindow(surroundings)).toContain(words);
  });
});

// Elsewhere there is always a display, and a window would open.
describe.skipIf(process.platform !== 'linux')('npm start without a display', () => {
  let dataDir: string;
  let launcher: ChildProcess | undefined;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ntl-launch-'));
  });
  afterEach(async () => {
    if (launcher?.exitCode === null) {
      launcher.kill('SIGKILL');
      await once(launcher, 'exit');
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  function launch(...flags: string[]) {
    const { DISPLAY: _x, WAYLAND_DISPLAY: _w, ...environment } = process.env;
    const args = ['--disable-warning=ExperimentalWarning', join(root, 'electron/launch.ts'), ...flags];
    const env = { ...environment, NTL_VAULT: 'file' };
    launcher = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { out: '', error: '' };
    launcher.stdout?.setEncoding('utf8').on('data', (text) => {
      said.out += text;
    });
    launcher.stderr?.setEncoding('utf8').on('data', (text) => {
      said.error += text;
    });
    return { said, exit: once(launcher, 'close').then(([code]) => code), launcher };
  }

  test('says why in one line and starts the gateway with its panel', async () => {
    const { said, exit, launcher } = launch('--data-dir', dataDir, '--port', '0');
    const runtime = await until('the gateway', () => readRuntimeFile(dataDir));
    await until('what it says', () => said.out.includes('ntl_live_'));
    expect(said.out).toMatch(/^No display here: starting without the window\.\n/);
    expect(said.out).toContain(runtime.url);

    const page = await (await fetch(`${runtime.url}/panel/index.html`)).text();
    const [script] = /\/panel\/assets\/[^"]+\.js/.exec(page) ?? [];
    expect((await fetch(`${runtime.url}${script}`)).headers.get('content-type')).toContain('javascript');

    launcher.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(said.error).toBe('');
  });

  test('ends with a plain sentence where the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { said, exit } = launch('--data-dir', dataDir, '--port', String(port));
    expect(await exit).toBe(1);
    expect(said.error).toContain(`Port ${port} on 127.0.0.1 is taken`);
    expect(said.error).not.toContain('    at ');
    other.close();
  });

  test('ends with a plain sentence at a flag it does not know', async () => {
    const { said, exit } = launch('--prot', '7411');
    expect(await exit).toBe(1);
    expect(said.error).toContain('--prot');
  });
});
