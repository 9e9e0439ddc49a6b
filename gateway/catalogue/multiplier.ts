/** A decimal number as it is written: `digits` divided by `scale`. */
interface Decimal {
  digits: bigint;
  scale: bigint;
}

/**
 * Used tokens as charged ones, rounded up. Exact: 10 tokens at x1.1 are 11, where doubles would make them 12.
 * @param tokens whole and not negative
 * @param multiplier above 0, as its shortest decimal form says it
 */
export function chargedTokens(tokens: number, multiplier: number): number {
  if (Number.isInteger(multiplier)) return tokens * multiplier;
  const { digits, scale } = decimalOf(multiplier);
  return Number((BigInt(tokens) * digits + scale - 1n) / scale);
}

/** As answers tell it: `x3`, `x1.5`. */
export function multiplierName(multiplier: number): string {
  return `x${multiplier}`;
}

/** Numbers below 0.000001 are written with an exponent (https://tc39.es/ecma262/#sec-numeric-types-number-tostring). */
function decimalOf(number: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(number).split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const places = BigInt(fraction.length - Number(exponent));
  return { digits: BigInt(whole + fraction), scale: 10n ** places };
}
