import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/security.md'), 'utf8');
const named = [...new Set(page.match(/test\/[\w/.-]+/g))];

it('docs/security.md names only tests that exist', () => {
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !path.endsWith('.test.ts') || !existsSync(join(root, path)))).toEqual([]);
});

it('every claim of a table names its test', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  const isHead = (row: string) =>
    /^\| (cannot|finds|\|)/.test(row) || /^\| -/.test(row) || row.startsWith('| |');
  expect(rows.filter((row) => !isHead(row) && !row.includes('`test/'))).toEqual([]);
});

it('every test of test/security is named', () => {
  const files = globSync('test/security/*.test.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  expect(files.filter((path) => !named.includes(path))).toEqual([]);
});

it('README.md links to it', () => {
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toContain('(docs/security.md)');
});
