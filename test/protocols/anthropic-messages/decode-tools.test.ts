import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';

function decode(body: JsonObject) {
  return messagesCodec.decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...body });
}

const schema = { type: 'object', properties: { a: { type: 'string', pattern: '(?=x)' } } };

describe('tools', () => {
  it.each([undefined, null, 'custom'])('of the type %s are functions', (type) => {
    const { tools, unplaced } = decode({
      tools: [
        {
          type,
          name: 'f',
          description: 'Does f.',
          input_schema: schema,
          strict: true,
          defer_loading: true,
          eager_input_streaming: true,
          cache_control: { type: 'ephemeral' },
        },
      ],
    });
    expect(tools).toEqual([
      { kind: 'function', name: 'f', description: 'Does f.', schema, strict: true, cache: { ttl: null } },
    ]);
    expect(unplaced).toEqual([]);
  });

  it.each([
    'web_search_20250305',
    'bash_20250124',
    'text_editor_20250728',
    'computer_20251124',
    'mcp_toolset',
  ])('of the type %s are the provider’s own', (type) => {
    const raw = { type, name: 'own', max_uses: 3 };
    expect(decode({ tools: [raw] }).tools).toEqual([
      { kind: 'hosted', protocol: 'anthropic-messages', name: type, raw },
    ]);
  });

  it('report wishes that others cannot follow', () => {
    const tool = { name: 'f', input_schema: schema };
    const examples = { ...tool, input_examples: [{ a: 'x' }], allowed_callers: ['code_execution_20250825'] };
    expect(decode({ tools: [examples] }).unplaced).toEqual(['tools.input_examples', 'tools.allowed_callers']);
    expect(decode({ tools: [{ ...tool, allowed_callers: ['direct'] }] }).unplaced).toEqual([]);
  });

  it('need a name', () => {
    expect(() => decode({ tools: [{ input_schema: schema }] })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining('tools[0].name') }),
    );
  });
});

describe('the choice among tools', () => {
  const tools = [
    { name: 'f', input_schema: schema },
    { type: 'web_search_20250305', name: 'web_search' },
  ];

  it.each([
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'none' }, { type: 'none' }],
    [{ type: 'any' }, { type: 'required' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'tool', name: 'web_search' },
      { type: 'hosted', name: 'web_search_20250305' },
    ],
  ])('is read from %j', (tool_choice, expected) => {
    expect(decode({ tools, tool_choice }).toolChoice).toEqual(expected);
  });

  it('says whether calls may be parallel', () => {
    const parallel = (choice: JsonObject) => decode({ tools, tool_choice: choice }).parallelToolCalls;
    expect(parallel({ type: 'auto', disable_parallel_tool_use: true })).toBe(false);
    expect(parallel({ type: 'auto', disable_parallel_tool_use: false })).toBeNull();
    expect(parallel({ type: 'any' })).toBeNull();
  });

  it('is refused where it is none of them', () => {
    expect(() => decode({ tools, tool_choice: { type: 'maybe' } })).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringContaining('tool_choice.type'),
      }),
    );
  });
});
