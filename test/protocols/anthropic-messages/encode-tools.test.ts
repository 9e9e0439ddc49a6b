import { describe, expect, it } from 'vitest';
import type { CanonicalRequest, Tool } from '../../../gateway/protocols/canonical/request.ts';
import { tool } from '../canonical/requests.ts';
import { anthropic, encode } from './encoding.ts';

const UNMARKED = anthropic({}, { cacheMarks: false });
const tools = (list: Tool[], to = UNMARKED) => {
  const { body, dropped } = encode({ tools: list }, to);
  return { tools: body.tools, dropped };
};

describe('tools', () => {
  it('keep their schema as it came', () => {
    const schema = {
      type: 'object',
      properties: { a: { pattern: '(?=x)' } },
      allOf: [{}],
      propertyNames: {},
    };
    expect(tools([tool('f', { description: 'Does f.', schema })])).toEqual({
      tools: [{ name: 'f', description: 'Does f.', input_schema: schema }],
      dropped: null,
    });
  });

  it('get `type: object` where it is missing', () => {
    const properties = { a: {} };
    expect(tools([tool('f', { schema: { properties } }), tool('g', { schema: {} })]).tools).toEqual([
      { name: 'f', input_schema: { properties, type: 'object' } },
      { name: 'g', input_schema: { type: 'object' } },
    ]);
  });

  it('of the provider go as they came', () => {
    const raw = { type: 'web_search_20250305', name: 'web_search', max_uses: 2 };
    const own: Tool = { kind: 'hosted', protocol: 'anthropic-messages', name: raw.type, raw };
    expect(tools([own]).tools).toEqual([raw]);
  });
});

describe('strict tools', () => {
  const closed = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };

  it('are strict where the service can hold to their schema', () => {
    expect(tools([tool('f', { schema: closed, strict: true })])).toEqual({
      tools: [{ name: 'f', input_schema: closed, strict: true }],
      dropped: null,
    });
  });

  it('are offered as others, and reported, where it cannot', () => {
    const schema = { ...closed, properties: { a: { type: 'string', minLength: 3 } } };
    const plain = { tools: [{ name: 'f', input_schema: schema }], dropped: 'strict' };
    expect(tools([tool('f', { schema, strict: true })])).toEqual(plain);
    const copy = anthropic({}, { strictTools: false, cacheMarks: false });
    expect(tools([tool('f', { schema: closed, strict: true })], copy)).toMatchObject({ dropped: 'strict' });
  });

  it('are twenty at most', () => {
    const many = Array.from({ length: 22 }, (_, n) => tool(`f${n}`, { schema: closed, strict: true }));
    const sent = tools(many);
    expect((sent.tools as { strict?: boolean }[]).filter(({ strict }) => strict === true)).toHaveLength(20);
    expect(sent.dropped).toBe('strict');
  });

  it('say nothing where the caller said no', () => {
    expect(tools([tool('f', { strict: false })])).toEqual(tools([tool('f')]));
  });
});

describe('the choice among tools', () => {
  const own: Tool = {
    kind: 'hosted',
    protocol: 'anthropic-messages',
    name: 'web_search_20250305',
    raw: { type: 'web_search_20250305', name: 'web_search' },
  };
  const choice = (rest: Partial<CanonicalRequest>) =>
    encode({ tools: [tool('f'), own], ...rest }).body.tool_choice;

  it.each([
    [{ type: 'auto' }, { type: 'auto' }],
    [{ type: 'none' }, { type: 'none' }],
    [{ type: 'required' }, { type: 'any' }],
    [
      { type: 'tool', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'hosted', name: 'web_search_20250305' },
      { type: 'tool', name: 'web_search' },
    ],
  ] as const)('is said from %j', (toolChoice, expected) => {
    expect(choice({ toolChoice })).toEqual(expected);
  });

  it('says that calls may not be parallel', () => {
    const single = { disable_parallel_tool_use: true };
    expect(choice({ parallelToolCalls: false })).toEqual({ type: 'auto', ...single });
    expect(choice({ parallelToolCalls: false, toolChoice: { type: 'required' } })).toEqual({
      type: 'any',
      ...single,
    });
    expect(choice({ parallelToolCalls: false, toolChoice: { type: 'none' } })).toEqual({ type: 'none' });
    expect(choice({ parallelToolCalls: true })).toBeUndefined();
  });

  it('is left out where there are no tools', () => {
    expect(encode({ parallelToolCalls: false }).body).not.toHaveProperty('tool_choice');
  });
});
