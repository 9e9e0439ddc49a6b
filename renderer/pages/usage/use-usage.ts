import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { UsageList } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { FIGURES } from '../../api/query-keys.ts';
import { FILTERS, type UsageView } from './use-usage-view.ts';

/** All of a report: years by day and key are some ten thousand rows. */
const ALL_ROWS = 100_000;
/** The hour that runs goes on, and the day ends, without anything being told. */
const REFRESH_MS = 60_000;

export type UsageQuery = Record<string, string | number>;

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

/** The sums, with the view they were asked for: while others are read, the last ones stay. */
export function useUsage(view: UsageView) {
  const query = usageQuery(view);
  return useQuery({
    queryKey: [FIGURES, 'usage', query],
    queryFn: async ({ signal }) => ({
      list: await getJson<UsageList>('/usage', { ...query, pageSize: ALL_ROWS }, signal),
      asked: view,
    }),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}
