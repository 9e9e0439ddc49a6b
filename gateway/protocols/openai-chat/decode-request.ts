import type { CanonicalRequest } from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { Conversation } from './conversation.ts';
import { decodeMessages } from './decode-messages.ts';
import {
  decodeFormat,
  decodeMaxTokens,
  decodeReasoning,
  decodeSampling,
  decodeStop,
} from './decode-settings.ts';
import { decodeToolUse } from './decode-tool-choice.ts';
import { decodeTools } from './decode-tools.ts';
import { badField, numberField, textField } from './fields.ts';
import { unplacedFields } from './unplaced.ts';

/**
 * Reads a chat body, and what clients mix into it: see `foreign-shapes.ts`.
 * @throws GatewayError `invalid_request`, `invalid_messages`
 */
export function decodeRequest(body: JsonObject): CanonicalRequest {
  const count = numberField(body, 'n');
  if (count !== null && count > 1) {
    throw badField('n', 'must be 1 to reach this model: it gives one answer. Set n to 1 and ask again.');
  }
  const tools = decodeTools(body);
  const custom = tools.flatMap(({ kind, name }) => (kind === 'custom' ? [name] : []));
  const conversation = new Conversation(new Set(custom));
  const { unplaced } = conversation;
  const turns = decodeMessages(body, conversation);
  const { tools: callable, choice, parallel } = decodeToolUse(body, tools);
  const reasoning = decodeReasoning(body, unplaced);
  const format = decodeFormat(body, unplaced);
  return {
    stream: body.stream === true,
    turns,
    tools: callable,
    toolChoice: choice,
    parallelToolCalls: parallel,
    maxOutputTokens: decodeMaxTokens(body),
    sampling: decodeSampling(body),
    stop: decodeStop(body),
    reasoning,
    format,
    verbosity: textField(body, 'verbosity'),
    userId: userOf(body),
    cacheKey: textField(body, 'prompt_cache_key'),
    serviceTier: textField(body, 'service_tier'),
    usageChunk: wantsUsage(body),
    unplaced: [...unplaced, ...unplacedFields(body)],
  };
}

/** OpenAI's `safety_identifier` came in the place of `user`; Anthropic's name for it is `metadata.user_id`. */
function userOf(body: JsonObject): string | null {
  const { metadata } = body;
  const user = textField(body, 'safety_identifier') ?? textField(body, 'user');
  return user ?? (isObject(metadata) ? asText(metadata.user_id) : null);
}

/** `usage: {include: true}` is OpenRouter's. */
function wantsUsage({ stream_options: options, usage }: JsonObject): boolean {
  return (isObject(options) && options.include_usage === true) || (isObject(usage) && usage.include === true);
}
