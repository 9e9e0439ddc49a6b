import { useQuery } from '@tanstack/react-query';
import type { Desktop, Storage } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { CONFIG } from '../../api/query-keys.ts';

/** The app around the gateway. While an update moves, it is looked at more often. */
export function useDesktop() {
  return useQuery({
    queryKey: [CONFIG, 'desktop'],
    queryFn: ({ signal }) => getJson<Desktop>('/desktop', {}, signal),
    refetchInterval: ({ state }) =>
      ['checking', 'downloading'].includes(state.data?.update.state ?? '') ? 1_000 : false,
  });
}

export function useStorage() {
  return useQuery({
    queryKey: [CONFIG, 'storage'],
    queryFn: ({ signal }) => getJson<Storage>('/storage', {}, signal),
  });
}
