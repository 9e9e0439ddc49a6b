import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { AuditRow, List } from '../../../gateway/doors/admin/contract.ts';
import { getJson } from '../../api/admin-api.ts';
import { useConnection, useLiveEvents } from '../../api/live.tsx';
import { AUDIT } from '../../api/query-keys.ts';
import { type AuditQuery, auditQuery, matches } from './audit-query.ts';
import { NO_TAIL, received, released, type Tail } from './live-tail.ts';
import { type AuditView, spanOf } from './use-audit-view.ts';

/** Enough for most owners' day: then all that is told of a day comes with the first page. */
const PAGE_SIZE = 500;

/** Pages out of sight are let go: memory stays flat however far one scrolls. */
const KEPT_MS = 60_000;
/** Rows that come are shown together, some times a second. */
const FLUSH_MS = 250;

/** The list as it was when it was read. What comes later stands above it, so its pages never shift. */
interface Head {
  query: AuditQuery;
  rows: AuditRow[];
  total: number;
  capped: boolean;
  /** Exclusive end of the list: a moment after its newest row. */
  end: string | null;
  /** Which reading it is. */
  reading: number;
}

export interface AuditRows {
  /** The reading that is shown; undefined while the first one runs. */
  head: Head | undefined;
  error: unknown;
  retry: () => void;
  /** Another list than the one asked for, until that is read. */
  old: boolean;
  /** Rows there are to scroll over. */
  count: number;
  /** Those above the list. */
  liveCount: number;
  /** More match than were counted. */
  capped: boolean;
  /** Undefined while its page is read. */
  rowAt: (index: number) => AuditRow | undefined;
  /** Stays with a row wherever live rows push it. */
  keyAt: (index: number) => string | number;
  tail: Tail;
  /** Rows may have come that nobody told of. */
  missed: boolean;
  /** Tells which rows are in sight. */
  want: (first: number, last: number) => void;
  /** Shows what waited. */
  release: () => void;
  /** Reads the list anew. */
  refresh: () => void;
}

/** @param hold whether rows that come must wait, asked when they come */
export function useAuditRows(view: AuditView, hold: () => boolean): AuditRows {
  const [reading, setReading] = useState(() => Date.now());
  const head = useHead(view, reading);
  const shown = head.data;
  const pages = usePages(shown);
  const [tail, changeTail] = useTail(shown, (id) => pages.has(id), hold);
  const [missed, setMissed] = useMissed(reading);

  const liveCount = tail.shown.length;
  const rowAt = (index: number): AuditRow | undefined => {
    const row = index < liveCount ? tail.shown[index] : pages.rowAt(index - liveCount);
    return row === undefined ? undefined : (tail.changed.get(row.id) ?? row);
  };
  return {
    head: shown,
    error: head.error,
    retry: () => void head.refetch(),
    old: head.isPlaceholderData,
    count: liveCount + pages.count,
    liveCount,
    capped: shown?.capped ?? false,
    rowAt,
    keyAt: (index) => (index < liveCount ? `live ${tail.shown[index]?.id}` : index - liveCount),
    tail,
    missed,
    want: (first, last) => pages.want(first - liveCount, last - liveCount),
    release: () => changeTail(released),
    refresh: () => {
      setMissed(false);
      setReading(Date.now());
    },
  };
}

function useHead(view: AuditView, reading: number) {
  return useQuery({
    queryKey: [AUDIT, 'head', view.time, view.own, view.plain, view.search, reading],
    queryFn: async ({ signal }): Promise<Head> => {
      const query = auditQuery(view.plain, view.search, spanOf(view, new Date(reading)));
      const list = await getJson<List<AuditRow>>('/requests', { ...query, pageSize: PAGE_SIZE }, signal);
      const newest = list.data[0];
      return {
        ...{ query, reading, rows: list.data },
        total: list.pagination.total,
        capped: list.pagination.capped ?? false,
        end: newest === undefined ? null : new Date(Date.parse(newest.at) + 1).toISOString(),
      };
    },
    // Read once: what comes after is told by events, and nothing may shift what is being read.
    staleTime: 'static',
    gcTime: KEPT_MS,
    placeholderData: keepPreviousData,
  });
}

interface Pages {
  count: number;
  rowAt: (index: number) => AuditRow | undefined;
  has: (id: string) => boolean;
  want: (first: number, last: number) => void;
}

/** Pages of the list, read as they come into sight; the first is the head itself. */
function usePages(head: Head | undefined): Pages {
  const [wanted, setWanted] = useState<{ first: number; last: number }>({ first: 2, last: 2 });
  const reached = useRef({ reading: 0, rows: 0, whole: false });
  const lastPage = Math.ceil(
    (head?.capped === true ? Number.POSITIVE_INFINITY : (head?.total ?? 0)) / PAGE_SIZE,
  );
  const numbers: number[] = [];
  for (let page = Math.max(2, wanted.first); page <= Math.min(wanted.last, lastPage); page += 1)
    numbers.push(page);

  const results = useQueries({
    queries: numbers.map((page) => ({
      queryKey: [AUDIT, 'page', head?.query, head?.end, page],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const query = { ...head?.query, endDate: head?.end, page, pageSize: PAGE_SIZE };
        return (await getJson<List<AuditRow>>('/requests', query, signal)).data;
      },
      staleTime: 'static' as const,
      gcTime: KEPT_MS,
      enabled: head !== undefined,
    })),
  });
  const rows = new Map<number, readonly AuditRow[]>(head === undefined ? [] : [[1, head.rows]]);
  for (const [index, page] of numbers.entries()) {
    const data = results[index]?.data;
    if (data !== undefined) rows.set(page, data);
  }
  return {
    count: head === undefined ? 0 : countOf(head, rows, reached.current),
    rowAt: (index) => rows.get(Math.floor(index / PAGE_SIZE) + 1)?.[index % PAGE_SIZE],
    has: (id) => [...rows.values()].some((page) => page.some((row) => row.id === id)),
    want(first, last) {
      // One page further on each side is there before it is scrolled to.
      const next = { first: pageOf(first), last: pageOf(last) + 2 };
      if (next.first !== wanted.first || next.last !== wanted.last) setWanted(next);
    },
  };
}

/** The page before the one that holds a row. */
function pageOf(index: number): number {
  return Math.floor(Math.max(0, index) / PAGE_SIZE);
}

/** Beyond what was counted there is always one page more, until one was not full. */
function countOf(
  head: Head,
  rows: ReadonlyMap<number, readonly AuditRow[]>,
  reached: { reading: number; rows: number; whole: boolean },
): number {
  if (!head.capped) return head.total;
  if (reached.reading !== head.reading)
    Object.assign(reached, { reading: head.reading, rows: 0, whole: false });
  for (const [page, { length }] of rows) {
    const end = (page - 1) * PAGE_SIZE + length;
    if (length < PAGE_SIZE) Object.assign(reached, { rows: end, whole: true });
    else if (!reached.whole) reached.rows = Math.max(reached.rows, end + PAGE_SIZE);
  }
  return reached.whole ? reached.rows : Math.max(head.total, reached.rows);
}

/** Gathers rows as they come and adds them some times a second. */
function useTail(head: Head | undefined, isListed: (id: string) => boolean, hold: () => boolean) {
  const [kept, setKept] = useState<{ reading: number; tail: Tail }>({ reading: 0, tail: NO_TAIL });
  const came = useRef<AuditRow[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const tail = kept.reading === head?.reading ? kept.tail : NO_TAIL;

  const flush = useRef(() => {});
  flush.current = () => {
    timer.current = undefined;
    // What comes while the list is read for the first time waits for it.
    if (head === undefined) return;
    const rows = came.current.splice(0);
    const shownIds = new Set([...tail.shown, ...tail.waiting].map(({ id }) => id));
    const known = rows.filter(({ id }) => shownIds.has(id) || isListed(id));
    const fresh = rows.filter(
      (row) => !known.includes(row) && isAbove(row, head) && matches(row, head.query),
    );
    change((now) => received(now, { known, fresh }, hold()));
  };
  function change(edit: (tail: Tail) => Tail) {
    setKept((now) => (now.reading === head?.reading ? { ...now, tail: edit(now.tail) } : now));
  }
  useLiveEvents((event) => {
    if (event.type !== 'request') return;
    came.current.push(event.data);
    timer.current ??= setTimeout(() => flush.current(), FLUSH_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (head === undefined) return;
    const { reading } = head;
    setKept((now) => (now.reading === reading ? now : { reading, tail: carried(now.tail, head) }));
    timer.current ??= setTimeout(() => flush.current(), FLUSH_MS);
  }, [head]);
  return [tail, change] as const;
}

/** Of what came to the list before, that which came while this one was read. */
function carried(tail: Tail, head: Head): Tail {
  const listed = new Set(head.rows.map(({ id }) => id));
  const shown = released(tail).shown.filter(
    (row) => !listed.has(row.id) && row.at >= (head.end ?? '') && matches(row, head.query),
  );
  return { ...NO_TAIL, shown };
}

/**
 * What ended just now may have begun long ago. Where it began within the list's first page and is not there, it is
 * new; further down it stands in its place already, or will once its page is read.
 */
function isAbove(row: AuditRow, head: Head): boolean {
  const oldest = head.rows.length < PAGE_SIZE ? undefined : head.rows.at(-1);
  return oldest === undefined || row.at >= oldest.at;
}

/** While the gateway was not heard, rows may have come. */
function useMissed(reading: number) {
  const connection = useConnection();
  const [missed, setMissed] = useState(false);
  const lostIn = useRef<number | null>(null);
  useEffect(() => {
    if (connection === 'lost') lostIn.current = reading;
    if (connection === 'live' && lostIn.current !== null) {
      if (lostIn.current === reading) setMissed(true);
      lostIn.current = null;
    }
  }, [connection, reading]);
  return [missed, setMissed] as const;
}
