import type { Dropped } from '../../protocols/canonical/dropped.ts';
import type { CacheMark } from '../../protocols/canonical/request.ts';
import type { Target } from '../../protocols/canonical/target.ts';
import type { NativeKind } from './kinds.ts';
import type { ProviderOptions } from './sdk.ts';

/** What the form of a request depends on, and whom to tell what it has no place for. */
export interface Wording {
  kind: NativeKind;
  target: Target;
  dropped: Dropped;
  /** Marks of what may be cached are taken, with this as the longest time; null where they are not. */
  caching: '5m' | '1h' | null;
}

/** Options of a part that may be cached up to its end. */
export function marked(
  mark: CacheMark | undefined,
  { caching, dropped }: Wording,
): { providerOptions?: ProviderOptions } {
  if (mark === undefined) return {};
  if (caching === null) {
    dropped.add('cache_control');
    return {};
  }
  const ttl = caching === '1h' && mark.ttl !== null ? { ttl: mark.ttl } : {};
  return { providerOptions: { amazonBedrock: { cachePoint: { type: 'default', ...ttl } } } };
}

export function isBlank(text: string): boolean {
  return text.trim() === '';
}
