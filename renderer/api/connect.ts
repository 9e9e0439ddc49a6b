import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ConnectRecipe, ConnectTool } from '../../gateway/doors/admin/contract.ts';
import { getJson } from './admin-api.ts';
import { CONFIG, FIGURES } from './query-keys.ts';

/** The tools there are recipes for, with when each was last seen. */
export function useConnectTools(enabled = true) {
  return useQuery({
    queryKey: [FIGURES, 'connect tools'],
    queryFn: async ({ signal }) =>
      (await getJson<{ data: ConnectTool[] }>('/connect/tools', {}, signal)).data,
    enabled,
  });
}

export interface RecipeWishes {
  model: string | null;
  smallModel: string | null;
  /** Where the tool reaches the gateway; null: where it listens. */
  address: string | null;
}

/** The lines that point a tool at this gateway. Those of other wishes stay until the new ones are there. */
export function useRecipe(tool: string | null, wishes: RecipeWishes) {
  return useQuery({
    queryKey: [CONFIG, 'recipe', tool, wishes],
    queryFn: ({ signal }) => getJson<ConnectRecipe>(`/connect/tools/${tool}`, { ...wishes }, signal),
    placeholderData: (before, query) => (query?.queryKey[2] === tool ? keepPreviousData(before) : undefined),
    enabled: tool !== null,
  });
}
