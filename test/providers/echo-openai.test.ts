/** The echo's OpenAI protocols, driven by the official SDK over a real socket. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEcho } from '../../gateway/providers/echo/echo.ts';
import { collect } from '../support/provider/collect.ts';
import { serveUpstream, type UpstreamServer } from '../support/provider/serve-upstream.ts';

let server: UpstreamServer;
let openai: OpenAI;

beforeAll(async () => {
  server = await serveUpstream(createEcho());
  openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
});
afterAll(() => server[Symbol.asyncDispose]());

const model = 'ntl/echo';
const hello = [{ role: 'user' as const, content: 'hello big world' }];
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer' } },
  required: ['city', 'days'],
  additionalProperties: false,
};
const tools = ['get_weather', 'get_time'].map((name) => ({
  type: 'function' as const,
  function: { name, parameters, strict: true },
}));
const flatTools = tools.map((tool) => ({ type: 'function' as const, ...tool.function }));

describe('chat completions', () => {
  test('whole', async () => {
    const answer = await openai.chat.completions.create({ model, messages: hello, n: 2 });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model,
      id: expect.stringMatching(/^chatcmpl-/),
    });
    expect(
      answer.choices.map((choice) => [choice.index, choice.message.content, choice.finish_reason]),
    ).toEqual([
      [0, 'hello big world', 'stop'],
      [1, 'hello big world', 'stop'],
    ]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 8, total_tokens: 12 });
  });

  test('streamed by words, with usage only when asked', async () => {
    const chunks = await collect(
      await openai.chat.completions.create({ model, messages: hello, stream: true }),
    );
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant', content: '' });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content).filter(Boolean)).toEqual([
      'hello',
      ' big',
      ' world',
    ]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);

    const asked = await collect(
      await openai.chat.completions.create({
        model,
        messages: hello,
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(asked.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(asked.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 4, completion_tokens: 4 } });
  });

  test('ends with length at the token limit', async () => {
    const answer = await openai.chat.completions.create({ model, messages: hello, max_completion_tokens: 1 });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'hell' } });
  });

  test('parallel strict tools through the stream helper, then their results', async () => {
    const messages = [{ role: 'user' as const, content: 'use get_weather and get_time' }];
    const stream = openai.chat.completions.stream({ model, messages, tools });
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe('tool_calls');
    const calls = choices[0]?.message.tool_calls ?? [];
    expect(
      calls.map((call) => call.type === 'function' && [call.function.name, call.function.parsed_arguments]),
    ).toEqual([
      ['get_weather', { city: messages[0]?.content, days: 1 }],
      ['get_time', { city: messages[0]?.content, days: 1 }],
    ]);
    expect(new Set(calls.map((call) => call.id)).size).toBe(2);

    const results = calls.map((call) => ({
      role: 'tool' as const,
      tool_call_id: call.id,
      content: `result ${call.id}`,
    }));
    const said = choices[0]?.message;
    const last = await openai.chat.completions.create({
      model,
      tools,
      messages: [...messages, ...(said ? [said] : []), ...results],
    });
    expect(last.choices[0]?.message.content).toBe(results.map((result) => result.content).join('\n'));
  });

  test('whole tool call, and a custom one', async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'go' }],
      tools: [{ type: 'custom', custom: { name: 'patch' } }],
      tool_choice: 'required',
    });
    expect(answer.choices[0]?.message).toMatchObject({
      content: null,
      tool_calls: [{ type: 'custom', custom: { name: 'patch', input: 'go' } }],
    });
  });

  test('runTools runs to its end', async () => {
    const runner = openai.chat.completions.runTools({
      model,
      messages: [{ role: 'user', content: 'use get_weather' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'Tells the weather.',
            parameters,
            function: (input: string) => `sunny in ${JSON.parse(input).city}`,
          },
        },
      ],
    });
    expect(await runner.finalContent()).toBe('sunny in use get_weather');
  });

  test('an answer by schema', async () => {
    const answer = await openai.chat.completions.parse({
      model,
      messages: [{ role: 'user', content: 'Rome' }],
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'place', schema: parameters, strict: true },
      },
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({ city: 'Rome', days: 1 });
  });
});

describe('responses', () => {
  test('whole', async () => {
    const answer = await openai.responses.create({ model, input: 'hello big world', instructions: 'four' });
    expect(answer).toMatchObject({
      object: 'response',
      status: 'completed',
      output_text: 'hello big world',
      model,
    });
    expect(answer.usage).toMatchObject({ input_tokens: 5, output_tokens: 4, total_tokens: 9 });
    expect(answer.output).toMatchObject([{ type: 'message', role: 'assistant', status: 'completed' }]);
  });

  test('streamed: every item opened, filled and closed in order', async () => {
    const events = await collect(await openai.responses.create({ model, input: 'hi you', stream: true }));
    expect(events.map((event) => event.type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
    expect(events.at(-1)).toMatchObject({ response: { status: 'completed', usage: { output_tokens: 2 } } });
  });

  test('parallel tools through the stream helper, then their results', async () => {
    const input = 'use get_weather and get_time';
    const answer = await openai.responses.stream({ model, input, tools: flatTools }).finalResponse();
    const calls = answer.output.filter((item) => item.type === 'function_call');
    expect(calls.map((call) => [call.name, call.parsed_arguments])).toEqual([
      ['get_weather', { city: input, days: 1 }],
      ['get_time', { city: input, days: 1 }],
    ]);
    const outputs = calls.map(({ call_id, name }) => ({
      type: 'function_call_output' as const,
      call_id,
      output: name,
    }));
    const history = calls.map(({ parsed_arguments: _, ...call }) => call);
    const last = await openai.responses.create({
      model,
      tools: flatTools,
      input: [{ role: 'user', content: input }, ...history, ...outputs],
    });
    expect(last.output_text).toBe('get_weather\nget_time');
  });

  test('a custom tool gets free text', async () => {
    const request = {
      model,
      input: 'go',
      tools: [{ type: 'custom' as const, name: 'patch' }],
      tool_choice: 'required' as const,
    };
    const events = await collect(await openai.responses.create({ ...request, stream: true }));
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.custom_tool_call_input.done', input: 'go' }),
    );
    const answer = await openai.responses.create(request);
    expect(answer.output).toMatchObject([{ type: 'custom_tool_call', name: 'patch', input: 'go' }]);
  });

  test('incomplete at the token limit', async () => {
    const request = { model, input: 'hello big world', max_output_tokens: 2 };
    const answer = await openai.responses.create(request);
    expect(answer).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output_text: 'hello bi',
    });
    const events = await collect(await openai.responses.create({ ...request, stream: true }));
    expect(events.at(-1)?.type).toBe('response.incomplete');
  });

  test('an answer by schema', async () => {
    const answer = await openai.responses.parse({
      model,
      input: 'Rome',
      text: { format: { type: 'json_schema', name: 'place', schema: parameters, strict: true } },
    });
    expect(answer.output_parsed).toEqual({ city: 'Rome', days: 1 });
  });
});

describe('completions', () => {
  test('one answer for each prompt', async () => {
    const answer = await openai.completions.create({
      model,
      prompt: ['a b', 'c'],
      suffix: 'after',
      max_tokens: 100,
    });
    expect(answer).toMatchObject({
      object: 'text_completion',
      usage: { prompt_tokens: 3, completion_tokens: 2 },
    });
    expect(answer.choices.map((choice) => [choice.index, choice.text, choice.finish_reason])).toEqual([
      [0, 'a b', 'stop'],
      [1, 'c', 'stop'],
    ]);
  });

  test('streamed', async () => {
    const stream = await openai.completions.create({
      model,
      prompt: 'a b',
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await collect(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.text).join('')).toBe('a b');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)?.usage).toMatchObject({ prompt_tokens: 1, completion_tokens: 1 });
  });

  test('a prompt of token numbers counts a token each', async () => {
    const answer = await openai.completions.create({ model, prompt: [1, 2, 3] });
    expect(answer.choices[0]?.text).toBe('(no text)');
    expect(answer.usage?.prompt_tokens).toBe(3);
  });
});

describe('embeddings', () => {
  const length = (vector: number[]) => Math.hypot(...vector);

  test('are equal unit vectors for equal inputs, in base64 as the SDK asks and as numbers', async () => {
    const coded = await openai.embeddings.create({ model, input: ['same', 'other', 'same'] });
    const plain = await openai.embeddings.create({ model, input: 'same', encoding_format: 'float' });
    const [first, other, again] = coded.data.map((item) => item.embedding);
    expect(first).toHaveLength(256);
    expect(length(first ?? [])).toBeCloseTo(1, 5);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(plain.data[0]?.embedding).toEqual(first);
    expect(coded.data.map((item) => item.index)).toEqual([0, 1, 2]);
    expect(coded.usage).toEqual({ prompt_tokens: 4, total_tokens: 4 });
  });

  test('have the dimensions asked for', async () => {
    const answer = await openai.embeddings.create({ model, input: [[1, 2], [3]], dimensions: 10 });
    expect(answer.data.map((item) => item.embedding.length)).toEqual([10, 10]);
    expect(length(answer.data[0]?.embedding ?? [])).toBeCloseTo(1, 5);
    expect(answer.usage.prompt_tokens).toBe(3);
  });
});
