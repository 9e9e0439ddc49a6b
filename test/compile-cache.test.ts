import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const ENTRY = join(import.meta.dirname, '../gateway/cli/ntl.js');

/** @returns what `ntl --version` prints, with its cache below `home` */
function version(home: string): string {
  const { NODE_COMPILE_CACHE: _, ...rest } = process.env;
  const env = { ...rest, HOME: home, XDG_CACHE_HOME: join(home, 'cache') };
  const args = ['--disable-warning=ExperimentalWarning', ENTRY, '--version'];
  return execFileSync(process.execPath, args, { env, encoding: 'utf8' });
}

function folder(): string {
  const home = mkdtempSync(join(tmpdir(), 'ntl-home-'));
  onTestFinished(() => {
    rmSync(home, { recursive: true });
  });
  return home;
}

it.skipIf(process.platform !== 'linux')(
  "keeps compiled code in the user's own cache folder, where nobody else can write",
  () => {
    const home = folder();
    expect(version(home)).toMatch(/^\d+\.\d+\.\d+\n$/);
    const cache = join(home, 'cache', 'notokenlimit-desktop');
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    const [versioned] = readdirSync(cache);
    expect(readdirSync(join(cache, versioned as string)).length).toBeGreaterThan(10);
  },
);

it('starts as well where nothing can be kept', () => {
  const home = folder();
  const file = join(home, 'cache');
  // A file in the place of the folder stops root, too.
  writeFileSync(file, '');
  expect(version(home)).toMatch(/^\d+\.\d+\.\d+\n$/);
});
