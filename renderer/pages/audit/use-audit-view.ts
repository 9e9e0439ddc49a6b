import { useMemo } from 'react';
import { useKeys } from '../../api/lists.ts';
import { type Filters, useFilters } from '../../api/use-filters.ts';
import { type AuditQuery, PLAIN_FILTERS } from './audit-query.ts';
import { CODES } from './explanations.ts';
import { parseSearch, type Search } from './search.ts';
import { DEFAULT_TIME, namedSpan, ownSpan, TIMES, type TimeName, type TimeSpan } from './time-span.ts';

/** What the log is asked to show. */
export interface AuditView {
  /** Null for own dates. */
  time: TimeName | null;
  /** Own dates. */
  own: TimeSpan | null;
  /** As it was typed. */
  text: string;
  search: Search | null;
  plain: AuditQuery;
}

/** Other pages link to what the search field finds under the API's own names. */
const SEARCHED = ['q', 'requestId', 'keyPrefix', 'address'] as const;

/** The view as the page's address says it: `/audit?time=7d&memberId=3&outcome=refused&q=192.168.1.31`. */
export function useAuditView(): { view: AuditView; filters: Filters } {
  const filters = useFilters();
  const { data: keys } = useKeys();
  const address = [...PLAIN_FILTERS, ...SEARCHED, 'time', 'from', 'to'].map((name) => filters.get(name));
  // The view changes with what the address says: its texts are its identity.
  const view = useMemo((): AuditView => {
    const plain: AuditQuery = {};
    for (const name of PLAIN_FILTERS) {
      const value = filters.get(name);
      if (value !== null) plain[name] = value;
    }
    const own = ownSpan(filters.get('from') ?? '', filters.get('to') ?? '');
    const named = TIMES.find(({ value }) => value === filters.get('time'))?.value ?? DEFAULT_TIME;
    const text = SEARCHED.map((name) => filters.get(name)).find((value) => value !== null) ?? '';
    const prefixes = (keys ?? []).map(({ prefix }) => prefix);
    const search = parseSearch(text, prefixes, CODES);
    return { time: own === null ? named : null, own, text, search, plain };
  }, [address.join('\n'), keys]);
  return { view, filters };
}

/** @returns changes that put a text in the place of what was looked for */
export function searchChanges(text: string): Record<string, string | null> {
  return { q: text, requestId: null, keyPrefix: null, address: null };
}

/** The time in effect, if it is looked at now. */
export function spanOf({ time, own }: Pick<AuditView, 'time' | 'own'>, now: Date): TimeSpan {
  return own ?? namedSpan(time ?? DEFAULT_TIME, now);
}

export function isFiltered({ plain, search }: AuditView): boolean {
  return search !== null || Object.keys(plain).length > 0;
}
