/**
 * The owner's time as the gateway's sums know it: one offset from UTC, the present one, for a whole report. Where
 * clocks were changed within it, days before the change begin an hour off.
 */
export interface LocalClock {
  /** Minutes to add to UTC. */
  offsetMinutes: number;
}

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export function localClock(now: Date): LocalClock {
  return { offsetMinutes: -now.getTimezoneOffset() };
}

/** Local year, month (0 to 11), day and hour, read by the getUTC methods. */
export function localParts(at: number, { offsetMinutes }: LocalClock): Date {
  return new Date(at + offsetMinutes * MINUTE_MS);
}

/** The moment at which a local day begins; months and days out of range roll over. */
export function dayStart(year: number, month: number, day: number, { offsetMinutes }: LocalClock): number {
  return Date.UTC(year, month, day) - offsetMinutes * MINUTE_MS;
}

/** 21 Oct; with the year where it is not this one. */
export function dayName(at: number, clock: LocalClock, now: number): string {
  const date = localParts(at, clock);
  const sameYear = date.getUTCFullYear() === localParts(now, clock).getUTCFullYear();
  const year = sameYear ? {} : { year: 'numeric' as const };
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC', ...year });
}

/** 16:00. */
export function hourName(at: number, clock: LocalClock): string {
  const date = localParts(at, clock);
  return date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
}
