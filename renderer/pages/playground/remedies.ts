/** Where what a refusal names is changed. */
export interface Remedy {
  label: string;
  href: string;
}

/** What the member's own page changes. */
const OF_MEMBER: Readonly<Record<string, string>> = {
  model_not_allowed: 'Change what the member may use',
  rate_limit_minute: 'Change the limit',
  quota_day: 'Change the limit',
  quota_month: 'Change the limit',
  insufficient_balance: 'Top up the balance',
  access_disabled: 'Look at the member',
  suspended: 'Look at the member',
  ip_blocked: 'Change where the member may come from',
};

const ELSEWHERE: Readonly<Record<string, Remedy>> = {
  unknown_model: { label: 'Look at the models', href: '/models' },
  key_revoked: { label: 'Look at the keys', href: '/keys' },
  key_expired: { label: 'Look at the keys', href: '/keys' },
  route_not_allowed: { label: 'Make another key', href: '/keys' },
  upstream_error: { label: 'Look at the providers', href: '/providers' },
  vault_unavailable: { label: 'Look at the credentials', href: '/settings' },
  paused: { label: 'Resume on Home', href: '/' },
};

/** @returns null where asking again or in other words is all there is */
export function remedyOf(code: string, memberId: string | null): Remedy | null {
  const label = OF_MEMBER[code];
  if (label !== undefined) return { label, href: memberId === null ? '/members' : `/members/${memberId}` };
  return ELSEWHERE[code] ?? null;
}
