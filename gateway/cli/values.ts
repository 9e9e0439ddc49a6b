import { InvalidArgumentError } from 'commander';

/*
 * What people type, turned into what the API takes. Each throws commander's InvalidArgumentError, which
 * ends with the usage exit code.
 */

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 } as const;

/** `90s`, `15m`, `24h`, `30d`, `2w` in milliseconds. */
export function durationMs(text: string): number | undefined {
  const [, amount, unit] = /^(\d+)([smhdw])$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

/** A moment in the past: `1h` ago, or ISO 8601. @returns ISO 8601 in UTC */
export function since(text: string): string {
  return moment(text, -1);
}

/** A moment to come: in `30d`, or ISO 8601. @returns ISO 8601 in UTC */
export function expiry(text: string): string {
  return moment(text, 1);
}

/** Dollars such as 2.50. @returns micros of a US dollar */
export function micros(text: string): number {
  const [, whole, part = ''] = /^\$?(\d+)(?:\.(\d{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined) throw new InvalidArgumentError('Give US dollars, such as 2.50.');
  return Number(whole) * 1_000_000 + Number(part.padEnd(6, '0'));
}

/** A whole number of at least 0; `k` and `M` stand for thousand and million. */
export function wholeNumber(text: string): number {
  const [, digits, unit] = /^(\d[\d_]*)([kM]?)$/.exec(text) ?? [];
  const value = Number(digits?.replaceAll('_', '')) * ({ k: 1e3, M: 1e6 }[unit ?? ''] ?? 1);
  if (!Number.isSafeInteger(value)) {
    throw new InvalidArgumentError('Give a whole number, such as 500, 100k or 2M.');
  }
  return value;
}

/** A whole number within bounds, both included. The API holds to the same ones; here the option is named. */
export function wholeNumberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    const [from, to] = [least, most].map((bound) => bound.toLocaleString('en-US'));
    throw new InvalidArgumentError(`Give a whole number from ${from} to ${to}.`);
  };
}

/** How many rows of a list are shown. */
export const rowCount = wholeNumberWithin(1, 100_000);

/** A whole number that may be negative. */
export function integer(text: string): number {
  if (!/^-?\d{1,9}$/.test(text)) throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value > 0) || !Number.isFinite(value)) {
    throw new InvalidArgumentError('Give a number above 0, such as 1.5.');
  }
  return value;
}

/** `minute`, `day`, `month` or their lengths. @returns seconds */
export function windowSeconds(text: string): number {
  const seconds = {
    minute: 60,
    '60s': 60,
    '1m': 60,
    day: 86_400,
    '24h': 86_400,
    '1d': 86_400,
    month: 2_592_000,
    '30d': 2_592_000,
  }[text];
  if (seconds === undefined) throw new InvalidArgumentError('Give minute, day or month (60s, 24h or 30d).');
  return seconds;
}

/** `a,b`, or `all`. Not null for all: commander puts an empty text in its place. */
export function listOrAll(text: string): ListOrAll {
  return text === 'all' ? 'all' : list(text);
}

export type ListOrAll = string[] | 'all';

export function list(text: string): string[] {
  const items = text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  if (items.length === 0) throw new InvalidArgumentError('Give names with commas between them.');
  return items;
}

/** For an option that may be given many times: `name=value`. */
export function addHeader(text: string, earlier: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give name=value.');
  return { ...earlier, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

function moment(text: string, sign: 1 | -1): string {
  const span = durationMs(text);
  if (span !== undefined) return timeText(Date.now() + sign * span);
  const given = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return timeText(given);
}

function timeText(ms: number): string {
  const time = new Date(ms);
  if (Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError(
      'Give a span such as 90s, 15m, 24h or 30d, or a time such as 2027-01-31T12:00:00Z.',
    );
  }
  return time.toISOString();
}
