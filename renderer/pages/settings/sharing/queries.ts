import { useQuery } from '@tanstack/react-query';
import type { OwnerAccess, TrustSteps } from '../../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../../api/admin-api.ts';
import { CONFIG } from '../../../api/query-keys.ts';

export function useTrust() {
  return useQuery({
    queryKey: [CONFIG, 'sharing', 'trust'],
    queryFn: ({ signal }) => getJson<TrustSteps>('/sharing/trust', {}, signal),
  });
}

export function useOwnerAccess() {
  return useQuery({
    queryKey: [CONFIG, 'sharing', 'access'],
    queryFn: ({ signal }) => getJson<OwnerAccess>('/sharing/access', {}, signal),
  });
}
