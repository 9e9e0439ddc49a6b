import { useQuery } from '@tanstack/react-query';
import type {
  LimitState,
  List,
  Member,
  TightestLimit,
  UsageList,
  UsageSums,
} from '../../gateway/doors/admin/contract.ts';
import { getJson } from '../api/admin-api.ts';
import { useMembers } from '../api/lists.ts';
import { CONFIG, FIGURES } from '../api/query-keys.ts';
import { startOfDay } from '../format.ts';
import { batched } from './batch.ts';

/** So many the gateway tells in one answer. */
const MOST_MEMBERS = 100;

const loadTightest = batched(async (ids) => {
  const { data } = await getJson<List<TightestLimit>>('/limits/tightest', { memberIds: ids.join(',') });
  return new Map(data.map(({ memberId, limit }) => [memberId, limit]));
}, MOST_MEMBERS);

/** The member's fullest limit; null for none. Only what is on the page is asked for. */
export function useTightestLimit(memberId: string) {
  return useQuery({
    queryKey: [FIGURES, 'tightest', memberId],
    queryFn: async () => (await loadTightest(memberId)) ?? null,
  });
}

/** One member; at once where the list is there already. One that is being deleted is asked for no more. */
export function useMember(id: string, enabled = true) {
  const listed = useMembers().data?.find((member) => member.id === id);
  return useQuery({
    queryKey: [CONFIG, 'members', id],
    queryFn: ({ signal }) => getJson<Member>(`/members/${id}`, {}, signal),
    enabled,
    ...(listed === undefined ? {} : { placeholderData: listed }),
  });
}

/** How the limits stand that hold for a member and its keys. */
export function useMemberLimits(memberId: string) {
  return useQuery({
    queryKey: [FIGURES, 'limits-of', memberId],
    queryFn: async ({ signal }) =>
      (await getJson<List<LimitState>>(`/members/${memberId}/limits`, {}, signal)).data,
    // What is used slides out of the windows by itself.
    refetchInterval: 15_000,
  });
}

/** Sums since local midnight by member id; who is not there sent nothing. */
export function useTodayByMember() {
  return useQuery({
    queryKey: [FIGURES, 'today-by-member'],
    queryFn: async ({ signal }) => {
      const startDate = startOfDay(new Date()).toISOString();
      const query = { step: 'total', groupBy: 'member', startDate, pageSize: 100_000 };
      const { data } = await getJson<UsageList>('/usage', query, signal);
      return new Map<string, UsageSums>(data.map((row) => [row.memberId ?? '', row]));
    },
  });
}
