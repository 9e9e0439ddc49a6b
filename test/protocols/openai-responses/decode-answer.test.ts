import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { ORIGIN } from './support.ts';

function answerOf(response: JsonObject) {
  return responsesCodec.decodeAnswer({ object: 'response', status: 'completed', ...response }, ORIGIN);
}

const text = (said: string) => ({ type: 'output_text', text: said, annotations: [] });
const message = (...content: object[]) => ({ type: 'message', id: 'msg_1', role: 'assistant', content });
const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{"a":1}' };

describe('a provider’s answer', () => {
  it('has parts in the order of its items', () => {
    const summary = [
      { type: 'summary_text', text: 'First.' },
      { type: 'summary_text', text: 'Then.' },
    ];
    const search = { type: 'web_search_call', id: 'ws_1', status: 'completed' };
    expect(
      answerOf({
        output: [
          { type: 'reasoning', id: 'rs_1', summary, encrypted_content: 'gAAAA' },
          search,
          message(text('A'), text(''), text('B')),
          call,
          { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'patch', input: '*** Begin' },
        ],
        usage: { input_tokens: 10, output_tokens: 4, total_tokens: 14 },
      }),
    ).toEqual({
      parts: [
        {
          type: 'reasoning',
          text: 'First.\n\nThen.',
          replay: {
            protocol: 'openai-responses',
            providerId: 'provider-1',
            id: 'rs_1',
            data: 'gAAAA',
            redacted: false,
          },
        },
        { type: 'opaque', protocol: 'openai-responses', name: 'web_search_call', raw: search },
        { type: 'text', text: 'A' },
        { type: 'text', text: 'B' },
        { type: 'tool_call', id: 'call_1', name: 'f', kind: 'function', input: '{"a":1}' },
        { type: 'tool_call', id: 'call_2', name: 'patch', kind: 'custom', input: '*** Begin' },
      ],
      finish: { reason: 'tool_calls', stopSequence: null, details: null },
      usage: {
        inputTokens: 10,
        outputTokens: 4,
        cachedTokens: 0,
        cacheWriteTokens: 0,
        cacheWriteHourTokens: 0,
        reasoningTokens: 0,
      },
    });
  });

  it('has its sources', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a.example', title: 'A', start_index: 0, end_index: 1 },
      { type: 'file_citation', file_id: 'file-1', filename: 'notes.txt', index: 0 },
    ];
    expect(answerOf({ output: [message({ ...text('A'), annotations })] })?.parts).toEqual([
      {
        type: 'text',
        text: 'A',
        citations: [
          { url: 'https://a.example', title: 'A', quote: null },
          { url: null, title: 'notes.txt', quote: null },
        ],
      },
    ]);
  });

  it('has raw reasoning where there is no summary, which cannot go back', () => {
    const content = [{ type: 'reasoning_text', text: 'raw' }];
    expect(answerOf({ output: [{ type: 'reasoning', id: 'x', summary: [], content }] })?.parts).toEqual([
      { type: 'reasoning', text: 'raw', replay: null },
    ]);
  });

  it('has hidden reasoning, so that it can go back', () => {
    const hidden = { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAA' };
    expect(answerOf({ output: [hidden] })?.parts).toMatchObject([{ text: '', replay: { data: 'gAAAA' } }]);
    expect(answerOf({ output: [{ ...hidden, encrypted_content: null }] })?.parts).toEqual([]);
  });

  it('keeps arguments as they came, or as JSON where they came as an object', () => {
    expect(answerOf({ output: [{ ...call, arguments: '{"id": 12345678901234567}' }] })?.parts).toMatchObject([
      { input: '{"id": 12345678901234567}' },
    ]);
    expect(answerOf({ output: [{ ...call, arguments: { a: 1 } }] })?.parts).toMatchObject([
      { input: '{"a":1}' },
    ]);
  });

  it('keeps what it cannot name as it is', () => {
    const items = [{ type: 'hologram', depth: 3 }, { ...call, name: undefined }, { depth: 3 }];
    expect(answerOf({ output: items })?.parts).toMatchObject([
      { type: 'opaque', name: 'hologram' },
      { type: 'opaque', name: 'function_call' },
    ]);
  });

  it.each([
    [{ output: [message(text('A'))] }, 'stop'],
    [{ output: [message({ type: 'refusal', refusal: 'No.' })] }, 'refusal'],
    [{ output: [message({ type: 'refusal', refusal: 'No.' }), call] }, 'tool_calls'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [call] }, 'length'],
    [
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] },
      'content_filter',
    ],
    [{ status: 'incomplete', incomplete_details: null, output: [] }, 'length'],
    [{ status: undefined, output: [] }, 'stop'],
  ])('ends: %j', (response, reason) => {
    expect(answerOf(response)?.finish.reason).toBe(reason);
  });

  it.each([
    { output: undefined },
    { status: 'failed', error: { code: 'server_error', message: 'broken' }, output: [] },
    { status: 'cancelled', output: [] },
    { status: 'in_progress', output: [] },
  ])('is none where there is none: %j', (response) => {
    expect(answerOf(response)).toBeUndefined();
  });
});

describe('a provider’s error', () => {
  it.each([
    [
      { error: { message: 'Too long.', type: 'invalid_request_error', code: 'context_length_exceeded' } },
      { message: 'Too long.', type: 'invalid_request_error', code: 'context_length_exceeded' },
    ],
    [
      { status: 'failed', error: { message: 'Broken.', code: 'server_error' } },
      { message: 'Broken.', type: null, code: 'server_error' },
    ],
    [
      { code: 'Client specified an invalid argument', error: 'Bad tool.' },
      { message: 'Bad tool.', type: null, code: 'Client specified an invalid argument' },
    ],
    [
      { object: 'error', message: 'No such model.', type: 'NotFoundError', code: 404 },
      { message: 'No such model.', type: 'NotFoundError', code: '404' },
    ],
    [
      { type: 'error', message: 'Late.', code: null },
      { message: 'Late.', type: null, code: null },
    ],
    [{ error: {} }, { message: expect.stringContaining('without a message'), type: null, code: null }],
  ])('is read in each form: %j', (body, error) => {
    expect(responsesCodec.decodeError(body)).toEqual(error);
  });

  it.each([{}, { output: [] }, { error: null }])('is none where there is none: %j', (body) => {
    expect(responsesCodec.decodeError(body)).toBeUndefined();
  });
});
