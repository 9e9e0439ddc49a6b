import { useState } from 'react';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { useLiveEvents } from '../../api/live.tsx';

export interface FirstRequest {
  /** One has come and is being answered. */
  running: boolean;
  /** How the latest one ended. */
  ended: AuditRow | null;
}

/** What comes of a tool while the page is open. @param seenAs names that audit rows give it */
export function useFirstRequest(seenAs: readonly string[]): FirstRequest {
  const [state, setState] = useState<FirstRequest>({ running: false, ended: null });
  useLiveEvents((event) => {
    if (event.type === 'progress' && seenAs.includes(event.data.tool))
      setState((before) => ({ ...before, running: true }));
    if (event.type === 'request' && seenAs.includes(event.data.tool))
      setState({ running: false, ended: event.data });
  });
  return state;
}
