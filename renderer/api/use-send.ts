import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CONFIG, STATUS } from './query-keys.ts';

/** Sends a change of what the owner sets, and reads that anew before it counts as done. */
export function useSend<Input, Answer = unknown>(send: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSettled: () =>
      Promise.all([CONFIG, STATUS].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
