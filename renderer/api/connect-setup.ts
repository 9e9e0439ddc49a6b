import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type {
  ConnectFindings,
  ConnectSetup,
  ConnectUndone,
  ConnectWish,
  ConnectWritten,
} from '../../gateway/doors/admin/contract.ts';
import { getJson, sendJson } from './admin-api.ts';
import type { RecipeWishes } from './connect.ts';
import { CONFIG } from './query-keys.ts';
import { useSend } from './use-send.ts';

/** What writing a tool's files would change. Somebody may edit them meanwhile: it is looked at again on each visit. */
export function useSetup(tool: string, wishes: RecipeWishes, enabled: boolean) {
  return useQuery({
    queryKey: [CONFIG, 'setup', tool, wishes],
    queryFn: ({ signal }) => getJson<ConnectSetup>(`/connect/tools/${tool}/setup`, { ...wishes }, signal),
    placeholderData: (before, query) => (query?.queryKey[2] === tool ? keepPreviousData(before) : undefined),
    enabled,
    retry: false,
    staleTime: 0,
  });
}

/** What the tool's own files say now, and whether that works: what `ntl doctor` tells without a shell. */
export function useFindings(tool: string, enabled: boolean) {
  return useQuery({
    queryKey: [CONFIG, 'findings', tool],
    queryFn: async ({ signal }) =>
      (await getJson<ConnectFindings>(`/connect/tools/${tool}/findings`, {}, signal)).data,
    enabled,
    retry: false,
    staleTime: 0,
  });
}

export function useWrite(tool: string) {
  return useSend((wish: ConnectWish) =>
    sendJson<ConnectWritten>('POST', `/connect/tools/${tool}/setup`, wish),
  );
}

export function useUndo(tool: string) {
  return useSend(() => sendJson<ConnectUndone>('DELETE', `/connect/tools/${tool}/setup`));
}
