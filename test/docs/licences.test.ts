import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isPermissive, LICENCES_PAGE, licencesPage, shippedPackages } from './licences.ts';

describe('what comes with the product', () => {
  const packages = shippedPackages();

  it('is told in docs/licences.md', () => {
    // Run `npm run licences` after a dependency changed.
    expect(licencesPage(packages)).toBe(readFileSync(LICENCES_PAGE, 'utf8'));
  });

  it('has only licences that are permissive', () => {
    expect(packages.filter(({ licence }) => !isPermissive(licence))).toEqual([]);
  });

  it('has the panel’s packages, its fonts, and the program around it', () => {
    const names = packages.map(({ name }) => name);
    for (const name of [
      'fastify',
      'react',
      '@mantine/core',
      '@fontsource-variable/inter',
      'd3-scale',
      'electron',
    ])
      expect(names).toContain(name);
    for (const name of ['vitest', 'playwright', 'electron-builder', 'typescript'])
      expect(names).not.toContain(name);
  });
});

it.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['MIT AND BSD-3-Clause', true],
  ['MIT AND GPL-3.0-only', false],
  ['GPL-3.0', false],
  ['LGPL-2.1', false],
  ['MPL-2.0', false],
  ['SEE LICENSE IN LICENSE', false],
  ['UNLICENSED', false],
  ['unknown', false],
])('%s is permissive: %s', (licence, expected) => {
  expect(isPermissive(licence)).toBe(expected);
});
