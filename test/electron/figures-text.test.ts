import { expect, test } from 'vitest';
import { counted, useText } from '../../electron/figures-text.ts';

test.each([
  [{ requests: 0, tokens: 0, costMicros: 0 }, '0 requests, 0 tokens, $0.00'],
  [{ requests: 1, tokens: 1, costMicros: 4_999 }, '1 request, 1 token, $0.00'],
  [{ requests: 2_039, tokens: 34_812_345, costMicros: 37_970_000 }, '2,039 requests, 34.8 M tokens, $37.97'],
  [{ requests: 12, tokens: 9_999, costMicros: 1_234_567_890 }, '12 requests, 9,999 tokens, $1,234.57'],
  [{ requests: 12, tokens: 10_000, costMicros: 5_000 }, '12 requests, 10 k tokens, $0.01'],
  [{ requests: 12, tokens: 1_230_000_000, costMicros: 0 }, '12 requests, 1.23 G tokens, $0.00'],
])('%j is told as %s', (use, text) => {
  expect(useText(use)).toBe(text);
});

test('one is told in the singular', () => {
  expect([counted(0, 'alert'), counted(1, 'alert'), counted(1_000, 'alert')]).toEqual([
    '0 alerts',
    '1 alert',
    '1,000 alerts',
  ]);
});
