import type { Key } from '../../gateway/doors/admin/contract.ts';

export type KeyState = 'active' | 'soon' | 'expired' | 'revoked';

const DAY_MS = 86_400_000;
/** So long before its end an expiry wants to be seen. */
const SOON_MS = 14 * DAY_MS;

export const KINDS: readonly { value: Key['kind']; label: string; why: string }[] = [
  {
    value: 'standard',
    label: 'standard',
    why: 'Works on every route, within the limits of its member.',
  },
  {
    value: 'subscription',
    label: 'subscription',
    why: 'For tool routes alone, such as /claudecode/v1, within the limits of 24 h.',
  },
  {
    value: 'pay_per_token',
    label: 'pay per token',
    why: 'Works on every route and pays from the balance, without limits.',
  },
];

export function kindLabel(kind: Key['kind']): string {
  return KINDS.find(({ value }) => value === kind)?.label ?? kind;
}

export function keyState({ revokedAt, expiresAt }: Key, now = Date.now()): KeyState {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt === null) return 'active';
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return 'expired';
  return left <= SOON_MS ? 'soon' : 'active';
}

export function isUsable(key: Key): boolean {
  return !['expired', 'revoked'].includes(keyState(key));
}

/** In 11 d, in 5 h, in 20 min. */
export function leftWords(iso: string, now = Date.now()): string {
  const minutes = Math.max(0, Math.floor((Date.parse(iso) - now) / 60_000));
  if (minutes < 60) return `in ${minutes} min`;
  if (minutes < 24 * 60) return `in ${Math.floor(minutes / 60)} h`;
  return `in ${Math.floor(minutes / (24 * 60))} d`;
}

export const EXPIRIES = [
  { value: 'never', label: 'Never' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: '1 year' },
  { value: 'day', label: 'On a day' },
] as const;

/** @param choice one of EXPIRIES. @param day as a date field gives it, the end of which is meant, in local time */
export function expiryOf(choice: string, day: string, now = Date.now()): string | null {
  if (choice === 'never') return null;
  if (choice !== 'day') return new Date(now + Number(choice) * DAY_MS).toISOString();
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + 1).toISOString();
}
