import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ENDPOINTS, type Endpoint } from '../../gateway/protocols/endpoint.ts';
import { decide } from '../../gateway/providers/echo/decide.ts';
import { createEcho } from '../../gateway/providers/echo/echo.ts';
import { makeObject } from '../../gateway/providers/echo/schema-value.ts';
import { UpstreamFailure } from '../../gateway/providers/upstream.ts';
import { collect } from '../support/provider/collect.ts';

const ECHO = createEcho();

function call(endpoint: Endpoint, body: unknown, signal = new AbortController().signal) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  return ECHO.call({ endpoint, query: '', headers: {}, body: bytes, signal });
}

async function read(endpoint: Endpoint, body: unknown): Promise<string> {
  const answer = await call(endpoint, body);
  expect(answer.status).toBe(200);
  return Buffer.concat(await collect(answer.body)).toString();
}

function user(content: unknown, rest: object = {}) {
  return { messages: [{ role: 'user', content }], ...rest };
}

function tool(name: string) {
  return { type: 'function', function: { name, parameters: { type: 'object' } } };
}

const names = (body: object) => decide(body as Record<string, unknown>).calls.map((made) => made.name);

describe('the text it repeats', () => {
  test.each([
    ['a string', user('hello')],
    [
      'text parts',
      user([{ type: 'text', text: 'hel' }, { type: 'image_url' }, { type: 'text', text: 'lo' }]),
    ],
    ['a Responses string', { input: 'hello' }],
    ['Responses items', { input: [{ role: 'user', content: [{ type: 'input_text', text: 'hello' }] }] }],
  ])('is taken from %s', (_, body) => {
    expect(decide(body).text.replace('\n', '')).toBe('hello');
  });

  test('is the last user text, whatever stands after it', () => {
    const messages = [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'answer' },
      { role: 'user', content: 'second' },
      { role: 'system', content: 'note' },
    ];
    expect(decide({ messages }).text).toBe('second');
  });

  test('says so when there is only a picture', () => {
    expect(decide(user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }])).text).toBe(
      '(no text)',
    );
  });

  test('is cut at a stop sequence', () => {
    const plan = decide(user('one two three', { stop: ['three', 'two'] }));
    expect(plan).toMatchObject({ text: 'one ', ending: 'stop_sequence', stopSequence: 'two' });
  });

  test('is cut to the token limit without breaking a character', () => {
    const plan = decide(user('aä€😀tail', { max_tokens: 2 }));
    expect(plan).toMatchObject({ text: 'aä€', ending: 'length', outputTokens: 2 });
  });
});

describe('tool calls', () => {
  const tools = [tool('get_weather'), tool('read'), tool('Read_File')];

  test.each([
    ['call get_weather now', ['get_weather']],
    ['what does GET-WEATHER say?', ['get_weather']],
    ['please get weather', ['get_weather']],
    ['use get_weather and read', ['get_weather', 'read']],
    ['read file x', ['Read_File']],
    ['use a tool', ['get_weather']],
    ['I already spread toolkits', []],
    ['hello', []],
  ])('"%s" calls %j', (text, expected) => {
    expect(names(user(text, { tools }))).toEqual(expected);
  });

  test.each([
    ['required', ['get_weather']],
    [{ type: 'any' }, ['get_weather']],
    [{ type: 'tool', name: 'read' }, ['read']],
    [{ type: 'function', name: 'read' }, ['read']],
    [{ type: 'function', function: { name: 'read' } }, ['read']],
    [{ type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'read' }] }, ['read']],
    ['none', []],
    ['auto', []],
    [{ type: 'tool', name: 'unknown' }, []],
  ])('tool_choice %j calls %j', (tool_choice, expected) => {
    expect(names(user('hello', { tools, tool_choice }))).toEqual(expected);
  });

  test('are one at a time when parallel calls are off', () => {
    const body = user('use get_weather and read', { tools });
    expect(names({ ...body, parallel_tool_calls: false })).toEqual(['get_weather']);
    expect(names({ ...body, tool_choice: { type: 'auto', disable_parallel_tool_use: true } })).toEqual([
      'get_weather',
    ]);
  });

  test('heed only the last text part: the ones before are an agent’s notes', () => {
    const content = [
      { type: 'text', text: 'You may use the read tool.' },
      { type: 'text', text: 'hello' },
    ];
    expect(decide(user(content, { tools }))).toMatchObject({
      calls: [],
      text: 'You may use the read tool.\nhello',
    });
  });

  test('leave hosted tools alone', () => {
    const hosted = [{ type: 'web_search' }, { type: 'web_search_20250305', name: 'web_search' }];
    expect(names(user('use the web_search tool', { tools: hosted }))).toEqual([]);
  });

  test('keep the namespace of a Responses tool', () => {
    const body = {
      input: 'use list_files',
      tools: [{ type: 'namespace', name: 'fs', tools: [{ type: 'function', name: 'list_files' }] }],
    };
    expect(decide(body).calls).toMatchObject([{ name: 'list_files', namespace: 'fs' }]);
  });

  test('that do not fit the token limit are left out', () => {
    expect(decide(user('use read', { tools, max_tokens: 1 }))).toMatchObject({ calls: [], ending: 'length' });
  });

  test.each([
    [
      'chat',
      [
        { role: 'assistant', tool_calls: [] },
        { role: 'tool', content: 'sunny' },
        { role: 'tool', content: [{ text: 'warm' }] },
      ],
    ],
    [
      'messages',
      [
        {
          role: 'user',
          content: [
            { type: 'tool_result', content: 'sunny' },
            { type: 'tool_result', content: [{ type: 'text', text: 'warm' }] },
          ],
        },
        { role: 'system', content: 'note' },
      ],
    ],
  ])('end with the results repeated (%s)', (_, tail) => {
    const messages = [{ role: 'user', content: 'use get_weather' }, ...tail];
    expect(decide({ messages, tools, tool_choice: 'required' })).toMatchObject({
      calls: [],
      text: 'sunny\nwarm',
    });
  });

  test('end with the results repeated (responses)', () => {
    const input = [
      { role: 'user', content: 'use get_weather' },
      { type: 'function_call_output', output: 'old' },
      { type: 'custom_tool_call', name: 'x' },
      { type: 'function_call_output', output: 'sunny' },
      { type: 'custom_tool_call_output', output: [{ type: 'input_text', text: 'warm' }] },
    ];
    expect(decide({ input, tools }).text).toBe('sunny\nwarm');
  });
});

describe('values made from a schema', () => {
  test('fill what is required, and only that', () => {
    const schema = {
      type: 'object',
      properties: {
        text: { type: 'string' },
        count: { type: 'integer', minimum: 3 },
        ratio: { type: 'number', maximum: 0.5 },
        open: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        on: { type: 'boolean' },
        unit: { enum: ['c', 'f'] },
        kind: { const: 7 },
        maybe: { type: ['null', 'string'] },
        either: { anyOf: [{ type: 'null' }, { type: 'integer' }] },
        list: { type: 'array', items: { $ref: '#/$defs/point' }, minItems: 2 },
        left: { type: 'string' },
      },
      required: [
        'text',
        'count',
        'ratio',
        'open',
        'on',
        'unit',
        'kind',
        'maybe',
        'either',
        'list',
        'undeclared',
      ],
      $defs: { point: { allOf: [{ properties: { x: { type: 'number' } }, required: ['x'] }] } },
    };
    expect(makeObject(schema, 'hi')).toEqual({
      text: 'hi',
      count: 3,
      ratio: 0.5,
      open: 0.5,
      on: true,
      unit: 'c',
      kind: 7,
      maybe: 'hi',
      either: 1,
      list: [{ x: 1 }, { x: 1 }],
      undeclared: 'hi',
    });
  });

  test('stay small for a schema that refers to itself many times over', () => {
    const required = Array.from({ length: 50 }, (_, index) => `p${index}`);
    const properties = Object.fromEntries(required.map((name) => [name, { $ref: '#' }]));
    expect(JSON.stringify(makeObject({ type: 'object', properties, required }, 'x')).length).toBeLessThan(
      10_000,
    );
    const branching = { allOf: Array.from({ length: 60 }, () => ({ $ref: '#' })) };
    expect(makeObject(branching, 'x')).toEqual({});
  });
});

describe('as an upstream', () => {
  const endpoints = Object.keys(ENDPOINTS) as Endpoint[];

  test('answers any JSON whatever', async () => {
    const fields = [
      'messages',
      'input',
      'prompt',
      'tools',
      'tool_choice',
      'stop',
      'n',
      'text',
      'response_format',
      'dimensions',
    ];
    const anyBody = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...fields, 'stream_options'), fc.jsonValue()),
      fc.record({
        messages: fc.array(fc.record({ role: fc.constantFrom('user', 'tool'), content: fc.jsonValue() })),
        tools: fc.array(
          fc.dictionary(fc.constantFrom('type', 'name', 'function', 'input_schema'), fc.jsonValue()),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        anyBody,
        fc.constantFrom(...endpoints),
        fc.boolean(),
        async (body, endpoint, stream) => {
          await read(endpoint, typeof body === 'object' && body !== null ? { ...body, stream } : body);
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each([
    ['broken JSON', Buffer.from('{"messages":[')],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0])],
    ['an empty body', Buffer.alloc(0)],
    ['endless nesting', Buffer.from(`{"tools":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)],
  ])('answers %s as an empty request', async (_, body) => {
    expect(JSON.parse(await read('chat', body)).choices[0].message.content).toBe('(no text)');
    expect(JSON.parse(await read('responses', body)).status).toBe('completed');
  });

  test('gives equal requests equal answers but for the time', async () => {
    const body = user('use read', { tools: [tool('read')] });
    const timeless = (text: string) => text.replaceAll(/"created":\d+/g, '');
    expect(timeless(await read('chat', body))).toBe(timeless(await read('chat', body)));
    expect(timeless(await read('chat', body))).not.toBe(timeless(await read('chat', { ...body, user: 'x' })));
  });

  test('counts a token per four bytes of all text of the request', async () => {
    const text = 'four';
    const body = {
      system: text,
      messages: [{ role: 'user', content: [{ type: 'text', text: `${text}ä` }] }],
    };
    expect(JSON.parse(await read('count_tokens', body))).toEqual({ input_tokens: 3 });
    expect(JSON.parse(await read('messages', body)).usage).toMatchObject({
      input_tokens: 3,
      output_tokens: 2,
    });
    const picture = { type: 'image', source: { type: 'base64', data: 'A'.repeat(4000) } };
    expect(JSON.parse(await read('count_tokens', user([picture])))).toEqual({ input_tokens: 0 });
  });

  test('copies a long text only as often as fits into one answer', async () => {
    const answer = JSON.parse(await read('chat', user('x'.repeat(20 * 1024 * 1024), { n: 128 })));
    expect(answer.choices).toHaveLength(1);
  });

  test('stops at once when the signal is aborted', async () => {
    const stop = new AbortController();
    const answer = await call('chat', user('one two three four', { stream: true }), stop.signal);
    const events = answer.body[Symbol.asyncIterator]();
    expect((await events.next()).value.toString()).toContain('"role":"assistant"');
    stop.abort();
    await expect(events.next()).rejects.toThrow(UpstreamFailure);
    await expect(call('chat', user('hi'), stop.signal)).rejects.toMatchObject({ reason: 'aborted' });
  });
});
