/** What Anthropic refuses on `/v1/messages` and `/v1/messages/count_tokens`: credential, version, and the lists of rules. */
import type { IncomingHttpHeaders } from 'node:http';
import { anthropicError, type Refusal, type Rule } from '../refusal.ts';
import { checkShape } from '../shape.ts';
import { checkCache } from './cache.ts';
import { CONVERSATION_RULES } from './conversation.ts';
import { SETTINGS_RULES, TOOL_RULES } from './settings.ts';
import { messagesShape } from './shapes.ts';
import { ANTHROPIC_WORDS } from './words.ts';

/** `x-api-key` or Bearer, as the service takes both. */
export function checkAnthropicCredential(
  headers: IncomingHttpHeaders,
  credential: string,
): Refusal | undefined {
  const key = headers['x-api-key'];
  const bearer = headers.authorization?.match(/^Bearer (.*)$/i)?.[1];
  if (key === credential || (key === undefined && bearer === credential)) return undefined;
  const message =
    key !== undefined
      ? 'invalid x-api-key'
      : bearer !== undefined
        ? 'Invalid bearer token'
        : 'x-api-key header is required';
  return anthropicError(message, 401, 'authentication_error');
}

export function checkVersion(headers: IncomingHttpHeaders): Refusal | undefined {
  const version = headers['anthropic-version'];
  if (version === undefined) return anthropicError('anthropic-version: header is required');
  if (/^\d{4}-\d{2}-\d{2}$/.test(version.toString())) return undefined;
  return anthropicError(`anthropic-version: "${version}" is not a valid version`);
}

export function unknownAnthropicModel(model: unknown): Refusal {
  return anthropicError(`model: ${String(model)}`, 404, 'not_found_error');
}

function requiredFields(...fields: string[]): Rule {
  return (body) => {
    const field = fields.find((name) => body[name] === undefined || body[name] === null);
    return field === undefined ? undefined : anthropicError(`${field}: Field required`);
  };
}

function fits(counting: boolean): Rule {
  return (body, { betas }) => checkShape(body, messagesShape(betas, counting), ANTHROPIC_WORDS);
}

/** Rules of `/v1/messages`. */
export const MESSAGES_RULES: readonly Rule[] = [
  requiredFields('model', 'messages', 'max_tokens'),
  fits(false),
  ...SETTINGS_RULES,
  ...TOOL_RULES,
  checkCache,
  ...CONVERSATION_RULES,
];

/** Rules of `/v1/messages/count_tokens`. */
export const COUNT_TOKENS_RULES: readonly Rule[] = [
  requiredFields('model', 'messages'),
  fits(true),
  ...TOOL_RULES,
  checkCache,
  ...CONVERSATION_RULES,
];
