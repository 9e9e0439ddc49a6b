import { useEffect, useRef, useState } from 'react';
import { useLiveEvents } from '../api/live.tsx';

interface Use {
  at: string;
  address: string;
}

/** What has been heard of since the page opened. */
export interface LastUse {
  member: (id: string, known: string | null) => string | null;
  key: (id: string, known: string | null) => string | null;
  address: (keyId: string, known: string | null) => string | null;
}

const REDRAW_MS = 1_000;
/** “4 min ago” must not stay that. */
const TICK_MS = 30_000;

/** Last requests by member and key, live: the lists tell them as they were when they were read. */
export function useLastUse(): LastUse {
  const members = useRef(new Map<string, Use>());
  const keys = useRef(new Map<string, Use>());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [, redraw] = useState(0);

  useLiveEvents((event) => {
    if (event.type !== 'request') return;
    const { at, address, memberId, keyId } = event.data;
    if (memberId !== null) members.current.set(memberId, { at, address });
    if (keyId !== null) keys.current.set(keyId, { at, address });
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      redraw((count) => count + 1);
    }, REDRAW_MS);
  });
  useEffect(() => {
    const tick = setInterval(() => redraw((count) => count + 1), TICK_MS);
    return () => {
      clearInterval(tick);
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, []);

  return {
    member: (id, known) => later(members.current.get(id)?.at, known),
    key: (id, known) => later(keys.current.get(id)?.at, known),
    address: (keyId, known) => keys.current.get(keyId)?.address ?? known,
  };
}

function later(heard: string | undefined, known: string | null): string | null {
  if (heard === undefined) return known;
  return known === null || heard > known ? heard : known;
}
