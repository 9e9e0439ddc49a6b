import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { AuditRow, List } from '../../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../../api/admin-api.ts';
import { useConnectTools } from '../../../api/connect.ts';
import { useMembers, useModels, useProviders, useStatus } from '../../../api/lists.ts';
import { useLiveEvents } from '../../../api/live.tsx';
import { FIGURES } from '../../../api/query-keys.ts';
import { type Steps, stepsOf } from './steps.ts';

export interface SetUpState {
  /** `closed` where it is done, or was put away. */
  stage: 'unknown' | 'open' | 'closed';
  steps: Steps;
  /** The last request that came while this was open and was not answered. */
  refused: AuditRow | null;
  /** Puts it away for good, on this computer. */
  close: () => void;
}

const CLOSED_KEY = 'ntl.set-up';
const CLOSED = 'closed';

/** How far the owner is on the way to a first connected tool. Each step ticks itself. */
export function useSetUp(): SetUpState {
  const [closed, setClosed] = useState(() => localStorage.getItem(CLOSED_KEY) === CLOSED);
  const [opened, setOpened] = useState(false);
  const { answered, refused } = useFirstAnswer(!closed);
  const tools = useConnectTools(!closed);
  const providers = useProviders();
  const models = useModels();
  const members = useMembers();
  const status = useStatus();

  function close() {
    localStorage.setItem(CLOSED_KEY, CLOSED);
    setClosed(true);
  }
  const broken = [tools, providers, models, members, status].some(
    ({ isError, data }) => isError && data === undefined,
  );
  const steps = stepsOf({
    listens: status.data !== undefined,
    answered: answered ?? false,
    tools: tools.data ?? [],
    providers: providers.data ?? [],
    models: models.data ?? [],
    members: members.data ?? [],
  });
  const known = [tools, providers, models, members, status].every(({ data }) => data !== undefined);
  const settled = known && answered !== undefined;
  // Whoever finds all of it done never needed the path; whoever walks it sees its end.
  const shows = !closed && settled && (opened || !steps.done);
  useEffect(() => {
    if (shows) setOpened(true);
  }, [shows]);
  useEffect(() => {
    if (!closed && settled && steps.done && !opened) localStorage.setItem(CLOSED_KEY, CLOSED);
  }, [closed, settled, steps.done, opened]);

  if (closed || broken) return { stage: 'closed', steps, refused, close };
  return { stage: !settled ? 'unknown' : shows ? 'open' : 'closed', steps, refused, close };
}

/** Whether any request was ever answered; undefined until that is known. */
function useFirstAnswer(wanted: boolean): { answered: boolean | undefined; refused: AuditRow | null } {
  const [heard, setHeard] = useState(false);
  const [refused, setRefused] = useState<AuditRow | null>(null);
  const { data, isError } = useQuery({
    queryKey: [FIGURES, 'first answer'],
    queryFn: async ({ signal }) => {
      const page = await getJson<List<AuditRow>>('/requests', { outcome: 'ok', pageSize: 1 }, signal);
      return page.data.length > 0;
    },
    enabled: wanted && !heard,
    // It never becomes untrue.
    staleTime: ({ state }) => (state.data === true ? Number.POSITIVE_INFINITY : 0),
  });
  useLiveEvents((event) => {
    if (event.type !== 'request') return;
    const isAnswer = event.data.status >= 200 && event.data.status < 400;
    if (isAnswer) setHeard(true);
    setRefused(isAnswer ? null : event.data);
  });
  return { answered: heard || (isError && data === undefined ? false : data), refused };
}
