import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { PROVIDER } from './support.ts';

function decode(message: JsonObject, more: JsonObject = {}) {
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return chatCodec.decodeAnswer({ object: 'chat.completion', choices, ...more }, { providerId: PROVIDER });
}

const replay = { protocol: 'openai-chat', providerId: PROVIDER, id: null, data: '', redacted: false };

describe('a whole chat answer', () => {
  it('is its message, its reason and its usage', () => {
    const citation = { url: 'https://example.com', title: 'T' };
    const message = {
      role: 'assistant',
      content: 'Yes.',
      reasoning_content: 'Hm.',
      refusal: null,
      annotations: [{ type: 'url_citation', url_citation: { ...citation, start_index: 0, end_index: 4 } }],
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{"n":1}' } },
        { id: 'b', type: 'function', function: { name: 'f', arguments: '{"n":1}' } },
        { id: 'c', type: 'custom', custom: { name: 'patch', input: 'x' } },
      ],
    };
    const usage = {
      prompt_tokens: 10,
      completion_tokens: 5,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 2 },
    };
    expect(decode(message, { usage })).toEqual({
      parts: [
        { type: 'reasoning', text: 'Hm.', replay },
        { type: 'text', text: 'Yes.', citations: [{ ...citation, quote: null }] },
        { type: 'tool_call', id: 'a', name: 'f', kind: 'function', input: '{"n":1}' },
        { type: 'tool_call', id: 'b', name: 'f', kind: 'function', input: '{"n":1}' },
        { type: 'tool_call', id: 'c', name: 'patch', kind: 'custom', input: 'x' },
      ],
      finish: { reason: 'tool_calls', stopSequence: null, details: null },
      usage: { ...NO_TOKENS, inputTokens: 10, outputTokens: 5, cachedTokens: 4, reasoningTokens: 2 },
    });
  });

  it('tells calls of one tool without ids or indices apart', () => {
    const calls = [{ function: { name: 'f', arguments: {} } }, { function: { name: 'f', arguments: {} } }];
    const answer = decode({ content: null, tool_calls: calls });
    expect(answer?.parts).toMatchObject([
      { name: 'f', input: '{}' },
      { name: 'f', input: '{}' },
    ]);
  });

  it('may refuse, in words of its own', () => {
    expect(decode({ content: null, refusal: 'I cannot.' })).toMatchObject({
      parts: [{ type: 'refusal', text: 'I cannot.' }],
      finish: { reason: 'refusal' },
    });
  });

  it('may hold several thoughts with their signatures', () => {
    const details = [
      { type: 'reasoning.text', text: 'A', signature: 's1' },
      { type: 'reasoning.text', text: 'B', signature: 's2' },
      { type: 'reasoning.encrypted', data: 'gAAA' },
    ];
    const answer = decode({ content: 'Yes.', reasoning: 'AB', reasoning_details: details });
    expect(answer?.parts).toMatchObject([
      { type: 'reasoning', text: 'A', replay: { data: '{"type":"reasoning.text","signature":"s1"}' } },
      { type: 'reasoning', text: 'B', replay: { data: '{"type":"reasoning.text","signature":"s2"}' } },
      { type: 'reasoning', text: '', replay: { redacted: true } },
      { type: 'text', text: 'Yes.' },
    ]);
  });

  it('may say nothing', () => {
    expect(decode({ content: '' })).toMatchObject({ parts: [], finish: { reason: 'stop' }, usage: null });
  });

  it.each<JsonObject>([
    {},
    { choices: [] },
    { choices: [null] },
    { choices: [{ index: 0, text: 'Hi', finish_reason: 'stop' }] },
    { choices: [{ message: { content: '' } }] },
    { choices: [{ message: { content: 'Hi' }, error: { message: 'Broke off' } }] },
    { choices: [{ message: { content: 'Hi' }, finish_reason: 'error' }] },
    { error: { message: 'Bad' }, choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] },
  ])('is none in %o', (body) => {
    expect(chatCodec.decodeAnswer(body, { providerId: PROVIDER })).toBeUndefined();
  });
});
