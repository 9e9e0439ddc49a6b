import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactly, parseObject } from '../../gateway/protocols/json.ts';

describe('exact parsing', () => {
  it.each([
    '12345678901234567',
    '-98765432109876543210',
    '1e400',
    '0.1234567890123456789',
    '1E+2',
    '100000000000000000000',
  ])('keeps %s as it came', (number) => {
    expect(JSON.stringify(parseExactly(`{"n":[${number}],"s":"${number}"}`))).toBe(
      `{"n":[${number}],"s":"${number}"}`,
    );
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
