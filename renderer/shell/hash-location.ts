import { useSyncExternalStore } from 'react';

interface NavigateOptions<State> {
  replace?: boolean;
  state?: State;
}

/**
 * Where one is, in the hash with its query: `#/audit?memberId=3`. wouter's own hook keeps the query before the
 * hash, where it outlives the page it was meant for.
 */
export function useHashLocation(): [string, typeof navigate] {
  return [useSyncExternalStore(subscribe, path), navigate];
}

/** What links show and open in another window. */
useHashLocation.hrefs = (to: string) => `#${to}`;
useHashLocation.searchHook = () => useSyncExternalStore(subscribe, search);

function navigate<State>(to: string, { replace = false, state }: NavigateOptions<State> = {}): void {
  const oldURL = window.location.href;
  const next = new URL(oldURL);
  next.hash = to;
  if (replace) window.history.replaceState(state ?? null, '', next);
  else window.history.pushState(state ?? null, '', next);
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: next.href }));
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  // Back and forth over what was pushed.
  window.addEventListener('popstate', onChange);
  return () => {
    window.removeEventListener('hashchange', onChange);
    window.removeEventListener('popstate', onChange);
  };
}

function path(): string {
  return `/${parts()[0]}`;
}

function search(): string {
  return parts()[1];
}

function parts(): [path: string, search: string] {
  const hash = window.location.hash.replace(/^#?\/?/, '');
  const at = hash.indexOf('?');
  return at === -1 ? [hash, ''] : [hash.slice(0, at), hash.slice(at + 1)];
}
