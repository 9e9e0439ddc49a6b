import { useQuery } from '@tanstack/react-query';
import type {
  JoinRequest,
  Key,
  List,
  Member,
  Model,
  Plan,
  Provider,
  ProviderKindFacts,
  Settings,
  Sharing,
  Status,
} from '../../gateway/doors/admin/contract.ts';
import { getJson } from './admin-api.ts';
import { CONFIG, STATUS } from './query-keys.ts';

/** What the owner sets is small: it is read whole. */
const ALL = { pageSize: 100_000 };

/** The gateway as it is. */
export function useStatus() {
  return useQuery({
    queryKey: [STATUS],
    queryFn: ({ signal }) => getJson<Status>('/status', {}, signal),
    refetchInterval: 30_000,
  });
}

export const useProviders = () => useConfigList<Provider>('providers');
export const useModels = () => useConfigList<Model>('models');
export const useMembers = () => useConfigList<Member>('members');
export const useKeys = () => useConfigList<Key>('keys');
export const usePlans = () => useConfigList<Plan>('plans');
/** Who asked to join, and what became of it, a week back. */
export const useJoinRequests = () => useConfigList<JoinRequest>('join-requests');

export function useProviderKinds() {
  return useQuery({
    queryKey: ['provider-kinds'],
    queryFn: async ({ signal }) =>
      (await getJson<{ data: ProviderKindFacts[] }>('/provider-kinds', {}, signal)).data,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSettings() {
  return useQuery({
    queryKey: [CONFIG, 'settings'],
    queryFn: ({ signal }) => getJson<Settings>('/settings', {}, signal),
  });
}

/** How the gateway is shared. Networks come and go without anybody telling. */
export function useSharing() {
  return useQuery({
    queryKey: [CONFIG, 'sharing'],
    queryFn: ({ signal }) => getJson<Sharing>('/sharing', {}, signal),
    refetchInterval: ({ state }) => (state.data?.on ? 5_000 : false),
  });
}

function useConfigList<Item>(name: string) {
  return useQuery({
    queryKey: [CONFIG, name],
    queryFn: async ({ signal }) => (await getJson<List<Item>>(`/${name}`, ALL, signal)).data,
  });
}
