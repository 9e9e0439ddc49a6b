import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, quoted } from '../../gateway/cli/command-line.ts';
import { explain } from '../../gateway/cli/failures.ts';
import { fields, table } from '../../gateway/cli/output.ts';
import { count, dollars, elapsed, price } from '../../gateway/cli/units.ts';
import { durationMs, expiry, micros, since, wholeNumber } from '../../gateway/cli/values.ts';

describe('what people type', () => {
  it('reads any amount of dollars to the micro', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e12 }), (amount) => {
        const text = `${Math.floor(amount / 1e6)}.${String(amount % 1e6).padStart(6, '0')}`;
        expect(micros(text)).toBe(amount);
      }),
    );
    expect(micros('$2.5')).toBe(2_500_000);
  });

  it.each(['', '-1', '1e3', '1,50', '.5', '1.2345678', 'two'])('refuses "%s" as dollars', (text) => {
    expect(() => micros(text)).toThrow('Give US dollars');
  });

  it('reads spans and moments', () => {
    expect(durationMs('90s')).toBe(90_000);
    expect(durationMs('2w')).toBe(1_209_600_000);
    expect(durationMs('1y')).toBeUndefined();
    const hourAgo = Date.parse(since('1h'));
    expect(Date.now() - hourAgo).toBeGreaterThanOrEqual(3_600_000);
    expect(Date.parse(expiry('30d'))).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    expect(since('2026-11-01')).toBe('2026-11-01T00:00:00.000Z');
    expect(since('2026-11-01T10:00:00+02:00')).toBe('2026-11-01T08:00:00.000Z');
    for (const bad of ['yesterday', '5', '99999999999999d', '2026-13-01'])
      expect(() => since(bad)).toThrow('Give');
  });

  it('reads whole numbers with k and M', () => {
    expect(['0', '500', '100k', '2M', '1_000'].map(wholeNumber)).toEqual([0, 500, 100_000, 2_000_000, 1_000]);
    for (const bad of ['', '-1', '1.5', '9'.repeat(20), 'k'])
      expect(() => wholeNumber(bad)).toThrow('whole number');
  });
});

describe('what people read', () => {
  it('gives numbers their units', () => {
    expect([0, 2_039, 34_800_000, 1.2e12].map(count)).toEqual(['0', '2,039', '34.8 M', '1.2 T']);
    expect([0, 37_970_000, -1_500_000].map((amount) => dollars(amount))).toEqual([
      '$0.00',
      '$37.97',
      '-$1.50',
    ]);
    expect(dollars(1_234, 4)).toBe('$0.0012');
    expect(price(75_000)).toBe('$0.075');
    expect([612, 8_800, 186_000].map(elapsed)).toEqual(['612 ms', '8.8 s', '3.1 min']);
  });

  it('aligns columns, wide letters too, and keeps a row on one line', () => {
    const rows = [
      { name: '東京', amount: 5 },
      { name: 'a\nb\u001b[31m', amount: 12_000 },
      { name: null, amount: null },
    ];
    const text = table(
      rows,
      [
        { title: 'NAME', of: (row) => row.name },
        { title: 'AMOUNT', of: (row) => row.amount, right: true },
      ],
      'none',
    );
    expect(text).toBe('NAME      AMOUNT\n東京           5\na b [31m   12000\n–              –\n');
    expect(table([], [], 'Nothing yet.')).toBe('Nothing yet.\n');
  });

  it('wraps long values below themselves, and keeps what is to be copied whole', () => {
    const pairs = [
      ['Name', 'one two three four'],
      ['Link', `http://127.0.0.1/${'x'.repeat(30)}`],
      ['None', null],
    ] as const;
    expect(fields(pairs, 16)).toBe(
      `Name  one two\n      three four\nLink  http://127.0.0.1/${'x'.repeat(30)}\nNone  –\n`,
    );
    expect(fields(pairs, 1)).toContain('Name  one\n      two\n');
    expect(fields(pairs, Number.POSITIVE_INFINITY).split('\n')).toHaveLength(4);
  });

  it('quotes what a shell would take apart', () => {
    expect(quoted("it's", 'linux')).toBe("'it'\\''s'");
    expect(quoted('/plain/path-1.x', 'linux')).toBe('/plain/path-1.x');
    expect(commandLine('serve', '/data of mine')).toMatch(/serve --data-dir '\/data of mine'$/);
  });

  it('tells nothing of an unexpected error but its name and place', () => {
    const { message, exitCode } = explain(new TypeError('sk-secret in here'));
    expect(exitCode).toBe(1);
    expect(message).toContain('TypeError');
    expect(message).toContain('values.test.ts');
    expect(message).not.toContain('sk-secret');
  });
});
