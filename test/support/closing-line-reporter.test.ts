import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const REPORTER = fileURLToPath(new URL('./closing-line-reporter.ts', import.meta.url));
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reporter-'));
  const config = { test: { globals: true, include: ['*.test.mjs'], reporters: ['default', REPORTER] } };
  await writeFile(join(folder, 'vitest.config.mjs'), `export default ${JSON.stringify(config)};`);
  await writeFile(join(folder, 'good.test.mjs'), `test('one', () => {}); test('two', () => {});`);
  await writeFile(join(folder, 'skips.test.mjs'), `test('one', () => {}); test.skip('two', () => {});`);
  await writeFile(join(folder, 'bad.test.mjs'), `test('one', () => { throw new Error('expected'); });`);
  await writeFile(join(folder, 'unloadable.test.mjs'), `throw new Error('expected');`);
  await writeFile(
    join(folder, 'hook.test.mjs'),
    `describe('d', () => { beforeAll(() => { throw new Error('expected'); }); test('one', () => {}); });`,
  );
  await writeFile(
    join(folder, 'stray.test.mjs'),
    `test('one', () => { Promise.reject(new Error('expected')); });`,
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each([
  [['good'], '2 passed, 0 failed'],
  [['skips'], '1 passed, 0 failed, 1 skipped'],
  [['bad'], '0 passed, 1 failed'],
  [['unloadable'], '0 passed, 1 failed'],
  [['hook'], '0 passed, 1 failed, 1 skipped'],
  [['stray'], '1 passed, 1 failed'],
  [[], '4 passed, 4 failed, 2 skipped'],
])('the last line after %j is "%s"', async (files, expected) => {
  expect(await lastLine(files)).toBe(expected);
});

/** Runs Vitest on its own in the folder. It exits with an error when a test fails, as it should. */
function lastLine(files: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [VITEST, 'run', ...files], { cwd: folder }, (_error, stdout) => {
      resolve(stdout.trimEnd().split('\n').at(-1) ?? '');
    });
  });
}
