import { describe, expect, it } from 'vitest';
import { Dropped } from '../../../gateway/protocols/canonical/dropped.ts';
import type { CanonicalRequest, FunctionTool, Turn } from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';
import { nativeCall } from '../../../gateway/providers/native/native-call.ts';
import { API_KEY, canonical, sampling, sent, targetOf } from './setup.ts';

const LOOK: FunctionTool = {
  kind: 'function',
  name: 'look',
  description: 'Looks',
  schema: { type: 'object', properties: { at: { type: 'string' } } },
  strict: null,
};

/** A conversation in which `look` was called and answered. */
function looked(
  changes: { input?: string; result?: unknown[]; isError?: boolean; id?: string } = {},
): Turn[] {
  const {
    input = '{"at":"x"}',
    result = [{ type: 'text', text: 'seen' }],
    isError = false,
    id = 'call_1',
  } = changes;
  return [
    { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    { role: 'assistant', parts: [{ type: 'tool_call', id, name: 'look', kind: 'function', input }] },
    {
      role: 'user',
      parts: [
        { type: 'tool_result', callId: id, parts: result as never, isError },
        { type: 'text', text: 'go on' },
      ],
    },
  ];
}

function contentsOf({ json }: { json: JsonObject }) {
  return json.contents as { role: string; parts: JsonObject[] }[];
}

function configOf({ json }: { json: JsonObject }) {
  return json.generationConfig as JsonObject;
}

describe('a request to Gemini', () => {
  it('goes to the model with the key, and tells nothing of the SDK', async () => {
    const request = await sent('google');
    expect(request.method).toBe('POST');
    expect(request.url).toBe('/v1beta/models/gemini-3-flash-preview:generateContent');
    expect(request.headers).toMatchObject({
      'x-goog-api-key': API_KEY,
      'content-type': 'application/json',
      'accept-encoding': 'identity',
    });
    expect(request.headers.authorization).toBeUndefined();
    expect(JSON.stringify(request.headers)).not.toMatch(/ai-sdk|set-by-the-gateway/i);
    expect(request.json).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
      generationConfig: {},
    });
    expect(request.dropped).toBeNull();
  });

  it('has what leads as the system’s, and later instructions in their place as the user’s', async () => {
    const request = await sent('google', {
      turns: [
        {
          role: 'system',
          parts: [
            { type: 'text', text: 'one' },
            { type: 'text', text: 'two' },
          ],
        },
        { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
        { role: 'system', parts: [{ type: 'text', text: 'three' }] },
        { role: 'assistant', parts: [{ type: 'text', text: 'ho' }] },
        { role: 'system', parts: [{ type: 'text', text: 'four' }] },
        { role: 'user', parts: [{ type: 'text', text: 'more' }] },
      ],
    });
    expect(request.json.systemInstruction).toEqual({ parts: [{ text: 'one' }, { text: 'two' }] });
    expect(contentsOf(request)).toEqual([
      { role: 'user', parts: [{ text: 'hi' }, { text: 'System: three' }] },
      { role: 'model', parts: [{ text: 'ho' }] },
      { role: 'user', parts: [{ text: 'System: four' }, { text: 'more' }] },
    ]);
  });

  it('lets the user speak first', async () => {
    const request = await sent('google', {
      turns: [{ role: 'assistant', parts: [{ type: 'text', text: 'ho' }] }],
    });
    expect(contentsOf(request).map(({ role }) => role)).toEqual(['user', 'model']);
  });

  it('asks what the system says where nobody else says anything', async () => {
    const request = await sent('google', {
      turns: [{ role: 'system', parts: [{ type: 'text', text: 'Hum.' }] }],
    });
    expect(contentsOf(request)).toEqual([{ role: 'user', parts: [{ text: 'Hum.' }] }]);
    expect(request.json.systemInstruction).toBeUndefined();
  });

  it('sends calls with their results behind them, and text behind those', async () => {
    const [, model, results, rest] = contentsOf(await sent('google', { turns: looked(), tools: [LOOK] }));
    expect(model?.parts).toMatchObject([{ functionCall: { id: 'call_1', name: 'look', args: { at: 'x' } } }]);
    expect(results?.parts).toEqual([
      { functionResponse: { id: 'call_1', name: 'look', response: { name: 'look', content: 'seen' } } },
    ]);
    expect(rest?.parts).toEqual([{ text: 'go on' }]);
  });

  it('tells a failed result as one', async () => {
    const [, , results] = contentsOf(await sent('google', { turns: looked({ isError: true }) }));
    expect(results?.parts).toMatchObject([{ functionResponse: { response: { error: 'seen' } } }]);
  });

  it('joins the texts of one result', async () => {
    const result = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    const request = await sent('google', { turns: looked({ result }) }, { model: 'gemini-2.5-pro' });
    expect(contentsOf(request)[2]?.parts).toMatchObject([
      { functionResponse: { response: { content: 'a\nb' } } },
    ]);
  });

  it.each(['gemini-2.5-pro', 'gemini-3-flash-preview'])(
    'answers a call with an image too (%s)',
    async (model) => {
      const source = { kind: 'base64', mediaType: 'image/png', data: 'aW1n' };
      const request = await sent(
        'google',
        { turns: looked({ result: [{ type: 'image', source }] }) },
        { model },
      );
      const parts = JSON.stringify(contentsOf(request)[2]?.parts);
      expect(parts).toContain('"functionResponse"');
      expect(parts).toContain('{"inlineData":{"mimeType":"image/png","data":"aW1n"}}');
    },
  );

  it('keeps the digits of arguments and schemas', async () => {
    const schema = parseExactly(
      '{"type":"object","properties":{"n":{"maximum":12345678901234567890}}}',
    ) as JsonObject;
    const { body } = await sent('google', {
      turns: looked({ input: '{"n":12345678901234567890}' }),
      tools: [{ ...LOOK, schema }],
      format: { type: 'json_schema', name: null, description: null, strict: null, schema },
    });
    expect(body).toContain('"args":{"n":12345678901234567890}');
    expect(body.match(/"maximum":12345678901234567890/g)).toHaveLength(2);
  });

  it('has no arguments for a call without any, and refuses what is no object', async () => {
    const [, model] = contentsOf(await sent('google', { turns: looked({ input: '' }) }));
    expect(model?.parts).toMatchObject([{ functionCall: { args: {} } }]);
    for (const input of ['{"at":', '[1]', 'null']) {
      const call = () =>
        nativeCall(
          'google',
          canonical({ turns: looked({ input }) }),
          targetOf('gemini-3-pro-preview'),
          new Dropped(),
        );
      expect(call).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    }
  });

  it('sends schemas of tools as they are, but for what names their dialect', async () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        at: { anyOf: [{ type: 'string', pattern: '^x' }, { const: 1 }] },
        $ref: { type: 'null' },
      },
      additionalProperties: false,
      propertyNames: { pattern: '^[a-z]' },
    };
    const { json } = await sent('google', {
      tools: [
        { ...LOOK, schema },
        { ...LOOK, name: 'bare', schema: {} },
      ],
    });
    const { $schema: _, ...rest } = schema;
    expect(json.tools).toEqual([
      {
        functionDeclarations: [
          { name: 'look', description: 'Looks', parametersJsonSchema: rest },
          { name: 'bare', description: 'Looks', parametersJsonSchema: { type: 'object' } },
        ],
      },
    ]);
  });

  it.each([
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'tool', name: 'look' },
      { mode: 'ANY', allowedFunctionNames: ['look'] },
    ],
  ] as const)('asks for tools by choice %j', async (toolChoice, functionCallingConfig) => {
    const { json } = await sent('google', { tools: [LOOK], toolChoice });
    expect(json.toolConfig).toEqual({ functionCallingConfig });
  });

  it('gives settings in the names and bounds of Gemini', async () => {
    const request = await sent(
      'google',
      {
        maxOutputTokens: 90_000,
        sampling: sampling({
          temperature: 2.5,
          topP: 0.5,
          topK: 4,
          seed: 7,
          presencePenalty: 1,
          frequencyPenalty: 1,
        }),
        stop: ['a', 'b', 'c', 'd', 'e', 'f'],
      },
      { facts: { maxOutputTokens: 65_536 } },
    );
    expect(configOf(request)).toEqual({
      maxOutputTokens: 65_536,
      temperature: 2,
      topP: 0.5,
      topK: 4,
      seed: 7,
      presencePenalty: 1,
      frequencyPenalty: 1,
      stopSequences: ['a', 'b', 'c', 'd', 'e'],
    });
    expect(request.dropped).toBe('max_tokens, stop, temperature');
  });

  it('reports what a model does not take, in the callers’ words', async () => {
    const penalties = sampling({ presencePenalty: 1, frequencyPenalty: 1, seed: 2 ** 40 });
    const older = await sent('google', { sampling: penalties }, { model: 'gemini-2.5-flash' });
    expect(configOf(older)).toEqual({});
    expect(older.dropped).toBe('frequency_penalty, presence_penalty, seed');
    const all = sampling({
      temperature: 0,
      topP: 1,
      topK: 1,
      presencePenalty: 0,
      frequencyPenalty: 2,
      seed: 1,
    });
    const fixed = await sent('google', { sampling: all }, { facts: { sampling: false } });
    expect(configOf(fixed)).toEqual({ seed: 1 });
    expect(fixed.dropped).toBe('frequency_penalty, temperature, top_k');
  });

  it('reports wishes that Gemini has no field for', async () => {
    const request = await sent('google', {
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi', cache: { ttl: null } }] }],
      tools: [{ ...LOOK, strict: true }],
      parallelToolCalls: false,
      verbosity: 'low',
      userId: 'u',
      cacheKey: 'k',
      serviceTier: 'scale',
    });
    expect(request.dropped).toBe(
      'cache_control, parallel_tool_calls, prompt_cache_key, service_tier, strict, user, verbosity',
    );
    expect(request.json.safetySettings).toBeUndefined();
  });

  it('asks for a service tier where Gemini has it', async () => {
    expect((await sent('google', { serviceTier: 'flex' })).json.serviceTier).toBe('flex');
    const vertex = await sent('vertex', { serviceTier: 'priority' });
    expect(vertex.headers['x-vertex-ai-llm-shared-request-type']).toBe('priority');
    const usual = await sent('google', { serviceTier: 'auto' });
    expect([usual.json.serviceTier, usual.dropped]).toEqual([undefined, null]);
  });
});

describe('an answer in JSON', () => {
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  const format: CanonicalRequest['format'] = {
    type: 'json_schema',
    name: 'x',
    description: null,
    schema,
    strict: true,
  };

  it('is asked for by its schema', async () => {
    const { $schema: _, ...rest } = schema;
    expect(configOf(await sent('google', { format }))).toEqual({
      responseMimeType: 'application/json',
      responseJsonSchema: rest,
    });
  });

  it('is asked for without a schema', async () => {
    expect(configOf(await sent('google', { format: { type: 'json_object' } }))).toEqual({
      responseMimeType: 'application/json',
    });
  });

  it('stands beside tools where the model takes both', async () => {
    const json = { format: { type: 'json_object' }, tools: [LOOK] } as const;
    const newer = await sent('google', { ...json, tools: [LOOK] });
    expect([configOf(newer).responseMimeType, newer.dropped]).toEqual(['application/json', null]);
    const older = await sent('google', { ...json, tools: [LOOK] }, { model: 'gemini-2.5-pro' });
    expect([configOf(older).responseMimeType, older.dropped]).toEqual([undefined, 'response_format']);
    const demanded = await sent('google', { ...json, tools: [LOOK], toolChoice: { type: 'required' } });
    expect([configOf(demanded).responseMimeType, demanded.dropped]).toEqual([undefined, 'response_format']);
  });
});
