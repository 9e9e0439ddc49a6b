/** Micros of a dollar a million tokens as a list shows them: 3.00, 0.075. */
export function perMillion(micros: number): string {
  const dollars = micros / 1_000_000;
  const decimals = dollars !== 0 && Math.round(dollars * 100) / 100 !== dollars ? 3 : 2;
  return dollars.toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: Math.max(decimals, 2),
  });
}

/** As the API takes what was typed in dollars. */
export function microsOf(dollars: number): number {
  return Math.round(dollars * 1_000_000);
}
