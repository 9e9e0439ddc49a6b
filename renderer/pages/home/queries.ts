import { useQuery } from '@tanstack/react-query';
import type { Alert, List, Overview } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { ALERTS, FIGURES } from '../../api/query-keys.ts';

/** An hour and a day begin also where nobody asks anything. */
const CLOCK_MS = 60_000;

/** Today, beside yesterday up to this minute. */
export function useOverview() {
  return useQuery({
    queryKey: [FIGURES, 'overview'],
    queryFn: ({ signal }) => {
      const timeZoneOffsetMinutes = -new Date().getTimezoneOffset();
      return getJson<Overview>('/overview', { timeZoneOffsetMinutes }, signal);
    },
    refetchInterval: CLOCK_MS,
  });
}

/** Those nobody has looked at, newest first. */
export function useUnseenAlerts() {
  return useQuery({
    queryKey: [ALERTS, 'unseen'],
    queryFn: ({ signal }) => getJson<List<Alert>>('/alerts', { unseen: true, pageSize: 20 }, signal),
  });
}
