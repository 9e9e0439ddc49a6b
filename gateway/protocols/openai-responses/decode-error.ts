import type { ProviderError } from '../canonical/answer.ts';
import { asText, isObject, type JsonObject } from '../json.ts';

const NO_MESSAGE = 'The provider reported an error without a message.';

/**
 * Reads an error body: OpenAI's `{error: {message, type, code}}`, xAI's `{code, error}` with texts, and the bare
 * object that some servers send.
 * @returns undefined where it is none of them
 */
export function decodeError(body: JsonObject): ProviderError | undefined {
  if (isObject(body.error)) return errorOf(body.error);
  const message = asText(body.error) ?? asText(body.message);
  if (message === null) return undefined;
  return { ...errorOf({ ...body, message }), type: body.type === 'error' ? null : asText(body.type) };
}

/** Reads `{message, type, code}`; `type` of an event is its own. */
export function errorOf({ message, type, code }: JsonObject): ProviderError {
  return {
    message: asText(message) ?? NO_MESSAGE,
    type: asText(type),
    code: typeof code === 'number' ? String(code) : asText(code),
  };
}
