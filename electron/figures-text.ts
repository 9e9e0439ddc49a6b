const WHOLE = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const MONEY = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' });

export interface Use {
  requests: number;
  /** Input and output. */
  tokens: number;
  costMicros: number;
}

/** @returns such as `2,039 requests, 34.8 M tokens, $37.97` */
export function useText({ requests, tokens, costMicros }: Use): string {
  const cost = MONEY.format(costMicros / 1e6);
  return `${counted(requests, 'request')}, ${short(tokens)} ${tokens === 1 ? 'token' : 'tokens'}, ${cost}`;
}

/** @returns such as `1 request`, `2 requests` */
export function counted(number: number, noun: string): string {
  return `${WHOLE.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function short(number: number): string {
  for (const [unit, size] of [
    ['G', 1e9],
    ['M', 1e6],
    ['k', 1e4],
  ] as const) {
    if (number >= size) return `${SHORT.format(unit === 'k' ? number / 1e3 : number / size)} ${unit}`;
  }
  return WHOLE.format(number);
}
