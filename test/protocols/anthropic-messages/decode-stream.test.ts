import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { decodeEvents, fold } from './answers.ts';

const START = { type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } };
const open = (index: unknown, content_block: JsonObject) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: unknown, said: JsonObject) => ({ type: 'content_block_delta', index, delta: said });
const text = (index: unknown, value: string) => delta(index, { type: 'text_delta', text: value });
const json = (index: unknown, value: string) =>
  delta(index, { type: 'input_json_delta', partial_json: value });
const stop = (index: unknown) => ({ type: 'content_block_stop', index });
const said = (rest: JsonObject, usage?: JsonObject) => ({ type: 'message_delta', delta: rest, usage });
const END = [said({ stop_reason: 'end_turn', stop_sequence: null }), { type: 'message_stop' }];
const partsOf = (...events: JsonObject[]) => fold(decodeEvents([START, ...events, ...END])).parts;

describe('a stream', () => {
  it('is a start, parts, and an end', () => {
    expect(
      decodeEvents([
        START,
        { type: 'ping' },
        open(0, { type: 'text', text: '' }),
        text(0, 'Hel'),
        text(0, ''),
        text(0, 'lo'),
        stop(0),
        said({ stop_reason: 'end_turn', stop_sequence: null }, { output_tokens: 5 }),
        { type: 'message_stop' },
      ]),
    ).toMatchObject([
      { type: 'start' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 1 } },
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'delta', index: 0, text: 'Hel' },
      { type: 'delta', index: 0, text: 'lo' },
      { type: 'part_end', index: 0 },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 5 } },
      { type: 'finish', finish: { reason: 'stop' }, usage: { inputTokens: 10, outputTokens: 5 } },
    ]);
  });

  it('may leave its parts open to one another', () => {
    const use = (index: number) => open(index, { type: 'tool_use', id: `t${index}`, name: 'f', input: {} });
    expect(
      partsOf(
        use(0),
        use(1),
        json(1, '{"b"'),
        json(0, '{"a":1'),
        json(1, ':2}'),
        json(0, '}'),
        stop(1),
        stop(0),
      ),
    ).toMatchObject([
      { id: 't0', input: '{"a":1}' },
      { id: 't1', input: '{"b":2}' },
    ]);
  });

  it('may use an index again', () => {
    expect(
      partsOf(
        open(0, { type: 'text' }),
        text(0, 'a'),
        stop(0),
        open(0, { type: 'text' }),
        text(0, 'b'),
        stop(0),
      ),
    ).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ]);
  });

  it('keeps thinking with its signature, and hidden thinking', () => {
    const replay = { protocol: 'anthropic-messages', providerId: '7', id: null };
    expect(
      partsOf(
        open(0, { type: 'thinking', thinking: '', signature: '' }),
        delta(0, { type: 'thinking_delta', thinking: 'Hm.' }),
        delta(0, { type: 'signature_delta', signature: 'EqQB' }),
        stop(0),
        open(1, { type: 'redacted_thinking', data: 'Enc' }),
        stop(1),
      ),
    ).toEqual([
      { type: 'reasoning', text: 'Hm.', replay: { ...replay, data: 'EqQB', redacted: false } },
      { type: 'reasoning', text: '', replay: { ...replay, data: 'Enc', redacted: true } },
    ]);
  });

  it('may have text, thinking and input in the beginning of a block', () => {
    expect(
      partsOf(
        open(0, { type: 'thinking', thinking: 'Hm.', signature: 'EqQB' }),
        stop(0),
        open(1, { type: 'text', text: 'Hel' }),
        text(1, 'lo'),
        stop(1),
        open(2, { type: 'tool_use', id: 'a', name: 'f', input: { a: 1 } }),
        stop(2),
        open(3, { type: 'tool_use', id: 'b', name: 'f', input: { old: 1 } }),
        json(3, '{"new":1}'),
        stop(3),
      ),
    ).toMatchObject([
      { text: 'Hm.', replay: { data: 'EqQB' } },
      { text: 'Hello' },
      { input: '{"a":1}' },
      { input: '{"new":1}' },
    ]);
  });

  it('gives what only its own protocol knows as a whole', () => {
    const search = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const found = { type: 'web_search_tool_result', tool_use_id: 's', content: [] };
    expect(
      partsOf(open(0, search), json(0, '{"query":'), json(0, '"q"}'), stop(0), open(1, found), stop(1)),
    ).toEqual([
      {
        type: 'opaque',
        protocol: 'anthropic-messages',
        name: 'server_tool_use',
        raw: { ...search, input: { query: 'q' } },
      },
      { type: 'opaque', protocol: 'anthropic-messages', name: 'web_search_tool_result', raw: found },
    ]);
  });

  it('tells the sources of a text', () => {
    const citation = { url: 'https://example.com', title: 'T', cited_text: 'q' };
    expect(
      partsOf(
        open(0, { type: 'text', text: '' }),
        text(0, 'a'),
        delta(0, { type: 'citations_delta', citation }),
      ),
    ).toEqual([
      { type: 'text', text: 'a', citations: [{ url: 'https://example.com', title: 'T', quote: 'q' }] },
    ]);
  });

  it('ends its parts where the service does not', () => {
    const events = decodeEvents([START, open(0, { type: 'text', text: '' }), text(0, 'a'), ...END]);
    expect(events.slice(-2)).toMatchObject([{ type: 'part_end', index: 0 }, { type: 'finish' }]);
  });

  it('may begin without a beginning', () => {
    expect(decodeEvents([text(0, 'a'), ...END])).toMatchObject([
      { type: 'start' },
      { type: 'part_start', index: 0 },
      { type: 'delta', text: 'a' },
      { type: 'part_end' },
      { type: 'finish' },
    ]);
    expect(decodeEvents([{ type: 'message_stop' }])).toMatchObject([{ type: 'start' }, { type: 'finish' }]);
  });

  it('ignores events, blocks and deltas that it does not know', () => {
    expect(
      partsOf(
        { type: 'something_new' },
        open(0, { type: 'text', text: '' }),
        delta(0, { type: 'new_delta', text: 'x' }),
        delta(0, { type: 'thinking_delta', thinking: 'x' }),
        text(0, 'a'),
        json(5, '{}'),
        stop(0),
        stop(9),
        open(1, {}),
        stop(1),
      ),
    ).toEqual([{ type: 'text', text: 'a' }]);
  });
});

describe('the usage of a stream', () => {
  it('is told again and again, the whole each time', () => {
    const events = decodeEvents([
      {
        type: 'message_start',
        message: { usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 1 } },
      },
      said({ stop_reason: 'end_turn' }, { output_tokens: 5 }),
      said({}, { input_tokens: 12, output_tokens: 9 }),
      { type: 'message_stop' },
    ]);
    expect(events.at(-1)).toMatchObject({
      usage: { inputTokens: 102, cachedTokens: 90, outputTokens: 9 },
    });
  });

  it('is unknown where none is told', () => {
    expect(decodeEvents([{ type: 'message_start', message: {} }, ...END]).at(-1)).toMatchObject({
      usage: null,
    });
    expect(decodeEvents([{ type: 'message_start' }, ...END]).at(-1)).toMatchObject({ usage: null });
  });
});

describe('the end of a stream', () => {
  it('is `message_stop`: without it the answer is cut', () => {
    const [finished] = END;
    expect(decodeEvents([START, text(0, 'a'), finished ?? {}]).map(({ type }) => type)).not.toContain(
      'finish',
    );
  });

  it('may be an end mark, if the reason is told', () => {
    expect(decodeEvents([START, said({ stop_reason: 'max_tokens' }), '[DONE]']).at(-1)).toMatchObject({
      finish: { reason: 'length' },
    });
    expect(decodeEvents([START, '[DONE]']).map(({ type }) => type)).not.toContain('finish');
  });

  it('has details', () => {
    const stop_details = { type: 'refusal', category: null };
    expect(
      decodeEvents([
        START,
        said({ stop_reason: 'refusal', stop_details }),
        said({ stop_reason: null }),
        ...END.slice(1),
      ]).at(-1),
    ).toMatchObject({ finish: { reason: 'refusal', details: stop_details } });
    expect(
      decodeEvents([START, said({ stop_reason: 'stop_sequence', stop_sequence: 'END' }), ...END.slice(1)]).at(
        -1,
      ),
    ).toMatchObject({ finish: { reason: 'stop_sequence', stopSequence: 'END' } });
  });

  it('is by a call of a tool, if one was made and nothing is said', () => {
    const use = open(0, { type: 'tool_use', id: 'a', name: 'f', input: {} });
    expect(decodeEvents([START, use, stop(0), { type: 'message_stop' }]).at(-1)).toMatchObject({
      finish: { reason: 'tool_calls' },
    });
  });

  it('may be an error', () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    expect(decodeEvents([START, { type: 'error', error }]).at(-1)).toEqual({
      type: 'error',
      error: { message: 'Overloaded', type: 'overloaded_error', code: null },
    });
    expect(decodeEvents([{ type: 'error' }])).toMatchObject([{ type: 'error', error: { type: null } }]);
  });
});
