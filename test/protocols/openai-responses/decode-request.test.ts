import { describe, expect, it } from 'vitest';
import { parseExactly } from '../../../gateway/protocols/json.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { decodeResponsesRequest } from '../../../gateway/protocols/openai-responses/decode-request.ts';
import { decoded, REQUEST } from './support.ts';

describe('a request of the Responses API', () => {
  it('says no more than it says', () => {
    expect(decoded({})).toEqual(REQUEST);
  });

  it('has its settings', () => {
    expect(
      decoded({
        stream: true,
        parallel_tool_calls: false,
        max_output_tokens: 900,
        temperature: 0.2,
        top_p: 0.9,
        reasoning: { effort: 'xhigh', summary: 'detailed' },
        text: { verbosity: 'low', format: { type: 'json_object' } },
        safety_identifier: 'someone',
        user: 'older name',
        prompt_cache_key: 'thread-1',
        service_tier: 'flex',
      }),
    ).toEqual({
      ...REQUEST,
      stream: true,
      parallelToolCalls: false,
      maxOutputTokens: 900,
      sampling: { ...REQUEST.sampling, temperature: 0.2, topP: 0.9 },
      reasoning: { effort: 'xhigh', budgetTokens: null, mode: null, summary: 'detailed', display: null },
      format: { type: 'json_object' },
      verbosity: 'low',
      userId: 'someone',
      cacheKey: 'thread-1',
      serviceTier: 'flex',
    });
  });

  it('may give null for anything', () => {
    const names = ['instructions', 'tools', 'tool_choice', 'reasoning', 'text', 'temperature', 'metadata'];
    expect(decoded(Object.fromEntries(names.map((name) => [name, null])))).toEqual(REQUEST);
  });

  it('begins with its instructions, apart from other system messages', () => {
    const { turns } = decoded({
      instructions: 'Be brief.',
      input: [{ role: 'developer', content: 'Be kind.' }],
    });
    expect(turns).toEqual([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      { role: 'system', parts: [{ type: 'text', text: 'Be kind.' }] },
    ]);
  });

  it('has a schema to answer by', () => {
    const schema = { type: 'object', properties: { big: { const: 12_345 } } };
    const format = { type: 'json_schema', name: 'answer', description: 'd', schema, strict: true };
    expect(decoded({ text: { format } }).format).toEqual(format);
    expect(decoded({ text: { format: { type: 'json_schema', json_schema: { schema } } } }).format).toEqual({
      type: 'json_schema',
      name: null,
      description: null,
      schema,
      strict: null,
    });
    expect(decoded({ text: { format: { type: 'text' } } }).format).toBeNull();
    expect(() => decoded({ text: { format: { type: 'json_schema', name: 'x' } } })).toThrow(
      '`text.format.schema` must be an object.',
    );
  });

  it('reads numbers that were parsed exactly', () => {
    const body = '{"input":"hi","temperature":1.0,"max_output_tokens":1e3,"top_p":0.12345678901234567890}';
    const request = responsesCodec.decodeRequest(parseExactly(body) as Record<string, unknown>);
    expect(request.maxOutputTokens).toBe(1_000);
    expect(request.sampling).toMatchObject({ temperature: 1, topP: 0.123_456_789_012_345_68 });
  });

  it('may wish for a summary by the older name, and for nothing else', () => {
    expect(decoded({ reasoning: { generate_summary: 'concise' } }).reasoning).toMatchObject({
      effort: null,
      summary: 'concise',
    });
    expect(decoded({ reasoning: {} }).reasoning).toBeNull();
  });

  it('may be told to count tokens of a chat stream', () => {
    expect(decoded({ stream_options: { include_usage: true } }).usageChunk).toBe(true);
    expect(decoded({ stream_options: { include_obfuscation: false } })).toEqual(REQUEST);
  });

  it('takes what is standard for what holds anyway', () => {
    expect(
      decoded({
        store: true,
        background: false,
        truncation: 'disabled',
        metadata: {},
        include: ['reasoning.encrypted_content'],
        client_metadata: { session: 's' },
        service_tier: 'auto',
        top_logprobs: 0,
        reasoning: { context: 'auto', mode: 'standard' },
      }),
    ).toEqual(REQUEST);
  });

  it('names what has no place', () => {
    expect(
      decoded({
        truncation: 'auto',
        metadata: { run: '7' },
        max_tool_calls: 3,
        prompt_cache_retention: '24h',
        future_field: true,
        reasoning: { effort: 'ultra', context: 'all_turns', mode: 'pro', more: 1 },
        text: { format: { type: 'yaml' }, tone: 'warm' },
      }).unplaced.sort(),
    ).toEqual([
      'future_field',
      'max_tool_calls',
      'metadata',
      'prompt_cache_retention',
      'reasoning.context',
      'reasoning.effort',
      'reasoning.mode',
      'reasoning.more',
      'text.format',
      'text.tone',
      'truncation',
    ]);
  });

  it.each([
    ['previous_response_id', 'resp_1', 'whole conversation'],
    ['conversation', { id: 'conv_1' }, 'whole conversation'],
    ['background', true, '"background": false'],
    ['prompt', { id: 'pmpt_1' }, '`instructions`'],
  ])('is refused where it needs %s to be remembered', (field, value, advice) => {
    expect(() => decoded({ [field]: value })).toThrow(
      expect.objectContaining({ code: 'invalid_request', message: expect.stringContaining(advice) }),
    );
  });

  it.each([
    [{ temperature: 'hot' }, '`temperature` must be a number.'],
    [{ stream: 'yes' }, '`stream` must be true or false.'],
    [{ instructions: ['a'] }, '`instructions` must be a string.'],
    [{ reasoning: 'high' }, '`reasoning` must be an object.'],
    [{ tools: {} }, '`tools` must be an array.'],
    [{ max_output_tokens: 0 }, '`max_output_tokens` must be at least 1.'],
  ])('is refused for a value of another type: %j', (fields, message) => {
    expect(() => decoded(fields)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });

  it.each([[{ input: undefined }], [{ input: [] }], [{ input: 7 }], [{ input: ['hi'] }]])(
    'is refused without input: %j',
    (fields) => {
      expect(() => decoded(fields)).toThrow(expect.objectContaining({ code: 'invalid_messages' }));
    },
  );
});

describe('a body that Cursor posts on the chat route', () => {
  const tools = [
    {
      type: 'custom',
      name: 'ApplyPatch',
      format: { type: 'grammar', syntax: 'lark', definition: 'start: x' },
    },
    { type: 'function', name: 'read', parameters: { type: 'object' } },
  ];
  const call = { type: 'function_call', call_id: 'c1', name: 'ApplyPatch' };
  const read = (input: unknown) =>
    decodeResponsesRequest({ input, tools, max_tokens: 50 }, { calledAsFunction: true });

  it('wants calls of free-text tools in a function’s form', () => {
    const request = read('hi');
    expect(request.tools[0]).toEqual({
      kind: 'custom',
      name: 'ApplyPatch',
      description: null,
      format: tools[0]?.format,
      calledAsFunction: true,
    });
    expect(request.maxOutputTokens).toBe(50);
  });

  it.each(['*** Begin Patch', JSON.stringify({ input: '*** Begin Patch' })])(
    'gives them back in that form: %s',
    (text) => {
      const { turns } = read([
        { ...call, arguments: text },
        { type: 'function_call_output', call_id: 'c1', output: 'done' },
        { type: 'function_call', call_id: 'c2', name: 'read', arguments: '{"input":"a"}' },
        { type: 'function_call_output', call_id: 'c2', output: 'b' },
      ]);
      expect(turns).toMatchObject([
        { parts: [{ type: 'tool_call', id: 'c1', kind: 'custom', input: '*** Begin Patch' }] },
        { parts: [{ type: 'tool_result', callId: 'c1', custom: true }] },
        { parts: [{ type: 'tool_call', id: 'c2', kind: 'function', input: '{"input":"a"}' }] },
        { parts: [{ type: 'tool_result', callId: 'c2' }] },
      ]);
      expect(turns[3]?.parts[0]).not.toHaveProperty('custom');
    },
  );

  it('is read as it stands on its own route', () => {
    expect(decoded({ tools }).tools[0]).not.toHaveProperty('calledAsFunction');
    expect(decoded({ tools, input: [{ ...call, arguments: 'x' }] }).turns).toMatchObject([
      { parts: [{ kind: 'function', input: 'x' }] },
    ]);
  });
});
