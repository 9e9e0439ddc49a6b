import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { buildIfStale, DESKTOP } from '../../electron/launch/build-if-stale.ts';
import { fakeElectron } from './fake-electron.ts';

const root = join(import.meta.dirname, '../..');

// The panel's build is in launch.test.ts: two at once would clear each other's folder.
test('what is built for Electron starts, and finds the migrations and icons beside its modules', async () => {
  expect(await buildIfStale(root, DESKTOP)).toBe(true);
  for (const file of ['main.js', 'assets/icon.png', 'assets/tray.png', 'assets/trayTemplate.png']) {
    expect(existsSync(join(root, 'dist/electron', file)), file).toBe(true);
  }

  const dataDir = await mkdtemp(join(tmpdir(), 'ntl-built-'));
  const built = pathToFileURL(join(root, 'dist/electron/desktop.js')).href;
  const { startDesktop }: typeof import('../../electron/desktop.ts') = await import(/* @vite-ignore */ built);
  const { parts, app, ended, errors, fetch } = fakeElectron();
  const places = { panelDir: dataDir, assetsDir: join(root, 'dist/electron/assets') };
  await startDesktop(parts, places, { NTL_DATA_DIR: dataDir, NTL_PORT: '0', NTL_VAULT: 'file' });
  expect(errors).toEqual([]);
  expect((await fetch('app://panel/admin/api/status')).status).toBe(200);
  app.quit();
  expect(await ended).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});

test('a build that is newer than its sources is left alone', async () => {
  const builtAt = () => statSync(join(root, DESKTOP.result)).mtimeMs;
  expect(await buildIfStale(root, DESKTOP)).toBe(true);
  const before = builtAt();
  expect(await buildIfStale(root, DESKTOP)).toBe(true);
  expect(builtAt()).toBe(before);
});
