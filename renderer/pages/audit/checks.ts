import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';

/** What each request passes, in this order; the first that fails refuses it. */
export const CHECKS = [
  'Block list',
  'Authentication',
  'Key',
  'Member',
  'Route',
  'Body',
  'Model exists',
  'Model allowed',
  'Limits',
  'Balance',
] as const;

export type Check = (typeof CHECKS)[number];

const STOPS: Readonly<Record<string, Check>> = {
  missing_auth: 'Authentication',
  invalid_key: 'Authentication',
  key_revoked: 'Key',
  key_expired: 'Key',
  access_disabled: 'Member',
  suspended: 'Member',
  route_not_allowed: 'Route',
  paused: 'Route',
  invalid_messages: 'Body',
  missing_model: 'Body',
  invalid_request: 'Body',
  request_too_large: 'Body',
  unknown_model: 'Model exists',
  model_not_allowed: 'Model allowed',
  rate_limit_minute: 'Limits',
  quota_day: 'Limits',
  quota_month: 'Limits',
  insufficient_balance: 'Balance',
};

/** The check that refused a request; null where none did, as when the gateway was stopping. */
export function stoppedAt({ code, memberId }: Pick<AuditRow, 'code' | 'memberId'>): Check | null {
  // The block list comes before anybody is known, the member's own addresses after.
  if (code === 'ip_blocked') return memberId === null ? 'Block list' : 'Member';
  return STOPS[code ?? ''] ?? null;
}
