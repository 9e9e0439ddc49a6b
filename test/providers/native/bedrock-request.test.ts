import { describe, expect, it } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type {
  AssistantPart,
  CanonicalRequest,
  FunctionTool,
  ReasoningWish,
  Turn,
} from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import { API_KEY, canonical, sampling, sent, targetOf } from './setup.ts';

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
const { $schema: _, ...LOOK_SCHEMA } = LOOK.schema;
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

describe('a request to Bedrock', () => {
  it('goes to the model with the key, and tells nothing of the SDK', async () => {
    const request = await sent('bedrock');
    expect(request.url).toBe('/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse');
    expect(request.headers.authorization).toBe(`Bearer ${API_KEY}`);
    expect(JSON.stringify(request.headers)).not.toMatch(/ai-sdk|set-by-the-gateway/i);
    expect(request.json).toEqual({
      system: [],
      messages: [{ role: 'user', content: [{ text: 'hi' }] }],
      additionalModelResponseFieldPaths: ['/delta/stop_sequence'],
    });
    expect(request.dropped).toBeNull();
  });

  it('has what leads as the system’s, and results right behind their calls', async () => {
    const request = await sent('bedrock', {
      turns: [
        { role: 'system', parts: [{ type: 'text', text: 'one' }] },
        ...looked(),
        { role: 'system', parts: [{ type: 'text', text: 'two' }] },
      ],
      tools: [LOOK],
    });
    expect(request.json.system).toEqual([{ text: 'one' }]);
    expect(messagesOf(request)).toEqual([
      { role: 'user', content: [{ text: 'hi' }] },
      {
        role: 'assistant',
        content: [{ toolUse: { toolUseId: 'tooluse_1', name: 'look', input: { at: 'x' } } }],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: 'tooluse_1', content: [{ text: 'seen' }] } },
          { text: 'go on' },
          { text: 'System: two' },
        ],
      },
    ]);
    expect(request.json.toolConfig).toEqual({
      tools: [{ toolSpec: { name: 'look', description: 'Looks', inputSchema: { json: LOOK_SCHEMA } } }],
    });
  });

  it('says nothing blank', async () => {
    const blank = { type: 'text', text: ' \n' } as const;
    const result = (parts: Turn['parts']) => ({
      type: 'tool_result',
      callId: 'tooluse_1',
      parts,
      isError: false,
    });
    const [first, call] = looked([blank]);
    const request = await sent('bedrock', {
      turns: [
        { role: 'system', parts: [blank] },
        { role: 'user', parts: [blank] },
        call as Turn,
        { role: 'user', parts: [result([]) as never, blank] },
        { role: 'assistant', parts: [blank] },
        first as Turn,
      ],
    });
    expect(request.json.system).toEqual([]);
    expect(request.body).not.toMatch(/"text":"\s*(?:\\n)?"/);
    expect(messagesOf(request)[0]?.content).toEqual([{ text: '(blank)' }]);
    expect(request.body).toContain(
      '{"toolResult":{"toolUseId":"tooluse_1","content":[{"text":"(no text)"}]}}',
    );
  });

  it('tells a failed result in its text', async () => {
    const [first, call, third] = looked();
    const parts = (third as Turn).parts.map((part) =>
      part.type === 'tool_result' ? { ...part, isError: true } : part,
    );
    const request = await sent('bedrock', { turns: [first, call, { role: 'user', parts }] as Turn[] });
    expect(request.body).toContain('"Error: seen"');
  });

  it('keeps the digits of arguments and schemas, and refuses arguments that are no object', async () => {
    const schema = parseExactly(
      '{"type":"object","properties":{"n":{"maximum":12345678901234567890}}}',
    ) as JsonObject;
    const { body } = await sent('bedrock', {
      turns: looked([], '{"n":12345678901234567890}'),
      tools: [{ ...LOOK, schema }],
    });
    expect(body).toContain('"input":{"n":12345678901234567890}');
    expect(body).toContain('"maximum":12345678901234567890');
    const broken = canonical({ turns: looked([], '{"at":') });
    expect(() => nativeCall('bedrock', broken, targetOf('m'), new Dropped())).toThrow(
      expect.objectContaining({ code: 'invalid_request' }),
    );
  });

  it('gives settings in Converse’s names, and reports those it lacks', async () => {
    const request = await sent('bedrock', {
      maxOutputTokens: 100,
      sampling: sampling({
        temperature: 0.5,
        topP: 0.9,
        topK: 5,
        seed: 1,
        presencePenalty: 1,
        frequencyPenalty: 1,
      }),
      stop: ['a', 'b', 'c', 'd', 'e', 'f'],
      verbosity: 'low',
      userId: 'u',
      cacheKey: 'k',
      serviceTier: 'priority',
      format: { type: 'json_object' },
    });
    expect(request.json).toMatchObject({
      inferenceConfig: {
        maxTokens: 100,
        temperature: 0.5,
        stopSequences: ['a', 'b', 'c', 'd', 'e', 'f'],
      },
      additionalModelRequestFields: { top_k: 5 },
      serviceTier: { type: 'priority' },
    });
    expect(request.dropped).toBe(
      'frequency_penalty, presence_penalty, prompt_cache_key, response_format, seed, top_p, user, verbosity',
    );
    const usual = sampling({ topP: 1, topK: 5, temperature: 0, presencePenalty: 0, frequencyPenalty: 0 });
    const other = await sent('bedrock', { sampling: usual, parallelToolCalls: false }, { model: LLAMA });
    expect(other.json.inferenceConfig).toEqual({ temperature: 0, topP: 1 });
    expect(other.json.additionalModelRequestFields).toBeUndefined();
    expect(other.dropped).toBe('parallel_tool_calls, top_k');
  });
});

describe('thinking on Bedrock', () => {
  const HIGH: ReasoningWish = {
    effort: 'high',
    budgetTokens: null,
    mode: null,
    summary: null,
    display: null,
  };
  const BUDGET: ReasoningWish = { ...HIGH, effort: null, mode: 'enabled', budgetTokens: 2_000 };

  it('never raises the caller’s limit of tokens', async () => {
    const { json, dropped } = await sent('bedrock', {
      reasoning: BUDGET,
      maxOutputTokens: 4_096,
      sampling: sampling({ temperature: 0.2, topP: 0.5, topK: 3 }),
    });
    expect(json.inferenceConfig).toEqual({ maxTokens: 4_096 });
    expect(json.additionalModelRequestFields).toEqual({
      thinking: { type: 'enabled', budget_tokens: 2_000 },
    });
    expect(dropped).toBe('temperature, top_k, top_p');
  });

  it('comes with a limit of tokens where the caller set none', async () => {
    const { json } = await sent('bedrock', { reasoning: HIGH });
    expect(json.inferenceConfig).toEqual({ maxTokens: 32_000 });
    expect(json.additionalModelRequestFields).toEqual({
      thinking: { type: 'enabled', budget_tokens: 16_000 },
    });
    const known = await sent('bedrock', { reasoning: HIGH }, { facts: { maxOutputTokens: 64_000 } });
    expect(known.json.inferenceConfig).toEqual({ maxTokens: 64_000 });
  });

  it('is adaptive where the model is known to be', async () => {
    const facts = { thinking: ['adaptive'] as const };
    const { json } = await sent(
      'bedrock',
      { reasoning: HIGH },
      { model: 'anthropic.claude-opus-4-7', facts },
    );
    expect(json.additionalModelRequestFields).toEqual({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
  });

  it('gives its proofs back', async () => {
    const thought = (text: string, data: string, redacted: boolean): AssistantPart => ({
      type: 'reasoning',
      text,
      replay: { protocol: 'native', providerId: '7', id: null, data, redacted },
    });
    const thoughts = [
      thought('hm', 'c2ln', false),
      thought('', 'aGlkZGVu', true),
      thought('open', '', false),
    ];
    const request = await sent('bedrock', { turns: looked(thoughts), tools: [LOOK], reasoning: BUDGET });
    expect(messagesOf(request)[1]?.content.slice(0, -1)).toEqual([
      { reasoningContent: { reasoningText: { text: 'hm', signature: 'c2ln' } } },
      { reasoningContent: { redactedContent: 'aGlkZGVu' } },
    ]);
    expect(request.json.additionalModelRequestFields).toMatchObject({ thinking: { type: 'enabled' } });
  });

  it.each([
    ['the calls just answered came without any', { turns: looked(), tools: [LOOK] }],
    ['a call is demanded', { tools: [LOOK], toolChoice: { type: 'required' } }],
    [
      'the answer is begun',
      {
        turns: [
          { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
          { role: 'assistant', parts: [{ type: 'text', text: '{' }] },
        ],
      },
    ],
    [
      'the answer is by a schema',
      {
        format: {
          type: 'json_schema',
          name: null,
          description: null,
          schema: { type: 'object' },
          strict: null,
        },
      },
    ],
  ] as const)('is left out where %s', async (_why, changes) => {
    const { json, dropped } = await sent('bedrock', {
      ...(changes as Partial<CanonicalRequest>),
      reasoning: BUDGET,
    });
    expect((json.additionalModelRequestFields as JsonObject | undefined)?.thinking).toBeUndefined();
    expect(dropped).toContain('reasoning');
  });

  it('is an effort for OpenAI’s open models, and reported for models without any', async () => {
    const open = await sent('bedrock', { reasoning: HIGH }, { model: 'openai.gpt-oss-120b-1:0' });
    expect(open.json.additionalModelRequestFields).toEqual({ reasoning_effort: 'high' });
    expect((await sent('bedrock', { reasoning: HIGH }, { model: LLAMA })).dropped).toBe('reasoning');
    const none = await sent('bedrock', { reasoning: HIGH }, { model: LLAMA, facts: { efforts: [] } });
    expect(none.dropped).toBe('reasoning');
  });
});
