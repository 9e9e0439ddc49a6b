import { useTable } from '@tanstack/react-table';
import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { COLUMNS, features, NARROW_TIME, visibilityAt } from './audit-columns.tsx';
import classes from './audit-grid.module.css';
import { AuditLine } from './audit-line.tsx';
import type { AuditRows } from './use-audit-rows.ts';
import { useWidth } from './use-width.ts';

const ROW_HEIGHT = 27;
/** It stays in sight, over the first rows. */
const HEAD_HEIGHT = 28;
/** With the day before the time. */
const WIDE_TIME = 148;
const OVERSCAN = 12;
/** So near to the top one watches what comes. */
const TOP_PX = 8;
/** Asking for what is in sight waits for a moment of scrolling. */
const WANT_MS = 60;
/** Until a row's details have found their height. */
const SETTLE_MS = 120;
const NO_ROWS: AuditRow[] = [];

interface AuditGridProps {
  rows: AuditRows;
  /** Id of the row whose details show. */
  openId: string | null;
  onToggle: (row: AuditRow) => void;
  /** With the request id of the row one stands on. */
  onCopy: (requestId: string) => void;
  /** Whether its first rows are in sight. */
  onTop: (top: boolean) => void;
  /** Room for days before the times. */
  withDays: boolean;
  /** Over the rows' top. */
  chip: ReactNode;
}

/** The log as a grid: only the rows in sight are in the page. j/k or arrows move, Enter opens, c copies. */
export function AuditGrid(props: AuditGridProps) {
  const { rows, openId, onToggle, onCopy, onTop, withDays, chip } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  const room = withDays ? width - (WIDE_TIME - NARROW_TIME) : width;
  const visibility = useMemo(() => visibilityAt(room), [room]);
  const table = useTable({
    features,
    columns: COLUMNS,
    data: NO_ROWS,
    state: { columnVisibility: visibility },
  });
  const columns = table.getVisibleLeafColumns();

  const { tail } = rows;
  // Keys change with the live rows alone.
  const getItemKey = useMemo(() => rows.keyAt, [tail.shown]);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey,
    overscan: OVERSCAN,
    paddingStart: HEAD_HEIGHT,
    scrollPaddingStart: HEAD_HEIGHT,
    onChange: (instance) => onTop((instance.scrollOffset ?? 0) <= TOP_PX),
  });
  const items = virtual.getVirtualItems();
  useWanted(rows, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const cursor = useCursor(rows, virtual, scroller);
  const opened = useOpened(openId);

  useInSight(openId, scroller);

  const reading = rows.head?.reading;
  useEffect(() => {
    if (reading === undefined) return;
    virtual.measure();
    virtual.scrollToOffset(0);
  }, [reading, virtual]);

  const here = () => (cursor.index === null ? undefined : rows.rowAt(cursor.index));
  useShortcut('c', 'Copy the request id of the row', () => {
    const row = here();
    if (row !== undefined) onCopy(row.requestId);
  });

  function onKeyDown(event: KeyboardEvent, row: AuditRow | undefined): void {
    if (event.target !== event.currentTarget) return;
    if (event.key === 'Enter' && row !== undefined) onToggle(row);
    else if (event.key === 'ArrowDown') cursor.move(1);
    else if (event.key === 'ArrowUp') cursor.move(-1);
    else if (event.key === 'Escape' && openId !== null && row?.id === openId) onToggle(row);
    else return;
    event.preventDefault();
  }

  const before = (items[0]?.start ?? HEAD_HEIGHT) - HEAD_HEIGHT;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? HEAD_HEIGHT);
  const focusable = cursor.index ?? firstInSight(virtual);
  return (
    <div className={classes.grid} data-old={rows.old || undefined}>
      {chip}
      <div ref={scroller} className={classes.scroller} data-audit-scroller="">
        <table
          className={classes.table}
          // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open is a treegrid (WAI-ARIA 1.2)
          role="treegrid"
          aria-label="Requests, newest first"
          aria-rowcount={rows.count + 1}
        >
          <colgroup>
            {columns.map(({ id, columnDef: { meta } }) => (
              <col key={id} style={{ width: id === 'at' && withDays ? WIDE_TIME : meta?.width }} />
            ))}
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map(({ id, columnDef: { header, meta } }) => (
                <th key={id} scope="col" className={meta?.align === 'right' ? classes.right : ''}>
                  {String(header)}
                </th>
              ))}
            </tr>
          </thead>
          <Spacer height={before} width={columns.length} />
          {items.map(({ key, index }) => {
            const row = rows.rowAt(index);
            return (
              <tbody
                key={key}
                ref={row !== undefined && opened.has(row.id) ? virtual.measureElement : null}
                data-index={index}
              >
                <AuditLine
                  row={row}
                  columns={columns}
                  index={index}
                  open={row !== undefined && row.id === openId}
                  focusable={index === focusable}
                  onToggle={onToggle}
                  onFocus={cursor.set}
                  onKeyDown={onKeyDown}
                />
              </tbody>
            );
          })}
          <Spacer height={after} width={columns.length} />
        </table>
      </div>
    </div>
  );
}

/** In the place of the rows that are out of sight. */
function Spacer({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true" className={classes.spacer}>
      <tr>
        <td colSpan={width} style={{ height }} />
      </tr>
    </tbody>
  );
}

/** Tells the list which rows are in sight, but not at every step of a fast scroll. */
function useWanted(rows: AuditRows, first: number, last: number): void {
  const latest = useRef({ rows, first, last });
  latest.current = { rows, first, last };
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // It is told when what is in sight changes.
  useEffect(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      const now = latest.current;
      now.rows.want(now.first, now.last);
    }, WANT_MS);
  }, [first, last, rows.head?.reading]);
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** The row one stands on; it stays the same row when others come above it. */
function useCursor(
  rows: AuditRows,
  virtual: Virtualizer<HTMLDivElement, Element>,
  scroller: { current: HTMLDivElement | null },
) {
  const [key, setKey] = useState<string | number | null>(null);
  const wanted = useRef(false);
  const index = key === null ? null : indexOfKey(rows, key);

  function move(step: 1 | -1) {
    const from = index ?? (step === 1 ? firstInSight(virtual) - 1 : firstInSight(virtual) + 1);
    const next = Math.min(Math.max(0, from + step), rows.count - 1);
    if (rows.count === 0) return;
    wanted.current = true;
    setKey(rows.keyAt(next));
    virtual.scrollToIndex(next, { align: 'auto' });
  }
  useShortcut('j', 'Next request', () => move(1));
  useShortcut('k', 'Request before', () => move(-1));

  useEffect(() => {
    if (!wanted.current || index === null) return;
    const line = scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row]`);
    if (line == null) return;
    wanted.current = false;
    line.focus({ preventScroll: true });
  });
  return { index, move, set: (at: number) => setKey(rows.keyAt(at)) };
}

function firstInSight(virtual: Virtualizer<HTMLDivElement, Element>): number {
  return virtual.getVirtualItemForOffset((virtual.scrollOffset ?? 0) + HEAD_HEIGHT)?.index ?? 0;
}

function indexOfKey(rows: AuditRows, key: string | number): number | null {
  if (typeof key === 'number') return key + rows.liveCount < rows.count ? key + rows.liveCount : null;
  const at = rows.tail.shown.findIndex(({ id }) => key === `live ${id}`);
  return at === -1 ? null : at;
}

/** What one opens at the bottom comes up, but never so far that its own row goes out of sight. */
function useInSight(openId: string | null, scroller: { current: HTMLDivElement | null }): void {
  useEffect(() => {
    if (openId === null) return;
    // The row that was open before closes first, and the details take their height.
    const timer = setTimeout(() => {
      const node = scroller.current?.querySelector('tr[data-open]')?.parentElement;
      if (scroller.current === null || node == null) return;
      const [view, place] = [scroller.current.getBoundingClientRect(), node.getBoundingClientRect()];
      const hidden = place.bottom - view.bottom;
      if (hidden > 0) scroller.current.scrollTop += Math.min(hidden, place.top - view.top - HEAD_HEIGHT);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [openId, scroller]);
}

/** Rows that were opened once are measured, so that closing one moves what lies below it. */
function useOpened(openId: string | null): ReadonlySet<string> {
  const [opened] = useState(() => new Set<string>());
  if (openId !== null) opened.add(openId);
  return opened;
}
