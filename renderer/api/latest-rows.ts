import type { AuditRow } from '../../gateway/doors/admin/contract.ts';

/** Puts a row that was just told of before the others, or in the place of its earlier self. */
export function withRow(rows: readonly AuditRow[], row: AuditRow, most: number): AuditRow[] {
  if (rows.some((known) => known.id === row.id)) {
    return rows.map((known) => (known.id === row.id ? row : known));
  }
  // Rows are told when they end; the list is by their beginning.
  return [row, ...rows].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, most);
}
