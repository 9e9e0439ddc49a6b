/** Intl is asked once for each way: a scrolling table shows hundreds of numbers a second. */
const WHOLE = new Intl.NumberFormat('en-US');
const MONEY = new Map<number, Intl.NumberFormat>();

/** What stands where there is nothing. */
export const NOTHING = '–';

/** 2,039; from a million on 34.8 M, 905 M, 1.2 B. */
export function count(value: number): string {
  if (Math.abs(value) >= 1e9) return `${short(value / 1e9)} B`;
  if (Math.abs(value) >= 1e6) return `${short(value / 1e6)} M`;
  return WHOLE.format(value);
}

/** Whole, however large: 64,218,304. */
export function whole(value: number): string {
  return WHOLE.format(value);
}

/** With its sign: +20,000,000, −21,539. */
export function signed(value: number): string {
  if (value === 0) return '0';
  return `${value > 0 ? '+' : '−'}${whole(Math.abs(value))}`;
}

/** Where room is short: 118 k, 1.0 M, 3.0 M. */
export function compact(value: number): string {
  if (Math.abs(value) >= 10_000 && Math.abs(value) < 1e6) return `${Math.round(value / 1_000)} k`;
  return count(value);
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(1);
}

/** Micros of a US dollar as $37.97; with four decimals for a single request. */
export function dollars(micros: number, decimals = 2): string {
  const text = `$${money(decimals).format(Math.abs(micros) / 1_000_000)}`;
  return micros < 0 ? `−${text}` : text;
}

function money(decimals: number): Intl.NumberFormat {
  let format = MONEY.get(decimals);
  if (format === undefined) {
    format = new Intl.NumberFormat('en-US', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    MONEY.set(decimals, format);
  }
  return format;
}

/** A share of 0 to 1 as 98 %; with decimals 1.5 %. */
export function percent(share: number, decimals = 0): string {
  return `${(share * 100).toFixed(decimals)} %`;
}

/** How much more than before, as +7 % or −4 %; null where there was nothing before. */
export function change(now: number, before: number): string | null {
  if (before === 0) return null;
  const share = Math.round(((now - before) / before) * 100);
  return `${share > 0 ? '+' : share < 0 ? '−' : '±'}${Math.abs(share)} %`;
}

/** 612 ms, 8.8 s, 4 min 12 s. */
export function duration(ms: number | null): string {
  if (ms === null) return NOTHING;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** 62 MB, 1.4 GB. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${unit === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

/** A window of limits: 60 s, 24 h, 30 d. */
export function windowName(seconds: number): string {
  if (seconds === 60) return '60 s';
  return seconds === 86_400 ? '24 h' : '30 d';
}

/** Local time: 16:42:07 today, Wed 17:48 in the last six days, 3 Sep before, 3 Sep 2025 in another year. */
export function moment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (at >= startOfDay(now)) return at < startOfDay(addDays(now, 1)) ? time(at, true) : day(at, now);
  if (at >= startOfDay(addDays(now, -6)))
    return `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${time(at, false)}`;
  return day(at, now);
}

/** Of what comes: 18:00 today, Wed 18:00 in the next six days, 19 Feb 2027 after. */
export function comingMoment(iso: string, now = new Date()): string {
  const at = new Date(iso);
  if (at < startOfDay(addDays(now, 1))) return at < startOfDay(now) ? moment(iso, now) : time(at, false);
  if (at < startOfDay(addDays(now, 7)))
    return `${at.toLocaleDateString('en-GB', { weekday: 'short' })} ${time(at, false)}`;
  return day(at, now);
}

/** now, 4 min ago, 3 h ago, 6 d ago, then the day. */
export function ago(iso: string, now = new Date()): string {
  const seconds = (now.getTime() - Date.parse(iso)) / 1_000;
  if (seconds < 60) return 'now';
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  if (seconds < 14 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return day(new Date(iso), now);
}

/** 3 Sep; with the year where it is another one. */
export function day(at: Date, now = new Date()): string {
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
}

/** For a tooltip: 2026-11-19 16:42:07 UTC. */
export function utc(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}

/** Local midnight. */
export function startOfDay(now: Date): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

/** 1 provider, 3 providers; `things` where it is no plain s. */
export function plural(amount: number, thing: string, things = `${thing}s`): string {
  return `${count(amount)} ${amount === 1 ? thing : things}`;
}

/** The key's beginning, as lists show it. */
export function keyPrefix(prefix: string): string {
  return `${prefix}…`;
}

/** Two letters that stand for a provider, a tool or a member. */
export function initials(name: string): string {
  const words = name.split(/[\s._/-]+/).filter((word) => word !== '');
  const [first = '', second] = words;
  if (second !== undefined) return `${first[0]}${second[0]}`.toUpperCase();
  const capitals = first.replace(/[^A-Z]/g, '');
  if (capitals.length >= 2) return capitals.slice(0, 2);
  return first.slice(0, 2);
}

function time(at: Date, seconds: boolean): string {
  const parts = { hour: '2-digit', minute: '2-digit' } as const;
  return at.toLocaleTimeString('en-GB', seconds ? { ...parts, second: '2-digit' } : parts);
}

function addDays(at: Date, days: number): Date {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days, at.getHours(), at.getMinutes());
}
