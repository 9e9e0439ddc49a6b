import type { ProgressEvent } from '../audit/events.ts';
import type { Admitted } from './admit.ts';
import type { Metered } from './metered.ts';
import type { RequestRecord } from './request-record.ts';
import type { Route } from './route.ts';

/**
 * What those who watch are told of a request that runs.
 * @param route whose answer has begun; null before that
 */
export function progressOf(
  record: RequestRecord,
  { row, inputEstimate }: Admitted,
  { firstByteAt }: Metered,
  route: Route | null,
): ProgressEvent {
  const { at, requestId, memberId, keyId, tool, endpoint, model, streamed } = record.facts();
  return {
    ...{ id: row, at, requestId, memberId, keyId, tool, endpoint, model, streamed },
    inputTokens: inputEstimate,
    providerId: route?.provider?.id ?? null,
    ttfbMs: route === null || firstByteAt === null ? null : record.since(firstByteAt),
  };
}
