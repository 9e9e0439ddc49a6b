import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import type { CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];

function decode(body: JsonObject): CanonicalRequest {
  return messagesCodec.decodeRequest({ model: 'm', messages: HELLO, ...body });
}

describe('a Messages request', () => {
  it('is read with its limits, sampling and stops', () => {
    const request = decode({
      max_tokens: 100,
      stream: true,
      temperature: 0.3,
      top_p: 0.9,
      top_k: 40,
      stop_sequences: ['END'],
      metadata: { user_id: 'u' },
    });
    expect(request).toMatchObject({
      stream: true,
      maxOutputTokens: 100,
      sampling: { temperature: 0.3, topP: 0.9, topK: 40, seed: null },
      stop: ['END'],
      userId: 'u',
      unplaced: [],
    });
  });

  it('takes null for a field that is not there', () => {
    const fields = [
      'system',
      'tools',
      'tool_choice',
      'thinking',
      'metadata',
      'top_k',
      'stop_sequences',
      'stream',
    ];
    const request = decode(Object.fromEntries(fields.map((field) => [field, null])));
    expect(request).toEqual(decode({}));
  });

  it('reads numbers that were kept as text beside ones that no double holds', () => {
    const body = parseExactly(
      '{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":1.0,"seed_like":12345678901234567}',
    ) as JsonObject;
    expect(messagesCodec.decodeRequest(body).sampling.temperature).toBe(1);
  });

  it('puts `system` before the conversation, blocks with their marks', () => {
    const { turns } = decode({
      system: [
        { type: 'text', text: 'One.' },
        { type: 'text', text: 'Two.', cache_control: { type: 'ephemeral', ttl: '1h' } },
      ],
    });
    expect(turns).toEqual([
      {
        role: 'system',
        parts: [
          { type: 'text', text: 'One.' },
          { type: 'text', text: 'Two.', cache: { ttl: '1h' } },
        ],
      },
      { role: 'user', parts: [{ type: 'text', text: 'Hello' }] },
    ]);
    expect(decode({ system: 'One.' }).turns[0]).toEqual({
      role: 'system',
      parts: [{ type: 'text', text: 'One.' }],
    });
  });

  it('leaves system messages among the others where they stand', () => {
    const { turns, unplaced } = decode({
      messages: [
        { role: 'user', content: 'a' },
        {
          role: 'system',
          clear_at: 'next_user_message',
          content: [
            { type: 'text', text: 'Be brief.' },
            { type: 'tool_removal', tool: {} },
          ],
        },
        { role: 'assistant', content: 'b' },
      ],
    });
    expect(turns.map(({ role }) => role)).toEqual(['user', 'system', 'assistant']);
    expect(turns[1]?.parts).toEqual([{ type: 'text', text: 'Be brief.' }]);
    expect(unplaced).toEqual(['messages.clear_at', 'tool_removal']);
  });

  it('takes a mark on the body for one on the last block', () => {
    const { turns } = decode({
      cache_control: { type: 'ephemeral' },
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
      ],
    });
    expect(turns[0]?.parts).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b', cache: { ttl: null } },
    ]);
  });

  it.each([
    ['no messages', { messages: [] }, 'invalid_messages', 'messages'],
    ['a text for messages', { messages: 'hi' }, 'invalid_messages', 'messages'],
    [
      'an unknown role',
      { messages: [{ role: 'tool', content: 'x' }] },
      'invalid_messages',
      'messages[0].role',
    ],
    [
      'a number for content',
      { messages: [{ role: 'user', content: 5 }] },
      'invalid_messages',
      'messages[0].content',
    ],
    [
      'a text block without text',
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'invalid_messages',
      'messages[0].content[0].text',
    ],
    ['a text for max_tokens', { max_tokens: '5' }, 'invalid_request', 'max_tokens'],
    ['a number in stop_sequences', { stop_sequences: ['a', 1] }, 'invalid_request', 'stop_sequences[1]'],
    ['a text for thinking', { thinking: 'yes' }, 'invalid_request', 'thinking'],
  ])('is refused for %s, by its path', (_name, body, code, path) => {
    expect(() => decode(body as JsonObject)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`\`${path}\``) }),
    );
  });
});

describe('a conversation that the provider would keep', () => {
  it.each([
    ['thread', { thread: { type: 'create' } }],
    ['thread', { thread: { type: 'continue', previous_message_id: 'msg_1' } }],
    ['compaction', { compaction: { type: 'enabled' } }],
  ])('is refused by its field, `%s`: %j', (field, body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: 'invalid_request', field }));
  });
});

describe('wishes for thinking', () => {
  const wish = (body: JsonObject) => decode(body).reasoning;

  it.each([
    [
      { thinking: { type: 'adaptive' } },
      { mode: 'adaptive', budgetTokens: null, effort: null, display: null },
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 4_000, display: 'omitted' } },
      { mode: 'enabled', budgetTokens: 4_000, display: 'omitted' },
    ],
    [{ thinking: { type: 'disabled' } }, { mode: 'disabled' }],
    [{ thinking: { type: 'between_tools' } }, { mode: 'disabled' }],
    [{ output_config: { effort: 'xhigh' } }, { mode: null, effort: 'xhigh' }],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      { mode: 'adaptive', effort: 'low' },
    ],
  ])('are read from %j', (body, expected) => {
    expect(wish(body)).toMatchObject(expected);
  });

  it('are null where there is none', () => {
    expect(wish({})).toBeNull();
    expect(wish({ output_config: { format: null } })).toBeNull();
  });

  it('are reported where nobody knows them', () => {
    const request = decode({
      thinking: { type: 'deep', block_binding: { prefix_mismatch_behavior: 'drop_block' } },
      output_config: { effort: 'huge', task_budget: { total: 5 } },
    });
    expect(request.reasoning).toBeNull();
    expect(request.unplaced.toSorted()).toEqual([
      'output_config.effort',
      'output_config.task_budget',
      'thinking',
      'thinking.block_binding',
    ]);
  });
});

describe('the form of an answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };

  it.each([
    { output_config: { format: { type: 'json_schema', schema } } },
    { output_format: { type: 'json_schema', schema } },
  ])('is read from %j', (body) => {
    expect(decode(body).format).toEqual({
      type: 'json_schema',
      name: null,
      description: null,
      schema,
      strict: null,
    });
  });
});

describe('what has no place elsewhere', () => {
  it('is reported by name, as Claude Code sends it', () => {
    const { unplaced } = decode({
      context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
      safeguards: { mode: 'on' },
      mcp_servers: [{ url: 'https://example.com' }],
      container: 'c',
      metadata: { user_id: 'u', team: 't' },
    });
    expect(unplaced.toSorted()).toEqual([
      'container',
      'context_management',
      'mcp_servers',
      'metadata.team',
      'safeguards',
    ]);
  });

  it('is not reported where it asks for nothing', () => {
    const { unplaced } = decode({
      mcp_servers: [],
      context_management: { edits: [] },
      fallbacks: null,
      container: '',
      speed: 'standard',
      anthropic_version: 'vertex-2023-10-16',
    });
    expect(unplaced).toEqual([]);
  });

  it('has OpenAI words for the service tier', () => {
    expect(decode({ service_tier: 'standard_only' }).serviceTier).toBe('default');
    expect(decode({ service_tier: 'auto' }).serviceTier).toBe('auto');
  });
});
