import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import classes from './data-table.module.css';
import { moveFocus } from './row-focus.ts';
import { Failed, Skeletons } from './states.tsx';

export interface Column<Row> {
  id: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand right. */
  align?: 'right';
  width?: number | string;
  /** Goes when the window is narrower, in pixels. */
  from?: 1040 | 1200;
}

export interface DataTableProps<Row> {
  /** What it lists, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  /** Undefined while they are not known. */
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  /** Pixels: 32 lists, 40 plain, 52 with two lines. */
  rowHeight?: number;
  onOpen?: (row: Row) => void;
  /** Rows that are marked as the open one. */
  isOpen?: (row: Row) => boolean;
  /** Rows that are off. */
  isOff?: (row: Row) => boolean;
  /** The row's own actions, last in it. */
  menu?: (row: Row) => ReactNode;
  /** A line between groups: its text, where the row begins one. */
  groupOf?: (row: Row) => string | null;
  empty: ReactNode;
  error?: unknown;
  onRetry?: () => void;
  /** A line under the rows, such as sums: one cell a column. */
  footer?: readonly ReactNode[];
}

/** Beyond this many rows only those in sight are in the page. */
const VIRTUAL_FROM = 150;

/** A table whose rows open. Arrow keys and j/k move between rows, Enter opens. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowHeight = 40, empty, error, onRetry, footer, menu } = props;
  if (rows === undefined) {
    if (error != null) return <Failed what={label} error={error} onRetry={onRetry ?? (() => undefined)} />;
    return <Skeletons height={rowHeight} />;
  }
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div className={classes.scroll}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" {...cellProps(column)} style={{ width: column.width }}>
                {column.header}
              </th>
            ))}
            {menu !== undefined && (
              <th scope="col" className={classes.menu}>
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        {rows.length > VIRTUAL_FROM ? (
          <VirtualBody {...props} rows={rows} />
        ) : (
          <PlainBody {...props} rows={rows} />
        )}
        {footer !== undefined && (
          <tfoot>
            <tr>
              {columns.map((column, index) => (
                <td key={column.id} {...cellProps(column)}>
                  {footer[index]}
                </td>
              ))}
              {menu !== undefined && <td />}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}

type BodyProps<Row> = DataTableProps<Row> & { rows: readonly Row[] };

function PlainBody<Row>(props: BodyProps<Row>) {
  const { rows, rowKey } = props;
  return (
    <tbody>
      {rows.map((row) => (
        <TableRow key={rowKey(row)} {...props} row={row} />
      ))}
    </tbody>
  );
}

function VirtualBody<Row>(props: BodyProps<Row>) {
  const { rows, rowKey, rowHeight = 40, columns, menu } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const [offset, setOffset] = useState(0);
  const scroller = () => document.getElementById('main');
  useLayoutEffect(() => {
    const main = document.getElementById('main');
    if (main === null || body.current === null) return;
    setOffset(body.current.getBoundingClientRect().top - main.getBoundingClientRect().top + main.scrollTop);
  }, []);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: scroller,
    // A list that grew long while it was read stays where it was.
    initialOffset: () => scroller()?.scrollTop ?? 0,
    estimateSize: () => rowHeight,
    scrollMargin: offset,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const before = (items[0]?.start ?? offset) - offset;
  const after = virtual.getTotalSize() - ((items.at(-1)?.end ?? offset) - offset);
  const width = columns.length + (menu === undefined ? 0 : 1);
  return (
    <tbody ref={body}>
      <Spacer height={before} width={width} />
      {items.map(({ index }) => {
        const row = rows[index];
        return row === undefined ? null : <TableRow key={rowKey(row)} {...props} row={row} />;
      })}
      <Spacer height={after} width={width} />
    </tbody>
  );
}

function Spacer({ height, width }: { height: number; width: number }) {
  if (height <= 0) return null;
  return (
    <tr className={classes.spacer}>
      <td colSpan={width} style={{ height, padding: 0 }} />
    </tr>
  );
}

function TableRow<Row>({
  row,
  columns,
  rowHeight = 40,
  onOpen,
  isOpen,
  isOff,
  menu,
  groupOf,
}: BodyProps<Row> & { row: Row }) {
  const group = groupOf?.(row) ?? null;
  const opens = onOpen !== undefined;
  return (
    <>
      {group !== null && (
        <tr className={classes.group}>
          <th scope="rowgroup" colSpan={columns.length + (menu === undefined ? 0 : 1)}>
            {group}
          </th>
        </tr>
      )}
      <tr
        className={classes.row}
        style={{ height: rowHeight }}
        data-row=""
        data-opens={opens || undefined}
        data-open={isOpen?.(row) || undefined}
        data-off={isOff?.(row) || undefined}
        {...(opens
          ? {
              tabIndex: 0,
              onClick: (event: MouseEvent) => isOwn(event) && onOpen(row),
              onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => onRowKey(event, () => onOpen(row)),
            }
          : {})}
      >
        {columns.map((column) => (
          <td key={column.id} {...cellProps(column)}>
            {column.cell(row)}
          </td>
        ))}
        {menu !== undefined && <td className={classes.menu}>{menu(row)}</td>}
      </tr>
    </>
  );
}

function cellProps<Row>({ align, from }: Column<Row>): { className: string } {
  const names = [align === 'right' ? classes.right : '', from === undefined ? '' : classes[`from${from}`]];
  return { className: names.filter((name) => name !== '').join(' ') };
}

/** A click on a control in the row is for the control, and selecting text is no click. */
function isOwn(event: MouseEvent): boolean {
  const target = event.target as Element;
  if (target.closest('button, a, input, label, [role="menu"], [role="switch"]') !== null) return false;
  if (!event.currentTarget.contains(target)) return false;
  return (window.getSelection()?.toString() ?? '') === '';
}

function onRowKey(event: KeyboardEvent<HTMLTableRowElement>, open: () => void): void {
  if (event.target !== event.currentTarget) return;
  if (event.key === 'Enter') open();
  else if (event.key === 'ArrowDown') moveFocus(event.currentTarget, 1);
  else if (event.key === 'ArrowUp') moveFocus(event.currentTarget, -1);
  else return;
  event.preventDefault();
}
