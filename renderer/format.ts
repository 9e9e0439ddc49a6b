/** What stands where there is nothing. */
export const NOTHING = '–';

/** 2,039; from a million on 34.8 M. */
export function count(value: number): string {
  if (value >= 1_000_000) return `${(value / 1_000_000).toFixed(1)} M`;
  return value.toLocaleString('en-US');
}

/** Micros of a US dollar as $37.97; with four decimals for a single request. */
export function dollars(micros: number, decimals = 2): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `$${(micros / 1_000_000).toLocaleString('en-US', digits)}`;
}

/** 612 ms, 8.8 s. */
export function duration(ms: number | null): string {
  if (ms === null) return NOTHING;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** Local time: 16:42:07 today, Wed 17:48 in the last six days, 3 Sep before. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (at >= startOfDay(now)) return at.toLocaleTimeString('en-GB');
  const time = at.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const sixDaysAgo = startOfDay(now);
  sixDaysAgo.setDate(sixDaysAgo.getDate() - 6);
  if (at >= sixDaysAgo) return `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${time}`;
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** Local midnight. */
export function startOfDay(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

/** 1 provider, 3 providers. */
export function plural(amount: number, thing: string): string {
  return `${count(amount)} ${thing}${amount === 1 ? '' : 's'}`;
}
