import { useEffect, useState } from 'react';
import type { AuditRow, Status, UsageSums } from '../../gateway/doors/admin/contract.ts';
import { startOfDay } from '../format.ts';
import { AdminError, readLatestRequests, readStatus, readUsageSince } from './admin-api.ts';
import { withRow } from './latest-rows.ts';
import { type LiveEvent, watchEvents } from './live-events.ts';

const ROWS = 20;
/** Sums follow what happens, but no faster than this. */
const REFRESH_MS = 2_000;
/** Without any event: the day may have changed. */
const IDLE_REFRESH_MS = 60_000;
const RETRY_MS = 3_000;

/** What the home page shows. */
export interface Overview {
  status: Status;
  today: UsageSums;
  rows: AuditRow[];
  draining: boolean;
}

/** Why the data is missing, or older than it seems. */
export type Trouble = { kind: 'signed-out' } | { kind: 'unreachable'; message: string };

export interface OverviewState {
  /** The last that is known; null before the first answer. */
  data: Overview | null;
  trouble: Trouble | null;
}

/** The gateway's state, kept up to date for as long as the page shows. */
export function useOverview(): OverviewState {
  const [state, setState] = useState<OverviewState>({ data: null, trouble: null });
  useEffect(() => follow(setState), []);
  return state;
}

type Update = (change: (state: OverviewState) => OverviewState) => void;

/** @returns ends it */
function follow(update: Update): () => void {
  const ended = new AbortController();
  const { signal } = ended;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Number.POSITIVE_INFINITY;

  async function refresh(): Promise<void> {
    due = Number.POSITIVE_INFINITY;
    try {
      const data = await readOverview(signal);
      update(() => ({ data, trouble: null }));
    } catch (error) {
      fail(error);
    }
    refreshWithin(IDLE_REFRESH_MS);
  }

  function refreshWithin(ms: number): void {
    if (signal.aborted || due <= Date.now() + ms) return;
    due = Date.now() + ms;
    clearTimeout(timer);
    timer = setTimeout(refresh, ms);
  }

  function fail(error: unknown): void {
    if (!signal.aborted) update((state) => ({ ...state, trouble: troubleOf(error) }));
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      try {
        // What happened before the gateway listened to this page is in what is read now.
        await watchEvents(signal, refresh, (event) => {
          update((state) => withEvent(state, event));
          refreshWithin(REFRESH_MS);
        });
      } catch (error) {
        fail(error);
      }
      await pause(RETRY_MS, signal);
    }
  }

  void watch();
  return () => {
    clearTimeout(timer);
    ended.abort();
  };
}

async function readOverview(signal: AbortSignal): Promise<Overview> {
  const [status, today, rows] = await Promise.all([
    readStatus(signal),
    readUsageSince(startOfDay(new Date()), signal),
    readLatestRequests(ROWS, signal),
  ]);
  return { status, today, rows, draining: false };
}

function withEvent(state: OverviewState, event: LiveEvent): OverviewState {
  const { data } = state;
  if (data === null) return state;
  if (event.type === 'request')
    return { ...state, data: { ...data, rows: withRow(data.rows, event.data, ROWS) } };
  if (event.type === 'state')
    return { ...state, data: { ...data, draining: event.data.state === 'draining' } };
  return state;
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof AdminError && error.status === 401) return { kind: 'signed-out' };
  const message = error instanceof AdminError ? error.message : 'The gateway does not answer.';
  return { kind: 'unreachable', message };
}

/** Ends early with the signal. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
