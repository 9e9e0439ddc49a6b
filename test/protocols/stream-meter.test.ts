import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../gateway/errors.ts';
import type { Endpoint } from '../../gateway/protocols/endpoint.ts';
import { OutputEstimate } from '../../gateway/protocols/output-estimate.ts';
import { StreamMeter } from '../../gateway/protocols/stream-meter.ts';
import { endMark, errorEvent, keepAlive } from '../../gateway/protocols/stream-words.ts';

function chunk(data: unknown): Buffer {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
}

function named(event: { type: string; [field: string]: unknown }): Buffer {
  return Buffer.from(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

function play(
  endpoint: Endpoint,
  events: Buffer[],
): { meter: StreamMeter; meant: string[]; textBytes: number } {
  const meter = new StreamMeter(endpoint);
  const output = new OutputEstimate(endpoint);
  const meant = events.map((event) => {
    output.add(event);
    const told = meter.nextTelling(event.toString('latin1'), 0);
    const meaning = meter.see(event);
    // Whatever is not told of may be passed on unseen.
    if (told === Number.POSITIVE_INFINITY) expect(['content', 'blank', 'junk']).toContain(meaning);
    return meaning;
  });
  return { meter, meant, textBytes: output.textBytes };
}

describe('a Chat Completions stream', () => {
  const delta = (content: object, finish: string | null = null) =>
    chunk({
      id: 'c',
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: content, finish_reason: finish }],
      usage: null,
    });

  it('is metered from its text to its usage chunk', () => {
    const { meter, meant, textBytes } = play('chat', [
      chunk({ choices: [], prompt_filter_results: [{}] }),
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'Grüße' }),
      delta({ reasoning_content: 'hm' }),
      delta({
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'f', arguments: '' } }],
      }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
      delta({}, 'tool_calls'),
      chunk({
        choices: [],
        usage: {
          prompt_tokens: 9,
          completion_tokens: 12,
          total_tokens: 21,
          prompt_tokens_details: { cached_tokens: 4 },
        },
      }),
      Buffer.from('data: [DONE]\n\n'),
    ]);
    expect(meant).toEqual([
      'content',
      'content',
      'content',
      'content',
      'content',
      'content',
      'content',
      'usage',
      'end',
    ]);
    expect(meter.usage).toMatchObject({ inputTokens: 9, outputTokens: 12, cachedTokens: 4 });
    expect(meter.finished).toBe(true);
    expect(textBytes).toBe(Buffer.byteLength('Grüße') + 2 + 1 + 7);
  });

  it('may tell usage beside its last choice, which is then no chunk to hide', () => {
    const { meter, meant } = play('chat', [
      chunk({
        choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }],
        usage: { prompt_tokens: 1, completion_tokens: 2 },
      }),
    ]);
    expect(meant).toEqual(['content']);
    expect(meter.usage).toMatchObject({ inputTokens: 1, outputTokens: 2 });
  });

  it('takes the last figures of a provider that tells usage on every chunk', () => {
    const running = (tokens: number) =>
      chunk({
        choices: [{ index: 0, delta: { content: 'x' } }],
        usage: { prompt_tokens: 5, completion_tokens: tokens },
      });
    const { meter } = play('chat', [running(1), running(2), running(3)]);
    expect(meter.usage).toMatchObject({ inputTokens: 5, outputTokens: 3 });
  });

  it.each([{ error: { message: 'overloaded', code: 529 } }, { error: 'overloaded' }])(
    'may fail in the middle: %j',
    (error) => {
      expect(play('chat', [delta({ content: 'a' }), chunk(error)]).meant).toEqual(['content', 'error']);
    },
  );

  it('of Completions carries text', () => {
    const { meter, meant, textBytes } = play('completions', [
      chunk({ choices: [{ index: 0, text: 'abc', finish_reason: null }] }),
      chunk({ choices: [{ index: 0, text: 'd', finish_reason: 'length' }] }),
      chunk({ choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } }),
      Buffer.from('data: [DONE]\n\n'),
    ]);
    expect(meant).toEqual(['content', 'content', 'usage', 'end']);
    expect(textBytes).toBe(4);
    expect(meter.finished).toBe(true);
  });
});

describe('a Messages stream', () => {
  const start = named({
    type: 'message_start',
    message: {
      id: 'msg_1',
      role: 'assistant',
      content: [],
      usage: {
        input_tokens: 25,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 50,
        output_tokens: 1,
      },
    },
  });
  const block = (content: object) => named({ type: 'content_block_start', index: 0, content_block: content });
  const delta = (content: object) => named({ type: 'content_block_delta', index: 0, delta: content });
  const stop = named({ type: 'content_block_stop', index: 0 });

  it('tells its input at the start and its output at the end', () => {
    const { meter, meant, textBytes } = play('messages', [
      start,
      named({ type: 'ping' }),
      block({ type: 'thinking', thinking: '', signature: '' }),
      delta({ type: 'thinking_delta', thinking: 'well' }),
      delta({ type: 'signature_delta', signature: 'A'.repeat(500) }),
      stop,
      block({ type: 'text', text: '' }),
      delta({ type: 'text_delta', text: 'Hello' }),
      stop,
      block({ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }),
      delta({ type: 'input_json_delta', partial_json: '{"a":' }),
      delta({ type: 'input_json_delta', partial_json: '1}' }),
      stop,
      named({ type: 'an_event_of_tomorrow', delta: { text: 'not counted' } }),
      named({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 30 } }),
      named({
        type: 'message_delta',
        delta: {},
        usage: { output_tokens: 89, output_tokens_details: { thinking_tokens: 12 } },
      }),
      named({ type: 'message_stop' }),
    ]);
    expect(meant.slice(0, -1).every((one) => one === 'content')).toBe(true);
    expect(meant.at(-1)).toBe('end');
    expect(meter.usage).toMatchObject({
      inputTokens: 175,
      cachedTokens: 100,
      cacheWriteTokens: 50,
      outputTokens: 89,
      reasoningTokens: 12,
    });
    expect(textBytes).toBe('well'.length + 'Hello'.length + 'f'.length + '{"a":1}'.length);
  });

  it('may fail in the middle, with what it told until then', () => {
    const overloaded = named({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    const { meter, meant } = play('messages', [start, overloaded]);
    expect(meant).toEqual(['content', 'error']);
    expect(meter.usage).toMatchObject({ inputTokens: 175, outputTokens: 1 });
  });
});

describe('a Responses stream', () => {
  const usage = {
    input_tokens: 36,
    input_tokens_details: { cached_tokens: 30 },
    output_tokens: 87,
    output_tokens_details: { reasoning_tokens: 64 },
    total_tokens: 123,
  };
  const lead = [
    named({
      type: 'response.created',
      sequence_number: 0,
      response: { id: 'resp_1', status: 'in_progress', usage: null },
    }),
    named({ type: 'response.output_item.added', output_index: 0, item: { type: 'message' } }),
    named({ type: 'response.output_text.delta', delta: 'Hi', obfuscation: 'xxxxxxxxxx' }),
    named({ type: 'response.function_call_arguments.delta', delta: '{"a":1}' }),
    named({ type: 'response.output_text.done', text: 'Hi' }),
  ];

  it.each([
    ['response.completed', 'end'],
    ['response.incomplete', 'end'],
    ['response.failed', 'error'],
  ])('that ends in %s tells its usage there', (type, meaning) => {
    const { meter, meant, textBytes } = play('responses', [...lead, named({ type, response: { usage } })]);
    expect(meant).toEqual(['content', 'content', 'content', 'content', 'content', meaning]);
    expect(meter.usage).toMatchObject({
      inputTokens: 36,
      cachedTokens: 30,
      outputTokens: 87,
      reasoningTokens: 64,
    });
    expect(textBytes).toBe(9);
  });

  it('may end in an error event without usage', () => {
    const { meter, meant } = play('responses', [
      named({ type: 'error', code: 'server_error', message: 'm', param: null }),
    ]);
    expect(meant).toEqual(['error']);
    expect(meter.usage).toBeNull();
  });
});

describe.each<Endpoint>(['chat', 'completions', 'messages', 'responses'])('a stream of %s', (endpoint) => {
  it('goes on over junk', () => {
    const deep = `${'['.repeat(200_000)}"x"${']'.repeat(200_000)}`;
    const junk = [
      ': comment\n\n',
      '\n\n',
      'data:\n\n',
      'data: {"broken\n\n',
      'data: null\n\n',
      'data: 7\n\n',
      'data: ["a"]\n\n',
      'data: {}\n\n',
      'data: {"choices":7,"usage":"x","type":9,"delta":4,"response":[]}\n\n',
      'data: {"choices":[null,7,{"delta":null},{}]}\n\n',
      'data: {"type":"content_block_delta"}\n\n',
      'data: {"type":"message_start","message":null}\n\n',
      'data: {"type":"message_delta"}\n\n',
      `data: {"choices":[{"delta":${deep}}],"delta":${deep},"type":"content_block_delta"}\n\n`,
      Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0xfe, 0x0a, 0x0a]),
    ];
    const { meter, meant } = play(
      endpoint,
      junk.map((one) => Buffer.from(one)),
    );
    expect(meant.filter((one) => one === 'end' || one === 'error')).toEqual([]);
    expect(meter.usage).toBeNull();
  });

  it("knows the gateway's own words", () => {
    const meter = new StreamMeter(endpoint);
    const error = errorEvent(endpoint, new GatewayError('upstream_error', 'The provider failed.'), 'req-1');
    expect(meter.see(error)).toBe('error');
    expect(meter.see(keepAlive(endpoint))).not.toBe('error');
    const mark = endMark(endpoint);
    if (mark !== null) expect(meter.see(mark)).toBe('end');
  });
});
