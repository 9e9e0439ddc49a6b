import { describe, expect, it } from 'vitest';
import { type CanonicalEvent, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { dataOf, encodeEvents } from './support.ts';

const finish: CanonicalEvent = { type: 'finish', finish: finishedBy('stop'), usage: null };

/** The deltas of a stream with these parts in it. */
function deltas(...events: CanonicalEvent[]): unknown[] {
  return dataOf(encodeEvents(events)).map(
    (data) => (data as { choices: { delta: unknown }[] }).choices[0]?.delta,
  );
}

function part(index: number, opened: 'text' | 'reasoning' | 'refusal', ...texts: string[]): CanonicalEvent[] {
  return [
    { type: 'part_start', index, part: { type: opened } },
    ...texts.map((text): CanonicalEvent => ({ type: 'delta', index, text })),
  ];
}

describe('a chat stream for a caller', () => {
  it('is chunks of one head, a finish and an end mark', () => {
    const events = [
      { type: 'start' } as const,
      ...part(0, 'text', 'Hi'),
      { type: 'part_end', index: 0 } as const,
    ];
    const head = {
      id: 'chatcmpl-0199f2d1-2b5f-7000-8000-000000000000',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'the-model',
    };
    const choice = { index: 0, finish_reason: null };
    expect(dataOf(encodeEvents([...events, finish]))).toEqual([
      { ...head, choices: [{ ...choice, delta: { role: 'assistant', content: '' } }] },
      { ...head, choices: [{ ...choice, delta: { content: 'Hi' } }] },
      { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('tells usage to callers that asked for it, in a chunk without choices', () => {
    const usage = { ...NO_TOKENS, inputTokens: 10, outputTokens: 5 };
    const events: CanonicalEvent[] = [{ type: 'usage', usage }, { ...finish, usage } as CanonicalEvent];
    const [, last, done] = dataOf(encodeEvents(events, { usageChunk: true }));
    expect(last).toMatchObject({ choices: [], usage: { prompt_tokens: 10, completion_tokens: 5 } });
    expect(done).toBe('[DONE]');
    expect(dataOf(encodeEvents(events))).toHaveLength(2);
    expect(dataOf(encodeEvents([finish], { usageChunk: true }))).toHaveLength(2);
  });

  it('opens each call with its id, its name and its place, and goes on by place', () => {
    const call = (index: number, id: string, kind: 'function' | 'custom'): CanonicalEvent[] => [
      { type: 'part_start', index, part: { type: 'tool_call', id, name: 'f', kind } },
      { type: 'delta', index, text: '{' },
      { type: 'delta', index, text: '}' },
      { type: 'part_end', index },
    ];
    expect(deltas(...call(3, 'a', 'function'), ...call(5, 'b', 'custom'))).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'custom', custom: { name: 'f', input: '' } }] },
      { tool_calls: [{ index: 1, custom: { input: '{' } }] },
      { tool_calls: [{ index: 1, custom: { input: '}' } }] },
    ]);
  });

  it('gives a call without arguments an empty object, and free text as it is', () => {
    const call = (kind: 'function' | 'custom'): CanonicalEvent[] => [
      { type: 'part_start', index: 0, part: { type: 'tool_call', id: 'a', name: 'f', kind } },
      { type: 'part_end', index: 0 },
    ];
    expect(deltas(...call('function')).slice(1)).toEqual([
      { tool_calls: [{ index: 0, function: { arguments: '{}' } }] },
    ]);
    expect(deltas(...call('custom'))).toHaveLength(1);
  });

  it('gives reasoning as text, and again with what must come back', () => {
    const replay = {
      protocol: 'anthropic-messages',
      providerId: 'p',
      id: null,
      data: 'c2ln',
      redacted: false,
    } as const;
    expect(
      deltas(
        ...part(0, 'reasoning', 'A', 'B'),
        { type: 'part_end', index: 0, replay },
        ...part(1, 'reasoning', 'C'),
        { type: 'part_end', index: 1, replay: null },
        ...part(2, 'reasoning'),
        { type: 'part_end', index: 2, replay: { ...replay, redacted: true } },
      ),
    ).toEqual([
      { reasoning_content: 'A' },
      { reasoning_content: 'B' },
      {
        reasoning_details: [{ type: 'reasoning.text', text: 'AB', signature: wrapReplay(replay), index: 0 }],
      },
      { reasoning_content: '\n\nC' },
      {
        reasoning_details: [
          { type: 'reasoning.encrypted', data: wrapReplay({ ...replay, redacted: true }), index: 2 },
        ],
      },
    ]);
  });

  it('gives refusals and sources', () => {
    const citation = { url: 'https://example.com', title: 'T', quote: null };
    expect(
      deltas(
        ...part(0, 'text', 'So'),
        { type: 'part_end', index: 0 },
        ...part(1, 'text', 'Hi'),
        { type: 'citation', index: 1, citation },
        { type: 'citation', index: 1, citation: { ...citation, url: null } },
        { type: 'part_end', index: 1 },
        ...part(2, 'refusal', 'No.'),
      ),
    ).toEqual([
      { content: 'So' },
      { content: 'Hi' },
      {
        annotations: [
          {
            type: 'url_citation',
            url_citation: { url: 'https://example.com', title: 'T', start_index: 2, end_index: 4 },
          },
        ],
      },
      { refusal: 'No.' },
    ]);
  });

  it('leaves out parts that another protocol alone knows', () => {
    const opaque = { type: 'opaque', protocol: 'anthropic-messages', name: 'x', raw: {} } as const;
    expect(
      encodeEvents([
        { type: 'part_start', index: 0, part: opaque },
        { type: 'part_end', index: 0 },
      ]),
    ).toBe('');
  });

  it('breaks off with the error, and without an end mark', () => {
    const error = { message: 'Overloaded', type: null, code: 'overloaded' };
    expect(dataOf(encodeEvents([{ type: 'error', error }]))).toEqual<JsonObject[]>([
      { error: { message: 'Overloaded', type: 'upstream_error', code: 'overloaded', param: null } },
    ]);
  });
});
