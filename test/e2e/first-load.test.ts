import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { builtPanel } from '../panel/support/built-panel.ts';

const MOST_BYTES = 300_000;

test('scripts and styles of the first load stay under 300 KB, gzipped', async () => {
  const folder = await builtPanel();
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  const files = new Set(
    [...html.matchAll(/(?:src|href)="\/panel\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? ''),
  );
  expect(files.size).toBeGreaterThanOrEqual(2);
  // What the first page adds is loaded right after.
  for (const path of homeFiles(folder, [...files])) files.add(path);
  const sizes = [...files].map((path) => gzipSync(readFileSync(join(folder, path))).length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MOST_BYTES);
});

/** The home page's own script and styles, as the entry names them for its lazy import. */
function homeFiles(folder: string, entry: readonly string[]): string[] {
  const scripts = entry
    .filter((path) => path.endsWith('.js'))
    .map((path) => readFileSync(join(folder, path), 'utf8'));
  const named = scripts.flatMap((text) =>
    [...text.matchAll(/(home-page-[\w-]+\.(?:js|css))/g)].map(([, name]) => `assets/${name}`),
  );
  expect(named.length).toBeGreaterThan(0);
  return [...new Set(named)];
}
