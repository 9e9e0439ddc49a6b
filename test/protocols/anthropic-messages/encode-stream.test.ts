import { describe, expect, it } from 'vitest';
import {
  type CanonicalEvent,
  type FinishReason,
  finishedBy,
} from '../../../gateway/protocols/canonical/answer.ts';
import { type Replay, unwrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import { dataOf, encodeEvents, usageOf } from './answers.ts';

type Opened = Extract<CanonicalEvent, { type: 'part_start' }>['part'];

const START: CanonicalEvent = { type: 'start' };
const open = (index: number, part: Opened): CanonicalEvent => ({ type: 'part_start', index, part });
const delta = (index: number, text: string): CanonicalEvent => ({ type: 'delta', index, text });
const end = (index: number, replay = null): CanonicalEvent => ({ type: 'part_end', index, replay });
const finish = (reason: FinishReason = 'stop', usage = usageOf()): CanonicalEvent => ({
  type: 'finish',
  finish: finishedBy(reason),
  usage,
});
const use = (index: number): Opened => ({ type: 'tool_call', id: `t${index}`, name: 'f', kind: 'function' });
const encode = (...events: CanonicalEvent[]) => dataOf(encodeEvents(events));
/** Everything between the start and the end. */
const blocks = (...events: CanonicalEvent[]) => encode(START, ...events, finish()).slice(1, -2);

describe('a stream for a caller', () => {
  it('begins, says, and ends as the service does', () => {
    expect(
      encode(START, open(0, { type: 'text' }), delta(0, 'Hel'), delta(0, 'lo'), end(0), finish()),
    ).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_01999999aaaa7bbb8cccdddddddddddd',
          type: 'message',
          role: 'assistant',
          model: 'public/model',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          container: null,
          usage: expect.objectContaining({ input_tokens: 0, output_tokens: 0 }),
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null, container: null },
        usage: expect.objectContaining({
          input_tokens: 10,
          cache_read_input_tokens: 60,
          cache_creation_input_tokens: 30,
          output_tokens: 20,
          output_tokens_details: { thinking_tokens: 5 },
        }),
      },
      { type: 'message_stop' },
    ]);
  });

  it('tells of the usage last known', () => {
    const events = encode(
      START,
      { type: 'usage', usage: usageOf({ outputTokens: 1 }) },
      { type: 'usage', usage: usageOf({ outputTokens: 9 }) },
      { type: 'finish', finish: finishedBy('stop'), usage: null },
    );
    expect(events.at(-2)).toMatchObject({ usage: { input_tokens: 10, output_tokens: 9 } });
  });

  it('numbers its blocks in a row, whatever the numbers of the parts', () => {
    const events = blocks(
      open(4, use(4)),
      delta(4, '{}'),
      end(4),
      open(2, use(2)),
      delta(2, '{"a":1}'),
      end(2),
    );
    expect(events).toEqual([
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 't4', name: 'f', input: {} },
      },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{}' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'content_block_start',
        index: 1,
        content_block: { type: 'tool_use', id: 't2', name: 'f', input: {} },
      },
      { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } },
      { type: 'content_block_stop', index: 1 },
    ]);
  });

  it('has no block for a text that never came', () => {
    expect(
      blocks(open(0, { type: 'text' }), end(0), open(1, { type: 'refusal' }), delta(1, 'No.'), end(1)),
    ).toMatchObject([
      { type: 'content_block_start', index: 0, content_block: { type: 'text' } },
      { delta: { type: 'text_delta', text: 'No.' } },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  it('leaves out sources, which it cannot say, and blocks of other protocols', () => {
    const citation = { url: 'https://example.com', title: null, quote: null };
    const raw = { type: 'server_tool_use', id: 's' };
    expect(
      blocks(
        open(0, { type: 'opaque', protocol: 'openai-responses', name: 'web_search_call', raw: {} }),
        end(0),
        open(1, { type: 'opaque', protocol: 'anthropic-messages', name: 'server_tool_use', raw }),
        end(1),
        { type: 'citation', index: 1, citation },
      ),
    ).toEqual([
      { type: 'content_block_start', index: 0, content_block: raw },
      { type: 'content_block_stop', index: 0 },
    ]);
  });

  it('goes on by its calls, whatever the provider said', () => {
    expect(encode(START, open(0, use(0)), end(0), finish('stop')).at(-2)).toMatchObject({
      delta: { stop_reason: 'tool_use' },
    });
  });
});

/** What a block or delta carries for the maker of its thinking. */
function carried(said: unknown): Replay | null | undefined {
  const { signature, data } = said as { signature?: string; data?: string };
  return unwrapReplay(signature ?? data ?? '');
}

describe('thinking in a stream', () => {
  const replay = {
    protocol: 'openai-responses',
    providerId: '7',
    id: 'rs_1',
    data: 'gAAA',
    redacted: false,
  } as const;

  it('ends with its signature', () => {
    const events = blocks(open(0, { type: 'reasoning' }), delta(0, 'Hm.'), {
      type: 'part_end',
      index: 0,
      replay,
    });
    expect(events).toMatchObject([
      { content_block: { type: 'thinking', thinking: '', signature: '' } },
      { delta: { type: 'thinking_delta', thinking: 'Hm.' } },
      { delta: { type: 'signature_delta' } },
      { type: 'content_block_stop' },
    ]);
    expect(carried(events[2]?.delta)).toEqual(replay);
    const unsigned = blocks(open(0, { type: 'reasoning' }), delta(0, 'Hm.'), end(0));
    expect(carried(unsigned[2]?.delta)).toMatchObject({ data: '' });
  });

  it('is hidden where it has no text, and nothing where it has no maker either', () => {
    const [block, stop, ...more] = blocks(open(0, { type: 'reasoning' }), {
      type: 'part_end',
      index: 0,
      replay,
    });
    expect(block).toMatchObject({ index: 0, content_block: { type: 'redacted_thinking' } });
    expect(carried(block?.content_block)).toEqual(replay);
    expect(stop).toEqual({ type: 'content_block_stop', index: 0 });
    expect(more).toEqual([]);
    expect(blocks(open(0, { type: 'reasoning' }), end(0))).toEqual([]);
  });
});

describe('a broken call', () => {
  const broken = [START, open(0, use(0)), delta(0, '{"a":'), end(0)];

  it('ends the stream in an error, unless the answer was cut short', () => {
    expect(encode(...broken, finish('tool_calls')).at(-1)).toMatchObject({
      type: 'error',
      error: { type: 'api_error', message: expect.stringContaining('"f"') },
    });
    expect(encode(...broken, finish('length')).slice(-2)).toMatchObject([
      { delta: { stop_reason: 'max_tokens' } },
      { type: 'message_stop' },
    ]);
  });
});

describe('an error in a stream', () => {
  const failed = (type: string | null, code: string | null) =>
    encode(START, { type: 'error', error: { message: 'It failed.', type, code } }).at(-1);

  it.each([
    ['overloaded_error', null, 'overloaded_error'],
    ['server_error', 'service_unavailable', 'overloaded_error'],
    ['requests', 'rate_limit_exceeded', 'rate_limit_error'],
    ['rate_limit_error', null, 'rate_limit_error'],
    ['invalid_request_error', 'context_length_exceeded', 'invalid_request_error'],
    ['server_error', null, 'api_error'],
    [null, '502', 'api_error'],
    [null, '429', 'rate_limit_error'],
    [null, null, 'api_error'],
  ])('of type %s and code %s is %s', (type, code, expected) => {
    expect(failed(type, code)).toEqual({
      type: 'error',
      error: { type: expected, message: 'It failed.', code: 'upstream_error' },
      request_id: '01999999-aaaa-7bbb-8ccc-dddddddddddd',
    });
  });

  it('is the last event', () => {
    const error: CanonicalEvent = { type: 'error', error: { message: 'm', type: null, code: null } };
    expect(encode(START, error, finish(), error)).toHaveLength(2);
    expect(encode(START, finish(), error)).toHaveLength(3);
  });
});
