/** Scripted turns as the official SDKs read them, whole and streamed. */
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { collect } from './collect.ts';
import { encryptedFor, signatureFor } from './proof.ts';
import { type Provider, startProvider } from './provider.ts';
import { reply } from './reply.ts';

let provider: Provider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  provider = await startProvider();
  openai = new OpenAI({ baseURL: `${provider.url}/v1`, apiKey: 'sk-provider', maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: provider.url, apiKey: 'sk-provider', maxRetries: 0 });
});
afterAll(() => provider.close());

const usage = { input: 100, output: 20, cached: 60, cacheWrite: 30, reasoning: 7 };
const calls = [
  { name: 'get_weather', input: { city: 'São Paulo' } },
  { name: 'get_time', input: {}, id: 'own_id' },
];
const parameters = { type: 'object', properties: {} };
const full = reply.turn({ thinking: 'let me see', text: 'One moment.', toolCalls: calls, usage });

beforeEach(() => provider.script(full));

describe('chat', () => {
  const request = {
    model: 'gpt-4o',
    messages: [{ role: 'user' as const, content: 'hi' }],
    tools: calls.map(({ name }) => ({ type: 'function' as const, function: { name, parameters } })),
  };
  const expected = {
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          content: 'One moment.',
          tool_calls: [
            { id: 'call_0', function: { name: 'get_weather', arguments: '{"city":"São Paulo"}' } },
            { id: 'own_id', function: { name: 'get_time', arguments: '{}' } },
          ],
        },
      },
    ],
    usage: {
      prompt_tokens: 100,
      completion_tokens: 20,
      total_tokens: 120,
      prompt_tokens_details: { cached_tokens: 60 },
      completion_tokens_details: { reasoning_tokens: 7 },
    },
  };

  test('whole', async () => {
    const answer = await openai.chat.completions.create(request);
    expect(answer).toMatchObject(expected);
    expect(answer.choices[0]?.message).toMatchObject({ reasoning_content: 'let me see' });
  });

  test('streamed', async () => {
    const stream = openai.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
    expect(await stream.finalChatCompletion()).toMatchObject(expected);
  });

  test('usage comes only when asked for, and none when the script has none', async () => {
    const chunks = await collect(await openai.chat.completions.create({ ...request, stream: true }));
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
    provider.script(reply.text('hi', { usage: null }));
    expect((await openai.chat.completions.create(request)).usage).toBeUndefined();
  });
});

describe('messages', () => {
  const request = {
    model: 'claude-haiku-4-5',
    max_tokens: 100,
    messages: [{ role: 'user' as const, content: 'hi' }],
    tools: calls.map(({ name }) => ({ name, input_schema: { type: 'object' as const } })),
  };
  const expected = {
    content: [
      { type: 'thinking', thinking: 'let me see', signature: signatureFor('let me see') },
      { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id: 'toolu_0', name: 'get_weather', input: { city: 'São Paulo' } },
      { type: 'tool_use', id: 'own_id', name: 'get_time', input: {} },
    ],
    stop_reason: 'tool_use',
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 60,
      cache_creation_input_tokens: 30,
      output_tokens: 20,
      output_tokens_details: { thinking_tokens: 7 },
    },
  };

  test('whole', async () => {
    expect(await anthropic.messages.create(request)).toMatchObject(expected);
  });

  test('streamed', async () => {
    expect(await anthropic.messages.stream(request).finalMessage()).toMatchObject(expected);
  });

  test('a refusal and a stop sequence', async () => {
    provider.script(
      reply.text('no', { finish: 'content_filter' }),
      reply.text('so', { finish: 'stop_sequence', stopSequence: 'END' }),
    );
    expect(await anthropic.messages.create(request)).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal' },
    });
    expect(await anthropic.messages.stream(request).finalMessage()).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'END',
    });
  });

  test('token count is the scripted input', async () => {
    const { max_tokens: _, ...counted } = request;
    expect(await anthropic.messages.countTokens(counted)).toEqual({ input_tokens: 100 });
  });
});

describe('responses', () => {
  const request = {
    model: 'gpt-5-mini',
    input: 'hi',
    tools: calls.map(({ name }) => ({ type: 'function' as const, name, parameters, strict: false })),
  };
  const expected = {
    status: 'completed',
    output: [
      { type: 'reasoning', summary: [{ text: 'let me see' }], encrypted_content: encryptedFor('let me see') },
      { type: 'message', content: [{ type: 'output_text', text: 'One moment.' }] },
      { type: 'function_call', call_id: 'call_0', name: 'get_weather', arguments: '{"city":"São Paulo"}' },
      { type: 'function_call', call_id: 'own_id', name: 'get_time', arguments: '{}' },
    ],
    usage: {
      input_tokens: 100,
      input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
      output_tokens: 20,
      output_tokens_details: { reasoning_tokens: 7 },
    },
  };

  test('whole', async () => {
    expect(await openai.responses.create(request)).toMatchObject(expected);
  });

  test('streamed: numbered events, and the helper makes the same response', async () => {
    expect(await openai.responses.stream(request).finalResponse()).toMatchObject(expected);
    const events = await collect(await openai.responses.create({ ...request, stream: true }));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)?.type).toBe('response.completed');
  });

  test('custom tools, and incomplete at the limit', async () => {
    provider.script(
      reply.tools([{ name: 'patch', input: '*** Begin', custom: true }]),
      reply.text('cut sho', { finish: 'length' }),
    );
    const tools = [{ type: 'custom' as const, name: 'patch' }];
    const called = await openai.responses.stream({ ...request, tools }).finalResponse();
    expect(called.output).toMatchObject([{ type: 'custom_tool_call', name: 'patch', input: '*** Begin' }]);
    expect(await openai.responses.create(request)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
  });
});

describe('other routes', () => {
  test('legacy completions', async () => {
    const request = { model: 'gpt-3.5-turbo-instruct', prompt: 'a', suffix: 'b' };
    provider.script(reply.text('one two', { usage }));
    expect(await openai.completions.create(request)).toMatchObject({
      choices: [{ text: 'one two', finish_reason: 'stop' }],
      usage: { prompt_tokens: 100 },
    });
    const chunks = await collect(await openai.completions.create({ ...request, stream: true }));
    expect(chunks.map((chunk) => chunk.choices[0]?.text).join('')).toBe('one two');
  });

  test('embeddings', async () => {
    const answer = await openai.embeddings.create({
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
      dimensions: 3,
    });
    expect(answer.data.map((item) => item.embedding)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
    expect(answer.usage.prompt_tokens).toBe(100);
  });

  test('model lists in both shapes', async () => {
    expect((await collect(await openai.models.list())).map((model) => model.id)).toContain('gpt-4o');
    expect(await openai.models.retrieve('gpt-4o')).toMatchObject({ object: 'model' });
    expect((await collect(await anthropic.models.list())).map((model) => model.type)).toContain('model');
    await expect(anthropic.models.retrieve('nope')).rejects.toMatchObject({ status: 404 });
  });
});
