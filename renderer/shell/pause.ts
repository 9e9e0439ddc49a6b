import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sendJson } from '../api/admin-api.ts';
import { useStatus } from '../api/lists.ts';
import { STATUS } from '../api/query-keys.ts';

/** Whether the gateway is paused, and what changes that. */
export function usePause(): { paused: boolean; busy: boolean; toggle: () => void } {
  const client = useQueryClient();
  const paused = useStatus().data?.paused ?? false;
  const { mutate, isPending } = useMutation({
    mutationFn: () => sendJson('POST', paused ? '/resume' : '/pause'),
    onSettled: () => client.invalidateQueries({ queryKey: [STATUS] }),
  });
  return { paused, busy: isPending, toggle: () => mutate() };
}
