import { askAdmin, withQuery } from '../../api/admin-api.ts';
import type { AuditQuery } from './audit-query.ts';

export type ExportFormat = 'csv' | 'jsonl';

const NEWLINE = 10;

/** Where a browser that saves by itself finds them. */
export function exportUrl(query: AuditQuery, format: ExportFormat): string {
  return `/admin/api${withQuery('/requests', { ...query, format })}`;
}

export function exportName(format: ExportFormat, now = new Date()): string {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString();
  return `requests-${local.slice(0, 10)}-${local.slice(11, 16).replace(':', '')}.${format}`;
}

/**
 * Reads every matching row.
 * @param onRows told how many have come, some times a second
 * @throws AdminError when the gateway refuses, DOMException AbortError when `signal` aborts
 */
export async function readExport(
  query: AuditQuery,
  format: ExportFormat,
  signal: AbortSignal,
  onRows: (rows: number) => void,
): Promise<Blob> {
  const response = await askAdmin(withQuery('/requests', { ...query, format }), { signal });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  // A line of names comes first where there are columns.
  let rows = format === 'csv' ? -1 : 0;
  const reader = (response.body as ReadableStream<Uint8Array<ArrayBuffer>>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    for (let at = value.indexOf(NEWLINE); at !== -1; at = value.indexOf(NEWLINE, at + 1)) rows += 1;
    onRows(Math.max(0, rows));
  }
  const type = response.headers.get('content-type');
  return new Blob(chunks, type === null ? {} : { type });
}
