import { useMemo } from 'react';
import { useSearchParams } from 'wouter';

export type FilterChanges = Readonly<Record<string, string | null>>;

export interface Filters {
  get(name: string): string | null;
  /** Null takes one away. A new place in the history, unless `replace`. */
  set(changes: FilterChanges, options?: { replace?: boolean }): void;
  clear(): void;
}

/** A page's filters, which live in its address: Back undoes them and links carry them. */
export function useFilters(): Filters {
  const [params, setParams] = useSearchParams();
  return useMemo(
    () => ({
      get: (name) => params.get(name),
      set: (changes, options) => setParams((now) => changed(now, changes), options),
      clear: () => setParams({}),
    }),
    [params, setParams],
  );
}

function changed(now: URLSearchParams, changes: FilterChanges): URLSearchParams {
  const next = new URLSearchParams(now);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name);
    else next.set(name, value);
  }
  return next;
}
