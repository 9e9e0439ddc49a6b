import { describe, expect, it } from 'vitest';
import type { Tool } from '../../../gateway/protocols/canonical/request.ts';
import { decoded } from './support.ts';

const schema = { type: 'object', properties: { a: { type: 'string' } } };
const plain = { kind: 'function', description: null, strict: null };

function toolsOf(...tools: object[]): Tool[] {
  return decoded({ tools }).tools;
}

function namesOf(tools: readonly Tool[]): string[] {
  return tools.map((tool) =>
    tool.kind === 'hosted' || tool.namespace === undefined ? tool.name : `${tool.namespace}/${tool.name}`,
  );
}

describe('tools', () => {
  it('are functions, flat or nested as on the chat route', () => {
    const facts = { name: 'f', description: 'does f', parameters: schema, strict: true };
    const tool = { kind: 'function', name: 'f', description: 'does f', schema, strict: true };
    expect(toolsOf({ type: 'function', ...facts })).toEqual([tool]);
    expect(toolsOf({ type: 'function', function: facts })).toEqual([tool]);
  });

  it('need no parameters, and say nothing of strictness where the caller does not', () => {
    expect(toolsOf({ type: 'function', name: 'f', parameters: null })).toEqual([
      { ...plain, name: 'f', schema: { type: 'object', properties: {} } },
    ]);
  });

  it('take free text, by a grammar if there is one', () => {
    const grammar = { syntax: 'lark', definition: 'start: x' };
    const format = { type: 'grammar', ...grammar };
    const tool = { kind: 'custom', name: 'patch', description: 'd', format };
    expect(toolsOf({ type: 'custom', name: 'patch', description: 'd', format })).toEqual([tool]);
    const custom = { name: 'patch', description: 'd', format: { type: 'grammar', grammar } };
    expect(toolsOf({ type: 'custom', custom })).toEqual([tool]);
    expect(toolsOf({ type: 'custom', name: 'patch' })).toMatchObject([{ format: null }]);
  });

  it('stand in namespaces, whose description is said once', () => {
    const tools = [
      { type: 'function', name: 'log', description: 'Shows the log.', parameters: schema },
      { type: 'custom', name: 'patch', description: 'Patches.' },
    ];
    expect(
      toolsOf({ type: 'namespace', name: 'git', description: 'Works on the repository.', tools }),
    ).toEqual([
      {
        ...plain,
        name: 'log',
        namespace: 'git',
        description: 'Shows the log.\n\nAll tools of git: Works on the repository.',
        schema,
      },
      { kind: 'custom', name: 'patch', namespace: 'git', description: 'Patches.', format: null },
    ]);
  });

  it('of the namespace `functions` have none', () => {
    const tools = [{ type: 'function', name: 'shell', parameters: schema }];
    const [tool] = toolsOf({ type: 'namespace', name: 'functions', description: 'All.', tools });
    expect(tool).toEqual({ ...plain, name: 'shell', schema });
  });

  it('of the provider are kept as they are', () => {
    const raw = { type: 'web_search', external_web_access: false };
    expect(toolsOf(raw)).toEqual([{ kind: 'hosted', protocol: 'openai-responses', name: 'web_search', raw }]);
  });

  it('come within the conversation as well, and later ones take the place of earlier', () => {
    const tool = (name: string, description: string) => ({ type: 'function', name, description });
    const request = decoded({
      tools: [tool('a', 'old'), { type: 'web_search' }],
      input: [
        { type: 'additional_tools', role: 'developer', tools: [tool('a', 'new'), { type: 'web_search' }] },
        { role: 'user', content: 'hi' },
        {
          type: 'tool_search_output',
          call_id: 'c',
          tools: [{ type: 'namespace', name: 'crm', description: '', tools: [tool('find', 'finds')] }],
        },
      ],
    });
    expect(namesOf(request.tools)).toEqual(['a', 'web_search', 'crm/find']);
    expect(request.tools[0]).toMatchObject({ description: 'new' });
    expect(request.turns.flatMap(({ parts }) => parts.map(({ type }) => type))).toEqual(['text', 'opaque']);
  });

  it.each([
    [{ type: 'function' }, '`tools[0].name` must be a text.'],
    [{ type: 'custom', name: '' }, '`tools[0].name` must be a text.'],
    [{ type: 'namespace', name: 'n', tools: [{}] }, '`tools[0].tools[0].type` must be a string.'],
    [{}, '`tools[0].type` must be a string.'],
  ])('are refused without a name: %j', (tool, message) => {
    expect(() => toolsOf(tool)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });
});

describe('the choice among tools', () => {
  const tools = [
    { type: 'function', name: 'a' },
    { type: 'custom', name: 'b' },
    {
      type: 'namespace',
      name: 'crm',
      tools: [
        { type: 'function', name: 'a' },
        { type: 'function', name: 'c' },
      ],
    },
    { type: 'web_search' },
    { type: 'mcp', server_label: 'x' },
    { type: 'mcp', server_label: 'y' },
  ];
  const choose = (tool_choice: unknown) => decoded({ tools, tool_choice });

  it.each(['auto', 'none', 'required'])('is %s', (type) => {
    expect(choose(type).toolChoice).toEqual({ type });
  });

  it('is any tool for people who name it so', () => {
    expect(choose('any').toolChoice).toEqual({ type: 'required' });
  });

  it.each([
    [
      { type: 'function', name: 'a' },
      { type: 'tool', name: 'a' },
    ],
    [
      { type: 'function', function: { name: 'a' } },
      { type: 'tool', name: 'a' },
    ],
    [
      { type: 'custom', name: 'b' },
      { type: 'tool', name: 'b' },
    ],
    [
      { type: 'function', name: 'a', namespace: 'crm' },
      { type: 'tool', name: 'a', namespace: 'crm' },
    ],
    [{ type: 'web_search' }, { type: 'hosted', name: 'web_search' }],
  ])('is one tool: %j', (choice, expected) => {
    expect(choose(choice).toolChoice).toEqual(expected);
  });

  it('is among some tools, and the others are gone', () => {
    const allowed = [
      { type: 'function', name: 'a', namespace: 'crm' },
      { type: 'mcp', server_label: 'y' },
    ];
    const request = choose({ type: 'allowed_tools', mode: 'required', tools: allowed });
    expect(request.toolChoice).toEqual({ type: 'required' });
    expect(namesOf(request.tools)).toEqual(['crm/a', 'mcp']);
    expect(request.tools[1]).toMatchObject({ raw: { server_label: 'y' } });
  });

  it.each([
    [[{ type: 'function', name: 'a' }], ['a', 'crm/a']],
    [[{ type: 'namespace', name: 'crm' }], ['crm/a', 'crm/c']],
    [
      [{ type: 'custom', name: 'b' }, { type: 'web_search' }],
      ['b', 'web_search'],
    ],
  ])('is among %j', (allowed, names) => {
    expect(namesOf(choose({ type: 'allowed_tools', mode: 'auto', tools: allowed }).tools)).toEqual(names);
  });

  it('is read as Chat Completions nests it', () => {
    const allowed_tools = { mode: 'auto', tools: [{ type: 'custom', custom: { name: 'b' } }] };
    const request = choose({ type: 'allowed_tools', allowed_tools });
    expect([request.toolChoice, namesOf(request.tools)]).toEqual([{ type: 'auto' }, ['b']]);
  });

  it.each(['whatever', 7, {}, { type: 'function' }])(
    'is named where it cannot be understood: %j',
    (choice) => {
      expect(choose(choice)).toMatchObject({ toolChoice: null, unplaced: ['tool_choice'] });
    },
  );
});
