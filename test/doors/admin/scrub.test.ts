import { homedir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrubber } from '../../../gateway/doors/admin/scrub.ts';

const scrub = scrubber(['Mia Meier', 'Mia', 'gpt-4o', 'C++ (old)'], '/srv/ntl data');

describe('takes out of texts', () => {
  it.each([
    ['names, in any case, as whole words', 'mia meier, MIA and Miami', '<name>, <name> and Miami'],
    ['names with signs in them', 'by C++ (old).', 'by <name>.'],
    ['the data folder', 'in /srv/ntl data/ntl.db', 'in <data>/ntl.db'],
    ['the home folder', `at ${homedir()}/x.txt`, 'at <home>/x.txt'],
    ['other folders', 'at /var/lib/joe/x.ts:3:9 and C:\\Users\\joe\\x', 'at <path>:3:9 and <path>'],
    ['addresses', '10.0.0.7, fe80::1 and ::ffff:192.168.1.9', '<address>, <address> and <address>'],
    ['URLs', 'asked https://lab.example:8000/v1?key=x for', 'asked <url> for'],
    ['e-mail addresses', 'of ada@example.org.', 'of <e-mail>'],
    ['keys', `ntl_live_${'aB3'.repeat(13)} sk-proj-x1 ${'a1'.repeat(16)}`, '<key> <key> <key>'],
  ])('%s', (_name, text, left) => {
    expect(scrub(text)).toBe(left);
  });

  it('whatever stands around a name', () => {
    const around = fc.stringMatching(/^[ -~]{0,12}$/).filter((text) => !/[\p{L}\p{N}]$/u.test(text));
    fc.assert(
      fc.property(around, around, (before, after) => {
        const left = scrub(`${before} Mia ${after}`);
        expect(left).not.toMatch(/\bMia\b/);
      }),
    );
  });
});

describe('leaves', () => {
  it.each([
    '2026-11-21T06:10:00.123Z',
    '12:34:56',
    '24.1.0',
    '6.1.0-13-amd64',
    'The database could not be backed up; it will be tried again.',
    'SQLITE_BUSY',
    'at run (node:internal/process/task_queues:103:5)',
  ])('%s', (text) => {
    expect(scrub(text)).toBe(text);
  });

  it('places in this program', () => {
    const here = new URL('../../../gateway/log.ts', import.meta.url);
    expect(scrub(`at openLog (${here}:33:9)`)).toBe('at openLog (file://<program>/gateway/log.ts:33:9)');
  });
});
