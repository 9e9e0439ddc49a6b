import { describe, expect, it } from 'vitest';
import type {
  AssistantPart,
  CanonicalRequest,
  FunctionTool,
  Turn,
} from '../../../gateway/protocols/canonical/request.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { sent } from './setup.ts';

const LOOK: FunctionTool = {
  kind: 'function',
  name: 'look',
  description: 'Looks',
  schema: {
    $schema: 'x',
    type: 'object',
    properties: { at: { type: 'string' } },
    additionalProperties: false,
  },
  strict: null,
};
const NOVA = 'us.amazon.nova-pro-v1:0';
const LLAMA = 'us.meta.llama3-3-70b-instruct-v1:0';

function looked(before: AssistantPart[] = [], input = '{"at":"x"}'): Turn[] {
  return [
    { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    {
      role: 'assistant',
      parts: [...before, { type: 'tool_call', id: 'tooluse_1', name: 'look', kind: 'function', input }],
    },
    {
      role: 'user',
      parts: [
        { type: 'tool_result', callId: 'tooluse_1', parts: [{ type: 'text', text: 'seen' }], isError: false },
        { type: 'text', text: 'go on' },
      ],
    },
  ];
}

function messagesOf({ json }: { json: JsonObject }) {
  return json.messages as { role: string; content: JsonObject[] }[];
}

describe('tools on Bedrock', () => {
  it.each([
    [{ type: 'auto' }, undefined],
    [{ type: 'required' }, { any: {} }],
    [{ type: 'tool', name: 'look' }, { tool: { name: 'look' } }],
  ] as const)('are asked for by choice %j', async (toolChoice, choice) => {
    const { json } = await sent('bedrock', { tools: [LOOK], toolChoice });
    expect((json.toolConfig as JsonObject).toolChoice).toEqual(choice);
  });

  it('are called one at a time by Anthropic’s models where that is asked for', async () => {
    const { json, dropped } = await sent('bedrock', { tools: [LOOK], parallelToolCalls: false });
    expect(json.additionalModelRequestFields).toEqual({
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    expect(dropped).toBeNull();
  });

  it('are left out where none may be called and none was', async () => {
    const { json, dropped } = await sent('bedrock', { tools: [LOOK], toolChoice: { type: 'none' } });
    expect([json.toolConfig, json.additionalModelRequestFields, dropped]).toEqual([
      undefined,
      undefined,
      null,
    ]);
  });

  it('stay declared where none may be called and some were', async () => {
    const wish = { turns: looked(), tools: [LOOK], toolChoice: { type: 'none' } } as const;
    const { json, dropped } = await sent('bedrock', { ...wish, tools: [LOOK] });
    expect((json.toolConfig as JsonObject).tools).toHaveLength(1);
    expect(json.additionalModelRequestFields).toEqual({ tool_choice: { type: 'none' } });
    expect(dropped).toBeNull();
    const nova = await sent('bedrock', { ...wish, tools: [LOOK] }, { model: NOVA });
    expect((nova.json.toolConfig as JsonObject).tools).toHaveLength(1);
    expect(nova.dropped).toBe('tool_choice');
  });

  it('are declared for a conversation that names them, though none is given', async () => {
    const request = await sent('bedrock', { turns: looked() });
    expect(request.json.toolConfig).toEqual({
      tools: [
        {
          toolSpec: {
            name: 'look',
            description: expect.stringContaining('not available'),
            inputSchema: { json: { type: 'object' } },
          },
        },
      ],
    });
    expect(request.json.additionalModelRequestFields).toEqual({ tool_choice: { type: 'none' } });
    expect(messagesOf(request)[1]?.content).toMatchObject([{ toolUse: { name: 'look' } }]);
    const nova = await sent('bedrock', { turns: looked() }, { model: NOVA });
    expect(messagesOf(nova)[1]?.content).toMatchObject([{ toolUse: { name: 'look' } }]);
    expect(nova.dropped).toBeNull();
  });

  it('make an answer by a schema, as a call the caller does not see', async () => {
    const format: CanonicalRequest['format'] = {
      type: 'json_schema',
      name: 'x',
      description: null,
      schema: { $schema: 'x', type: 'object', properties: { a: { type: 'string' } } },
      strict: true,
    };
    const { json } = await sent('bedrock', { format }, { model: NOVA });
    expect(json.toolConfig).toMatchObject({
      tools: [
        { toolSpec: { inputSchema: { json: { type: 'object', properties: { a: { type: 'string' } } } } } },
      ],
      toolChoice: { any: {} },
    });
    const native = await sent('bedrock', { format });
    expect(native.json.additionalModelRequestFields).toMatchObject({
      output_config: { format: { type: 'json_schema' } },
    });
  });
});

describe('cache marks on Bedrock', () => {
  const marked = { type: 'text', text: 'long', cache: { ttl: '1h' } } as const;
  const turns: Turn[] = [
    { role: 'system', parts: [{ ...marked }] },
    {
      role: 'user',
      parts: [
        { ...marked, cache: { ttl: null } },
        { type: 'text', text: 'hi' },
      ],
    },
  ];

  it('are cache points behind what they mark', async () => {
    const request = await sent('bedrock', { turns });
    expect(request.json.system).toEqual([{ text: 'long' }, { cachePoint: { type: 'default', ttl: '1h' } }]);
    expect(messagesOf(request)[0]?.content).toEqual([
      { text: 'long' },
      { cachePoint: { type: 'default' } },
      { text: 'hi' },
    ]);
    expect(request.dropped).toBeNull();
  });

  it('stand behind a result that was marked, inside or out', async () => {
    const [first, call] = looked();
    const result: Turn = {
      role: 'user',
      parts: [
        {
          type: 'tool_result',
          callId: 'tooluse_1',
          parts: [{ ...marked, cache: { ttl: null } }],
          isError: false,
        },
      ],
    };
    const request = await sent('bedrock', { turns: [first, call, result] as Turn[] });
    expect(messagesOf(request)[2]?.content).toEqual([
      { toolResult: { toolUseId: 'tooluse_1', content: [{ text: 'long' }] } },
      { cachePoint: { type: 'default' } },
    ]);
  });

  it('last as long as the model keeps things, and are reported where it keeps none', async () => {
    const nova = await sent('bedrock', { turns }, { model: NOVA });
    expect(nova.json.system).toEqual([{ text: 'long' }, { cachePoint: { type: 'default' } }]);
    const llama = await sent('bedrock', { turns }, { model: LLAMA });
    expect([llama.json.system, llama.dropped]).toEqual([[{ text: 'long' }], 'cache_control']);
    const tool = await sent('bedrock', { tools: [{ ...LOOK, cache: { ttl: null } }] });
    expect(tool.dropped).toBe('cache_control');
  });
});
