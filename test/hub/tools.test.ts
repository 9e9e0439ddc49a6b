/** What tools are offered, which of them must be used, and how a call comes back. */
import { beforeEach, describe, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { newestRow, resetScripts, TRANSLATED, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};

interface Named {
  name: string;
  schema?: object;
  strict?: boolean;
}

/** Tools as each protocol defines them. */
const DEFINE: Readonly<Record<Protocol, (tool: Named) => object>> = {
  'openai-chat': ({ name, schema = SCHEMA, strict }) => ({
    type: 'function',
    function: { name, description: 'd', parameters: schema, ...(strict === undefined ? {} : { strict }) },
  }),
  'openai-responses': ({ name, schema = SCHEMA, strict = false }) => ({
    type: 'function',
    name,
    description: 'd',
    parameters: schema,
    strict,
  }),
  'anthropic-messages': ({ name, schema = SCHEMA, strict }) => ({
    name,
    description: 'd',
    input_schema: schema,
    ...(strict === undefined ? {} : { strict }),
  }),
};

const tools = (client: Protocol, ...names: string[]) => names.map((name) => DEFINE[client]({ name }));

const ask = (client: Protocol, provider: Protocol, fields: object) =>
  exchange(bench, client, bench.seats[provider], fields);

const CHOICES: Readonly<Record<string, Readonly<Record<Protocol, unknown>>>> = {
  'any or none': {
    'openai-chat': 'auto',
    'openai-responses': 'auto',
    'anthropic-messages': { type: 'auto' },
  },
  none: { 'openai-chat': 'none', 'openai-responses': 'none', 'anthropic-messages': { type: 'none' } },
  'one at least': {
    'openai-chat': 'required',
    'openai-responses': 'required',
    'anthropic-messages': { type: 'any' },
  },
  'a certain one': {
    'openai-chat': { type: 'function', function: { name: 'b' } },
    'openai-responses': { type: 'function', name: 'b' },
    'anthropic-messages': { type: 'tool', name: 'b' },
  },
};

describe.each(TRANSLATED)('a client of %s at a provider of %s', (client, provider) => {
  it('defines its tools: name, description, schema and strictness', async () => {
    const defined = { name: 'a', strict: true };
    const { sent } = await ask(client, provider, {
      tools: [DEFINE[client](defined), DEFINE[client]({ name: 'b' })],
    });
    // A server that follows OpenAI's may refuse `strict`; it is told of.
    const strict = provider === 'openai-chat' ? {} : { strict: true };
    const [first, second] = sent.tools;
    expect(first).toMatchObject(DEFINE[provider]({ name: 'a', ...strict }));
    expect(JSON.stringify(second)).toContain('"b"');
  });

  it.each(Object.keys(CHOICES))('chooses: %s', async (choice) => {
    const asked = CHOICES[choice]?.[client];
    const { sent } = await ask(client, provider, { tools: tools(client, 'a', 'b'), tool_choice: asked });
    expect(sent.tool_choice).toEqual(CHOICES[choice]?.[provider]);
  });

  it('sends no choice where there are no tools', async () => {
    const { sent } = await ask(client, provider, {
      tools: [],
      tool_choice: CHOICES['any or none']?.[client],
      ...(client === 'anthropic-messages' ? {} : { parallel_tool_calls: true }),
    });
    for (const field of ['tools', 'tool_choice', 'parallel_tool_calls'])
      expect(sent).not.toHaveProperty(field);
  });

  it('forbids parallel calls', async () => {
    const asked =
      client === 'anthropic-messages'
        ? { tool_choice: { type: 'auto', disable_parallel_tool_use: true } }
        : { parallel_tool_calls: false };
    const { sent } = await ask(client, provider, { tools: tools(client, 'a'), ...asked });
    const told =
      provider === 'anthropic-messages'
        ? sent.tool_choice
        : { parallel_tool_calls: sent.parallel_tool_calls };
    expect(told).toEqual(
      provider === 'anthropic-messages'
        ? { type: 'auto', disable_parallel_tool_use: true }
        : { parallel_tool_calls: false },
    );
  });

  it('passes schemas on as they are: keywords, order, long numbers', async () => {
    const schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      propertyNames: { pattern: '^(?!x)' },
      properties: {
        z: { allOf: [{ type: 'string' }, { pattern: '^(?=a)' }] },
        a: { oneOf: [{ const: 1 }, { $ref: '#/$defs/n' }] },
      },
      $defs: { n: { type: 'integer', maximum: 10 } },
      additionalProperties: { type: 'string' },
    };
    const text = JSON.stringify(schema).replace('"maximum":10', '"maximum":12345678901234567890');
    const tool = JSON.stringify(DEFINE[client]({ name: 'a', schema: { replaced: true } }));
    const body = `{"model":"${bench.seats[provider].model}",${LEAST[client]},"tools":[${tool.replace('{"replaced":true}', text)}]}`;
    await bench.gateway.post(PATHS[client], body);
    expect(bench.seats[provider].provider.requests.at(-1)?.body.toString()).toContain(text);
  });

  it('gets a call without arguments as one with an empty object', async () => {
    for (const input of ['', '{}']) {
      bench.seats[provider].provider.script(reply.tools([{ name: 'a', input }]));
      for (const stream of [false, true]) {
        const answer = said(client, await ask(client, provider, { stream, tools: tools(client, 'a') }));
        expect(answer.calls).toMatchObject([{ name: 'a' }]);
        expect(JSON.parse(answer.calls[0]?.input ?? '')).toEqual({});
      }
    }
  });

  it('gets the numbers of a call with all their digits', async () => {
    const input = '{"id":12345678901234567890,"x":1.0,"y":1e400}';
    bench.seats[provider].provider.script(reply.tools([{ name: 'a', input }]));
    for (const stream of [false, true]) {
      const { text } = await ask(client, provider, { stream, tools: tools(client, 'a') });
      expect(text).toMatch(/12345678901234567890/);
      expect(text).toMatch(/1e400/i);
    }
  });

  it('gives numbers of a call back with all their digits', async () => {
    const input = '{"id":12345678901234567890}';
    const history = {
      'openai-chat': `"messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"a","arguments":${JSON.stringify(input)}}}]},{"role":"tool","tool_call_id":"c","content":"ok"}]`,
      'openai-responses': `"store":false,"input":[{"role":"user","content":"hi"},{"type":"function_call","call_id":"c","name":"a","arguments":${JSON.stringify(input)}},{"type":"function_call_output","call_id":"c","output":"ok"}]`,
      'anthropic-messages': `"max_tokens":99,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"a","input":${input}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"ok"}]}]`,
    }[client];
    await bench.gateway.post(PATHS[client], `{"model":"${bench.seats[provider].model}",${history}}`);
    expect(bench.seats[provider].provider.requests.at(-1)?.body.toString()).toContain('12345678901234567890');
  });

  it('may offer tools whose names no service takes, and is called by them', async () => {
    const names = [
      'mcp.server/read file',
      `${'long_'.repeat(20)}one`,
      `${'long_'.repeat(20)}two`,
      'mcp_server_read_file',
    ];
    bench.seats[provider].provider.script(({ json }) => {
      const wire = (json as { tools: { name?: string; function?: { name: string } }[] }).tools;
      return reply.tools(
        wire.map((tool) => ({ name: tool.name ?? tool.function?.name ?? '', input: '{"x":1}' })),
      );
    });
    for (const stream of [false, true]) {
      const answer = said(client, await ask(client, provider, { stream, tools: tools(client, ...names) }));
      expect(answer.calls.map(({ name }) => name)).toEqual(names);
    }
  });
});

const LEAST: Readonly<Record<Protocol, string>> = {
  'openai-chat': '"messages":[{"role":"user","content":"hi"}]',
  'openai-responses': '"store":false,"input":"hi"',
  'anthropic-messages': '"max_tokens":99,"messages":[{"role":"user","content":"hi"}]',
};
const PATHS: Readonly<Record<Protocol, string>> = {
  'openai-chat': '/v1/chat/completions',
  'openai-responses': '/v1/responses',
  'anthropic-messages': '/v1/messages',
};

describe('a choice among some of the tools', () => {
  it.each([
    [
      'openai-chat',
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'b' } }] },
      },
    ],
    [
      'openai-responses',
      { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'b' }] },
    ],
  ] as const)('of %s leaves out the others', async (client, tool_choice) => {
    for (const provider of ['openai-responses', 'openai-chat', 'anthropic-messages'] as const) {
      if (provider === client) continue;
      const { sent } = await ask(client, provider, { tools: tools(client, 'a', 'b'), tool_choice });
      expect(JSON.stringify(sent.tools)).not.toContain('"a"');
      expect(sent.tools).toHaveLength(1);
      expect(sent.tool_choice).toEqual(CHOICES['one at least']?.[provider]);
    }
  });

  it('of a tool that is not there is refused', async () => {
    const { status, json } = await ask('openai-chat', 'anthropic-messages', {
      tools: tools('openai-chat', 'a'),
      tool_choice: { type: 'function', function: { name: 'b' } },
    });
    expect([status, json.error.code]).toEqual([400, 'invalid_request']);
    expect(json.error.message).toContain('tool_choice');
  });
});

describe('a call that must be made', () => {
  it.each([
    ['openai-chat', { reasoning_effort: 'high', tool_choice: 'required', max_completion_tokens: 9_000 }],
    ['openai-responses', { reasoning: { effort: 'high' }, tool_choice: { type: 'function', name: 'a' } }],
  ] as const)('keeps Claude from thinking, and a client of %s is told', async (client, fields) => {
    const { sent, dropped } = await ask(client, 'anthropic-messages', {
      tools: tools(client, 'a'),
      ...fields,
    });
    expect(['any', 'tool']).toContain(sent.tool_choice.type);
    expect(sent.thinking ?? { type: 'disabled' }).toEqual({ type: 'disabled' });
    expect(dropped).toContain('reasoning');
    expect((await newestRow(bench)).dropped).toContain('reasoning');
  });
});

describe('broken arguments of a provider’s call', () => {
  const BROKEN = '{"city": "Ro';

  it.each(['openai-chat', 'openai-responses'] as const)(
    'of %s are an error to a client of Messages',
    async (provider) => {
      bench.seats[provider].provider.script(reply.tools([{ name: 'a', input: BROKEN }]));
      const fields = { tools: tools('anthropic-messages', 'a') };
      const whole = await ask('anthropic-messages', provider, fields);
      expect([whole.status, whole.json.error.type]).toEqual([502, 'api_error']);
      const { events } = await ask('anthropic-messages', provider, { ...fields, stream: true });
      expect(events.at(-1)?.data).toMatchObject({ type: 'error', error: { type: 'api_error' } });
      expect(events.map(({ name }) => name)).not.toContain('message_stop');
    },
  );

  it('reach a client that gets them as text, as they are', async () => {
    bench.seats['openai-chat'].provider.script(reply.tools([{ name: 'a', input: BROKEN }]));
    for (const stream of [false, true]) {
      const answer = await ask('openai-responses', 'openai-chat', {
        stream,
        tools: tools('openai-responses', 'a'),
      });
      expect(said('openai-responses', answer).calls).toMatchObject([{ input: BROKEN }]);
    }
  });
});
