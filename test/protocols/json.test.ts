import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asNumber, parseExactly, parseObject } from '../../gateway/protocols/json.ts';

describe('exact parsing', () => {
  it.each([
    '12345678901234567',
    '-98765432109876543210',
    '1e400',
    '0.1234567890123456789',
    '-0.00012345678901234567',
    '100000000000000000000',
  ])('keeps %s as it came', (number) => {
    expect(JSON.stringify(parseExactly(`{"n":[${number}],"s":"${number}"}`))).toBe(
      `{"n":[${number}],"s":"${number}"}`,
    );
  });

  it('leaves numbers that lose nothing as numbers', () => {
    expect(
      parseExactly('{"a":1.0,"b":1E+2,"c":0.1,"d":100000000000000000000,"s":"12345678901234567"}'),
    ).toEqual({
      a: 1,
      b: 100,
      c: 0.1,
      d: 1e20,
      s: '12345678901234567',
    });
    const { n } = parseExactly('{"n":0.12345678901234567}') as { n: unknown };
    expect(asNumber(n)).toBeCloseTo(0.123456789, 9);
  });

  it('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseExactly(text))).toBe(text);
      }),
    );
  });

  it('gives undefined for what is no object', () => {
    for (const text of ['', '[]', '"x"', '1', 'null', '{', '{"a":1}x'])
      expect(parseObject(text)).toBeUndefined();
    expect(parseObject(' {"a":1} ')).toEqual({ a: 1 });
  });
});
