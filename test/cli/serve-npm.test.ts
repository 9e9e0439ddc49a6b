import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { until } from '../support/until.ts';
import { TestFolder } from './run-ntl.ts';

/** npm passes no signal on to what its script's shell started. */
it.skipIf(process.platform === 'win32')('the gateway ends with the npm that started it', async () => {
  using folder = new TestFolder();
  const words = ['run', '-s', 'ntl', '--', 'serve', '--data-dir', folder.path, '--port', '0'];
  const npm = spawn('npm', words, {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, NTL_VAULT: 'file' },
    stdio: 'ignore',
  });
  const runtime = await until('the gateway to listen', () => readRuntimeFile(folder.path));
  npm.kill('SIGTERM');
  await until('the gateway to end', () => !existsSync(join(folder.path, 'runtime.json')));
  await until('its process to be gone', () => {
    try {
      process.kill(runtime.pid, 0);
      return false;
    } catch {
      return true;
    }
  });
  expect(existsSync(join(folder.path, 'runtime.json'))).toBe(false);
});
