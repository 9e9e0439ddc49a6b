import type { ProviderError } from './canonical/answer.ts';

/** OpenAI's codes for what is wrong with the request itself (openai-node `ResponseError`, and of older errors). */
const CODES = new Set([
  'context_length_exceeded',
  'invalid_prompt',
  'string_above_max_length',
  'content_policy_violation',
  'invalid_image',
  'invalid_image_url',
  'image_too_large',
  'unsupported_parameter',
  'invalid_value',
]);

/** Kinds of error that OpenAI and Anthropic share. */
const TYPES = new Set(['invalid_request_error', 'request_too_large']);

/**
 * Whether a provider's error speaks of the request: any other provider would say the same, and the caller must
 * read it. Agents shorten a conversation that is too long by these words.
 */
export function isCallersFault({ type, code }: ProviderError): boolean {
  return TYPES.has(type ?? '') || CODES.has(code ?? '');
}
