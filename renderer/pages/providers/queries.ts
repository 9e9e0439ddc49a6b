import { useQuery } from '@tanstack/react-query';
import type { LocalRuntimeList } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';

export const LOCAL_RUNTIMES = 'local-runtimes';

/** Servers of local models on this computer. Each look knocks at their ports, so it is not made at every change. */
export function useLocalRuntimes() {
  return useQuery({
    queryKey: [LOCAL_RUNTIMES],
    queryFn: ({ signal }) => getJson<LocalRuntimeList>('/local-runtimes', {}, signal),
    staleTime: 30_000,
  });
}
