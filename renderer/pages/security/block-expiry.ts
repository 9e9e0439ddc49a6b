const HOUR_MS = 3_600_000;

/** Until when a block holds. */
export const EXPIRIES = [
  { value: 'good', label: 'I lift it' },
  { value: 'hour', label: 'In an hour' },
  { value: 'day', label: 'In 24 hours' },
  { value: 'week', label: 'In 7 days' },
  { value: 'month', label: 'In 30 days' },
  { value: 'own', label: 'At a moment of my own' },
] as const;

export type Expiry = (typeof EXPIRIES)[number]['value'];

const HOURS: Partial<Record<Expiry, number>> = { hour: 1, day: 24, week: 7 * 24, month: 30 * 24 };

/** @param at as a date and time field gives it, in local time. @returns ISO 8601 in UTC, null for good */
export function expiresAt(expiry: Expiry, at: string, now: number): string | null {
  if (expiry === 'own') return new Date(at).toISOString();
  const hours = HOURS[expiry];
  return hours === undefined ? null : new Date(now + hours * HOUR_MS).toISOString();
}
