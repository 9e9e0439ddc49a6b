import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Alert, Change, IpBlock, List, PanelSessions } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { useLiveEvents } from '../../api/live.tsx';
import { ALERTS, CONFIG } from '../../api/query-keys.ts';

/** A block list is short; alerts that wait may be some more than fit. */
const ALL = 100_000;
export const ALERTS_SHOWN = 50;

export function useOpenAlerts() {
  return useQuery({
    queryKey: [ALERTS, 'open'],
    queryFn: ({ signal }) =>
      getJson<List<Alert>>('/alerts', { unseen: true, pageSize: ALERTS_SHOWN }, signal),
  });
}

/** Seen or not, newest first. */
export function useAllAlerts(page: number, enabled: boolean) {
  return useQuery({
    queryKey: [ALERTS, 'all', page],
    queryFn: ({ signal }) => getJson<List<Alert>>('/alerts', { page, pageSize: ALERTS_SHOWN }, signal),
    enabled,
    placeholderData: keepPreviousData,
  });
}

/** The gateway blocks by itself too, and tells so by an alert. */
export function useBlocks() {
  const client = useQueryClient();
  useLiveEvents(({ type }) => {
    if (type === 'alert') void client.invalidateQueries({ queryKey: [CONFIG, 'ip-blocks'] });
  });
  return useQuery({
    queryKey: [CONFIG, 'ip-blocks'],
    queryFn: async ({ signal }) =>
      (await getJson<List<IpBlock>>('/ip-blocks', { pageSize: ALL }, signal)).data,
    // Blocks end by themselves.
    refetchInterval: 60_000,
  });
}

export function useChanges(page: number, pageSize: number) {
  return useQuery({
    queryKey: [CONFIG, 'changes', page, pageSize],
    queryFn: ({ signal }) => getJson<List<Change>>('/changes', { page, pageSize }, signal),
    placeholderData: keepPreviousData,
  });
}

/** Browsers that are signed in; Settings asks the same. */
export function useSessions() {
  return useQuery({
    queryKey: [CONFIG, 'sessions'],
    queryFn: ({ signal }) => getJson<PanelSessions>('/sessions', {}, signal),
    // Nobody tells of a browser that signs in.
    staleTime: 0,
    refetchInterval: 15_000,
  });
}
