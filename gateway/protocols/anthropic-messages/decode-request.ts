/**
 * Reads a body of POST /v1/messages (https://platform.claude.com/docs/en/api/messages; `MessageCreateParamsBase`
 * of @anthropic-ai/sdk, and the fields that are in beta).
 */
import { GatewayError } from '../../errors.ts';
import type { CacheMark, CanonicalRequest, OutputFormat, ReasoningWish, Turn } from '../canonical/request.ts';
import { asText, isObject, type JsonObject } from '../json.ts';
import { EFFORTS, type Effort, type ThinkingMode } from '../model-facts.ts';
import { decodeMessages, decodeSystem } from './decode-messages.ts';
import { decodeToolChoice, decodeTools } from './decode-tools.ts';
import {
  noteOthers,
  readBoolean,
  readList,
  readNumber,
  readObject,
  readText,
  requireText,
} from './fields.ts';
import { markOf } from './words.ts';

const PLACED: readonly string[] = [
  'model',
  'messages',
  'system',
  'max_tokens',
  'stream',
  'tools',
  'tool_choice',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'metadata',
  'thinking',
  'output_config',
  'output_format',
  'service_tier',
  'cache_control',
];

/** Fields of headers that clients of other platforms put into the body: the model is asked nothing by them. */
const BOOKKEEPING: readonly string[] = ['anthropic_version', 'anthropic_beta', 'betas'];

/** `between_tools` thinks no more than models that are not asked to. */
const MODES: Readonly<Record<string, ThinkingMode>> = {
  adaptive: 'adaptive',
  enabled: 'enabled',
  disabled: 'disabled',
  between_tools: 'disabled',
};

export function decodeRequest(body: JsonObject): CanonicalRequest {
  refuseKept(body);
  const unplaced = new Set<string>();
  noteOthers(
    body,
    [...PLACED, ...BOOKKEEPING, ...(body.speed === 'standard' ? ['speed'] : [])],
    '',
    unplaced,
  );
  const turns = [...decodeSystem(body.system, unplaced), ...decodeMessages(body.messages, unplaced)];
  const { cache } = markOf(body);
  const tools = decodeTools(body.tools, unplaced);
  const { choice, parallel } = decodeToolChoice(body.tool_choice, tools);
  return {
    stream: readBoolean(body.stream, 'stream') ?? false,
    turns: cache === undefined ? turns : withLastMarked(turns, cache),
    tools,
    toolChoice: choice,
    parallelToolCalls: parallel,
    maxOutputTokens: readNumber(body.max_tokens, 'max_tokens'),
    sampling: {
      temperature: readNumber(body.temperature, 'temperature'),
      topP: readNumber(body.top_p, 'top_p'),
      topK: readNumber(body.top_k, 'top_k'),
      seed: null,
      presencePenalty: null,
      frequencyPenalty: null,
    },
    stop: readList(body.stop_sequences, 'stop_sequences').map((text, index) =>
      requireText(text, `stop_sequences[${index}]`),
    ),
    reasoning: decodeReasoning(body, unplaced),
    format: decodeFormat(body, unplaced),
    verbosity: null,
    userId: decodeUserId(body, unplaced),
    cacheKey: null,
    serviceTier: decodeServiceTier(body),
    usageChunk: false,
    unplaced: [...unplaced],
  };
}

/**
 * A thread is a conversation that Anthropic's service keeps, of which a request sends the news alone (beta
 * `message-threads`); its first request is refused as well, as the client would build on the answer. A request
 * with `compaction` is answered by a block in place of the conversation (beta `compact`).
 */
function refuseKept({ thread, compaction }: JsonObject): void {
  if (isObject(thread)) {
    const why = 'keeps no conversations; leave `thread` out and send all of `messages`';
    throw unsupported('thread', why, THREADS_REFUSED);
  }
  if (isObject(compaction)) throw unsupported('compaction', 'does not compact conversations; leave it out');
}

/** By this the SDK's tool runner knows that it must send whole conversations, and does so by itself. */
const THREADS_REFUSED = { error_code: 'thread_unsupported_request', unsupported: ['model'] };

function unsupported(field: string, why: string, details?: Record<string, unknown>): GatewayError {
  const message = `\`${field}\`: the provider of this model ${why}.`;
  return new GatewayError('invalid_request', message, {
    field,
    ...(details === undefined ? {} : { details }),
  });
}

/**
 * A mark on the body stands for one on its last block
 * (https://platform.claude.com/docs/en/build-with-claude/prompt-caching, "automatic caching").
 */
function withLastMarked(turns: readonly Turn[], cache: CacheMark): Turn[] {
  const last = turns.at(-1);
  if (last === undefined) return [];
  const parts = last.parts.map((part, index) => {
    const takesMark = part.type !== 'reasoning' && part.type !== 'opaque' && part.type !== 'refusal';
    const isLast = index === last.parts.length - 1;
    return isLast && takesMark && !('cache' in part) ? { ...part, cache } : part;
  });
  return [...turns.slice(0, -1), { ...last, parts } as Turn];
}

function decodeReasoning(body: JsonObject, unplaced: Set<string>): ReasoningWish | null {
  const thinking = readObject(body.thinking, 'thinking');
  const config = readObject(body.output_config, 'output_config');
  noteOthers(thinking, ['type', 'budget_tokens', 'display'], 'thinking.', unplaced);
  const mode = MODES[asText(thinking?.type) ?? ''] ?? null;
  if (thinking !== null && mode === null) unplaced.add('thinking');
  const effort = decodeEffort(readText(config?.effort, 'output_config.effort'), unplaced);
  if (mode === null && effort === null) return null;
  return {
    effort,
    budgetTokens: readNumber(thinking?.budget_tokens, 'thinking.budget_tokens'),
    mode,
    summary: null,
    display: readText(thinking?.display, 'thinking.display'),
  };
}

function decodeEffort(effort: string | null, unplaced: Set<string>): Effort | null {
  if (effort === null) return null;
  const known = EFFORTS.find((name) => name === effort);
  if (known === undefined) unplaced.add('output_config.effort');
  return known ?? null;
}

/** `output_format` is what `output_config.format` was called in its beta. */
function decodeFormat(body: JsonObject, unplaced: Set<string>): OutputFormat | null {
  const config = readObject(body.output_config, 'output_config');
  noteOthers(config, ['effort', 'format'], 'output_config.', unplaced);
  const format =
    readObject(config?.format, 'output_config.format') ?? readObject(body.output_format, 'output_format');
  if (format === null) return null;
  const schema = readObject(format.schema, 'output_config.format.schema');
  if (format.type !== 'json_schema' || schema === null) {
    unplaced.add('output_config.format');
    return null;
  }
  return { type: 'json_schema', name: null, description: null, schema, strict: null };
}

function decodeUserId(body: JsonObject, unplaced: Set<string>): string | null {
  const metadata = readObject(body.metadata, 'metadata');
  noteOthers(metadata, ['user_id'], 'metadata.', unplaced);
  return readText(metadata?.user_id, 'metadata.user_id');
}

/** The canonical form has OpenAI's words: `default` is the tier without priority. */
function decodeServiceTier(body: JsonObject): string | null {
  const tier = readText(body.service_tier, 'service_tier');
  return tier === 'standard_only' ? 'default' : tier;
}
