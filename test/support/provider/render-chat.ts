/** Turns in OpenAI Chat Completions form (openai-node `resources/chat/completions/completions.ts`). */
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageToolCall,
} from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { type Body, isObject } from './refusal.ts';
import {
  finishOf,
  inputOf,
  type ProtocolEvent,
  type RenderedTurn,
  type ScriptedCall,
  type ScriptedUsage,
  type Turn,
  textDeltas,
  textOf,
  usageOf,
  words,
} from './turn.ts';

type Delta = ChatCompletionChunk.Choice.Delta & { reasoning_content?: string };

export const FINISH_REASONS = {
  stop: 'stop',
  stop_sequence: 'stop',
  pause_turn: 'stop',
  tool_calls: 'tool_calls',
  length: 'length',
  content_filter: 'content_filter',
} as const;

export function renderChat(turn: Turn, body: Body): RenderedTurn {
  const usage = usageOf(turn);
  const head = { id: 'chatcmpl-scripted', created: 1_790_000_000, model: String(body.model) };
  const chunkHead = { ...head, object: 'chat.completion.chunk' as const };
  const finish_reason = FINISH_REASONS[finishOf(turn)];
  const withUsage = isObject(body.stream_options) && body.stream_options.include_usage === true;

  const chunk = (delta: Delta, finish: typeof finish_reason | null): ProtocolEvent => ({
    data: {
      ...chunkHead,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
      ...(withUsage ? { usage: null } : {}),
    } satisfies ChatCompletionChunk,
  });
  const filling = deltas(turn).map((delta) => chunk(delta, null));
  const ending = [chunk({}, finish_reason)];
  if (withUsage && usage !== null) {
    ending.push({
      data: { ...chunkHead, choices: [], usage: chatUsage(usage) } satisfies ChatCompletionChunk,
    });
  }

  const message = {
    role: 'assistant' as const,
    content: turn.text === undefined ? null : textOf(turn),
    refusal: null,
    annotations: [],
    ...(turn.thinking === undefined ? {} : { reasoning_content: turn.thinking }),
    ...(turn.toolCalls?.length ? { tool_calls: turn.toolCalls.map(wholeCall) } : {}),
  };
  return {
    whole: {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message, logprobs: null, finish_reason }],
      ...(usage === null ? {} : { usage: chatUsage(usage) }),
    } satisfies ChatCompletion,
    events: [...filling, ...ending, { data: '[DONE]' }],
    endsAt: filling.length,
  };
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

function wholeCall(call: ScriptedCall, index: number): ChatCompletionMessageToolCall {
  const id = call.id ?? `call_${index}`;
  return call.custom
    ? { id, type: 'custom', custom: { name: call.name, input: inputOf(call) } }
    : { id, type: 'function', function: { name: call.name, arguments: inputOf(call) } };
}

/** The role first; id and name of a call only in its first fragment. */
function deltas(turn: Turn): Delta[] {
  return [
    { role: 'assistant', content: turn.text === undefined ? null : '', refusal: null },
    ...words(turn.thinking ?? '').map((reasoning_content) => ({ reasoning_content })),
    ...textDeltas(turn).map((content) => ({ content })),
    ...(turn.toolCalls ?? []).flatMap(callDeltas),
  ];
}

function callDeltas(call: ScriptedCall, index: number): Delta[] {
  const opened = { index, ...wholeCall({ ...call, input: '' }, index) };
  const fragments = words(inputOf(call)).map((piece) => ({
    index,
    ...(call.custom ? { custom: { input: piece } } : { function: { arguments: piece } }),
  }));
  return [opened, ...fragments].map((fragment) => ({ tool_calls: [fragment] }));
}
