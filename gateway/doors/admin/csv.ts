type Cell = string | number | boolean | null | undefined;

/** The first line: names of columns. Lines end as RFC 4180 wants them. */
export function csvHead(columns: readonly string[]): string {
  return `${columns.join(',')}\r\n`;
}

export function csvLines<Row extends object>(columns: readonly (keyof Row)[], rows: readonly Row[]): string {
  return rows.map((row) => `${columns.map((column) => csvCell(row[column] as Cell)).join(',')}\r\n`).join('');
}

/**
 * One cell. A text that a spreadsheet would take for a formula gets an apostrophe before it: model names and
 * tools come from callers (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const safe = /^[\t\r\n]|^\s*[=+\-@|＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
