/** Files of the data folder are their owner's alone, whatever the umask of the shell that started the gateway. */
import { spawn } from 'node:child_process';
import { globSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { NTL, TestFolder } from '../cli/run-ntl.ts';
import { until } from '../support/until.ts';

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe.skipIf(process.platform === 'win32')('under umask 000', () => {
  it.each([
    ['a new folder', false],
    ['a folder that everybody may read', true],
  ])('in %s', async (_, exists) => {
    using folder = new TestFolder();
    const dataDir = join(folder.path, 'data');
    if (exists) mkdirSync(dataDir, { mode: 0o755 });
    const command = [...NTL, 'serve', '--data-dir', dataDir, '--port', '0'];
    const env = {
      NODE_COMPILE_CACHE: join(tmpdir(), 'ntl-test-compile-cache'),
      PATH: process.env.PATH,
      HOME: folder.path,
      NTL_VAULT: 'file',
      NTL_LOG_LEVEL: 'debug',
    };
    const child = spawn('sh', ['-c', 'umask 000; exec "$@"', 'sh', ...command], { env, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    try {
      const { url, adminToken } = await until('a start', () => readRuntimeFile(dataDir), 30_000);
      const ask = (path: string, body: object) =>
        fetch(`${url}/admin/api${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const provider = { name: 'x', kind: 'openai', credential: 'sk-to-be-kept-0123456789' };
      expect((await ask('/providers', provider)).status).toBe(201);
      expect((await ask('/backups', {})).status).toBeLessThan(300);
      const entries = globSync('**', { cwd: dataDir, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map(({ name, parentPath }) => join(parentPath, name));
      const names = files.map((path) => path.slice(dataDir.length + 1));
      for (const wanted of [
        /^ntl\.db$/,
        /^ntl\.db-wal$/,
        /^ntl\.db-shm$/,
        /^runtime\.json$/,
        /^vault\.json$/,
        /^vault\.key$/,
        /^backups\/./,
        /^logs\/./,
      ])
        expect(
          names.some((name) => wanted.test(name)),
          String(wanted),
        ).toBe(true);
      expect(files.filter((path) => mode(path) !== '600').map((path) => `${path} ${mode(path)}`)).toEqual([]);
      expect(mode(dataDir)).toBe(exists ? '755' : '700');
      child.kill('SIGTERM');
      await ended;
      const left = globSync('**', { cwd: dataDir, withFileTypes: true }).filter((entry) => entry.isFile());
      expect(left.filter(({ name, parentPath }) => mode(join(parentPath, name)) !== '600')).toEqual([]);
    } finally {
      child.kill('SIGKILL');
      await ended;
    }
  });
});
