import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../../gateway/protocols/canonical/answer.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { folded, ORIGIN, streamed } from './support.ts';

const CREATED = { type: 'response.created', response: { id: 'resp_1', status: 'in_progress', output: [] } };
const USAGE = { input_tokens: 10, output_tokens: 4, total_tokens: 14 };

function added(output_index: number, item: JsonObject): JsonObject {
  return { type: 'response.output_item.added', output_index, item };
}

function done(output_index: number, item: JsonObject): JsonObject {
  return { type: 'response.output_item.done', output_index, item };
}

function within(name: string, output_index: number, item_id: string, fields: JsonObject): JsonObject {
  return { type: `response.${name}`, output_index, item_id, ...fields };
}

function completed(fields: JsonObject = {}): JsonObject {
  return {
    type: 'response.completed',
    response: { status: 'completed', output: [], usage: USAGE, ...fields },
  };
}

const FIRST_CALL = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '' };
const SECOND_CALL = { ...FIRST_CALL, id: 'fc_2', call_id: 'call_2', name: 'g' };
const MESSAGE = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };
const REASONING = { type: 'reasoning', id: 'rs_1', summary: [] };
const REPLAY = { protocol: 'openai-responses', providerId: 'provider-1', id: 'rs_1', redacted: false };

function argumentsOf(index: number, id: string, ...deltas: string[]): JsonObject[] {
  return deltas.map((delta) => within('function_call_arguments.delta', index, id, { delta }));
}

function kinds(events: readonly CanonicalEvent[]): string[] {
  return events.map((event) => event.type);
}

describe('a provider’s stream', () => {
  it('brings text as it comes', () => {
    const place = { content_index: 0 };
    const part = (text: string) => ({ type: 'output_text', text, annotations: [] });
    const events = streamed(
      CREATED,
      { type: 'response.in_progress', response: {} },
      added(0, MESSAGE),
      within('content_part.added', 0, 'msg_1', { ...place, part: part('') }),
      within('output_text.delta', 0, 'msg_1', { ...place, delta: 'Hel' }),
      within('output_text.delta', 0, 'msg_1', { ...place, delta: 'lo' }),
      within('output_text.done', 0, 'msg_1', { ...place, text: 'Hello' }),
      within('content_part.done', 0, 'msg_1', { ...place, part: part('Hello') }),
      done(0, { ...MESSAGE, content: [part('Hello')] }),
      completed({ output: [{ ...MESSAGE, content: [part('Hello')] }] }),
    );
    expect(events).toEqual([
      { type: 'start' },
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'delta', index: 0, text: 'Hel' },
      { type: 'delta', index: 0, text: 'lo' },
      { type: 'part_end', index: 0 },
      {
        type: 'finish',
        finish: { reason: 'stop', stopSequence: null, details: null },
        usage: expect.objectContaining({ inputTokens: 10, outputTokens: 4 }),
      },
    ]);
  });

  it('brings the contents of a message one after the other, with their sources', () => {
    const annotation = { type: 'url_citation', url: 'https://a.example', title: 'A' };
    const text = {
      type: 'output_text',
      text: 'So.',
      annotations: [annotation, { ...annotation, title: 'B' }],
    };
    const refusal = { type: 'refusal', refusal: 'No.' };
    const answer = folded(
      streamed(
        CREATED,
        added(0, MESSAGE),
        within('content_part.added', 0, 'msg_1', { content_index: 0, part: { type: 'output_text' } }),
        within('output_text.delta', 0, 'msg_1', { content_index: 0, delta: 'So.' }),
        within('output_text.annotation.added', 0, 'msg_1', { content_index: 0, annotation }),
        within('content_part.done', 0, 'msg_1', { content_index: 0, part: text }),
        within('content_part.added', 0, 'msg_1', { content_index: 1, part: { type: 'refusal' } }),
        within('refusal.delta', 0, 'msg_1', { content_index: 1, delta: 'No' }),
        within('refusal.done', 0, 'msg_1', { content_index: 1, refusal: 'No.' }),
        done(0, { ...MESSAGE, content: [text, refusal] }),
        completed(),
      ),
    );
    expect(answer.parts).toEqual([
      {
        type: 'text',
        text: 'So.',
        citations: [
          { url: 'https://a.example', title: 'A', quote: null },
          { url: 'https://a.example', title: 'B', quote: null },
        ],
      },
      { type: 'refusal', text: 'No.' },
    ]);
    expect(answer.finish.reason).toBe('refusal');
  });

  it('brings a summary in paragraphs, and the encrypted form from the end alone', () => {
    const summary = ['First.', 'Then.'].map((text) => ({ type: 'summary_text', text }));
    const answer = folded(
      streamed(
        CREATED,
        added(0, { ...REASONING, encrypted_content: 'half' }),
        within('reasoning_summary_part.added', 0, 'rs_1', { summary_index: 0, part: {} }),
        within('reasoning_summary_text.delta', 0, 'rs_1', { summary_index: 0, delta: 'Fir' }),
        within('reasoning_summary_text.delta', 0, 'rs_1', { summary_index: 0, delta: 'st.' }),
        within('reasoning_summary_text.done', 0, 'rs_1', { summary_index: 0, text: 'First.' }),
        within('reasoning_summary_text.done', 0, 'rs_1', { summary_index: 1, text: 'Then.' }),
        done(0, { ...REASONING, summary, encrypted_content: 'whole' }),
        completed(),
      ),
    );
    expect(answer.parts).toEqual([
      { type: 'reasoning', text: 'First.\n\nThen.', replay: { ...REPLAY, data: 'whole' } },
    ]);
  });

  it('brings hidden reasoning, which has no text', () => {
    const answer = folded(
      streamed(
        CREATED,
        added(0, REASONING),
        done(0, { ...REASONING, encrypted_content: 'gAAAA' }),
        completed(),
      ),
    );
    expect(answer.parts).toEqual([{ type: 'reasoning', text: '', replay: { ...REPLAY, data: 'gAAAA' } }]);
  });

  it('brings raw reasoning where no summary comes', () => {
    const answer = folded(
      streamed(
        CREATED,
        added(0, REASONING),
        within('reasoning_text.delta', 0, 'rs_1', { content_index: 0, delta: 'ra' }),
        within('reasoning_text.delta', 0, 'rs_1', { content_index: 0, delta: 'w' }),
        within('reasoning_text.done', 0, 'rs_1', { content_index: 0, text: 'raw' }),
        done(0, { ...REASONING, content: [{ type: 'reasoning_text', text: 'raw' }] }),
        completed(),
      ),
    );
    expect(answer.parts).toEqual([{ type: 'reasoning', text: 'raw', replay: null }]);
  });

  it('brings parallel calls whose arguments take turns', () => {
    const events = streamed(
      CREATED,
      added(0, FIRST_CALL),
      added(1, SECOND_CALL),
      ...argumentsOf(0, 'fc_1', '{"a"'),
      ...argumentsOf(1, 'fc_2', '{"b"'),
      ...argumentsOf(0, 'fc_1', ':1}'),
      ...argumentsOf(1, 'fc_2', ':2}'),
      done(1, { ...SECOND_CALL, arguments: '{"b":2}' }),
      done(0, { ...FIRST_CALL, arguments: '{"a":1}' }),
      completed(),
    );
    expect(folded(events)).toMatchObject({
      parts: [
        { type: 'tool_call', id: 'call_1', name: 'f', kind: 'function', input: '{"a":1}' },
        { type: 'tool_call', id: 'call_2', name: 'g', kind: 'function', input: '{"b":2}' },
      ],
      finish: { reason: 'tool_calls' },
    });
  });

  it('brings the text for a free-text tool', () => {
    const item = { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'patch', input: '' };
    const events = streamed(
      CREATED,
      added(0, item),
      within('custom_tool_call_input.delta', 0, 'ctc_1', { delta: '*** Be' }),
      within('custom_tool_call_input.done', 0, 'ctc_1', { input: '*** Begin' }),
      done(0, { ...item, input: '*** Begin' }),
      completed(),
    );
    expect(folded(events).parts).toEqual([
      { type: 'tool_call', id: 'call_1', name: 'patch', kind: 'custom', input: '*** Begin' },
    ]);
  });

  it('brings items of the provider’s own tools whole', () => {
    const item = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { query: 'q' } };
    const events = streamed(
      CREATED,
      added(0, { ...item, status: 'in_progress' }),
      within('web_search_call.searching', 0, 'ws_1', {}),
      done(0, item),
      completed({ output: [item] }),
    );
    const opaque = { type: 'opaque', protocol: 'openai-responses', name: 'web_search_call', raw: item };
    expect(events.slice(1, -1)).toEqual([
      { type: 'part_start', index: 0, part: opaque },
      { type: 'part_end', index: 0 },
    ]);
  });

  it.each([
    [
      { type: 'response.incomplete', response: { incomplete_details: { reason: 'max_output_tokens' } } },
      'length',
    ],
    [{ type: 'response.incomplete', response: { status: 'incomplete' } }, 'length'],
    [
      { type: 'response.incomplete', response: { incomplete_details: { reason: 'content_filter' } } },
      'content_filter',
    ],
    [{ type: 'response.completed', response: { status: 'incomplete' } }, 'length'],
    [completed(), 'stop'],
  ])('ends: %j', (last, reason) => {
    expect(streamed(CREATED, last).at(-1)).toMatchObject({ type: 'finish', finish: { reason } });
  });

  it.each([
    [
      { type: 'response.failed', response: { error: { code: 'rate_limit_exceeded', message: 'Wait.' } } },
      { code: 'rate_limit_exceeded', message: 'Wait.', type: null },
    ],
    [
      { type: 'error', code: 'server_error', message: 'Broken.', param: null },
      { code: 'server_error', message: 'Broken.', type: null },
    ],
    [
      { type: 'error', error: { type: 'insufficient_quota', code: 'insufficient_quota', message: 'Empty.' } },
      { code: 'insufficient_quota', message: 'Empty.', type: 'insufficient_quota' },
    ],
    [{ error: { message: 'Broken.' } }, { code: null, message: 'Broken.', type: null }],
    [
      { type: 'response.completed', response: { status: 'failed', error: { message: 'Broken.' } } },
      { code: null, message: 'Broken.', type: null },
    ],
    [{ type: 'response.failed' }, { code: null, message: 'The provider sent response.failed.', type: null }],
    [
      { type: 'response.cancelled', response: { status: 'cancelled' } },
      { code: null, message: 'The provider ended the response as cancelled.', type: null },
    ],
  ])('fails: %j', (last, error) => {
    expect(streamed(CREATED, last)).toEqual([{ type: 'start' }, { type: 'error', error }]);
    expect(streamed(last)).toEqual([{ type: 'error', error }]);
  });

  it('tells what was used before it failed', () => {
    const last = { type: 'response.failed', response: { error: { message: 'Broken.' }, usage: USAGE } };
    expect(kinds(streamed(CREATED, last))).toEqual(['start', 'usage', 'error']);
  });

  it('is not over without its last event', () => {
    expect(kinds(streamed(CREATED, added(0, FIRST_CALL)))).toEqual(['start', 'part_start']);
    const decoder = responsesCodec.decodeStream(ORIGIN);
    expect([...decoder.push(CREATED), ...decoder.push('[DONE]'), ...decoder.end()]).toEqual([
      { type: 'start' },
    ]);
  });

  it('says nothing after its last event', () => {
    expect(streamed(completed(), CREATED, added(0, FIRST_CALL), completed())).toHaveLength(2);
  });

  it('may hold events that nobody knows', () => {
    const unknown = [{ type: 'response.hologram.started', depth: 3 }, { type: 'keepalive' }, { depth: 3 }];
    expect(kinds(streamed(...unknown, completed()))).toEqual(['start', 'finish']);
    expect(streamed({ type: 'keepalive' })).toEqual([]);
  });
});
