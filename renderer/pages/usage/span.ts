import { DAY_MS, dayName, dayStart, HOUR_MS, hourName, type LocalClock, localParts } from './local-clock.ts';

export type Bucket = 'hour' | 'day' | 'week' | 'month';

/** What a report covers. Times are wall-clock ms, `to` is exclusive and may lie ahead. */
export interface Span {
  from: number;
  to: number;
  /** What one bar stands for. */
  bucket: Bucket;
  /** After a figure's name: “30 days”. */
  label: string;
  /** 21 Oct to 19 Nov. */
  dates: string;
}

export const SPANS = [
  { value: '24h', label: '24 h', words: '24 hours' },
  { value: '7d', label: '7 d', words: '7 days' },
  { value: '30d', label: '30 d', words: '30 days' },
  { value: '90d', label: '90 d', words: '90 days' },
  { value: '1y', label: '1 y', words: '1 year' },
] as const;

export type SpanName = (typeof SPANS)[number]['value'];

export const DEFAULT_SPAN: SpanName = '30d';

const DAYS: Record<Exclude<SpanName, '24h'>, number> = { '7d': 7, '30d': 30, '90d': 90, '1y': 365 };

/** Up to and with the hour or the day that runs. */
export function rollingSpan(name: SpanName, clock: LocalClock, now: number): Span {
  const label = SPANS.find(({ value }) => value === name)?.words ?? '';
  if (name === '24h') {
    const to = Math.floor(now / HOUR_MS) * HOUR_MS + HOUR_MS;
    const from = to - DAY_MS;
    const dates = `${dayName(from, clock, now)} ${hourName(from, clock)} to now`;
    return { from, to, bucket: 'hour', label, dates };
  }
  const today = localParts(now, clock);
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const from = dayStart(year, month, day - DAYS[name] + 1, clock);
  const to = dayStart(year, month, day + 1, clock);
  return { from, to, bucket: bucketFor(to - from), label, dates: datesOf(from, to, clock, now) };
}

/** Two days as date fields give them, both included; null where they are none or the wrong way round. */
export function ownSpan(first: string, last: string, clock: LocalClock, now: number): Span | null {
  const [from, to] = [startOf(first, 0, clock), startOf(last, 1, clock)];
  if (from === null || to === null || from >= to) return null;
  const dates = datesOf(from, to, clock, now);
  return { from, to, bucket: bucketFor(to - from), label: dates, dates };
}

function startOf(date: string, daysAfter: number, clock: LocalClock): number | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  if (year === undefined) return null;
  const start = dayStart(Number(year), Number(month) - 1, Number(day) + daysAfter, clock);
  return Number.isNaN(start) ? null : start;
}

/** So that there are some dozens of bars, and a hundred or so at most. */
function bucketFor(length: number): Bucket {
  if (length <= 3 * DAY_MS) return 'hour';
  if (length <= 120 * DAY_MS) return 'day';
  return length <= 800 * DAY_MS ? 'week' : 'month';
}

function datesOf(from: number, to: number, clock: LocalClock, now: number): string {
  const [first, last] = [dayName(from, clock, now), dayName(to - 1, clock, now)];
  return first === last ? first : `${first} to ${last}`;
}

/** The starts of all bars, the empty ones too. */
export function bucketStarts({ from, to, bucket }: Span, clock: LocalClock): number[] {
  const starts: number[] = [];
  for (let at = from; at < to; at = nextStart(at, bucket, clock)) starts.push(at);
  return starts;
}

/** Weeks are counted from the span's first day; months from their first. */
function nextStart(at: number, bucket: Bucket, clock: LocalClock): number {
  if (bucket === 'hour') return at + HOUR_MS;
  if (bucket === 'day') return at + DAY_MS;
  if (bucket === 'week') return at + 7 * DAY_MS;
  const local = localParts(at, clock);
  return dayStart(local.getUTCFullYear(), local.getUTCMonth() + 1, 1, clock);
}

/** Under a bar. */
export function bucketTick(at: number, { bucket }: Span, clock: LocalClock, now: number): string {
  return bucket === 'hour' ? hourName(at, clock) : dayName(at, clock, now);
}

/** Over what a bar is made of: 19 Nov, 16:00 to 17:00; 13 to 19 Nov. */
export function bucketName(at: number, span: Span, clock: LocalClock, now: number): string {
  const end = Math.min(nextStart(at, span.bucket, clock), span.to);
  if (span.bucket === 'hour')
    return `${dayName(at, clock, now)}, ${hourName(at, clock)} to ${hourName(end, clock)}`;
  return datesOf(at, end, clock, now);
}
