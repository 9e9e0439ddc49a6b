import { useQuery } from '@tanstack/react-query';
import type { ConnectReach } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { STATUS } from '../../api/query-keys.ts';

/** Whether an address leads to this gateway. @param address null: where it listens */
export function useReach(address: string | null, enabled = true) {
  return useQuery({
    queryKey: [STATUS, 'reach', address],
    queryFn: ({ signal }) => getJson<ConnectReach>('/connect/reach', { address }, signal),
    enabled,
    staleTime: 30_000,
  });
}
