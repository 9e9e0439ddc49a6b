import type { ProviderError } from './canonical/answer.ts';
import type { Family } from './endpoint.ts';
import type { JsonObject } from './json.ts';

/** Anthropic's kinds of error (https://docs.claude.com/en/api/errors); every client of it knows these alone. */
const ANTHROPIC_TYPES = new Set([
  'invalid_request_error',
  'authentication_error',
  'billing_error',
  'permission_error',
  'not_found_error',
  'request_too_large',
  'rate_limit_error',
  'api_error',
  'overloaded_error',
  'timeout_error',
]);

/** Where a provider's own word for the kind is not one of Anthropic's. */
const ANTHROPIC_BY_STATUS: Readonly<Record<number, string>> = {
  404: 'not_found_error',
  413: 'request_too_large',
};

/** A provider's refusal of a request in the caller's envelope; its message stays as it is. */
export function providerErrorBody(
  family: Family,
  { message, type, code }: ProviderError,
  requestId: string,
  status: number,
): JsonObject {
  if (family === 'openai') {
    const known = type === null || ANTHROPIC_TYPES.has(type) ? 'invalid_request_error' : type;
    return { error: { message, type: known, code, param: null } };
  }
  const byStatus = ANTHROPIC_BY_STATUS[status] ?? 'invalid_request_error';
  const general = type === null || type === 'invalid_request_error' || !ANTHROPIC_TYPES.has(type);
  const error = { type: general ? byStatus : type, message, ...(code === null ? {} : { code }) };
  return { type: 'error', error, request_id: requestId };
}
