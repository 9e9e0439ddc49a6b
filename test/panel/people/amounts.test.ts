import { describe, expect, it } from 'vitest';
import { amountInput, amountShort, amountWords, parseAmount } from '../../../renderer/people/amounts.ts';

describe('an amount as it is typed', () => {
  it.each([
    ['600', 'requests', 600],
    ['16,000,000', 'tokens', 16_000_000],
    ['16 M', 'tokens', 16_000_000],
    ['2.2m', 'tokens', 2_200_000],
    ['500k', 'tokens', 500_000],
    ['1.5 B', 'tokens', 1_500_000_000],
    ['0', 'requests', 0],
    ['$350', 'cost', 350_000_000],
    ['0.0001', 'cost', 100],
    ['1,250.50', 'cost', 1_250_500_000],
  ] as const)('%s of %s is %d', (text, metric, amount) => {
    expect(parseAmount(text, metric)).toBe(amount);
  });

  it.each([
    ['', 'tokens'],
    ['many', 'tokens'],
    ['-5', 'tokens'],
    ['0.5', 'requests'],
    ['1.0005 k', 'tokens'],
    ['2000000 B', 'tokens'],
    ['0.0000001', 'cost'],
    ['$', 'cost'],
  ] as const)('%j is no amount of %s', (text, metric) => {
    expect(parseAmount(text, metric)).toBeNull();
  });

  it.each([
    [16_000_000, 'tokens'],
    [350_500_000, 'cost'],
    [123, 'cost'],
    [0, 'requests'],
  ] as const)('%d of %s reads back from its field', (amount, metric) => {
    expect(parseAmount(amountInput(amount, metric), metric)).toBe(amount);
  });
});

describe('an amount as it is told', () => {
  it('has its unit', () => {
    expect(amountWords(1, 'requests')).toBe('1 request');
    expect(amountWords(16_000_000, 'tokens')).toBe('16,000,000 tokens');
    expect(amountWords(350_000_000, 'cost')).toBe('$350.00');
    expect(amountWords(1_234, 'cost')).toBe('$0.001234');
  });

  it('is short where room is, and fine where limits are close', () => {
    const short = [600, 118_400, 2_951_000, 12_460_000].map((amount) => amountShort(amount, 'tokens'));
    expect(short).toEqual(['600', '118 k', '2.95 M', '12.5 M']);
    expect(amountShort(278_754_000, 'cost')).toBe('$278.75');
  });
});
