import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { parseExactly } from '../../../gateway/protocols/json.ts';
import { ORIGIN } from './answers.ts';

function decode(rest: JsonObject) {
  const body = { type: 'message', role: 'assistant', content: [], stop_reason: 'end_turn', ...rest };
  return messagesCodec.decodeAnswer(body, ORIGIN);
}

describe('a whole answer', () => {
  it('has its parts in order', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.', signature: 'EqQB' },
      { type: 'redacted_thinking', data: 'Enc' },
      {
        type: 'text',
        text: 'Hello',
        citations: [{ url: 'https://example.com', title: 'T', cited_text: 'q' }],
      },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
    ];
    const replay = { protocol: 'anthropic-messages', providerId: '7', id: null };
    expect(decode({ content })?.parts).toEqual([
      { type: 'reasoning', text: 'Hm.', replay: { ...replay, data: 'EqQB', redacted: false } },
      { type: 'reasoning', text: '', replay: { ...replay, data: 'Enc', redacted: true } },
      { type: 'text', text: 'Hello', citations: [{ url: 'https://example.com', title: 'T', quote: 'q' }] },
      { type: 'tool_call', id: 'toolu_1', name: 'f', kind: 'function', input: '{"a":1}' },
      {
        type: 'opaque',
        protocol: 'anthropic-messages',
        name: 'server_tool_use',
        raw: { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      },
    ]);
  });

  it('keeps every digit of a call’s input', () => {
    const block = parseExactly('{"type":"tool_use","id":"a","name":"f","input":{"id":12345678901234567}}');
    expect(decode({ content: [block] })?.parts).toMatchObject([{ input: '{"id":12345678901234567}' }]);
  });

  it('may come from a service that leaves out signatures and ids', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm.' },
      { type: 'tool_use', name: 'f', input: {} },
    ];
    expect(decode({ content })?.parts).toEqual([
      { type: 'reasoning', text: 'Hm.', replay: null },
      { type: 'tool_call', id: 'toolu_1', name: 'f', kind: 'function', input: '' },
    ]);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop_sequence'],
    ['tool_use', 'tool_calls'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'context_window'],
    ['refusal', 'refusal'],
    ['pause_turn', 'pause'],
    ['something_new', 'stop'],
    [null, 'stop'],
  ])('that ended by %s ended by %s', (stop_reason, reason) => {
    expect(decode({ stop_reason })?.finish.reason).toBe(reason);
  });

  it('keeps what ended it', () => {
    expect(decode({ stop_reason: 'stop_sequence', stop_sequence: 'END' })?.finish.stopSequence).toBe('END');
    const stop_details = { type: 'refusal', category: 'cyber', explanation: null };
    expect(decode({ stop_reason: 'refusal', stop_details })?.finish.details).toEqual(stop_details);
  });

  it('ended by its call where nothing is said', () => {
    const content = [{ type: 'tool_use', id: 'a', name: 'f', input: {} }];
    expect(decode({ content, stop_reason: null })?.finish.reason).toBe('tool_calls');
  });

  it('counts cached tokens as input', () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_1h_input_tokens: 20, ephemeral_5m_input_tokens: 10 },
      output_tokens: 7,
      output_tokens_details: { thinking_tokens: 3 },
    };
    expect(decode({ usage })?.usage).toEqual({
      inputTokens: 100,
      outputTokens: 7,
      cachedTokens: 60,
      cacheWriteTokens: 30,
      cacheWriteHourTokens: 20,
      reasoningTokens: 3,
    });
    expect(decode({})?.usage).toBeNull();
  });

  it('is none without content', () => {
    expect(messagesCodec.decodeAnswer({ type: 'error', error: {} }, ORIGIN)).toBeUndefined();
    expect(messagesCodec.decodeAnswer({}, ORIGIN)).toBeUndefined();
  });
});
