/** What the chart shows. */
export const DAYS = 30;

/** Local midnights of the last 30 days, today last. */
export function lastDays(now: Date): Date[] {
  return Array.from(
    { length: DAYS },
    (_, index) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - (DAYS - 1 - index)),
  );
}
