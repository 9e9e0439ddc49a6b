import { day, startOfDay } from '../../format.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const TIMES = [
  { value: '1h', label: 'Last hour' },
  { value: 'today', label: 'Today' },
  { value: '24h', label: 'Last 24 h' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
  { value: 'all', label: 'All that is kept' },
] as const;

export type TimeName = (typeof TIMES)[number]['value'];

/** A busy gateway has many rows; the log opens on the day that one mostly asks about. */
export const DEFAULT_TIME: TimeName = 'today';

/** Wall-clock ms; null where it is open. */
export interface TimeSpan {
  from: number | null;
  /** Exclusive. */
  to: number | null;
}

export function namedSpan(name: TimeName, now: Date): TimeSpan {
  if (name === 'all') return { from: null, to: null };
  if (name === 'today') return { from: startOfDay(now).getTime(), to: null };
  const length = { '1h': HOUR_MS, '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS }[name];
  return { from: now.getTime() - length, to: null };
}

/**
 * Two days as `2026-11-19`, or moments as `2026-11-19T16:00`, in local time. A day as the second one is meant
 * whole. Null where they are none.
 */
export function ownSpan(first: string, last: string): TimeSpan | null {
  const from = localMoment(first);
  const to = localMoment(last);
  if (from === null || to === null) return null;
  const end = last.includes('T') ? to : new Date(to.getFullYear(), to.getMonth(), to.getDate() + 1);
  return from < end ? { from: from.getTime(), to: end.getTime() } : null;
}

function localMoment(text: string): Date | null {
  const [, year, month, date, hour = '0', minute = '0'] =
    /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/.exec(text) ?? [];
  if (year === undefined) return null;
  return new Date(Number(year), Number(month) - 1, Number(date), Number(hour), Number(minute));
}

/** The other way round, to the minute. */
export function momentText(at: number): string {
  const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** 19 Nov; 13 to 19 Nov; 19 Nov, 16:00 to 17:00. */
export function ownSpanName({ from, to }: TimeSpan): string {
  if (from === null || to === null) return '';
  const [first, end] = [new Date(from), new Date(to)];
  const last = new Date(to - 1);
  const wholeDays = isMidnight(first) && isMidnight(end);
  const days = day(first) === day(last) ? day(first) : `${day(first)} to ${day(last)}`;
  return wholeDays ? days : `${days}, ${clockTime(first)} to ${clockTime(end)}`;
}

function isMidnight(at: Date): boolean {
  return startOfDay(at).getTime() === at.getTime();
}

export function clockTime(at: Date): string {
  return at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
