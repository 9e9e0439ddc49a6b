import { useState } from 'react';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { useLiveEvents } from '../../api/live.tsx';

export interface FirstRequest {
  /** One has come and is being answered. */
  running: boolean;
  /** How the latest one ended. */
  ended: AuditRow | null;
}

/** Who is waited for: names that audit rows give the tool, and the key it was given, should it go by another name. */
export interface Awaited {
  seenAs: readonly string[];
  keyId: string | null;
}

/** What comes of a tool while the page is open. */
export function useFirstRequest({ seenAs, keyId }: Awaited): FirstRequest {
  const [state, setState] = useState<FirstRequest>({ running: false, ended: null });
  useLiveEvents((event) => {
    if (event.type === 'progress' && seenAs.includes(event.data.tool))
      setState((before) => ({ ...before, running: true }));
    // `ntl doctor` tries a tool's key without the tool.
    if (event.type !== 'request' || event.data.tool === 'doctor') return;
    const { tool, keyId: sentWith } = event.data;
    if (seenAs.includes(tool) || (keyId !== null && sentWith === keyId))
      setState({ running: false, ended: event.data });
  });
  return state;
}
