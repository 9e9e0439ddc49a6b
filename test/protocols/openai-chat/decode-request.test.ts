import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { parseExactly } from '../../../gateway/protocols/json.ts';
import { decode } from './support.ts';

describe('the settings of a chat body', () => {
  it('are all read', () => {
    expect(
      decode({
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: 100,
        temperature: 0.5,
        top_p: 0.9,
        top_k: 40,
        seed: 7,
        presence_penalty: 1,
        frequency_penalty: -1,
        stop: ['END', ''],
        verbosity: 'low',
        user: 'u',
        prompt_cache_key: 'k',
        service_tier: 'flex',
      }),
    ).toMatchObject({
      stream: true,
      usageChunk: true,
      maxOutputTokens: 100,
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: 40,
        seed: 7,
        presencePenalty: 1,
        frequencyPenalty: -1,
      },
      stop: ['END'],
      verbosity: 'low',
      userId: 'u',
      cacheKey: 'k',
      serviceTier: 'flex',
      unplaced: [],
    });
  });

  it('may be numbers that keep their digits, as a body with a long number has them', () => {
    const body = parseExactly('{"temperature":1.0,"top_p":1e0,"max_tokens":12345678901234567}') as JsonObject;
    const { sampling, maxOutputTokens } = decode(body);
    expect(sampling).toMatchObject({ temperature: 1, topP: 1 });
    expect(maxOutputTokens).toBe(12345678901234568);
  });

  it.each([
    [{ max_tokens: 5 }, 5],
    [{ max_completion_tokens: 6, max_tokens: 5 }, 6],
    [{ max_tokens: -1 }, null],
    [{ max_tokens: null }, null],
  ])('limit the answer: %o', (members, limit) => {
    expect(decode(members).maxOutputTokens).toBe(limit);
  });

  it.each([
    [{ safety_identifier: 's', user: 'u' }, 's'],
    [{ metadata: { user_id: 'm' } }, 'm'],
    [{}, null],
  ])('name the user: %o', (members, userId) => {
    expect(decode(members).userId).toBe(userId);
  });

  it("ask for the usage chunk in OpenRouter's words too", () => {
    expect(decode({ usage: { include: true } }).usageChunk).toBe(true);
    expect(decode({ stream_options: {} }).usageChunk).toBe(false);
  });

  it.each([
    [{ temperature: 'hot' }, '`temperature` must be a number.'],
    [{ temperature: { rawJSON: '1' } }, '`temperature` must be a number.'],
    [{ stop: [5] }, '`stop` must be a string or an array of strings.'],
    [{ user: 5 }, '`user` must be a string.'],
    [{ parallel_tool_calls: 'no' }, '`parallel_tool_calls` must be true or false.'],
    [{ reasoning: 'high' }, '`reasoning` must be an object.'],
    [{ response_format: 'json' }, '`response_format` must be an object.'],
    [
      { response_format: { type: 'json_schema', json_schema: { schema: 5 } } },
      '`response_format.json_schema.schema` must be a JSON schema.',
    ],
    [{ n: 2 }, expect.stringContaining('Set n to 1')],
  ])('are refused by name where they make no sense: %o', (members, message) => {
    expect(() => decode(members)).toThrow(expect.objectContaining({ code: 'invalid_request', message }));
  });
});

describe('reasoning asked for in a chat body', () => {
  const nothing = { effort: null, budgetTokens: null, mode: null, summary: null, display: null };

  it.each([
    [{ reasoning_effort: 'high' }, { effort: 'high' }],
    [{ reasoning_effort: 'none' }, { effort: 'none' }],
    [{ reasoning: { effort: 'low' } }, { effort: 'low' }],
    [{ reasoning: { max_tokens: 2000 } }, { budgetTokens: 2000 }],
    [{ reasoning: { enabled: false } }, { mode: 'disabled' }],
    [{ reasoning: { enabled: true } }, { mode: 'enabled' }],
    [{ thinking: { type: 'disabled' } }, { mode: 'disabled' }],
    [
      { thinking: { type: 'enabled', budget_tokens: 4000, display: 'omitted' } },
      { mode: 'enabled', budgetTokens: 4000, display: 'omitted' },
    ],
    [{ output_config: { effort: 'max' } }, { effort: 'max' }],
  ])('as %o', (members, wish) => {
    expect(decode(members)).toMatchObject({ reasoning: { ...nothing, ...wish }, unplaced: [] });
  });

  it.each([{}, { reasoning: {} }, { reasoning_effort: null }])('is nothing in %o', (members) => {
    expect(decode(members).reasoning).toBeNull();
  });

  it('in words that nobody knows is told of', () => {
    const { reasoning, unplaced } = decode({
      reasoning_effort: 'ultra',
      reasoning: { exclude: true },
      thinking: { type: 'deep' },
      output_config: { format: { type: 'json_schema' } },
    });
    expect(reasoning).toBeNull();
    expect(unplaced).toEqual([
      'reasoning_effort',
      'thinking.type',
      'reasoning.exclude',
      'output_config.format',
    ]);
  });
});

describe('the form asked for in a chat body', () => {
  const schema = { type: 'object' };
  const bare = { type: 'json_schema', name: null, description: null, schema, strict: null };

  it.each([
    [{ type: 'text' }, null],
    [{ type: 'json_object' }, { type: 'json_object' }],
    [{ type: 'json_object', schema }, bare],
    [
      { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } },
      { ...bare, name: 'a', strict: true },
    ],
    [{ type: 'json_schema', json_schema: { name: 'a' } }, { type: 'json_object' }],
    [{ type: 'json_schema', schema }, bare],
  ])('as %o', (format, expected) => {
    expect(decode({ response_format: format }).format).toEqual(expected);
  });

  it('is told of where nobody knows it', () => {
    const { format, unplaced } = decode({ response_format: { type: 'grammar' } });
    expect([format, unplaced]).toEqual([null, ['response_format']]);
  });
});

describe('fields that have no place', () => {
  it('are told of by name', () => {
    const fields = {
      store: true,
      logprobs: true,
      top_logprobs: 3,
      logit_bias: { 50: 1 },
      prediction: { type: 'content', content: 'x' },
      modalities: ['text', 'audio'],
      web_search_options: {},
      enable_thinking: false,
      constructor: 'x',
    };
    expect(decode(fields).unplaced).toEqual(Object.keys(fields));
  });

  it('are passed over in silence where they ask for what happens anyway', () => {
    const { unplaced } = decode({
      store: false,
      n: 1,
      logprobs: false,
      top_logprobs: 0,
      modalities: ['text'],
      logit_bias: {},
      background: false,
      truncation: 'disabled',
      include_reasoning: true,
      include: ['x'],
      metadata: { run: '1' },
      stream_options: { include_obfuscation: false },
      prediction: null,
    });
    expect(unplaced).toEqual([]);
  });
});
