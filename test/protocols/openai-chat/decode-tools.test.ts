import { describe, expect, it } from 'vitest';
import { decode } from './support.ts';

const schema = { type: 'object', properties: { n: { type: 'integer' } } };
const grammar = { syntax: 'lark', definition: 'start: "x"' };

describe('tools of a chat body', () => {
  it('are functions and custom tools', () => {
    const { tools } = decode({
      tools: [
        { type: 'function', function: { name: 'f', description: 'F', parameters: schema, strict: true } },
        { type: 'function', function: { name: 'g' }, cache_control: { type: 'ephemeral' } },
        { type: 'custom', custom: { name: 'patch', description: 'P', format: { type: 'text' } } },
      ],
    });
    expect(tools).toEqual([
      { kind: 'function', name: 'f', description: 'F', schema, strict: true },
      {
        kind: 'function',
        name: 'g',
        description: null,
        schema: { type: 'object', properties: {} },
        strict: null,
        cache: { ttl: null },
      },
      { kind: 'custom', name: 'patch', description: 'P', format: { type: 'text' } },
    ]);
  });

  it('hold a grammar in one form, whether nested or flat', () => {
    const { tools } = decode({
      tools: [
        { type: 'custom', custom: { name: 'a', format: { type: 'grammar', grammar } } },
        { type: 'custom', name: 'b', format: { type: 'grammar', ...grammar } },
      ],
    });
    expect(tools).toEqual([
      { kind: 'custom', name: 'a', description: null, format: { type: 'grammar', ...grammar } },
      {
        kind: 'custom',
        name: 'b',
        description: null,
        format: { type: 'grammar', ...grammar },
        calledAsFunction: true,
      },
    ]);
  });

  it('may be the old functions', () => {
    const { tools, toolChoice } = decode({
      functions: [{ name: 'f', parameters: schema }],
      function_call: { name: 'f' },
    });
    expect(tools).toEqual([{ kind: 'function', name: 'f', description: null, schema, strict: null }]);
    expect(toolChoice).toEqual({ type: 'tool', name: 'f' });
  });

  it('that a provider runs itself are its own', () => {
    const search = { type: 'web_search', web_search: { enable: true } };
    const builtin = { type: 'builtin_function', function: { name: '$web_search' } };
    expect(decode({ tools: [search, builtin] }).tools).toEqual([
      { kind: 'hosted', protocol: 'openai-chat', name: 'web_search', raw: search },
      { kind: 'hosted', protocol: 'openai-chat', name: 'builtin_function', raw: builtin },
    ]);
  });

  it.each([
    [{ tools: {} }, '`tools` must be an array.'],
    [{ tools: [5] }, '`tools[0]` must be an object.'],
    [{ tools: [{ type: 'function' }] }, '`tools[0].function` is missing.'],
    [{ tools: [{ type: 'function', function: {} }] }, '`tools[0].function.name` must be a string.'],
    [
      { tools: [{ type: 'function', function: { name: 'f', parameters: [] } }] },
      '`tools[0].function.parameters` must be a JSON schema.',
    ],
    [{ tools: [{ type: 'custom', custom: { name: '' } }] }, '`tools[0].custom.name` must be a string.'],
    [{ functions: [{}] }, '`functions[0].name` must be a string.'],
  ])('are refused by path where they make no sense: %o', (members, message) => {
    expect(() => decode(members)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });
});

describe('the choice of a tool', () => {
  const tools = ['f', 'g', 'h'].map((name) => ({ type: 'function', function: { name } }));

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    ['any', { type: 'required' }],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'custom', custom: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'any' }, { type: 'required' }],
    [{ type: 'none' }, { type: 'none' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [{ type: 'web_search' }, { type: 'hosted', name: 'web_search' }],
    [null, null],
  ])('%o', (choice, expected) => {
    expect(decode({ tools, tool_choice: choice }).toolChoice).toEqual(expected);
  });

  it.each([
    { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: tools.slice(0, 2) } },
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }, { name: 'g' }] },
  ])('among some leaves the others out: %o', (choice) => {
    const { tools: kept, toolChoice } = decode({ tools, tool_choice: choice });
    expect(kept.map(({ name }) => name)).toEqual(['f', 'g']);
    expect(toolChoice).toEqual({ type: 'required' });
  });

  it.each([
    [{ parallel_tool_calls: false }, false],
    [{ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }, false],
    [{ tool_choice: { type: 'any', disable_parallel_tool_use: false } }, true],
    [{ tool_choice: 'auto' }, null],
  ])('says whether several may be called at once: %o', (members, parallel) => {
    expect(decode({ tools, ...members }).parallelToolCalls).toBe(parallel);
  });

  it.each([5, 'sometimes', {}, { type: 'function' }, { type: 'tool' }])('is refused as %o', (choice) => {
    expect(() => decode({ tools, tool_choice: choice })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(/tool_choice/) }),
    );
  });
});
