import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildIfStale, DESKTOP } from '../../electron/launch/build-if-stale.ts';

const root = join(import.meta.dirname, '../..');

// The panel's build is in launch.test.ts: two at once would clear each other's folder.
test('what Electron runs is built with what lies beside its modules, and left alone while it is new', async () => {
  expect(await buildIfStale(root, DESKTOP)).toBe(true);
  for (const file of [
    'electron/main.js',
    'electron/assets/icon.png',
    'gateway/store/migrations',
    'icons/512x512.png',
  ]) {
    expect(existsSync(join(root, 'dist', file)), file).toBe(true);
  }
  const builtAt = () => statSync(join(root, DESKTOP.result)).mtimeMs;
  const before = builtAt();
  expect(await buildIfStale(root, DESKTOP)).toBe(true);
  expect(builtAt()).toBe(before);
});
