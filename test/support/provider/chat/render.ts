/** Turns in OpenAI Chat Completions form (openai-node `resources/chat/completions/completions.ts`). */
import type { CompletionUsage } from 'openai/resources/completions';
import { Ids } from '../ids.ts';
import { type Body, isObject } from '../refusal.ts';
import type { ScriptedError } from '../reply.ts';
import {
  finishOf,
  joined,
  type ProtocolEvent,
  partsOf,
  partsOfType,
  type RenderedTurn,
  type ScriptedUsage,
  shownThinking,
  type Turn,
  textOf,
  usageOf,
} from '../turn.ts';
import type { ChatWire } from '../wire.ts';
import {
  chatDeltas,
  type Delta,
  encryptedDetail,
  fieldsOf,
  thinkingField,
  urlAnnotations,
  wholeCall,
  wholeDetail,
} from './deltas.ts';

export const FINISH_REASONS = {
  stop: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  refusal: 'stop',
  tool_calls: 'tool_calls',
  length: 'length',
  context_window: 'length',
  content_filter: 'content_filter',
} as const;

/** @param realm whose proofs `reasoning_details` carry */
export function renderChat(turn: Turn, body: Body, realm: string): RenderedTurn {
  const wire = turn.wire?.chat ?? {};
  const head = { id: 'chatcmpl-scripted', created: 1_790_000_000, model: String(body.model) };
  const finish = turn.finishAs ?? FINISH_REASONS[finishOf(turn)];
  const usage = usageOf(turn);
  const told = usage === null ? {} : { usage: chatUsage(usage) };
  const choice = { index: 0, message: wholeMessage(turn, new Ids(body), realm), logprobs: null };
  const events = chunks(turn, body, realm, head, finish);
  return {
    whole: {
      ...head,
      object: 'chat.completion',
      choices: [{ ...choice, finish_reason: finish }],
      ...told,
      ...(turn.wire?.strangers ? { hologram: { depth: 3 } } : {}),
    },
    events: wire.noDone ? events.all : [...events.all, { data: '[DONE]' }],
    endsAt: events.endsAt,
  };
}

function chunks(
  turn: Turn,
  body: Body,
  realm: string,
  head: object,
  finish: string,
): { all: ProtocolEvent[]; endsAt: number } {
  const style = turn.wire?.chat?.usage ?? 'last_chunk';
  const usage = usageOf(turn);
  const asked = isObject(body.stream_options) && body.stream_options.include_usage === true;
  const chunkHead = { ...head, object: 'chat.completion.chunk' };
  const numbers = usage === null ? null : chatUsage(usage);
  const chunk = (delta: Delta, finish_reason: string | null): ProtocolEvent => {
    const tells = style === 'every_chunk' || (style === 'finish_chunk' && finish_reason !== null);
    const choices = [{ index: 0, delta, logprobs: null, finish_reason }];
    if (tells) return { data: { ...chunkHead, choices, ...(numbers === null ? {} : { usage: numbers }) } };
    return { data: { ...chunkHead, choices, ...(asked ? { usage: null } : {}) } };
  };
  const filling = chatDeltas(turn, new Ids(body), realm).map((delta) => chunk(delta, null));
  const ending = [chunk({}, finish)];
  if (asked && numbers !== null && (style === 'last_chunk' || style === 'bare_chunk')) {
    ending.push({
      data: { ...chunkHead, ...(style === 'bare_chunk' ? {} : { choices: [] }), usage: numbers },
    });
  }
  if (turn.wire?.strangers) filling.push({ data: { object: 'hologram.chunk', depth: 3 } });
  return { all: [...filling, ...ending], endsAt: filling.length };
}

function wholeMessage(turn: Turn, ids: Ids, realm: string): object {
  const wire = turn.wire?.chat ?? {};
  const calls = partsOfType(turn, 'tool_call').map((call, index) => wholeCall(call, index, ids, wire));
  const refusal = partsOfType(turn, 'refusal')
    .map((part) => joined(part.text))
    .join('');
  return {
    role: 'assistant',
    content: wholeContent(turn, wire),
    refusal: refusal === '' ? null : refusal,
    annotations: annotations(turn),
    ...thinkingFields(turn, wire, realm),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...Object.assign({}, ...partsOfType(turn, 'raw').flatMap((part) => part.chat ?? [])),
  };
}

function wholeContent(turn: Turn, wire: ChatWire): unknown {
  const speaks = partsOfType(turn, 'text').length > 0;
  if (!fieldsOf(wire).includes('content_parts')) return speaks ? textOf(turn) : null;
  return partsOf(turn).flatMap((part) => {
    if (part.type === 'text') return [{ type: 'text', text: joined(part.text) }];
    return part.type === 'thinking' ? thinkingField('content_parts', shownThinking(part)).content : [];
  });
}

function thinkingFields(turn: Turn, wire: ChatWire, realm: string): object {
  const thoughts = partsOfType(turn, 'thinking');
  const redacted = partsOfType(turn, 'redacted_thinking');
  const text = thoughts.map(shownThinking).join('');
  const fields: Delta = {};
  for (const field of fieldsOf(wire)) {
    if (field === 'reasoning_details') {
      fields[field] = [
        ...thoughts.map((part) => wholeDetail(shownThinking(part), part.hidden ?? '', realm)),
        ...redacted.map((part) => encryptedDetail(part.hidden, realm)),
      ];
    } else if (field !== 'content_parts' && thoughts.length > 0) {
      fields[field] = text;
    }
  }
  return fields;
}

function annotations(turn: Turn): object[] {
  let place = 0;
  return partsOfType(turn, 'text').flatMap((part) => {
    const from = place;
    place += joined(part.text).length;
    return urlAnnotations(part.citations ?? [], from);
  });
}

/** `prompt_tokens` includes cached tokens; `completion_tokens` includes reasoning. */
export function chatUsage(usage: ScriptedUsage): CompletionUsage {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0, cache_write_tokens: usage.cacheWrite ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}

/** An error within a chunk, as OpenRouter sends it (https://openrouter.ai/docs/api-reference/errors). */
export function chatErrorChunk({ message, code = 'server_error' }: ScriptedError, body: Body): ProtocolEvent {
  const choice = { index: 0, delta: { content: '' }, finish_reason: 'error' };
  return {
    data: {
      id: 'chatcmpl-scripted',
      object: 'chat.completion.chunk',
      created: 1_790_000_000,
      model: String(body.model),
      error: { code, message },
      choices: [choice],
    },
  };
}
