import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import { type FinishReason, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { unwrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { AssistantPart } from '../../../gateway/protocols/canonical/request.ts';
import { call } from '../canonical/requests.ts';
import { CONTEXT, usageOf } from './answers.ts';

function encode(parts: AssistantPart[], reason: FinishReason = 'stop', usage = usageOf()) {
  return messagesCodec.encodeAnswer({ parts, finish: finishedBy(reason), usage }, CONTEXT);
}

describe('an answer for a caller', () => {
  it('is a message of the model the caller named', () => {
    expect(encode([{ type: 'text', text: 'Hello' }])).toEqual({
      id: 'msg_01999999aaaa7bbb8cccdddddddddddd',
      type: 'message',
      role: 'assistant',
      model: 'public/model',
      content: [{ type: 'text', text: 'Hello', citations: null }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      container: null,
      usage: expect.anything(),
    });
  });

  it('tells what no cache had a part in apart from what one had', () => {
    expect(encode([]).usage).toMatchObject({
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
      output_tokens: 20,
      output_tokens_details: { thinking_tokens: 5 },
    });
    const unknown = messagesCodec.encodeAnswer(
      { parts: [], finish: finishedBy('stop'), usage: null },
      CONTEXT,
    );
    expect(unknown.usage).toMatchObject({ input_tokens: 0, output_tokens: 0 });
  });

  it.each([
    ['stop', 'end_turn'],
    ['stop_sequence', 'stop_sequence'],
    ['tool_calls', 'tool_use'],
    ['length', 'max_tokens'],
    ['context_window', 'model_context_window_exceeded'],
    ['content_filter', 'refusal'],
    ['refusal', 'refusal'],
    ['pause', 'pause_turn'],
  ] as const)('that ended by %s has the stop reason %s', (reason, expected) => {
    expect(encode([{ type: 'text', text: 'a' }], reason).stop_reason).toBe(expected);
  });

  it('goes on by its calls, whatever the provider said', () => {
    expect(encode([call('c1')], 'stop').stop_reason).toBe('tool_use');
  });

  it('keeps what ended it', () => {
    const details = { type: 'refusal', category: 'bio' };
    const finish = { reason: 'refusal', stopSequence: null, details } as const;
    expect(messagesCodec.encodeAnswer({ parts: [], finish, usage: null }, CONTEXT).stop_details).toEqual(
      details,
    );
    const stopped = { reason: 'stop_sequence', stopSequence: 'END', details: null } as const;
    expect(
      messagesCodec.encodeAnswer({ parts: [], finish: stopped, usage: null }, CONTEXT).stop_sequence,
    ).toBe('END');
  });

  it('says a refusal as text', () => {
    expect(encode([{ type: 'refusal', text: 'No.' }], 'refusal')).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
    });
  });

  it('has objects for inputs, with every digit', () => {
    const { content } = encode([
      call('c1', { input: '{"id":12345678901234567}' }),
      call('c2', { input: '' }),
    ]);
    expect(JSON.stringify(content)).toContain('"input":{"id":12345678901234567}');
    expect(content).toMatchObject([
      { type: 'tool_use', id: 'c1', name: 'read' },
      { id: 'c2', input: {} },
    ]);
  });

  it('leaves out a call that was cut short, and fails for one that was not', () => {
    const broken = call('c1', { input: '{"a":' });
    expect(encode([{ type: 'text', text: 'a' }, broken], 'length').content).toHaveLength(1);
    expect(encode([broken], 'context_window').content).toEqual([]);
    expect(() => encode([broken], 'tool_calls')).toThrow(
      expect.objectContaining({ code: 'upstream_error', message: expect.stringContaining('"read"') }),
    );
  });

  it('has no blocks of other protocols, and its own as they came', () => {
    const raw = { type: 'server_tool_use', id: 's' };
    expect(
      encode([
        { type: 'opaque', protocol: 'openai-responses', name: 'web_search_call', raw: {} },
        { type: 'opaque', protocol: 'anthropic-messages', name: 'server_tool_use', raw },
      ]).content,
    ).toEqual([raw]);
  });
});

describe('thinking for a caller', () => {
  const replay = {
    protocol: 'openai-responses',
    providerId: '7',
    id: 'rs_1',
    data: 'gAAA',
    redacted: false,
  } as const;
  const block = (part: AssistantPart) => (encode([part]).content as Record<string, string>[])[0] ?? {};

  it('carries what its maker must see again in the signature', () => {
    const { type, thinking, signature = '' } = block({ type: 'reasoning', text: 'Hm.', replay });
    expect({ type, thinking }).toEqual({ type: 'thinking', thinking: 'Hm.' });
    expect(unwrapReplay(signature)).toEqual(replay);
  });

  it('is hidden where it has no text', () => {
    const { type, data = '' } = block({ type: 'reasoning', text: '', replay });
    expect(type).toBe('redacted_thinking');
    expect(unwrapReplay(data)).toEqual(replay);
    expect(encode([{ type: 'reasoning', text: '', replay: null }]).content).toEqual([]);
  });

  it('always has a signature, which says when nobody verifies it', () => {
    const { signature = '' } = block({ type: 'reasoning', text: 'Hm.', replay: null });
    expect(unwrapReplay(signature)).toMatchObject({ data: '' });
  });
});
