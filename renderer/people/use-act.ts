import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { CONFIG, FIGURES, STATUS } from '../api/query-keys.ts';
import { wordsOf } from '../components/states.tsx';

/** @returns reads anew what a change of the owner's may have touched; await it before a change counts as done */
export function useRefresh(): () => Promise<unknown> {
  const client = useQueryClient();
  return useCallback(
    () => Promise.all([CONFIG, FIGURES, STATUS].map((key) => client.invalidateQueries({ queryKey: [key] }))),
    [client],
  );
}

export interface Act {
  /** @returns whether it went through */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
  busy: boolean;
  /** The gateway's words where it refused the last one. */
  refusal: string | null;
  dismiss: () => void;
}

/** Runs what has no form: one act at a time, then everything is read anew. */
export function useAct(): Act {
  const refresh = useRefresh();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function run(work: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setRefusal(null);
    try {
      await work();
      await refresh();
      return true;
    } catch (error) {
      setRefusal(wordsOf(error));
      void refresh();
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { run, busy, refusal, dismiss: () => setRefusal(null) };
}
