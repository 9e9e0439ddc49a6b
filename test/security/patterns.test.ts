/** Regular expressions that take a text's length squared to say no (ReDoS): each is tried with long texts made for it. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';

const gateway = join(import.meta.dirname, '../../gateway');

/** These meet what the owner types, or what the gateway itself has written: nobody else. */
const NEVER_OUTSIDE = new Set([
  'doors/admin/contract/billing.ts',
  'doors/admin/connect-reach.ts',
  'doors/admin/connect-place.ts',
  'doors/admin/plans.ts',
  'doors/admin/scrub.ts',
  'providers/base-url.ts',
  // Stripe's own words about an error.
  'billing/stripe-failure.ts',
]);

/** A pattern that is linear takes well under a millisecond for such a text, one that is not some hundred. */
const LENGTH = 20_000;
const LIMIT_MS = 60;
const ATTEMPTS = 4;

interface Found {
  file: string;
  pattern: string;
  flags: string;
}

function literalsIn(node: unknown): { pattern: string; flags: string }[] {
  if (typeof node !== 'object' || node === null) return [];
  const { type, regex } = node as { type?: string; regex?: { pattern: string; flags: string } };
  if (type === 'Literal' && regex) return [regex];
  return Object.values(node).flatMap(literalsIn);
}

const patterns: Found[] = globSync('**/*.ts', { cwd: gateway })
  .filter((file) => !NEVER_OUTSIDE.has(file.replaceAll('\\', '/')))
  .flatMap((file) => {
    const source = readFileSync(join(gateway, file), 'utf8');
    return literalsIn(parseSync(file, source).program).map((found) => ({ file, ...found }));
  });
const unique = [...new Map(patterns.map((found) => [`/${found.pattern}/${found.flags}`, found])).entries()];

const COMMON = [
  '0',
  '1',
  'a',
  'Z',
  ' ',
  '\n',
  '\r',
  '.',
  '-',
  '/',
  '_',
  '"',
  '\\',
  '=',
  ';',
  ':',
  '%',
  'é',
  '{',
  '[',
  '<',
];

/** Long runs of what the pattern speaks of, with ends that it does not. */
function textsFor(pattern: string): string[] {
  const spoken = pattern.replaceAll(/\\[a-z]|\\u[\da-f]{4}|[\\^$()[\]{}|*+?]/gi, ' ');
  const words = spoken.match(/[A-Za-z]{2,}/g) ?? [];
  const pumps = new Set([...COMMON, ...spoken.slice(0, 40), ...words.slice(0, 6)]);
  return [...pumps].flatMap((pump) =>
    ['', '0.1', words[0] ?? 'a'].map(
      (begin) => `${begin}${pump.repeat(Math.ceil(LENGTH / pump.length))}\u0001`,
    ),
  );
}

/** The least of some attempts: a busy machine makes one slow, not all. */
function timeOf(pattern: RegExp, text: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS && least > LIMIT_MS; attempt += 1) {
    const begun = performance.now();
    text.replaceAll(pattern, '');
    least = Math.min(least, performance.now() - begun);
  }
  return least;
}

it('there are patterns to try, and one that is slow is found', () => {
  expect(unique.length).toBeGreaterThan(80);
  expect(timeOf(/(?<!\.)0+$/g, `0.1${'0'.repeat(LENGTH)}1`)).toBeGreaterThan(LIMIT_MS);
});

it('none takes long for a long text', () => {
  const slow = unique.flatMap(([name, { file, pattern, flags }]) => {
    const global = new RegExp(pattern, flags.includes('g') ? flags : `${flags}g`);
    const worst = textsFor(pattern).find((text) => timeOf(global, text) > LIMIT_MS);
    return worst === undefined ? [] : [`${file}: ${name} with ${JSON.stringify(worst.slice(0, 12))}…`];
  });
  expect(slow).toEqual([]);
}, 60_000);
