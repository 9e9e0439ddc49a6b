import { describe, expect, it } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import { fitTools } from '../../../gateway/protocols/canonical/fit-tools.ts';
import type {
  CanonicalRequest,
  CustomTool,
  HostedTool,
} from '../../../gateway/protocols/canonical/request.ts';
import { assistant, call, request, result, tool, user } from './requests.ts';

const CHAT = { protocol: 'openai-chat', customTools: false } as const;
const PATCH: CustomTool = {
  kind: 'custom',
  name: 'apply_patch',
  description: 'Edits files.',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
};
const SEARCH: HostedTool = {
  kind: 'hosted',
  protocol: 'openai-responses',
  name: 'web_search',
  raw: { type: 'web_search' },
};

function fitted(asked: Partial<CanonicalRequest>, takes: Parameters<typeof fitTools>[1] = CHAT) {
  const dropped = new Dropped();
  const { request: made, origins } = fitTools(request([user('hi')], asked), takes, dropped);
  return { ...made, origins, dropped: dropped.text };
}

describe('names', () => {
  it('of namespaces are part of the name, in tools, calls and choice', () => {
    const read = { name: 'read', namespace: 'mcp__fs' };
    const { tools, turns, toolChoice, origins } = fitted({
      tools: [tool('read'), tool('read', read)],
      turns: [user('hi'), assistant(call('a', read), call('b')), user(result('a'), result('b'))],
      toolChoice: { type: 'tool', ...read },
    });
    expect(tools.map(({ name }) => name)).toEqual(['read', 'mcp__fs__read']);
    expect(turns[1]?.parts).toMatchObject([{ name: 'mcp__fs__read' }, { name: 'read' }]);
    expect(turns[1]?.parts[0]).not.toHaveProperty('namespace');
    expect(toolChoice).toEqual({ type: 'tool', name: 'mcp__fs__read' });
    expect(origins.get('mcp__fs__read')).toMatchObject({ name: 'read', namespace: 'mcp__fs' });
  });

  it('begin with a letter or an underscore where the target wants that', () => {
    const tools = [tool('21st-search'), tool('-x'), tool('_21st-search'), tool('plain')];
    const native = fitted({ tools }, { protocol: 'native', customTools: false });
    const names = native.tools.map(({ name }) => name);
    expect(names[0]).toBe('_21st-search');
    for (const name of names) expect(name).toMatch(/^[a-zA-Z_]/);
    expect(new Set(names).size).toBe(tools.length);
    expect(native.origins.get('_21st-search')?.name).toBe('21st-search');
    expect(fitted({ tools }).tools.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
  });

  it('lead back without their namespace too, where only one tool can be meant', () => {
    const { origins } = fitted({
      tools: [
        tool('read', { namespace: 'fs' }),
        tool('find', { namespace: 'fs' }),
        tool('find', { namespace: 'web' }),
        tool('look'),
        tool('look', { namespace: 'web' }),
      ],
    });
    expect(origins.get('read')).toMatchObject({ name: 'read', namespace: 'fs' });
    expect(origins.get('find')).toBeUndefined();
    expect(origins.get('look')).toMatchObject({ name: 'look', namespace: undefined });
  });

  it('that would be the same stay two', () => {
    const { tools, origins } = fitted({
      tools: [tool('a__b'), tool('b', { namespace: 'a' }), tool('x.y'), tool('x_y'), tool('x y')],
    });
    const names = tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(5);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(names.map((name) => origins.get(name)?.name)).toEqual(['a__b', 'b', 'x.y', 'x_y', 'x y']);
  });

  it('that are too long are cut and lead back', () => {
    const long = [`${'n'.repeat(80)}1`, `${'n'.repeat(80)}2`];
    const { tools, origins } = fitted({ tools: long.map((name) => tool(name)) });
    expect(tools.map(({ name }) => origins.get(name)?.name)).toEqual(long);
    for (const { name } of tools) expect(name.length).toBeLessThanOrEqual(64);
  });
});

describe('free-text tools', () => {
  const turns = [
    user('hi'),
    assistant(call('a', { name: 'apply_patch', kind: 'custom', input: '*** Begin "Patch"\n' })),
    user(result('a', 'ok', { custom: true })),
  ];

  it('become functions with their grammar told, and so do their calls', () => {
    const made = fitted({ tools: [PATCH], turns });
    expect(made.tools).toMatchObject([
      {
        kind: 'function',
        name: 'apply_patch',
        schema: { required: ['input'] },
        description: expect.stringContaining('start: "x"'),
      },
    ]);
    expect(made.turns[1]?.parts).toMatchObject([
      { kind: 'function', input: JSON.stringify({ input: '*** Begin "Patch"\n' }) },
    ]);
    expect(made.turns[2]?.parts).toMatchObject([{ custom: false }]);
    expect(made.origins.get('apply_patch')).toEqual({
      name: 'apply_patch',
      namespace: undefined,
      kind: 'custom',
      wrapped: true,
    });
  });

  it('stay what they are where the target takes them', () => {
    const made = fitted({ tools: [PATCH], turns }, { protocol: 'openai-responses', customTools: true });
    expect(made.tools).toEqual([PATCH]);
    expect(made.turns).toEqual(turns);
  });
});

describe('tools that a provider runs itself', () => {
  it('are left out and told where the caller can do without', () => {
    const { tools, dropped } = fitted({ tools: [SEARCH, tool('read')] });
    expect(tools.map(({ name }) => name)).toEqual(['read']);
    expect(dropped).toBe('tools.web_search');
  });

  it('stay for their own protocol', () => {
    const { tools, dropped } = fitted(
      { tools: [SEARCH] },
      { protocol: 'openai-responses', customTools: true },
    );
    expect(tools).toEqual([SEARCH]);
    expect(dropped).toBeNull();
  });

  it.each([
    ['there is no other tool', { tools: [SEARCH] }],
    [
      'it must be called',
      { tools: [SEARCH, tool('read')], toolChoice: { type: 'hosted', name: 'web_search' } },
    ],
  ] as const)('are a clear refusal where %s', (_, asked) => {
    expect(() => fitted({ ...asked, tools: [...asked.tools] })).toThrow(/does not run the tool web_search/);
  });
});

it('a choice of a tool that is not there is a clear refusal, and none is left without tools', () => {
  expect(() => fitted({ tools: [tool('a')], toolChoice: { type: 'tool', name: 'b' } })).toThrow(
    /tool_choice/,
  );
  expect(fitted({ toolChoice: { type: 'auto' } }).toolChoice).toBeNull();
});
