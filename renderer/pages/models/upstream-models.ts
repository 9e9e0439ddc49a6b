import { useQuery } from '@tanstack/react-query';
import type { LimitState, List, UpstreamModel } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { FIGURES } from '../../api/query-keys.ts';

/** What a provider lists now. It is asked, so not before somebody wants to know, nor again within minutes. */
export function useUpstreamModels(providerId: string, wanted: boolean) {
  return useQuery({
    queryKey: ['upstream-models', providerId],
    queryFn: async ({ signal }) =>
      (await getJson<List<UpstreamModel>>(`/providers/${providerId}/models`, {}, signal)).data,
    enabled: wanted && providerId !== '',
    staleTime: 300_000,
    retry: false,
  });
}

/** The limits set for one model, as they stand. */
export function useModelLimits(model: string) {
  return useQuery({
    queryKey: [FIGURES, 'limits of a model', model],
    queryFn: async ({ signal }) => (await getJson<List<LimitState>>('/limits/state', { model }, signal)).data,
  });
}
