import { describe, expect, it } from 'vitest';
import {
  type CanonicalEvent,
  type FinishReason,
  finishedBy,
} from '../../../gateway/protocols/canonical/answer.ts';
import { type Replay, wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { dataOf, encodedStream } from './support.ts';

const HEX = '01998ad07a1e7c3f8f4e3b1f5d2c9a00';
const REPLAY: Replay = {
  protocol: 'anthropic-messages',
  providerId: 'p',
  id: null,
  data: 'signature',
  redacted: false,
};
const START: CanonicalEvent = { type: 'start' };
const STOP = finish('stop');

function finish(reason: FinishReason): CanonicalEvent {
  return { type: 'finish', finish: finishedBy(reason), usage: null };
}

function part(
  index: number,
  opened: Extract<CanonicalEvent, { type: 'part_start' }>['part'],
  deltas: string[],
  replay?: Replay | null,
): CanonicalEvent[] {
  return [
    { type: 'part_start', index, part: opened },
    ...deltas.map((text): CanonicalEvent => ({ type: 'delta', index, text })),
    { type: 'part_end', index, replay },
  ];
}

function events(all: CanonicalEvent[], request?: Partial<CanonicalRequest>): JsonObject[] {
  return dataOf(encodedStream(all, request));
}

function typesOf(all: CanonicalEvent[]): string[] {
  return events(all).map(({ type }) => String(type).replace('response.', ''));
}

function lastResponse(all: CanonicalEvent[], request?: Partial<CanonicalRequest>): JsonObject {
  return events(all, request).at(-1)?.response as JsonObject;
}

const CALL = { type: 'tool_call' as const, id: 'call_1', name: 'f', kind: 'function' as const };

describe('a stream for a caller', () => {
  it('opens, fills and closes each item, and counts its events', () => {
    const all = events([START, ...part(0, { type: 'text' }, ['Hel', 'lo']), STOP]);
    const place = { item_id: `msg_${HEX}_1`, output_index: 0, content_index: 0 };
    const text = { type: 'output_text', text: 'Hello', annotations: [], logprobs: [] };
    const item = { id: place.item_id, type: 'message', role: 'assistant' };
    expect(all.map(({ sequence_number }) => sequence_number)).toEqual(all.map((_, index) => index));
    const [created, inProgress, ...rest] = all.map(({ sequence_number: _, ...event }) => event);
    expect(created).toMatchObject({
      type: 'response.created',
      response: { id: `resp_${HEX}`, status: 'in_progress', output: [], usage: null },
    });
    expect(inProgress).toEqual({ ...created, type: 'response.in_progress' });
    expect(rest).toEqual([
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { ...item, status: 'in_progress', content: [] },
      },
      { type: 'response.content_part.added', ...place, part: { ...text, text: '' } },
      { type: 'response.output_text.delta', ...place, delta: 'Hel', logprobs: [] },
      { type: 'response.output_text.delta', ...place, delta: 'lo', logprobs: [] },
      { type: 'response.output_text.done', ...place, text: 'Hello', logprobs: [] },
      { type: 'response.content_part.done', ...place, part: text },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { ...item, status: 'completed', content: [text] },
      },
      {
        type: 'response.completed',
        response: expect.objectContaining({
          status: 'completed',
          output: [{ ...item, status: 'completed', content: [text] }],
        }),
      },
    ]);
  });

  it('passes a delta on at once', () => {
    const delta: CanonicalEvent = { type: 'delta', index: 0, text: 'Hel' };
    const all = events([START, { type: 'part_start', index: 0, part: { type: 'text' } }, delta]);
    expect(all.at(-1)).toMatchObject({ type: 'response.output_text.delta', delta: 'Hel' });
  });

  it('has texts and refusals that follow each other in one message', () => {
    const all = [
      START,
      ...part(0, { type: 'text' }, ['A']),
      ...part(1, { type: 'text' }, ['B']),
      ...part(2, { type: 'refusal' }, ['No.']),
      STOP,
    ];
    expect(lastResponse(all).output).toMatchObject([
      {
        content: [
          { type: 'output_text', text: 'A' },
          { type: 'output_text', text: 'B' },
          { type: 'refusal', refusal: 'No.' },
        ],
      },
    ]);
    expect(typesOf(all).slice(-5)).toEqual([
      'refusal.delta',
      'refusal.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
  });

  it('shows reasoning as a summary, with what the caller must give back', () => {
    const all = [START, ...part(0, { type: 'reasoning' }, ['think', 'ing'], REPLAY), STOP];
    expect(typesOf(all).slice(2)).toEqual([
      'output_item.added',
      'reasoning_summary_part.added',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.delta',
      'reasoning_summary_text.done',
      'reasoning_summary_part.done',
      'output_item.done',
      'completed',
    ]);
    expect(lastResponse(all).output).toEqual([
      {
        id: `rs_${HEX}_1`,
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'thinking' }],
        encrypted_content: wrapReplay(REPLAY),
      },
    ]);
  });

  it('has hidden reasoning, and none that says nothing', () => {
    const hidden = [START, ...part(0, { type: 'reasoning' }, [], REPLAY), STOP];
    expect(lastResponse(hidden).output).toMatchObject([
      { summary: [], encrypted_content: wrapReplay(REPLAY) },
    ]);
    expect(typesOf(hidden).slice(2)).toEqual(['output_item.added', 'output_item.done', 'completed']);
    expect(lastResponse([START, ...part(0, { type: 'reasoning' }, [], null), STOP]).output).toEqual([]);
    expect(lastResponse([START, ...part(0, { type: 'text' }, []), STOP]).output).toEqual([]);
  });

  it('calls functions, with the namespace that the caller gave them', () => {
    const all = [START, ...part(0, { ...CALL, namespace: 'crm' }, ['{"a"', ':1}']), finish('tool_calls')];
    const head = { id: `fc_${HEX}_1`, type: 'function_call', call_id: 'call_1', name: 'f', namespace: 'crm' };
    const place = { item_id: head.id, output_index: 0 };
    expect(events(all).slice(2, -1)).toMatchObject([
      { type: 'response.output_item.added', item: { ...head, status: 'in_progress', arguments: '' } },
      { type: 'response.function_call_arguments.delta', ...place, delta: '{"a"' },
      { type: 'response.function_call_arguments.delta', ...place, delta: ':1}' },
      { type: 'response.function_call_arguments.done', ...place, arguments: '{"a":1}' },
      { type: 'response.output_item.done', item: { ...head, status: 'completed', arguments: '{"a":1}' } },
    ]);
  });

  it('has an object where a call has no arguments', () => {
    const all = events([START, ...part(0, CALL, []), finish('tool_calls')]);
    expect(all.slice(3, 6)).toMatchObject([
      { delta: '{}' },
      { arguments: '{}' },
      { item: { arguments: '{}' } },
    ]);
  });

  it('calls free-text tools', () => {
    const custom = { ...CALL, name: 'patch', kind: 'custom' as const };
    const all = [START, ...part(0, custom, ['*** ', 'Begin']), finish('tool_calls')];
    expect(typesOf(all).slice(2, -1)).toEqual([
      'output_item.added',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.delta',
      'custom_tool_call_input.done',
      'output_item.done',
    ]);
    expect(lastResponse(all).output).toEqual([
      {
        id: `ctc_${HEX}_1`,
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'call_1',
        name: 'patch',
        input: '*** Begin',
      },
    ]);
  });

  it('gives each item its place', () => {
    const all = events([
      START,
      ...part(0, { type: 'reasoning' }, ['a'], null),
      ...part(1, { type: 'text' }, ['b']),
      ...part(2, CALL, ['{}']),
      ...part(3, { ...CALL, id: 'call_2' }, ['{}']),
      ...part(4, { type: 'text' }, ['c']),
      finish('tool_calls'),
    ]);
    const places = (type: string) =>
      all.filter((event) => event.type === type).map(({ output_index }) => output_index);
    expect(places('response.output_item.added')).toEqual([0, 1, 2, 3, 4]);
    expect(places('response.output_item.done')).toEqual([0, 1, 2, 3, 4]);
  });

  it('names the sources of a text when it is known what they cover', () => {
    const all = events([
      START,
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'citation', index: 0, citation: { url: 'https://a.example', title: 'A', quote: 'q' } },
      { type: 'citation', index: 0, citation: { url: null, title: 'A book', quote: 'q' } },
      { type: 'delta', index: 0, text: 'So.' },
      { type: 'part_end', index: 0 },
      STOP,
    ]);
    const annotation = {
      type: 'url_citation',
      url: 'https://a.example',
      title: 'A',
      start_index: 0,
      end_index: 3,
    };
    expect(all.find(({ type }) => type === 'response.output_text.annotation.added')).toMatchObject({
      annotation_index: 0,
      annotation,
    });
    expect(all.at(-1)).toMatchObject({
      response: { output: [{ content: [{ annotations: [annotation] }] }] },
    });
  });

  it('passes items of this protocol on, and none of others', () => {
    const raw = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    const opaque = { type: 'opaque' as const, name: 'x', raw };
    const own = [START, ...part(0, { ...opaque, protocol: 'openai-responses' }, []), STOP];
    expect(lastResponse(own).output).toEqual([raw]);
    const foreign = [
      START,
      ...part(0, { type: 'text' }, ['A']),
      ...part(1, { ...opaque, protocol: 'anthropic-messages' }, []),
      STOP,
    ];
    expect(lastResponse(foreign).output).toMatchObject([{ type: 'message' }]);
    expect(typesOf(foreign).filter((type) => type === 'content_part.done')).toHaveLength(1);
  });

  it('tells what was used, whenever the provider told it', () => {
    const usage = { ...NO_TOKENS, inputTokens: 100, cachedTokens: 60, cacheWriteTokens: 20, outputTokens: 9 };
    const told = {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 20 },
      output_tokens: 9,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 109,
    };
    expect(lastResponse([START, { ...STOP, usage } as CanonicalEvent]).usage).toEqual(told);
    expect(lastResponse([START, { type: 'usage', usage }, STOP]).usage).toEqual(told);
    expect(lastResponse([START, STOP]).usage).toBeNull();
  });
});
