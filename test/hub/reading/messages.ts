/** Reads answers of the Messages API (https://platform.claude.com/docs/en/build-with-claude/streaming). */
import { expect } from 'vitest';
import type { ReadEvent } from '../../support/provider/read-events.ts';
import type { Said, SaidUsage } from './said.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
type Json = any;

export function saidInMessage({ type, role, content, stop_reason, usage }: Json): Said {
  expect([type, role]).toEqual(['message', 'assistant']);
  const joined = (field: string) => content.map((block: Json) => block[field] ?? '').join('');
  return {
    text: joined('text'),
    reasoning: joined('thinking'),
    refusal: '',
    calls: content.flatMap(({ type: kind, id, name, input }: Json) =>
      kind === 'tool_use' ? [{ id, kind: 'function', name, input: JSON.stringify(input) }] : [],
    ),
    finish: stop_reason,
    usage: usageOf(usage),
  };
}

function usageOf(usage: Json): SaidUsage {
  const { input_tokens, cache_read_input_tokens: cached, cache_creation_input_tokens: written } = usage;
  return {
    input: input_tokens + cached + written,
    output: usage.output_tokens,
    cached,
    written,
    reasoning: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}

const DELTAS: Readonly<Record<string, readonly string[]>> = {
  text: ['text_delta'],
  thinking: ['thinking_delta', 'signature_delta'],
  tool_use: ['input_json_delta'],
  redacted_thinking: [],
};

/**
 * The grammar: `message_start`; blocks one after the other, counted from 0, with deltas of their kind, a thought's
 * signature last; one `message_delta`; `message_stop`. Each event is named as its data says; pings stand anywhere.
 */
export function saidInMessageStream(events: readonly ReadEvent[]): Said {
  for (const { name, data } of events) expect(name).toBe(data.type);
  const told: Json[] = events.map(({ data }) => data).filter(({ type }) => type !== 'ping');
  const [start, ...rest] = told;
  expect(start.type).toBe('message_start');
  expect(start.message).toMatchObject({ type: 'message', role: 'assistant', content: [], stop_reason: null });
  const [delta, stop] = rest.splice(-2);
  expect([delta.type, stop.type]).toEqual(['message_delta', 'message_stop']);
  const content = blocksOf(rest);
  return saidInMessage({ ...start.message, ...delta.delta, content, usage: delta.usage });
}

function blocksOf(events: readonly Json[]): Json[] {
  const blocks: Json[] = [];
  let open: Json | undefined;
  for (const { type, index, content_block, delta } of events) {
    if (type === 'content_block_start') {
      expect([open, index]).toEqual([undefined, blocks.length]);
      open = { ...content_block, json: '' };
    } else if (type === 'content_block_delta') {
      expect([open?.signature ?? '', index]).toEqual(['', blocks.length]);
      expect(DELTAS[open.type], open.type).toContain(delta.type);
      goOn(open, delta);
    } else {
      expect([type, index]).toEqual(['content_block_stop', blocks.length]);
      if (open.type === 'thinking') expect(open.signature).not.toBe('');
      blocks.push(closed(open));
      open = undefined;
    }
  }
  expect(open).toBeUndefined();
  return blocks;
}

function goOn(block: Json, { text, thinking, signature, partial_json }: Json): void {
  if (text !== undefined) block.text += text;
  if (thinking !== undefined) block.thinking += thinking;
  if (signature !== undefined) block.signature = signature;
  if (partial_json !== undefined) block.json += partial_json;
}

function closed({ json, ...block }: Json): Json {
  return block.type === 'tool_use' ? { ...block, input: JSON.parse(json === '' ? '{}' : json) } : block;
}
