import { describe, expect, it } from 'vitest';
import type { ReasoningWish } from '../../../gateway/protocols/canonical/request.ts';
import { encoded, REASONING_MODEL, REQUEST, target } from './support.ts';

const WISH: ReasoningWish = { effort: null, budgetTokens: null, mode: null, summary: null, display: null };
const schema = { type: 'object', properties: {} };
const INCLUDE = ['reasoning.encrypted_content'];

describe('a request to a provider of the Responses API', () => {
  it('asks for nothing that the caller did not ask for, and never to be stored', () => {
    expect(encoded({})).toEqual({
      body: {
        model: 'gpt-upstream',
        input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
        store: false,
      },
      dropped: [],
    });
  });

  it('streams where the caller does', () => {
    expect(encoded({ stream: true }).body).toMatchObject({ stream: true, store: false });
  });

  it('has the caller’s settings', () => {
    const { body, dropped } = encoded({
      maxOutputTokens: 500,
      sampling: { ...REQUEST.sampling, temperature: 1.5, topP: 0.5 },
      verbosity: 'low',
      userId: 'someone',
      cacheKey: 'thread-1',
      serviceTier: 'flex',
    });
    expect(body).toMatchObject({
      max_output_tokens: 500,
      temperature: 1.5,
      top_p: 0.5,
      text: { verbosity: 'low' },
      safety_identifier: 'someone',
      prompt_cache_key: 'thread-1',
      service_tier: 'flex',
    });
    expect(dropped).toEqual([]);
  });

  it('names the settings that the service does not take', () => {
    const { body, dropped } = encoded(
      { verbosity: 'low', userId: 'someone', cacheKey: 'thread-1', serviceTier: 'flex' },
      target({}, { takes: [] }),
    );
    expect(dropped).toEqual(['prompt_cache_key', 'service_tier', 'user', 'verbosity']);
    expect(Object.keys(body).sort()).toEqual(['input', 'model', 'store']);
  });

  it('names the settings that the protocol does not have', () => {
    const { dropped } = encoded({
      stop: ['\n'],
      sampling: {
        temperature: null,
        topP: null,
        topK: 40,
        seed: 7,
        presencePenalty: 0.1,
        frequencyPenalty: 0.2,
      },
      turns: [{ role: 'user', parts: [{ type: 'text', text: 'hi', cache: { ttl: '1h' } }] }],
    });
    expect(dropped).toEqual([
      'cache_control',
      'frequency_penalty',
      'presence_penalty',
      'seed',
      'stop',
      'top_k',
    ]);
  });

  it('has no sampling for models that take none', () => {
    const sampling = { ...REQUEST.sampling, temperature: 0 };
    const { body, dropped } = encoded({ sampling }, target({ sampling: false }));
    expect(body).not.toHaveProperty('temperature');
    expect(dropped).toEqual(['temperature']);
  });

  it.each([
    [1, 16, ['max_tokens']],
    [16, 16, []],
    [9_000, 8_000, ['max_tokens']],
    [8_000, 8_000, []],
  ])('for %i tokens asks for %i, within the service’s and the model’s limits', (asked, limit, names) => {
    const { body, dropped } = encoded({ maxOutputTokens: asked }, target({ maxOutputTokens: 8_000 }));
    expect(body.max_output_tokens).toBe(limit);
    expect(dropped).toEqual(names);
  });

  it('names users and caches by a digest where the name is too long', () => {
    const long = JSON.stringify({ device: 'd'.repeat(80) });
    const { body } = encoded({ userId: long, cacheKey: long });
    expect(body.safety_identifier).toMatch(/^[0-9a-f]{64}$/);
    expect(body.prompt_cache_key).toBe(body.safety_identifier);
    expect(encoded({ userId: `${long}.` }).body.safety_identifier).not.toBe(body.safety_identifier);
  });

  it('has OpenAI’s name for Anthropic’s plain tier', () => {
    expect(encoded({ serviceTier: 'standard_only' }).body.service_tier).toBe('default');
  });

  it('has the schema to answer by, under a name', () => {
    const format = { type: 'json_schema' as const, name: null, description: null, schema, strict: null };
    expect(encoded({ format }).body.text).toEqual({
      format: { type: 'json_schema', name: 'answer', schema },
    });
    const named = { ...format, name: 'city', description: 'd', strict: true };
    expect(encoded({ format: named }).body.text).toEqual({
      format: { type: 'json_schema', name: 'city', description: 'd', schema, strict: true },
    });
    expect(encoded({ format: { ...format, name: 'a city' } }).body.text).toMatchObject({
      format: { name: 'answer' },
    });
    expect(encoded({ format: { type: 'json_object' } }).body.text).toEqual({
      format: { type: 'json_object' },
    });
  });
});

describe('tools for a provider', () => {
  const f = { kind: 'function' as const, name: 'f', description: 'does f', schema, strict: null };

  it('are flat, and strict only where the caller says so: left out, it would be meant', () => {
    const { body } = encoded({ tools: [f, { ...f, name: 'g', description: null, strict: true }] });
    expect(body.tools).toEqual([
      { type: 'function', name: 'f', description: 'does f', parameters: schema, strict: false },
      { type: 'function', name: 'g', parameters: schema, strict: true },
    ]);
  });

  it('take free text, and are the provider’s own', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: x' };
    const raw = { type: 'web_search', external_web_access: false };
    const { body } = encoded({
      tools: [
        { kind: 'custom', name: 'patch', description: 'd', format },
        { kind: 'custom', name: 'say', description: null, format: null },
        { kind: 'hosted', protocol: 'openai-responses', name: 'web_search', raw },
      ],
    });
    expect(body.tools).toEqual([
      { type: 'custom', name: 'patch', description: 'd', format },
      { type: 'custom', name: 'say' },
      raw,
    ]);
  });

  it.each([
    [{ type: 'auto' } as const, 'auto'],
    [{ type: 'none' } as const, 'none'],
    [{ type: 'required' } as const, 'required'],
    [{ type: 'tool', name: 'f' } as const, { type: 'function', name: 'f' }],
    [{ type: 'tool', name: 'patch' } as const, { type: 'custom', name: 'patch' }],
    [{ type: 'hosted', name: 'web_search' } as const, { type: 'web_search' }],
  ])('may be chosen among: %j', (toolChoice, expected) => {
    const tools = [f, { kind: 'custom' as const, name: 'patch', description: null, format: null }];
    expect(encoded({ tools, toolChoice }).body.tool_choice).toEqual(expected);
  });

  it('may be called one at a time, and there is nothing to say of that without tools', () => {
    expect(encoded({ tools: [f], parallelToolCalls: false }).body.parallel_tool_calls).toBe(false);
    expect(encoded({ parallelToolCalls: false }).body).not.toHaveProperty('parallel_tool_calls');
  });
});

describe('reasoning asked of a provider', () => {
  it('is the caller’s wish, as near as the model comes to it', () => {
    const ask = (wish: Partial<ReasoningWish>) =>
      encoded({ reasoning: { ...WISH, ...wish } }, target(REASONING_MODEL));
    expect(ask({ effort: 'high', summary: 'detailed' })).toMatchObject({
      body: { reasoning: { effort: 'high', summary: 'detailed' } },
      dropped: [],
    });
    expect(ask({ effort: 'max' })).toMatchObject({
      body: { reasoning: { effort: 'high' } },
      dropped: ['reasoning'],
    });
    expect(ask({ mode: 'enabled', budgetTokens: 12_000 }).body.reasoning).toMatchObject({ effort: 'high' });
  });

  it('is none where the caller wants none', () => {
    const reasoning = { ...WISH, mode: 'disabled' as const };
    const facts = { efforts: ['none', 'low'] as const };
    expect(encoded({ reasoning }, target(facts)).body.reasoning).toEqual({ effort: 'none' });
    expect(encoded({ reasoning }, target(REASONING_MODEL))).toMatchObject({
      body: { reasoning: { effort: 'minimal' } },
      dropped: ['reasoning'],
    });
    expect(encoded({ reasoning }, target({ efforts: [] }))).toMatchObject({ dropped: [] });
  });

  it('is not asked of a model that does not reason', () => {
    const { body, dropped } = encoded({ reasoning: { ...WISH, effort: 'high' } }, target({ efforts: [] }));
    expect(body).not.toHaveProperty('reasoning');
    expect(body).not.toHaveProperty('include');
    expect(dropped).toEqual(['reasoning']);
  });

  it('is shown to callers of Anthropic’s protocol, who see it unless they say otherwise', () => {
    const ask = (wish: Partial<ReasoningWish>, facts = REASONING_MODEL) =>
      encoded({ reasoning: { ...WISH, ...wish } }, target(facts)).body.reasoning;
    expect(ask({ mode: 'adaptive', effort: 'low' })).toEqual({ effort: 'low', summary: 'auto' });
    expect(ask({ mode: 'adaptive', display: 'summarized' })).toEqual({ summary: 'auto' });
    expect(ask({ mode: 'adaptive', effort: 'low', display: 'omitted' })).toEqual({ effort: 'low' });
    expect(ask({ effort: 'low' })).toEqual({ effort: 'low' });
    expect(ask({ mode: 'adaptive' }, { ...REASONING_MODEL, efforts: null })).toBeUndefined();
  });

  it('comes in a form that can go back, from models that are known to reason', () => {
    expect(encoded({}, target(REASONING_MODEL)).body.include).toEqual(INCLUDE);
    expect(encoded({}, target()).body).not.toHaveProperty('include');
    expect(encoded({ reasoning: { ...WISH, effort: 'low' } }, target()).body.include).toEqual(INCLUDE);
    const plain = target(REASONING_MODEL, { encryptedReasoning: false });
    expect(encoded({}, plain).body).not.toHaveProperty('include');
  });
});
