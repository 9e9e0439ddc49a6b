import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { AuditRow, Ledger, List, UsageList } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { FIGURES } from '../../api/query-keys.ts';
import { lastDays } from './days.ts';

const DAY_MS = 86_400_000;
const RECENT = 6;
/** So many of the refused are looked through for their reasons. */
const MOST_REFUSED = 200;

/** Newest first, as far back as asked for. */
export function useLedger(memberId: string, rows: number) {
  return useQuery({
    queryKey: [FIGURES, 'ledger', memberId, rows],
    queryFn: ({ signal }) => getJson<Ledger>(`/members/${memberId}/ledger`, { pageSize: rows }, signal),
    placeholderData: keepPreviousData,
  });
}

/** What a member used by local day, today last. */
export function useDays(memberId: string) {
  return useQuery({
    queryKey: [FIGURES, 'days-of', memberId],
    queryFn: async ({ signal }) => {
      const days = lastDays(new Date());
      const query = {
        ...{ memberId, step: 'day', pageSize: 1_000 },
        startDate: days[0]?.toISOString(),
        timeZoneOffsetMinutes: -new Date().getTimezoneOffset(),
      };
      const { data, totals } = await getJson<UsageList>('/usage', query, signal);
      const byDay = new Map(data.map((row) => [new Date(row.start).toDateString(), row]));
      return { days: days.map((at) => ({ at, sums: byDay.get(at.toDateString()) })), totals };
    },
  });
}

/** A member's latest requests. */
export function useRecent(memberId: string) {
  return useQuery({
    queryKey: [FIGURES, 'recent-of', memberId],
    queryFn: async ({ signal }) =>
      (await getJson<List<AuditRow>>('/requests', { memberId, pageSize: RECENT }, signal)).data,
  });
}

/** How many of a member's requests were refused in the last 24 hours, and why. */
export function useRefused(memberId: string) {
  return useQuery({
    queryKey: [FIGURES, 'refused-of', memberId],
    queryFn: async ({ signal }) => {
      const startDate = new Date(Date.now() - DAY_MS).toISOString();
      const query = { memberId, outcome: 'refused', startDate, pageSize: MOST_REFUSED };
      const { data, pagination } = await getJson<List<AuditRow>>('/requests', query, signal);
      return { total: pagination.total, codes: [...new Set(data.map(({ code }) => code ?? 'refused'))] };
    },
  });
}
