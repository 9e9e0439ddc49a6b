import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';
import type { Search } from './search.ts';
import type { TimeSpan } from './time-span.ts';

/** Filters as GET /requests takes them. */
export interface AuditQuery {
  memberId?: string;
  keyId?: string;
  model?: string;
  providerId?: string;
  tool?: string;
  endpoint?: string;
  address?: string;
  status?: string;
  code?: string;
  outcome?: string;
  requestId?: string;
  keyPrefix?: string;
  streamed?: string;
  startDate?: string;
  endDate?: string;
}

/** Filters that stand in the page's address under the same name. */
export const PLAIN_FILTERS = [
  'memberId',
  'keyId',
  'model',
  'providerId',
  'tool',
  'endpoint',
  'status',
  'code',
  'outcome',
  'streamed',
] as const satisfies readonly (keyof AuditQuery)[];

/** @param span ignored by a search for one request: its id holds its own time */
export function auditQuery(plain: AuditQuery, search: Search | null, span: TimeSpan): AuditQuery {
  const query = { ...plain };
  if (search !== null && search.kind !== 'unclear') query[search.kind] = search.value;
  if (query.requestId !== undefined) return query;
  if (span.from !== null) query.startDate = new Date(span.from).toISOString();
  if (span.to !== null) query.endDate = new Date(span.to).toISOString();
  return query;
}

export type Outcome = 'ok' | 'refused' | 'failed' | 'running';

/**
 * How a request ended, as far as its row tells: the gateway itself counts as refused what it never admitted. A
 * request that no provider was called for is one of those, but where all of them were cooling down.
 */
export function outcomeOf({ status, code, attempts }: AuditRow): Outcome {
  if (status === 0) return 'running';
  if (status < 400) return 'ok';
  return attempts === 0 && code !== 'upstream_error' && code !== 'interrupted' ? 'refused' : 'failed';
}

/** Whether a row that just came would stand in the list. */
export function matches(row: AuditRow, query: AuditQuery): boolean {
  return (
    same(query.memberId, row.memberId) &&
    same(query.keyId, row.keyId) &&
    same(query.model, row.model) &&
    same(query.providerId, row.providerId) &&
    same(query.tool, row.tool) &&
    same(query.endpoint, row.endpoint) &&
    same(query.address, row.address) &&
    same(query.status, String(row.status)) &&
    same(query.code, row.code) &&
    same(query.outcome, outcomeOf(row)) &&
    same(query.requestId, row.requestId) &&
    same(query.keyPrefix, row.keyPrefix) &&
    same(query.streamed, String(row.streamed)) &&
    (query.startDate === undefined || row.at >= query.startDate) &&
    (query.endDate === undefined || row.at < query.endDate)
  );
}

function same(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === value;
}
