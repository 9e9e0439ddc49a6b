import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { JoinStatus } from '../../gateway/doors/people/contract.ts';
import { getOwn } from '../colleague/ask.ts';

/** How soon the page notices an answer of the owner's. */
const WAITING_MS = 2_000;

const KEY = ['join'];

/** How this browser's request stands; asked again and again while somebody else may change it. */
export function useJoinStatus() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => getOwn<JoinStatus>('/join/state', {}, signal),
    // In another tab too: its title tells that the answer is there. A gateway that restarts is waited for.
    refetchInterval: ({ state }) => (isMoving(state.data) || state.error !== null ? WAITING_MS : false),
    refetchIntervalInBackground: true,
  });
}

/** Shows what an answer told, or asks anew. */
export function useJoinRefresh(): (told?: JoinStatus) => void {
  const client = useQueryClient();
  return (told) => {
    if (told === undefined) void client.invalidateQueries({ queryKey: KEY });
    else client.setQueryData(KEY, told);
  };
}

/** An owner may offer a key again that was not fetched. */
function isMoving(status: JoinStatus | undefined): boolean {
  const state = status?.request?.state;
  return state === 'waiting' || state === 'approved' || state === 'uncollected';
}
