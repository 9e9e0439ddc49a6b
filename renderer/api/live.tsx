import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import { AdminError } from './admin-api.ts';
import { type LiveEvent, watchEvents } from './live-events.ts';
import { ALERTS, CONFIG, FIGURES, STATUS } from './query-keys.ts';

/** Sums follow requests, but no faster than this. */
const FIGURES_MS = 5_000;
/** Hundreds of models may be published at once: lists follow, but not each of them. */
const CHANGES_MS = 500;
const RETRY_MS = 3_000;

/** Whether the page hears the gateway: what it shows may be older otherwise. */
export type Connection = 'connecting' | 'live' | 'draining' | 'lost' | 'signed-out';

interface Live {
  connection: Connection;
  /** @returns ends it */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}

const LiveContext = createContext<Live | null>(null);

/** One connection for the whole page: it tells what is stale, and hands events to who asks. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');
  const [listeners] = useState(() => new Set<(event: LiveEvent) => void>());

  useEffect(() => {
    const ended = new AbortController();
    const figures = throttled(() => client.invalidateQueries({ queryKey: [FIGURES] }), FIGURES_MS);
    const config = throttled(() => invalidate(client, STALE_BY.change), CHANGES_MS);
    function onEvent(event: LiveEvent) {
      if (event.type === 'state') setConnection(event.data.state === 'draining' ? 'draining' : 'live');
      markStale(client, event, { figures: figures.run, config: config.run });
      for (const listener of listeners) listener(event);
    }
    void stayConnected(client, ended.signal, setConnection, onEvent);
    return () => {
      ended.abort();
      figures.cancel();
      config.cancel();
    };
  }, [client, listeners]);

  const [subscribe] = useState(() => (listener: (event: LiveEvent) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  });
  return <LiveContext value={{ connection, subscribe }}>{children}</LiveContext>;
}

export function useConnection(): Connection {
  return useLive().connection;
}

/** Calls with each event for as long as the component shows. */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const { subscribe } = useLive();
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => subscribe((event) => latest.current(event)), [subscribe]);
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('There is no LiveProvider around this component.');
  return live;
}

async function stayConnected(
  client: QueryClient,
  signal: AbortSignal,
  tell: (connection: Connection) => void,
  onEvent: (event: LiveEvent) => void,
): Promise<void> {
  while (!signal.aborted) {
    let lost: Connection = 'lost';
    try {
      await watchEvents(
        signal,
        () => {
          tell('live');
          // What happened before the gateway listened to this page is read anew.
          void client.invalidateQueries();
        },
        onEvent,
      );
    } catch (error) {
      if (error instanceof AdminError && error.status === 401) lost = 'signed-out';
    }
    if (!signal.aborted) tell(lost);
    await pause(RETRY_MS, signal);
  }
}

/** What an event makes stale; requests make sums stale, which are read again no faster than they can be. */
const STALE_BY: Record<LiveEvent['type'], readonly string[]> = {
  request: [],
  progress: [],
  skipped: [],
  alert: [ALERTS, STATUS],
  // A changed limit stands differently at once.
  change: [CONFIG, STATUS, FIGURES],
  provider: [CONFIG],
  state: [STATUS],
};

function markStale(
  client: QueryClient,
  event: LiveEvent,
  later: { figures: () => void; config: () => void },
): void {
  if (event.type === 'request' || event.type === 'skipped') later.figures();
  if (event.type === 'change') later.config();
  else invalidate(client, STALE_BY[event.type]);
}

function invalidate(client: QueryClient, keys: readonly string[]): void {
  for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
}

/** Runs at once, then at most once in a while; the last call is never lost. */
function throttled(work: () => void, ms: number): { run: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  return {
    run() {
      if (timer !== undefined) return;
      const wait = Math.max(0, last + ms - Date.now());
      timer = setTimeout(() => {
        timer = undefined;
        last = Date.now();
        work();
      }, wait);
    },
    cancel: () => clearTimeout(timer),
  };
}

/** Ends early with the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    const stop = () => {
      clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
