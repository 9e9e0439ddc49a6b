import { NOTHING } from './output.ts';

/** 2,039; from a million on 34.8 M. */
export function count(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  const scale = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
  ] as const;
  for (const [size, letter] of scale) {
    if (Math.abs(value) >= size) return `${(value / size).toFixed(1)} ${letter}`;
  }
  return value.toLocaleString('en-US');
}

/** Micros of a US dollar as $37.97. */
export function dollars(micros: number | null | undefined, digits = 2): string {
  if (micros === null || micros === undefined) return NOTHING;
  const amount = Math.abs(micros) / 1_000_000;
  const shown = amount.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${micros < 0 ? '-' : ''}$${shown}`;
}

/** A price, with as many digits as it needs: $0.075. */
export function price(micros: number | null | undefined): string {
  if (micros === null || micros === undefined) return NOTHING;
  const shown = (micros / 1_000_000).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 6,
  });
  return `$${shown}`;
}

/** 612 ms, 8.8 s, 3.1 min. */
export function elapsed(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NOTHING;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

/** An ISO 8601 time in the local zone: 2026-11-21 16:42:07. */
export function localTime(iso: string | null | undefined): string {
  if (iso === null || iso === undefined) return NOTHING;
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return iso;
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** `minute`, `day` or `month` for the three windows a limit may have. */
export function windowName(seconds: number): string {
  return { 60: 'minute', 86400: 'day', 2592000: 'month' }[seconds] ?? `${seconds} s`;
}

export function yesNo(value: boolean | null | undefined): string {
  return value ? 'yes' : 'no';
}
