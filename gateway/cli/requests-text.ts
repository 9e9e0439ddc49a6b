import { ECHO_MODEL } from '../catalogue/models.ts';
import type { AuditRow } from '../doors/admin/contract.ts';
import { type Column, plain, table } from './output.ts';
import { count, dollars, elapsed, localTime } from './units.ts';

const COLUMNS: readonly (Column<AuditRow> & { width: number })[] = [
  { title: 'ID', of: (row) => row.id, width: 7 },
  { title: 'TIME', of: (row) => localTime(row.at), width: 19 },
  { title: 'STATUS', of: statusText, width: 24 },
  { title: 'MEMBER', of: (row) => row.memberName ?? row.memberId, width: 14 },
  { title: 'TOOL', of: (row) => row.tool, width: 12 },
  { title: 'MODEL', of: (row) => row.model, width: 24 },
  { title: 'PROVIDER', of: providerOf, width: 14 },
  { title: 'INPUT', of: (row) => count(row.inputTokens), right: true, width: 8 },
  { title: 'OUTPUT', of: (row) => count(row.outputTokens), right: true, width: 8 },
  { title: 'COST', of: (row) => dollars(row.costMicros, 4), right: true, width: 8 },
  { title: 'TOOK', of: (row) => elapsed(row.latencyMs), right: true, width: 8 },
];

/** A table of audit rows. */
export function requestLines(rows: readonly AuditRow[], empty: string): string {
  const estimated = rows.some((row) => row.estimated && row.status !== 0)
    ? '~ the provider told no token counts: they are estimated.\n'
    : '';
  return table(rows, COLUMNS, empty) + estimated;
}

/** The titles of `requestLine`, in columns that do not move. */
export function requestTitles(): string {
  return line(COLUMNS.map(({ title }) => title));
}

/** One audit row, for a log that goes on: nobody knows yet how wide the next will be. */
export function requestLine(row: AuditRow): string {
  return line(COLUMNS.map(({ of }) => plain(String(of(row) ?? '–'))));
}

/** Who served it; the echo is of the gateway itself. */
export function providerOf(row: AuditRow): string | null {
  const builtIn = row.model === ECHO_MODEL || row.upstreamModel === ECHO_MODEL;
  return row.providerName ?? row.providerId ?? (builtIn ? 'built in' : null);
}

function line(cells: readonly string[]): string {
  const padded = COLUMNS.map(({ width, right }, at) => {
    const cell = cells[at] ?? '';
    return right ? cell.padStart(width) : cell.padEnd(width);
  });
  return `${padded.join('  ').trimEnd()}\n`;
}

function statusText({ status, code, estimated }: AuditRow): string {
  if (status === 0) return 'running';
  return `${status}${code === null ? '' : ` ${code}`}${estimated ? ' ~' : ''}`;
}
