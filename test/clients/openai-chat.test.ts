import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import type { ChatCompletionMessageParam, ChatCompletionTool } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect } from '../support/provider/collect.ts';
import { reply } from '../support/provider/reply.ts';
import { arrival, FULL_USAGE, FULL_USAGE_ROW, lastRequest, newestRow, PIXEL, useBench } from './support.ts';

const bench = useBench();
let client: OpenAI;
let direct: OpenAI;

beforeAll(() => {
  client = new OpenAI({ baseURL: `${bench.gateway.url}/api/v1`, apiKey: bench.gateway.key, maxRetries: 0 });
  direct = new OpenAI({ baseURL: `${bench.openai.url}/v1`, apiKey: 'sk-provider', maxRetries: 0 });
});

const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'hi' }];
const chat = { model: 'gpt-4o', messages };
const withUsage = { stream_options: { include_usage: true } };

const CALLS = [
  { name: 'get_weather', input: { city: 'São Paulo' } },
  { name: 'get_time', input: { zone: 'UTC' }, id: 'call_of_its_own' },
];
const tools: ChatCompletionTool[] = CALLS.map(({ name }) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: {} } },
}));
const FULL_TURN = reply.turn({
  thinking: 'let me see',
  text: 'Grüße, a moment 💡',
  toolCalls: CALLS,
  usage: FULL_USAGE,
});

/** What the audit row must say when the SDK reports this. */
function asRow(usage: CompletionUsage | null | undefined): object {
  return {
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
    cachedTokens: usage?.prompt_tokens_details?.cached_tokens,
    reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens,
    estimated: false,
  };
}

describe('answers', () => {
  it('come as from the provider itself, with parallel tools, reasoning and usage', async () => {
    bench.openai.script(FULL_TURN);
    const answer = await client.chat.completions.create({ ...chat, tools });
    expect(answer).toEqual(await direct.chat.completions.create({ ...chat, tools }));
    expect(answer.choices[0]?.message.tool_calls).toHaveLength(2);
    const row = await newestRow(bench);
    expect(row).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(answer.usage), streamed: false });
    expect(row.requestId).toBe(answer._request_id);
    expect(row.costMicros).toBeGreaterThan(0);
  });

  it('stream chunk by chunk as from the provider itself', async () => {
    bench.openai.script(FULL_TURN);
    const asked = { ...chat, ...withUsage, tools, stream: true } as const;
    const { data, request_id } = await client.chat.completions.create(asked).withResponse();
    const chunks = await collect(data);
    expect(chunks).toEqual(await collect(await direct.chat.completions.create(asked)));
    const row = await newestRow(bench);
    expect(row).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(chunks.at(-1)?.usage), streamed: true });
    expect(row.requestId).toBe(request_id);
  });

  it('that stream without asking for usage show none, and are metered all the same', async () => {
    bench.openai.script(FULL_TURN);
    const chunks = await collect(await client.chat.completions.create({ ...chat, stream: true }));
    expect(chunks.filter((chunk) => chunk.choices.length === 0 || chunk.usage != null)).toEqual([]);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
    expect(await newestRow(bench)).toMatchObject(FULL_USAGE_ROW);
  });

  it('arrive while the provider still writes', async () => {
    bench.openai.script(reply.gated(reply.text('one two')));
    const { request, sent } = await arrival(bench.openai, () =>
      client.chat.completions.create({ ...chat, stream: true }),
    );
    await request.release(2);
    const chunks = (await sent)[Symbol.asyncIterator]();
    await chunks.next();
    expect((await chunks.next()).value?.choices[0]?.delta.content).toBe('one');
    expect(request.piecesSent).toBe(2);
    request.releaseAll();
    while (!(await chunks.next()).done);
  });

  it('of the stream helper add up to the final message', async () => {
    bench.openai.script(FULL_TURN);
    const stream = client.chat.completions.stream({ ...chat, ...withUsage, tools });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    const completion = await stream.finalChatCompletion();
    expect(deltas.join('')).toBe('Grüße, a moment 💡');
    expect(completion.choices[0]?.message.tool_calls).toMatchObject([
      { id: 'call_0', function: { name: 'get_weather', arguments: '{"city":"São Paulo"}' } },
      { id: 'call_of_its_own', function: { name: 'get_time', arguments: '{"zone":"UTC"}' } },
    ]);
    expect(await stream.totalUsage()).toMatchObject({ prompt_tokens: 1_000, completion_tokens: 200 });
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(completion.usage) });
  });

  it('work on every form of the base URL', async () => {
    for (const path of ['/v1', '/api/v1', '/v1/', '/api', '/cline/v1', '']) {
      const other = client.withOptions({ baseURL: bench.gateway.url + path });
      expect((await other.chat.completions.create(chat)).choices[0]?.message.content).toBe('ok');
    }
  });
});

describe('tools', () => {
  function runnable(seen: unknown[]) {
    const parameters = { type: 'object', properties: {} } as const;
    return CALLS.map(({ name }) => ({
      type: 'function' as const,
      function: {
        name,
        description: `Answers ${name}.`,
        parameters,
        parse: JSON.parse,
        function: (input: unknown) => {
          seen.push({ name, input });
          return `result of ${name}`;
        },
      },
    }));
  }

  it.each([false, true])('run in a loop, in parallel (streamed: %s)', async (stream) => {
    bench.openai.script(
      FULL_TURN,
      reply.text('It rains.', { usage: { input: 1_100, output: 9, cached: 900 } }),
    );
    const seen: unknown[] = [];
    const first = bench.openai.requests.length;
    const body = { ...chat, tools: runnable(seen) };
    const runner = stream
      ? client.chat.completions.runTools({ ...body, ...withUsage, stream: true })
      : client.chat.completions.runTools(body);
    expect(await runner.finalContent()).toBe('It rains.');
    expect(seen).toEqual(CALLS.map(({ name, input }) => ({ name, input })));
    const second = bench.openai.requests[first + 1];
    expect(second?.json).toMatchObject({
      messages: [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id: 'call_0' }, { id: 'call_of_its_own' }] },
        { role: 'tool', tool_call_id: 'call_0', content: 'result of get_weather' },
        { role: 'tool', tool_call_id: 'call_of_its_own', content: 'result of get_time' },
      ],
    });
    const [later, earlier] = await bench.gateway.rows();
    expect(earlier).toMatchObject(FULL_USAGE_ROW);
    expect(later).toMatchObject({ inputTokens: 1_100, outputTokens: 9, cachedTokens: 900, estimated: false });
    const total = await runner.totalUsage();
    expect(total.prompt_tokens).toBe(earlier.inputTokens + later.inputTokens);
    expect(total.completion_tokens).toBe(earlier.outputTokens + later.outputTokens);
  });

  it('run in a loop with the built-in echo', async () => {
    const seen: unknown[] = [];
    const runner = client.chat.completions.runTools({
      model: 'ntl/echo',
      messages: [{ role: 'user', content: 'call get_weather and get_time' }],
      tools: runnable(seen),
    });
    expect(await runner.finalContent()).toBe('result of get_weather\nresult of get_time');
    expect(seen).toHaveLength(2);
  });
});

describe('requests', () => {
  it('carry pictures and unknown fields through unchanged', async () => {
    const content = [
      { type: 'text' as const, text: 'What is this?' },
      {
        type: 'image_url' as const,
        image_url: { url: `data:image/png;base64,${PIXEL}`, detail: 'low' as const },
      },
    ];
    const sent = { ...chat, messages: [{ role: 'user' as const, content }], seed: 7, metadata: { a: 'b' } };
    await client.chat.completions.create(sent);
    expect(lastRequest(bench.openai).json).toEqual(sent);
  });

  it('carry what the SDK says of itself, but never the local key', async () => {
    await client.chat.completions.create(chat);
    const { headers, rawHeaders } = lastRequest(bench.openai);
    expect(headers.authorization).toBe('Bearer sk-provider');
    expect(headers['x-stainless-lang']).toBe('js');
    expect(rawHeaders.join()).not.toContain('ntl_live_');
  });
});

describe('structured output', () => {
  const Place = z.object({ city: z.string(), people: z.number() });
  const response_format = zodResponseFormat(Place, 'place');

  it('is parsed, and its schema reaches the provider', async () => {
    bench.openai.script(reply.text('{"city":"Bern","people":3}'));
    const answer = await client.chat.completions.parse({ ...chat, response_format });
    expect(answer.choices[0]?.message.parsed).toEqual({ city: 'Bern', people: 3 });
    const { json_schema, type } = response_format;
    expect(lastRequest(bench.openai).json).toMatchObject({ response_format: { type, json_schema } });
  });

  it('is parsed from a stream, and goes back as history', async () => {
    bench.openai.script(reply.text('{"city":"Bern","people":3}'), reply.text('ok'));
    const stream = client.chat.completions.stream({ ...chat, response_format });
    const [choice] = (await stream.finalChatCompletion()).choices;
    expect(choice?.message.parsed).toEqual({ city: 'Bern', people: 3 });
    const history = [
      ...messages,
      { role: 'assistant' as const, content: choice?.message.content ?? '' },
      ...messages,
    ];
    expect((await client.chat.completions.create({ ...chat, messages: history })).choices).toHaveLength(1);
  });

  it('of the built-in echo fits the schema', async () => {
    const answer = await client.chat.completions.parse({ ...chat, model: 'ntl/echo', response_format });
    expect(Place.safeParse(answer.choices[0]?.message.parsed).success).toBe(true);
  });
});

describe('the built-in echo', () => {
  it.each([false, true])('answers with its usage on the row (streamed: %s)', async (stream) => {
    const asked = { ...chat, model: 'ntl/echo' };
    const completion = stream
      ? await client.chat.completions.stream({ ...asked, ...withUsage }).finalChatCompletion()
      : await client.chat.completions.create(asked);
    expect(completion.choices[0]?.message.content).toBe('hi');
    expect(completion.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(await newestRow(bench)).toMatchObject({ status: 200, costMicros: 0, ...asRow(completion.usage) });
  });
});
