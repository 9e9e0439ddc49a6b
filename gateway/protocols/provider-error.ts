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

/** A provider's refusal of a request in the caller's envelope; its message stays as it is. */
export function providerErrorBody(family: Family, error: ProviderError, requestId: string): JsonObject {
  const { message, type, code } = error;
  if (family === 'openai') {
    return { error: { message, type: type ?? 'invalid_request_error', code, param: null } };
  }
  const known = type !== null && ANTHROPIC_TYPES.has(type) ? type : 'invalid_request_error';
  return {
    type: 'error',
    error: { type: known, message, ...(code === null ? {} : { code }) },
    request_id: requestId,
  };
}
