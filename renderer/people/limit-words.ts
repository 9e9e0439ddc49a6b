import type { Limit, LimitState } from '../../gateway/doors/admin/contract.ts';
import { comingMoment, NOTHING, windowName } from '../format.ts';
import { amountShort, amountWords, type Metric } from './amounts.ts';

export const METRICS: readonly { value: Metric; label: string }[] = [
  { value: 'requests', label: 'Requests' },
  { value: 'tokens', label: 'Tokens' },
  { value: 'cost', label: 'Cost' },
  { value: 'images', label: 'Images' },
];

export const WINDOWS: readonly { value: string; label: string }[] = [
  { value: '60', label: '60 s' },
  { value: '86400', label: '24 h' },
  { value: '2592000', label: '30 d' },
];

/** From here on a limit is worth naming in a list. */
const WORTH_NAMING = 0.1;

/** Tokens / 24 h. */
export function limitName({ metric, windowSeconds }: Pick<Limit, 'metric' | 'windowSeconds'>): string {
  const label = METRICS.find(({ value }) => value === metric)?.label ?? metric;
  return `${label} / ${windowName(windowSeconds)}`;
}

/** In the middle of a line: claude-opus-4-5 tokens / 24 h. */
export function limitLine(limit: Pick<Limit, 'metric' | 'windowSeconds' | 'model'>): string {
  const name = limitName(limit).toLowerCase();
  return limit.model === null ? name : `${limit.model} ${name}`;
}

/** 600 requests / 60 s, 3,000,000 tokens of claude-opus-4-5 / 24 h. */
export function limitSentence(limit: Omit<Limit, 'scope' | 'subjectId'>): string {
  const model = limit.model === null ? '' : ` of ${limit.model}`;
  return `${amountWords(limit.amount, limit.metric)}${model} / ${windowName(limit.windowSeconds)}`;
}

/** How much of it is used, 1 for all; a limit of 0 lets nothing through. */
export function shareUsed({ used, amount }: Pick<LimitState, 'used' | 'amount'>): number {
  return amount === 0 ? 1 : used / amount;
}

export function isWorthNaming(limit: LimitState): boolean {
  return shareUsed(limit) >= WORTH_NAMING;
}

/** When some of it is free again, and how much: 914 k free at 18:00. */
export function freesWords(limit: LimitState, now = new Date()): string {
  if (limit.windowSeconds === 60) return 'slides by the second';
  if (limit.freesAt === null || limit.freesAmount === null) return NOTHING;
  const at = comingMoment(limit.freesAt, now);
  return `${amountShort(limit.freesAmount, limit.metric)} free ${at.includes(':') ? 'at' : 'on'} ${at}`;
}

/** The same limit, whoever set it. */
export function isSameCount(
  a: Pick<Limit, 'metric' | 'windowSeconds' | 'model'>,
  b: Pick<Limit, 'metric' | 'windowSeconds' | 'model'>,
): boolean {
  return a.metric === b.metric && a.windowSeconds === b.windowSeconds && a.model === b.model;
}
