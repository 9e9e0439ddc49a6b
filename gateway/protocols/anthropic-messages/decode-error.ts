import type { ProviderError } from '../canonical/answer.ts';
import { asText, isObject, type JsonObject } from '../json.ts';

/** For an error that says nothing of itself. */
export const UNKNOWN_ERROR: ProviderError = {
  message: 'The provider reported an error and did not say which.',
  type: null,
  code: null,
};

/**
 * Reads an error body or event (https://platform.claude.com/docs/en/api/errors). Services that copy the protocol
 * may leave out all but the message.
 * @returns undefined where none is in it
 */
export function decodeError(body: JsonObject): ProviderError | undefined {
  const { error } = body;
  if (typeof error === 'string' && error !== '') return { message: error, type: null, code: null };
  if (!isObject(error)) return undefined;
  const message = asText(error.message);
  const type = asText(error.type);
  if (message === null && type === null) return undefined;
  const details = isObject(error.details) ? error.details : {};
  return {
    message: message || UNKNOWN_ERROR.message,
    type,
    code: asText(details.error_code) ?? asText(error.code),
  };
}
