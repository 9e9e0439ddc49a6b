import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { UsageList } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { FIGURES } from '../../api/query-keys.ts';
import { FILTERS, type UsageView } from './use-usage-view.ts';

/** So many groups have a colour of their own. */
const COLOURED = 4;
/** The hour that runs goes on, and the day ends, without anything being told. */
const REFRESH_MS = 60_000;

export type UsageQuery = Record<string, string | number>;

/** What is shown, by hour or day: as it is saved. */
export function usageQuery({ span, dimension, chosen, clock }: UsageView): UsageQuery {
  const query: UsageQuery = {
    step: span.bucket === 'hour' ? 'hour' : 'day',
    groupBy: dimension,
    startDate: new Date(span.from).toISOString(),
    endDate: new Date(span.to).toISOString(),
    timeZoneOffsetMinutes: clock.offsetMinutes,
  };
  for (const [name, value] of Object.entries(chosen)) {
    if (value !== null) query[FILTERS[name as keyof typeof FILTERS]] = value;
  }
  return query;
}

/**
 * The totals of the largest groups, and bars of the four that are coloured and all others together: of thousands of
 * keys all rows would be megabytes. With the view they were asked for: while others are read, the last ones stay.
 * @param shown so many groups are in the table
 */
export function useUsage(view: UsageView, shown: number) {
  const { metric, span } = view;
  const query = { ...usageQuery(view), metric };
  return useQuery({
    queryKey: [FIGURES, 'usage', query, shown],
    queryFn: async ({ signal }) => {
      const ask = (own: UsageQuery) => getJson<UsageList>('/usage', { ...query, ...own }, signal);
      const [table, bars] = await Promise.all([
        ask({ step: 'total', pageSize: shown }),
        ask({ step: span.bucket, top: COLOURED }),
      ]);
      return { table, bars, asked: view };
    },
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
