import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sendJson } from '../../api/admin-api.ts';
import { CONFIG, STATUS } from '../../api/query-keys.ts';
import { wordsOf } from '../../components/states.tsx';

export interface Change<Input> {
  change: (input: Input) => void;
  busy: boolean;
  /** The gateway's refusal of the last change. */
  error: string | null;
}

/** A setting that holds at once: sends it and reads the settings anew, also after a refusal. */
export function useChange<Input, Answer = unknown>(
  method: 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string | ((input: Input) => string),
  onDone?: (answer: Answer) => void,
): Change<Input> {
  const client = useQueryClient();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (input: Input) =>
      sendJson<Answer>(
        method,
        typeof path === 'string' ? path : path(input),
        typeof path === 'string' ? input : undefined,
      ),
    onSuccess: onDone ?? (() => undefined),
    onSettled: () =>
      Promise.all([CONFIG, STATUS].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return { change: mutate, busy: isPending, error: error === null ? null : wordsOf(error) };
}
