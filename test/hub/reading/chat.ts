/** Reads answers of Chat Completions (openai-node `resources/chat/completions/completions.ts`). */
import { expect } from 'vitest';
import type { ReadEvent } from '../../support/provider/read-events.ts';
import type { Said, SaidCall, SaidUsage } from './said.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
type Json = any;

export function saidInChat({ object, choices, usage }: Json): Said {
  expect(object).toBe('chat.completion');
  expect(choices).toHaveLength(1);
  const [{ message, finish_reason }] = choices;
  expect(message.role).toBe('assistant');
  return {
    text: message.content ?? '',
    reasoning: message.reasoning_content ?? '',
    refusal: message.refusal ?? '',
    calls: (message.tool_calls ?? []).map(callOf),
    finish: finish_reason,
    usage: usageOf(usage),
  };
}

function callOf({ id, type, function: called, custom }: Json): SaidCall {
  return type === 'custom'
    ? { id, kind: 'custom', name: custom.name, input: custom.input }
    : { id, kind: 'function', name: called.name, input: called.arguments };
}

function usageOf(usage: Json): SaidUsage | null {
  if (usage === undefined || usage === null) return null;
  expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
  return {
    input: usage.prompt_tokens,
    output: usage.completion_tokens,
    cached: usage.prompt_tokens_details.cached_tokens,
    written: usage.prompt_tokens_details.cache_write_tokens,
    reasoning: usage.completion_tokens_details.reasoning_tokens,
  };
}

/**
 * The grammar: chunks of one id; the role in the first delta; each call's fragments in a row, id and name in the
 * first alone; one finish reason; usage in a last chunk without choices; `[DONE]`.
 */
export function saidInChatStream(events: readonly ReadEvent[]): Said {
  expect(events.at(-1)?.data).toBe('[DONE]');
  const chunks: Json[] = events.slice(0, -1).map(({ name, data }) => {
    expect(name).toBeUndefined();
    return data;
  });
  expect(new Set(chunks.map(({ object }) => object))).toEqual(new Set(['chat.completion.chunk']));
  for (const field of ['id', 'created', 'model'])
    expect(new Set(chunks.map((chunk) => chunk[field])).size, field).toBe(1);
  const finished = chunks.findIndex(({ choices }) => choices[0]?.finish_reason != null);
  expect(chunks.slice(finished + 1).flatMap(({ choices }) => choices)).toEqual([]);
  expect(chunks.length - finished).toBeLessThanOrEqual(2);
  const deltas = chunks.slice(0, finished + 1).map(({ choices }) => choices[0].delta);
  expect(deltas[0].role).toBe('assistant');
  expect(deltas.slice(1).filter(({ role }) => role !== undefined)).toEqual([]);
  const joined = (field: string) => deltas.map((delta) => delta[field] ?? '').join('');
  return {
    text: joined('content'),
    reasoning: joined('reasoning_content'),
    refusal: joined('refusal'),
    calls: callsOf(deltas.flatMap(({ tool_calls }) => tool_calls ?? [])),
    finish: chunks[finished].choices[0].finish_reason,
    usage: usageOf(chunks[finished + 1]?.usage),
  };
}

function callsOf(fragments: readonly Json[]): SaidCall[] {
  const calls: SaidCall[] = [];
  for (const fragment of fragments) {
    const { index, id, type, function: called, custom } = fragment;
    if (index === calls.length) {
      calls.push(callOf(fragment));
      continue;
    }
    expect(index, 'fragments stand in a row').toBe(calls.length - 1);
    expect([id, type, called?.name, custom?.name]).toEqual(Array(4).fill(undefined));
    const call = calls.at(-1);
    if (call !== undefined) call.input += called?.arguments ?? custom.input;
  }
  return calls;
}
