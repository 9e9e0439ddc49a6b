import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { NewTunnel, Tunnel } from '../../gateway/doors/admin/contract.ts';
import { useAct } from '../people/use-act.ts';
import { getJson, sendJson } from './admin-api.ts';
import { CONFIG } from './query-keys.ts';

const KEY = [CONFIG, 'tunnel'];
const OPENING_MS = 1_000;
const OPEN_MS = 10_000;

/** The public tunnel, looked at more often while it opens, and what one can do with it. */
export function useTunnel() {
  const client = useQueryClient();
  const act = useAct();
  const { data } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => getJson<Tunnel>('/tunnel', {}, signal),
    // Nobody tells of a tool that was just installed, or of one that ended.
    staleTime: 0,
    refetchInterval: ({ state }) =>
      state.data?.state === 'opening' || state.data?.state === 'waiting' ? OPENING_MS : OPEN_MS,
  });
  const put = async (work: Promise<Tunnel>) => client.setQueryData(KEY, await work);
  return {
    tunnel: data,
    busy: act.busy,
    refusal: act.refusal,
    start: (wanted: NewTunnel) => act.run(() => put(sendJson<Tunnel>('POST', '/tunnel', wanted))),
    stop: () => act.run(() => put(sendJson<Tunnel>('DELETE', '/tunnel'))),
    allow: (keyId: string, tunnel: boolean) => act.run(() => sendJson('PATCH', `/keys/${keyId}`, { tunnel })),
  };
}
