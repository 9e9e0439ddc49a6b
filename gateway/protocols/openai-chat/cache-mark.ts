import type { CacheMark } from '../canonical/request.ts';
import { isObject, type JsonObject } from '../json.ts';

/**
 * Reads Anthropic's `cache_control`, which OpenRouter takes on parts, or OpenAI's `prompt_cache_breakpoint`, whose
 * lifetimes are 30 minutes or 12 hours.
 * @returns members to spread into a part; {} for no mark
 */
export function cacheMarkOf(part: JsonObject): { cache?: CacheMark } {
  const { cache_control: control, prompt_cache_breakpoint: breakpoint } = part;
  if (isObject(control)) {
    const { ttl } = control;
    return { cache: { ttl: ttl === '1h' || ttl === '5m' ? ttl : null } };
  }
  return isObject(breakpoint) ? { cache: { ttl: breakpoint.ttl === '12h' ? '1h' : null } } : {};
}
