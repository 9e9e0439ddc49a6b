import { plural } from '../../format.ts';

const YEAR = 365.25;

/** 30 days, 7 years: whole years where it comes out as such. */
export function historyWords(days: number): string {
  const years = Math.round(days / YEAR);
  if (years >= 1 && Math.abs(years * YEAR - days) <= 2) return plural(years, 'year');
  return plural(days, 'day');
}
