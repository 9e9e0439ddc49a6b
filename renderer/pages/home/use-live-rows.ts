import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { AuditRow, List } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { useLiveEvents } from '../../api/live.tsx';
import { AUDIT } from '../../api/query-keys.ts';
import { LiveBook, type LiveRows } from './live-rows.ts';

const REDRAW_MS = 150;
/** In a flood not every end is told; what still runs is read anew, no oftener than this. */
const READ_AGAIN_MS = 2_000;
const HOUR_MS = 3_600_000;
const PAGE = 20;

/** Outlives the page: how far what runs is, is told only once. */
const book = new LiveBook();

interface LiveState {
  /** Undefined until they are known. */
  rows: LiveRows | undefined;
  error: unknown;
  retry: () => void;
}

/** The requests that run and those that ended last, live. */
export function useLiveRows(): LiveState {
  const [rows, setRows] = useState<LiveRows>();
  const redraw = useRef<ReturnType<typeof setTimeout>>(undefined);
  const again = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { data, error, refetch } = useQuery({
    queryKey: [AUDIT, 'live'],
    queryFn: ({ signal }) => readRows(signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

  useEffect(() => {
    if (data === undefined) return;
    book.read(data.newest, data.running, data.askedAt);
    setRows(book.rows());
  }, [data]);

  useLiveEvents((event) => {
    if (event.type === 'skipped') {
      again.current ??= setTimeout(() => {
        again.current = undefined;
        void refetch();
      }, READ_AGAIN_MS);
    }
    if (!book.hear(event)) return;
    redraw.current ??= setTimeout(() => {
      redraw.current = undefined;
      setRows((before) => (before === undefined ? before : book.rows()));
    }, REDRAW_MS);
  });
  useEffect(
    () => () => {
      clearTimeout(redraw.current);
      clearTimeout(again.current);
      redraw.current = undefined;
      again.current = undefined;
    },
    [],
  );
  return { rows, error, retry: () => void refetch() };
}

async function readRows(signal: AbortSignal) {
  const askedAt = Date.now();
  const startDate = new Date(askedAt - HOUR_MS).toISOString();
  const [newest, running] = await Promise.all([
    getJson<List<AuditRow>>('/requests', { pageSize: PAGE }, signal),
    getJson<List<AuditRow>>('/requests', { pageSize: PAGE, startDate, outcome: 'running' }, signal),
  ]);
  return { newest: newest.data, running: running.data, askedAt };
}
