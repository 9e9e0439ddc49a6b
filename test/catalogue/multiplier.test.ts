import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargedTokens, multiplierName } from '../../gateway/catalogue/multiplier.ts';

describe('charged tokens', () => {
  it.each([
    [1_800 + 3_400, 3, 15_600],
    [5, 1, 5],
    [5, 1.5, 8],
    [4, 1.5, 6],
    [0, 3, 0],
    [1, 0.1, 1],
    // Doubles make these 11.000000000000002 and 330.00000000000006.
    [10, 1.1, 11],
    [300, 1.1, 330],
    [1, 1e-7, 1],
    [10_000_000, 1e-7, 1],
    [10_000_001, 1e-7, 2],
  ])('%d used at x%d are %d', (used, multiplier, charged) => {
    expect(chargedTokens(used, multiplier)).toBe(charged);
  });

  it('are the least whole number that is not below the product', () => {
    const thousandths = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(fc.nat(1_000_000_000), thousandths, (used, multiplier) => {
        const exact = BigInt(used) * BigInt(multiplier);
        const charged = BigInt(chargedTokens(used, multiplier / 1_000));
        expect(charged * 1_000n >= exact && (charged - 1n) * 1_000n < exact).toBe(true);
      }),
    );
  });

  it('are told with their multiplier', () => {
    expect([1, 1.5, 3].map(multiplierName)).toEqual(['x1', 'x1.5', 'x3']);
  });
});
