import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startDesktop } from '../../electron/desktop.ts';
import { PANEL_URL } from '../../electron/panel-protocol.ts';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { type FakeOptions, fakeElectron } from './fake-electron.ts';

describe('the desktop shell', () => {
  let dataDir: string;
  let started: ReturnType<typeof fakeElectron>[];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'ntl-desktop-'));
    started = [];
  });
  afterEach(async () => {
    for (const { app, ended } of started) {
      app.quit();
      await ended;
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  async function start(options: FakeOptions = {}, environment: NodeJS.ProcessEnv = {}) {
    const electron = fakeElectron(options);
    started.push(electron);
    const places = { panelDir: join(dataDir, 'no-panel'), assetsDir: join(dataDir, 'no-assets') };
    await startDesktop(electron.parts, places, {
      NTL_DATA_DIR: dataDir,
      NTL_PORT: '0',
      NTL_VAULT: 'file',
      NTL_LOG_LEVEL: 'silent',
      ...environment,
    });
    return electron;
  }

  test('opens the panel, whose pages come from inside the process', async () => {
    const { windows, schemes, paths, fetch, errors } = await start();
    expect(errors).toEqual([]);
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({ url: PANEL_URL, isVisible: true });
    expect(schemes).toMatchObject([{ scheme: 'app', privileges: { standard: true, secure: true } }]);
    expect(paths.get('userData')).toBe(join(dataDir, 'desktop'));

    const status = await fetch('app://panel/admin/api/status');
    expect(status.status).toBe(200);
    expect(await status.json()).toMatchObject({ addresses: [readRuntimeFile(dataDir)?.url] });
  });

  test('gives the page no power of Node or Electron', async () => {
    const { windows } = await start();
    expect(windows[0]?.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(windows[0]?.options.webPreferences).not.toHaveProperty('preload');
  });

  test('closing the window hides it and the gateway goes on; tray and second start bring it back', async () => {
    const { app, windows, trays } = await start();
    const [window] = windows;
    window?.close();
    expect(window).toMatchObject({ isVisible: false, isClosed: false });
    expect((await fetch(`${readRuntimeFile(dataDir)?.url}/healthz`)).status).toBe(200);

    trays[0]?.press('Open NoTokenLimit');
    expect(window?.isVisible).toBe(true);
    window?.close();
    app.emit('second-instance');
    expect(window?.isVisible).toBe(true);
    expect(windows).toHaveLength(1);
  });

  test('quitting from the tray stops the gateway before the app ends', async () => {
    const { windows, trays, ended } = await start();
    const url = readRuntimeFile(dataDir)?.url;
    trays[0]?.press('Quit');
    expect(await ended).toBe(0);
    expect(windows[0]?.isClosed).toBe(true);
    expect(readRuntimeFile(dataDir)).toBeNull();
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  });

  test('the first key is shown once, and copied when the owner says so', async () => {
    const { messages, clipboard, app, ended } = await start({ press: () => 'Copy the key' });
    expect(messages).toHaveLength(1);
    const [key] = /ntl_live_[A-Za-z0-9]{40}/.exec(messages[0]?.detail ?? '') ?? [];
    expect(clipboard.text).toBe(key);
    app.quit();
    await ended;
    expect((await start()).messages).toHaveLength(0);
  });

  test('where the port is taken the owner may take a free one', async () => {
    await using other = await takenPort();
    const { messages, windows } = await start(
      { press: ({ message }) => (message.includes('address') ? 'Use a free port' : 'Close without copying') },
      { NTL_PORT: String(other.port) },
    );
    expect(messages[0]?.detail).toContain(`Port ${other.port}`);
    expect(windows).toHaveLength(1);
    expect(readRuntimeFile(dataDir)?.url).not.toContain(`:${other.port}`);
  });

  test('where the port is taken the owner may quit', async () => {
    await using other = await takenPort();
    const { windows, ended } = await start({ press: () => 'Quit' }, { NTL_PORT: String(other.port) });
    expect(await ended).toBe(0);
    expect(windows).toHaveLength(0);
  });

  test('an app that runs already is left to open its window', async () => {
    const { windows, ended } = await start({ first: false });
    expect(await ended).toBe(0);
    expect(windows).toHaveLength(0);
  });

  test('a folder in use, by `ntl serve` perhaps, is told in a box', async () => {
    await start();
    const second = await start();
    expect(await second.ended).not.toBe(0);
    expect(second.errors).toHaveLength(1);
    expect(second.windows).toHaveLength(0);
  });

  test('a variable that cannot be understood is told in a box', async () => {
    const { errors, ended } = await start({}, { NTL_PORT: 'seven' });
    expect(await ended).not.toBe(0);
    expect(errors[0]).toContain('NTL_PORT');
  });
});

async function takenPort(): Promise<AsyncDisposable & { port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => void (await new Promise((resolve) => server.close(resolve))),
  };
}
