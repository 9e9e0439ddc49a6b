import type { Limit } from '../../gateway/doors/admin/contract.ts';
import { compact, dollars, whole } from '../format.ts';

export type Metric = Limit['metric'];

const MULTIPLES: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, b: 1e9 };
const MICROS = 1_000_000;
/** What the gateway takes at most. */
const MOST = 1e15;

/**
 * What was typed for a limit or a grant: `600`, `16,000,000`, `16 M`, `2.5m`, `$350`.
 * @returns requests, tokens or images, or micros of a dollar; null for what is no such amount
 */
export function parseAmount(text: string, metric: Metric): number | null {
  const parts = /^\$?(\d+(?:\.\d+)?|\.\d+)([kmb]?)$/i.exec(text.replace(/[\s,]/g, ''));
  if (parts === null) return null;
  const [, digits = '', multiple = ''] = parts;
  const value = Number(digits) * (MULTIPLES[multiple.toLowerCase()] ?? 1) * (metric === 'cost' ? MICROS : 1);
  // 2.2 M is a whole number that floating point does not quite reach.
  const rounded = Math.round(value);
  const isWhole = Math.abs(rounded - value) <= 1e-6 * Math.max(1, value);
  return isWhole && rounded <= MOST ? rounded : null;
}

/** As it stands in a field: 16,000,000, or 350.00 with the dollar beside it. */
export function amountInput(amount: number, metric: Metric): string {
  return metric === 'cost' ? dollars(amount, decimals(amount)).slice(1) : whole(amount);
}

/** With its unit, exact: 16,000,000 tokens, 1 request, $350.00. */
export function amountWords(amount: number, metric: Metric): string {
  if (metric === 'cost') return dollars(amount, decimals(amount));
  return `${whole(amount)} ${amount === 1 ? metric.slice(0, -1) : metric}`;
}

/** Where room is short: 600, 118 k, 2.95 M, 12.5 M, $278.75. */
export function amountShort(amount: number, metric: Metric): string {
  if (metric === 'cost') return dollars(amount);
  if (amount >= 1e6 && amount < 1e7) return `${(amount / 1e6).toFixed(2)} M`;
  return compact(amount);
}

/** As many as it takes to tell all of it. */
function decimals(micros: number): number {
  if (micros % 10_000 === 0) return 2;
  return micros % 100 === 0 ? 4 : 6;
}
