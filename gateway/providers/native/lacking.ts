/** Wishes that neither service has a field for. */
import type { Dropped } from '../../protocols/canonical/dropped.ts';
import type { CanonicalRequest } from '../../protocols/canonical/request.ts';

export function reportLacking({ verbosity, userId, cacheKey }: CanonicalRequest, dropped: Dropped): void {
  if (verbosity !== null) dropped.add('verbosity');
  if (userId !== null) dropped.add('user');
  if (cacheKey !== null) dropped.add('prompt_cache_key');
}

/** Names of what holds where nothing is said. */
const USUAL_TIERS: ReadonlySet<string> = new Set(['auto', 'default', 'standard', 'standard_only']);

/** @returns the tier to ask for, or null for none */
export function tierAmong<T extends string>(
  tiers: readonly T[],
  wanted: string | null,
  dropped: Dropped,
): T | null {
  const found = tiers.find((tier) => tier === wanted) ?? null;
  if (found === null && wanted !== null && !USUAL_TIERS.has(wanted)) dropped.add('service_tier');
  return found;
}
