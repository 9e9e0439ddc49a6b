import { compact, count, dollars, NOTHING } from '../../format.ts';
import type { Metric } from './groups.ts';

export const METRICS: readonly { value: Metric; label: string }[] = [
  { value: 'cost', label: 'Cost' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'requests', label: 'Requests' },
];

/** With its unit: $557.09, 437 M tokens, 1 request. */
export function valueWords(value: number, metric: Metric): string {
  if (metric === 'cost') return money(value);
  if (metric === 'tokens') return `${count(value)} tokens`;
  return `${count(value)} ${value === 1 ? 'request' : 'requests'}`;
}

/** At an axis, where the unit is the chart's. */
export function tickWords(value: number, metric: Metric): string {
  if (value === 0) return metric === 'cost' ? '$0' : '0';
  if (metric !== 'cost') return compact(value).replace('.0 ', ' ');
  return dollars(value, value < 1_000_000 ? 2 : 0);
}

/** Cents matter in sums; what is less than a cent keeps its four decimals. */
export function money(micros: number): string {
  return dollars(micros, micros !== 0 && Math.abs(micros) < 10_000 ? 4 : 2);
}

/** What one costs: 1.76 ¢; from a dollar on $1.24. */
export function averageMoney(micros: number, requests: number): { value: string; unit?: string } {
  if (requests === 0) return { value: NOTHING };
  const each = micros / requests;
  if (each >= 1_000_000) return { value: dollars(each) };
  return { value: (each / 10_000).toFixed(2), unit: '¢' };
}
