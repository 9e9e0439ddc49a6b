/** Streams as other servers than OpenAI's send them. */
import { describe, expect, it } from 'vitest';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { folded, streamed } from './support.ts';

function partsOf(...data: JsonObject[]): AssistantPart[] {
  return folded(streamed({ type: 'response.created', response: {} }, ...data)).parts;
}

function completed(...output: object[]): JsonObject {
  return { type: 'response.completed', response: { status: 'completed', output } };
}

const message = (...texts: string[]) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  content: texts.map((text) => ({ type: 'output_text', text, annotations: [] })),
});
const call = (number: number, input = '') => ({
  type: 'function_call',
  id: `fc_${number}`,
  call_id: `call_${number}`,
  name: 'f',
  arguments: input,
});
const called = (number: number, input: string) => ({
  type: 'tool_call',
  id: `call_${number}`,
  name: 'f',
  kind: 'function',
  input,
});
const said = (text: string) => ({ type: 'text', text });
const textDelta = (delta: string, fields: JsonObject = {}) => ({
  type: 'response.output_text.delta',
  delta,
  ...fields,
});

describe('a stream', () => {
  it('may tell items only when they are done', () => {
    const items = [message('Hi.'), call(1, '{}')];
    const events = items.map((item, output_index) => ({
      type: 'response.output_item.done',
      output_index,
      item,
    }));
    expect(partsOf(...events, completed())).toEqual([said('Hi.'), called(1, '{}')]);
    expect(partsOf(...events, completed(...items))).toEqual([said('Hi.'), called(1, '{}')]);
  });

  it('may tell items only in its last response', () => {
    const reasoning = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'So.' }] };
    expect(partsOf(completed(reasoning, message('A', 'B'), call(1, '{"a":1}')))).toEqual([
      { type: 'reasoning', text: 'So.', replay: null },
      said('A'),
      said('B'),
      called(1, '{"a":1}'),
    ]);
  });

  it('may tell one call as it comes, and another only in its last response', () => {
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: call(1) },
        { type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_1', delta: '{"a"' },
        completed(call(1, '{"a":1}'), call(2, '{"b":2}')),
      ),
    ).toEqual([called(1, '{"a":1}'), called(2, '{"b":2}')]);
  });

  it('may have no deltas of arguments', () => {
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: call(1) },
        {
          type: 'response.function_call_arguments.done',
          output_index: 0,
          item_id: 'fc_1',
          arguments: '{"a":1}',
        },
        completed(),
      ),
    ).toEqual([called(1, '{"a":1}')]);
  });

  it('may name a call only when it is done', () => {
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: { type: 'function_call', id: 'fc_1' } },
        { type: 'response.function_call_arguments.delta', output_index: 0, item_id: 'fc_1', delta: '{"a":' },
        { type: 'response.output_item.done', output_index: 0, item: call(1, '{"a":1}') },
        completed(),
      ),
    ).toEqual([called(1, '{"a":1}')]);
  });

  it('may leave out places and ids', () => {
    expect(
      partsOf(
        { type: 'response.output_item.added', item: { type: 'reasoning' } },
        { type: 'response.reasoning_text.delta', delta: 'hm' },
        { type: 'response.output_item.done', item: { type: 'reasoning', content: [{ text: 'hm' }] } },
        { type: 'response.output_item.added', item: { type: 'message' } },
        { type: 'response.content_part.added', part: { type: 'output_text', text: '' } },
        textDelta('Hel'),
        textDelta('lo'),
        { type: 'response.output_item.done', item: message('Hello') },
        completed(message('Hello')),
      ),
    ).toEqual([{ type: 'reasoning', text: 'hm', replay: null }, said('Hello')]);
  });

  it('may give each event of an item another id', () => {
    const place = (item_id: string) => ({ output_index: 0, content_index: 0, item_id });
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: { ...message(), id: 'a' } },
        { type: 'response.content_part.added', ...place('b'), part: { type: 'output_text', text: '' } },
        textDelta('Hel', place('c')),
        textDelta('lo', place('d')),
        { type: 'response.output_item.done', output_index: 0, item: { ...message('Hello'), id: 'e' } },
        completed({ ...message('Hello'), id: 'f' }),
      ),
    ).toEqual([said('Hello')]);
  });

  it('may give several items one place', () => {
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: { ...message(), id: 'msg_1' } },
        textDelta('Hi.', { output_index: 0, item_id: 'msg_1' }),
        { type: 'response.output_item.added', output_index: 0, item: call(1) },
        { type: 'response.output_item.added', output_index: 0, item: call(2) },
        {
          type: 'response.function_call_arguments.delta',
          output_index: 0,
          item_id: 'fc_1',
          delta: '{"a":1}',
        },
        {
          type: 'response.function_call_arguments.delta',
          output_index: 0,
          item_id: 'fc_2',
          delta: '{"b":2}',
        },
        { type: 'response.output_item.done', output_index: 0, item: call(2, '{"b":2}') },
        { type: 'response.output_item.done', output_index: 0, item: call(1, '{"a":1}') },
        completed(message('Hi.'), call(1, '{"a":1}'), call(2, '{"b":2}')),
      ),
    ).toEqual([said('Hi.'), called(1, '{"a":1}'), called(2, '{"b":2}')]);
  });

  it('may announce an item twice', () => {
    const added = { type: 'response.output_item.added', output_index: 0, item: call(1) };
    expect(
      partsOf(
        added,
        added,
        { type: 'response.output_item.done', output_index: 0, item: call(1, '{}') },
        completed(),
      ),
    ).toEqual([called(1, '{}')]);
  });

  it('may announce nothing', () => {
    expect(partsOf(textDelta('Hel'), textDelta('lo'), completed())).toEqual([said('Hello')]);
  });

  it('may count contents on with each delta', () => {
    const reasoning = ['a', 'b', 'c'].map((delta, content_index) => ({
      type: 'response.reasoning_text.delta',
      output_index: 0,
      item_id: 'x',
      content_index,
      delta,
    }));
    const texts = ['A', 'B', 'C'].map((delta, content_index) =>
      textDelta(delta, { output_index: 1, item_id: 'y', content_index: content_index + 3 }),
    );
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'x' } },
        { type: 'response.content_part.added', output_index: 0, item_id: 'x', part: { type: 'output_text' } },
        ...reasoning,
        {
          type: 'response.reasoning_text.done',
          output_index: 0,
          item_id: 'x',
          content_index: 3,
          text: 'abc',
        },
        {
          type: 'response.output_item.done',
          output_index: 0,
          item: { type: 'reasoning', id: 'x', summary: [] },
        },
        { type: 'response.output_item.added', output_index: 1, item: { ...message(), id: 'y' } },
        { type: 'response.content_part.added', output_index: 1, item_id: 'y', content_index: 0, part: {} },
        ...texts,
        { type: 'response.output_text.done', output_index: 1, item_id: 'y', content_index: 6, text: 'ABC' },
        { type: 'response.output_item.done', output_index: 1, item: { ...message('ABC'), id: 'y' } },
        completed(),
      ),
    ).toEqual([{ type: 'reasoning', text: 'abc', replay: null }, said('ABC')]);
  });

  it('may tell reasoning at once, or by an older name', () => {
    const whole = { type: 'response.reasoning_text.done', item_id: 'x', output_index: 0, text: 'raw' };
    const thought = [{ type: 'reasoning', text: 'raw', replay: null }];
    expect(partsOf(whole, completed())).toEqual(thought);
    const piece = { type: 'response.reasoning.delta', item_id: 'x', output_index: 0, delta: 'ra' };
    expect(partsOf(piece, { ...whole, type: 'response.reasoning.done' }, completed())).toEqual(thought);
  });

  it('may name sources only when a message is done', () => {
    const annotations = [{ type: 'url_citation', url: 'https://a.example', title: 'A' }];
    const content = [{ type: 'output_text', text: 'Hi.', annotations }];
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: message() },
        textDelta('Hi.', { output_index: 0, item_id: 'msg_1' }),
        { type: 'response.output_item.done', output_index: 0, item: { ...message(), content } },
        completed(),
      ),
    ).toEqual([{ ...said('Hi.'), citations: [{ url: 'https://a.example', title: 'A', quote: null }] }]);
  });

  it('may correct itself, which comes too late for what was passed on', () => {
    expect(
      partsOf(
        { type: 'response.output_item.added', output_index: 0, item: message() },
        textDelta('Helo', { output_index: 0, item_id: 'msg_1' }),
        { type: 'response.output_item.done', output_index: 0, item: message('Hello') },
        completed(message('Hello')),
      ),
    ).toEqual([said('Helo')]);
  });
});
