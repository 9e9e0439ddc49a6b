import type { Column } from '@tanstack/react-table';
import { type KeyboardEvent, type MouseEvent, memo } from 'react';
import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import type { AuditFeatures } from './audit-columns.tsx';
import classes from './audit-grid.module.css';
import { RowDetail } from './row-detail.tsx';

interface AuditLineProps {
  /** Undefined while it is read. */
  row: AuditRow | undefined;
  columns: readonly Column<AuditFeatures, AuditRow, unknown>[];
  /** In the grid, its head not counted. */
  index: number;
  open: boolean;
  focusable: boolean;
  onToggle: (row: AuditRow) => void;
  onFocus: (index: number) => void;
  onKeyDown: (event: KeyboardEvent, row: AuditRow | undefined) => void;
}

/** One request, and under it its details while it is open. */
export function AuditLine(props: AuditLineProps) {
  const { row, columns, index, open, focusable, onToggle, onFocus, onKeyDown } = props;
  if (row === undefined) {
    return (
      <tr className={classes.waiting} aria-rowindex={index + 2}>
        <td colSpan={columns.length}>
          <span className="visually-hidden">Loading</span>
        </td>
      </tr>
    );
  }
  return (
    <>
      <tr
        className={classes.row}
        aria-rowindex={index + 2}
        aria-level={1}
        aria-expanded={open}
        data-row=""
        data-open={open || undefined}
        tabIndex={focusable ? 0 : -1}
        onClick={(event) => isPlainClick(event) && onToggle(row)}
        onFocus={() => onFocus(index)}
        onKeyDown={(event) => onKeyDown(event, row)}
      >
        <Cells row={row} columns={columns} />
      </tr>
      {open && (
        <tr className={classes.detail} aria-level={2}>
          <td colSpan={columns.length}>
            <RowDetail row={row} />
          </td>
        </tr>
      )}
    </>
  );
}

/** What a row says changes far less often than where it stands. */
const Cells = memo(function Cells({ row, columns }: Pick<AuditLineProps, 'columns'> & { row: AuditRow }) {
  return columns.map(({ id, columnDef: { meta } }, at) => (
    <td key={id} className={meta?.align === 'right' ? classes.right : ''}>
      {at === 0 && <span className={classes.chevron} />}
      {meta?.cell(row)}
    </td>
  ));
});

/** Selecting text is no click. */
function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && (window.getSelection()?.toString() ?? '') === '';
}
