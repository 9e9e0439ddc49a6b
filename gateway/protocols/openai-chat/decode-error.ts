import type { ProviderError } from '../canonical/answer.ts';
import { asText, isObject, type JsonObject } from '../json.ts';

/**
 * Reads OpenAI's error body, and those of servers that follow it: an error that is a text (Ollama), one without an
 * object around it (Mistral, vLLM), and FastAPI's `detail`.
 * @returns undefined for a body that tells no error
 */
export function decodeError(body: JsonObject): ProviderError | undefined {
  const { error, detail } = body;
  if (typeof error === 'string' && error !== '') return { message: error, type: null, code: null };
  if (isObject(error)) return errorOf(error);
  if (body.object === 'error' || body.type === 'error') return errorOf(body);
  const message = messageOf(detail) ?? messageOf(body.message);
  return message === null ? undefined : { message, type: null, code: null };
}

function errorOf(error: JsonObject): ProviderError {
  const { message, type, code, metadata } = error;
  const told = messageOf(message) ?? asText(type) ?? 'The provider told an error without a message.';
  const cause = isObject(metadata) ? asText(metadata.raw) : null;
  return {
    // OpenRouter's own message says only that the provider behind it told an error.
    message: cause === null || cause === '' ? told : `${told}: ${cause}`,
    type: asText(type),
    code: typeof code === 'number' ? String(code) : asText(code),
  };
}

/** Validation errors of FastAPI come as a list. */
function messageOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : null;
}
