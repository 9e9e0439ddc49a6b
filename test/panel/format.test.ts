import { describe, expect, test } from 'vitest';
import { count, dollars, duration, moment, plural } from '../../renderer/format.ts';

test.each([
  [0, '0'],
  [2_039, '2,039'],
  [999_999, '999,999'],
  [34_812_000, '34.8 M'],
])('count(%d) is %s', (value, text) => {
  expect(count(value)).toBe(text);
});

test.each([
  [37_970_000, 2, '$37.97'],
  [53_800, 4, '$0.0538'],
  [0, 2, '$0.00'],
  [1_234_567_890, 2, '$1,234.57'],
])('%d micros with %d decimals are %s', (micros, decimals, text) => {
  expect(dollars(micros, decimals)).toBe(text);
});

test.each([
  [null, '–'],
  [0.4, '0 ms'],
  [612, '612 ms'],
  [8_800, '8.8 s'],
])('duration(%s) is %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('plural', () => {
  expect([0, 1, 2].map((amount) => plural(amount, 'model'))).toEqual(['0 models', '1 model', '2 models']);
});

describe('a moment in local time', () => {
  const now = new Date(2026, 10, 21, 16, 42, 7);

  test.each([
    [new Date(2026, 10, 21, 0, 0, 0), '00:00:00'],
    [new Date(2026, 10, 20, 23, 59, 0), 'Fri 23:59'],
    [new Date(2026, 10, 15, 0, 0, 0), 'Sun 00:00'],
    [new Date(2026, 10, 14, 23, 59, 0), '14 Nov'],
  ])('%s reads %s', (at, text) => {
    expect(moment(at.toISOString(), now)).toBe(text);
  });
});
