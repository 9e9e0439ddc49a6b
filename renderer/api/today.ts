import { useQuery } from '@tanstack/react-query';
import type { List, ProviderUsage, UsageList } from '../../gateway/doors/admin/contract.ts';
import { startOfDay } from '../format.ts';
import { getJson } from './admin-api.ts';
import { FIGURES } from './query-keys.ts';

const ALL = { pageSize: 100_000 };

/** What each provider did since local midnight, by its id. */
export function useProvidersToday() {
  const startDate = startOfDay(new Date()).toISOString();
  return useQuery({
    queryKey: [FIGURES, 'providers today', startDate],
    queryFn: async ({ signal }) => {
      const query = { ...ALL, startDate };
      const { data } = await getJson<List<ProviderUsage>>('/usage/providers', query, signal);
      return new Map(data.map((usage) => [usage.providerId, usage]));
    },
  });
}

/** Requests that asked for each model since local midnight, by the name they asked for. */
export function useModelsToday() {
  const startDate = startOfDay(new Date()).toISOString();
  return useQuery({
    queryKey: [FIGURES, 'models today', startDate],
    queryFn: async ({ signal }) => {
      const query = { ...ALL, startDate, step: 'total', groupBy: 'model' };
      const { data } = await getJson<UsageList>('/usage', query, signal);
      return new Map(data.map(({ model, requests }) => [model ?? '', requests]));
    },
  });
}
