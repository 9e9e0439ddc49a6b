import { describe, expect, it } from 'vitest';
import {
  type DefaultParameters,
  withDefaultParameters,
} from '../../../gateway/protocols/defaults/parameters.ts';
import type { Endpoint } from '../../../gateway/protocols/endpoint.ts';
import { readInferenceBody } from '../../../gateway/protocols/inference-body.ts';
import { type ModelFacts, UNKNOWN_FACTS } from '../../../gateway/protocols/model-facts.ts';

const CHAT = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };
const RESPONSES = { model: 'm', input: 'hi' };
const ALL: DefaultParameters = {
  ...{ temperature: 0.3, top_p: 0.8, max_tokens: 900, reasoning_effort: 'high', stop: ['END'] },
};

/** What a body gains, beside what it had. */
function gained(
  endpoint: Endpoint,
  body: Record<string, unknown>,
  parameters: DefaultParameters,
  facts: Partial<ModelFacts> = {},
): Record<string, unknown> {
  const read = readInferenceBody(endpoint, Buffer.from(JSON.stringify(body)));
  const bytes = withDefaultParameters(endpoint, read, parameters, { ...UNKNOWN_FACTS, ...facts });
  const after: Record<string, unknown> = JSON.parse(bytes.toString());
  const same = ([name, value]: [string, unknown]) => JSON.stringify(value) === JSON.stringify(body[name]);
  return Object.fromEntries(Object.entries(after).filter((entry) => !same(entry)));
}

it('are said in the words of each endpoint', () => {
  expect(gained('chat', CHAT, ALL)).toEqual({
    ...{ temperature: 0.3, top_p: 0.8, max_tokens: 900, reasoning_effort: 'high', stop: ['END'] },
  });
  expect(gained('responses', RESPONSES, ALL)).toEqual({
    ...{ temperature: 0.3, top_p: 0.8, max_output_tokens: 900, reasoning: { effort: 'high' } },
  });
  // A Claude takes one of temperature and top_p.
  expect(gained('messages', CHAT, ALL)).toEqual({
    ...{ temperature: 0.3, max_tokens: 900, output_config: { effort: 'high' }, stop_sequences: ['END'] },
  });
  expect(gained('completions', { model: 'm', prompt: 'a' }, ALL)).toEqual({
    ...{ temperature: 0.3, top_p: 0.8, max_tokens: 900, stop: ['END'] },
  });
  expect(gained('chat', RESPONSES, ALL)).toMatchObject({
    max_output_tokens: 900,
    reasoning: { effort: 'high' },
  });
});

it('have no place where nothing is written', () => {
  expect(gained('embeddings', RESPONSES, ALL)).toEqual({});
  expect(gained('count_tokens', CHAT, ALL)).toEqual({});
});

describe('what the body carries', () => {
  it.each<[Endpoint, Record<string, unknown>]>([
    ['chat', { temperature: 1, top_p: 1, max_tokens: 5, reasoning_effort: 'low', stop: 'x' }],
    ['chat', { temperature: 0, top_p: 0, max_completion_tokens: 5, reasoning: { effort: 'low' }, stop: [] }],
    ['messages', { temperature: 1, max_tokens: 5, output_config: { effort: 'low' }, stop_sequences: [] }],
    [
      'messages',
      { top_p: 1, max_tokens: 5, thinking: { type: 'enabled', budget_tokens: 2_000 }, stop_sequences: ['x'] },
    ],
    ['responses', { temperature: 1, top_p: 1, max_output_tokens: 5, reasoning: { effort: 'none' } }],
  ])('stays: %s %j', (endpoint, fields) => {
    const body = { ...(endpoint === 'responses' ? RESPONSES : CHAT), ...fields };
    expect(gained(endpoint, body, ALL)).toEqual({});
  });

  it('is nothing where it is null', () => {
    const body = { ...CHAT, temperature: null, max_tokens: null, reasoning_effort: null };
    expect(gained('chat', body, { temperature: 0.3, max_tokens: 9, reasoning_effort: 'low' })).toEqual({
      ...{ temperature: 0.3, max_tokens: 9, reasoning_effort: 'low' },
    });
  });

  it('stays beside what is added in the same object', () => {
    const effort = { reasoning_effort: 'high' } as const;
    expect(gained('responses', { ...RESPONSES, reasoning: { summary: 'auto' } }, effort)).toEqual({
      reasoning: { summary: 'auto', effort: 'high' },
    });
    const format = { type: 'json_schema', schema: {} };
    expect(gained('messages', { ...CHAT, output_config: { format } }, effort)).toEqual({
      output_config: { format, effort: 'high' },
    });
  });
});

describe('what the model is known not to take is left out', () => {
  it('sampling, and OpenAI’s stop with it', () => {
    expect(gained('chat', CHAT, ALL, { sampling: false })).toEqual({
      max_tokens: 900,
      reasoning_effort: 'high',
    });
    expect(gained('messages', CHAT, ALL, { sampling: false })).toEqual({
      ...{ max_tokens: 900, output_config: { effort: 'high' }, stop_sequences: ['END'] },
    });
  });

  it('more tokens than its answers hold', () => {
    expect(gained('chat', CHAT, { max_tokens: 900 }, { maxOutputTokens: 500 })).toEqual({ max_tokens: 500 });
  });

  it('efforts, or the nearest one is taken', () => {
    const effort = { reasoning_effort: 'max' } as const;
    expect(gained('chat', CHAT, effort, { efforts: [] })).toEqual({});
    expect(gained('messages', CHAT, effort, { efforts: [] })).toEqual({});
    expect(gained('chat', CHAT, effort, { efforts: ['low', 'high'] })).toEqual({ reasoning_effort: 'high' });
  });

  it('what a Claude does not take while it thinks, or at all', () => {
    const thinking = { ...CHAT, thinking: { type: 'adaptive' } };
    expect(gained('messages', thinking, { temperature: 0.3, top_p: 0.9 })).toEqual({});
    expect(gained('messages', thinking, { top_p: 0.97, reasoning_effort: 'low' })).toEqual({
      ...{ top_p: 0.97, output_config: { effort: 'low' } },
    });
    expect(gained('messages', { ...CHAT, top_p: 0.5 }, { temperature: 0.3 })).toEqual({});
    expect(gained('messages', CHAT, { temperature: 1.7 })).toEqual({ temperature: 1 });
  });

  it('efforts that Anthropic has no word for', () => {
    expect(gained('messages', CHAT, { reasoning_effort: 'minimal' })).toEqual({
      output_config: { effort: 'low' },
    });
    const none = { reasoning_effort: 'none' } as const;
    expect(gained('messages', CHAT, none)).toEqual({ thinking: { type: 'disabled' } });
    expect(gained('messages', CHAT, none, { thinking: ['adaptive'] })).toEqual({});
    expect(gained('messages', { ...CHAT, thinking: { type: 'adaptive' } }, none)).toEqual({});
  });
});

it('leave a body that carries all of it as it came', () => {
  const body = readInferenceBody('chat', Buffer.from(JSON.stringify({ ...CHAT, temperature: 0.5 })));
  expect(withDefaultParameters('chat', body, { temperature: 0.3 }, UNKNOWN_FACTS)).toBe(body.bytes);
});
