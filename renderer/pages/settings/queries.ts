import { useQuery } from '@tanstack/react-query';
import type {
  Billing,
  BillingSession,
  Desktop,
  List,
  Storage,
} from '../../../gateway/doors/admin/contract.ts';
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

/** How payments go. Looks at them happen by themselves: nobody tells of each. */
export function useBilling() {
  return useQuery({
    queryKey: [CONFIG, 'billing'],
    queryFn: ({ signal }) => getJson<Billing>('/billing', {}, signal),
    refetchInterval: ({ state }) => ((state.data?.open ?? 0) > 0 ? 10_000 : false),
  });
}

/** The latest payments, for as long as somebody watches them. */
export function usePayments() {
  return useQuery({
    queryKey: [CONFIG, 'billing', 'sessions'],
    queryFn: ({ signal }) => getJson<List<BillingSession>>('/billing/sessions', { pageSize: 100 }, signal),
    refetchInterval: 5_000,
  });
}
