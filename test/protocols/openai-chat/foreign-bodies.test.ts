import { describe, expect, it } from 'vitest';
import { wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { isPlainChat } from '../../../gateway/protocols/openai-chat/plain-chat.ts';
import { decode, turnsOf } from './support.ts';

const schema = { type: 'object' };
const mark = { type: 'ephemeral' };
const native = { protocol: 'anthropic-messages', providerId: null, id: null } as const;

describe("Anthropic's shapes in a chat body", () => {
  it('are read: system, blocks, tools, choice and limits', () => {
    const decoded = decode({
      system: [{ type: 'text', text: 'Be brief.', cache_control: mark }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Read a.' }] },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
            { type: 'redacted_thinking', data: 'aGlk' },
            { type: 'text', text: 'Reading.' },
            { type: 'tool_use', id: 'toolu_1', name: 'read', input: { path: 'a' } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_1', content: 'no such file', is_error: true },
            { type: 'text', text: 'Go on.' },
          ],
        },
      ],
      tools: [{ name: 'read', description: 'R', input_schema: schema, cache_control: mark }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      stop_sequences: ['END'],
      thinking: { type: 'adaptive' },
      top_k: 5,
    });
    expect(decoded).toMatchObject({
      turns: [
        { role: 'system', parts: [{ type: 'text', text: 'Be brief.', cache: { ttl: null } }] },
        { role: 'user', parts: [{ type: 'text', text: 'Read a.' }] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'Hm.', replay: { ...native, data: 'c2ln', redacted: false } },
            { type: 'reasoning', text: '', replay: { ...native, data: 'aGlk', redacted: true } },
            { type: 'text', text: 'Reading.' },
            { type: 'tool_call', id: 'toolu_1', name: 'read', kind: 'function', input: '{"path":"a"}' },
          ],
        },
        {
          role: 'user',
          parts: [
            {
              type: 'tool_result',
              callId: 'toolu_1',
              parts: [{ type: 'text', text: 'no such file' }],
              isError: true,
            },
            { type: 'text', text: 'Go on.' },
          ],
        },
      ],
      tools: [
        { kind: 'function', name: 'read', description: 'R', schema, strict: null, cache: { ttl: null } },
      ],
      toolChoice: { type: 'required' },
      parallelToolCalls: false,
      stop: ['END'],
      reasoning: { mode: 'adaptive' },
      sampling: { topK: 5 },
      unplaced: [],
    });
  });

  it('hold images and documents, in messages and in results', () => {
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
    const pdf = {
      type: 'document',
      title: 'a.pdf',
      source: { type: 'url', url: 'https://example.com/a.pdf' },
    };
    const text = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Hi' } };
    const file = { type: 'image', source: { type: 'file', file_id: 'file_1' } };
    const [turn] = turnsOf({
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 't', content: [image] }, pdf, text, file],
    });
    const png = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } };
    expect(turn?.parts).toEqual([
      { type: 'tool_result', callId: 't', parts: [png], isError: false },
      { type: 'document', name: 'a.pdf', source: { kind: 'url', url: 'https://example.com/a.pdf' } },
      { type: 'document', source: { kind: 'text', text: 'Hi' } },
      { type: 'image', source: { kind: 'file', protocol: 'anthropic-messages', id: 'file_1' } },
    ]);
  });

  it('that only Anthropic knows stay its own', () => {
    const use = { type: 'server_tool_use', id: 's', name: 'web_search', input: {} };
    const tool = { type: 'web_search_20250305', name: 'web_search' };
    const { turns, tools } = decode({ messages: [{ role: 'assistant', content: [use] }], tools: [tool] });
    expect(turns[0]?.parts).toEqual([
      { type: 'opaque', protocol: 'anthropic-messages', name: 'server_tool_use', raw: use },
    ]);
    expect(tools).toEqual([
      { kind: 'hosted', protocol: 'anthropic-messages', name: 'web_search_20250305', raw: tool },
    ]);
  });

  it('hold reasoning that the gateway wrapped, but none that is damaged or unsigned and foreign', () => {
    const replay = { ...native, providerId: 'p', data: 'c2ln', redacted: false };
    const [turn] = turnsOf({
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'A', signature: wrapReplay(replay) },
        { type: 'thinking', thinking: 'B', signature: `${wrapReplay(replay).slice(0, 15)}` },
        { type: 'thinking', thinking: 'C', signature: '' },
      ],
    });
    expect(turn?.parts).toEqual([
      { type: 'reasoning', text: 'A', replay },
      { type: 'reasoning', text: 'C', replay: null },
    ]);
  });

  it.each([
    [{ type: 'tool_result', content: 'x' }, 'messages[0].content[0].tool_use_id is missing.'],
    [{ type: 'image', source: { type: 'base64' } }, 'messages[0].content[0].source.media_type is missing.'],
  ])('are refused by path where they make no sense: %o', (part, message) => {
    expect(() => turnsOf({ role: 'user', content: [part] })).toThrow(
      expect.objectContaining({ code: 'invalid_messages', message }),
    );
  });
});

describe("Cursor's free-text tool", () => {
  const patch = '*** Begin Patch\n*** End Patch';

  it('is called in the form of a function, with the text in place of arguments', () => {
    const { turns, tools } = decode({
      tools: [
        { type: 'function', function: { name: 'Shell', parameters: schema } },
        { type: 'custom', name: 'ApplyPatch', description: 'P', format: { type: 'text' } },
      ],
      messages: [
        {
          role: 'assistant',
          content: [],
          tool_calls: [
            { id: 'call_1', type: 'function', function: { name: 'ApplyPatch', arguments: patch } },
            { id: 'call_2', type: 'function', function: { name: 'Shell', arguments: '{}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
        { role: 'tool', tool_call_id: 'call_2', content: 'ok' },
      ],
    });
    expect(tools[1]).toMatchObject({ kind: 'custom', name: 'ApplyPatch', calledAsFunction: true });
    expect(turns[0]?.parts).toMatchObject([
      { kind: 'custom', name: 'ApplyPatch', input: patch },
      { kind: 'function', name: 'Shell', input: '{}' },
    ]);
    expect(turns[1]?.parts).toMatchObject([{ callId: 'call_1', custom: true }]);
    expect(turns[2]?.parts[0]).not.toHaveProperty('custom');
  });
});

describe('a body that can go to a chat provider untouched', () => {
  const user = (...content: JsonObject[]) => ({ messages: [{ role: 'user', content }] });

  it.each<JsonObject>([
    { messages: [{ role: 'user', content: 'Hi' }], thinking: { type: 'disabled' }, top_k: 5, anything: [] },
    user({ type: 'text', text: 'Hi', cache_control: mark }),
    user({ type: 'image_url', image_url: { url: 'https://example.com' } }, { type: 'video_url' }),
    user({ type: 'document_url', document_url: 'https://example.com/a.pdf' }),
    user({ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }),
    { messages: [], tools: [{ type: 'function', function: { name: 'f' } }], tool_choice: 'auto' },
    { messages: [], tools: [{ type: 'custom', custom: { name: 'f' } }] },
    {
      messages: [],
      tools: [
        { type: 'web_search', web_search: {} },
        { type: 'builtin_function', function: {} },
      ],
    },
    { messages: [], tool_choice: { type: 'function', function: { name: 'f' } } },
    { messages: [], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } } },
    { messages: [{ role: 'assistant', content: null, tool_calls: [{ id: 'c' }] }], system: null },
  ])('%o', (body) => {
    expect(isPlainChat(body)).toBe(true);
  });

  it.each<JsonObject>([
    { messages: [], system: 'Be brief.' },
    { messages: [], system: [{ type: 'text', text: 'Be brief.' }] },
    { messages: [], stop_sequences: ['END'] },
    user({ type: 'tool_result', tool_use_id: 't' }),
    user({ type: 'image', source: { type: 'url', url: 'https://example.com' } }),
    user({ type: 'document', source: { type: 'text', data: 'x' } }),
    user({ type: 'input_text', text: 'Hi' }),
    { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't' }] }] },
    { messages: [{ role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.' }] }] },
    { messages: [], tools: [{ name: 'f', input_schema: schema }] },
    { messages: [], tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
    {
      messages: [],
      tools: [
        { type: 'function', function: { name: 'f' } },
        { type: 'custom', name: 'g' },
      ],
    },
    { messages: [], tools: [{ type: 'function', name: 'f', parameters: schema }] },
    { messages: [], tool_choice: { type: 'any' } },
    { messages: [], tool_choice: { type: 'function', name: 'f' } },
    { messages: [], tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [] } },
  ])('is not %o', (body) => {
    expect(isPlainChat(body)).toBe(false);
  });
});
