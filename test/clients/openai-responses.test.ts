import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import type { ResponseInput, ResponseUsage, Tool } from 'openai/resources/responses/responses';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect } from '../support/provider/collect.ts';
import { encryptedFor } from '../support/provider/proof.ts';
import { reply } from '../support/provider/reply.ts';
import {
  arrival,
  FULL_USAGE,
  FULL_USAGE_ROW,
  lastRequest,
  newestRow,
  PIXEL,
  settledRow,
  useBench,
} from './support.ts';

const bench = useBench();
let client: OpenAI;
let direct: OpenAI;

beforeAll(() => {
  client = new OpenAI({ baseURL: `${bench.gateway.url}/v1`, apiKey: bench.gateway.key, maxRetries: 0 });
  direct = new OpenAI({ baseURL: `${bench.openai.url}/v1`, apiKey: 'sk-provider', maxRetries: 0 });
});

const asked = { model: 'gpt-5-mini', input: 'hi' };
const CALLS = [
  { name: 'get_weather', input: { city: 'São Paulo' } },
  { name: 'get_time', input: {}, id: 'call_of_its_own' },
];
const tools: Tool[] = [
  ...CALLS.map(({ name }) => ({
    type: 'function' as const,
    name,
    parameters: { type: 'object', properties: {} },
    strict: false,
  })),
  { type: 'custom', name: 'patch' },
];
const FULL_TURN = reply.turn({
  thinking: 'let me see',
  text: 'A moment.',
  toolCalls: [...CALLS, { name: 'patch', input: '*** Begin\n', custom: true }],
  usage: FULL_USAGE,
});

/** What the audit row must say when the SDK reports this. */
function asRow(usage: ResponseUsage | null | undefined): object {
  return {
    inputTokens: usage?.input_tokens,
    outputTokens: usage?.output_tokens,
    cachedTokens: usage?.input_tokens_details.cached_tokens,
    reasoningTokens: usage?.output_tokens_details.reasoning_tokens,
    estimated: false,
  };
}

describe('responses', () => {
  it('come as from the provider itself', async () => {
    bench.openai.script(FULL_TURN);
    const response = await client.responses.create({ ...asked, tools });
    expect(response).toEqual(await direct.responses.create({ ...asked, tools }));
    expect(response.output_text).toBe('A moment.');
    const row = await newestRow(bench);
    expect(row).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(response.usage), endpoint: 'responses' });
    expect(row.requestId).toBe(response._request_id);
  });

  it('stream event by event as from the provider itself', async () => {
    bench.openai.script(FULL_TURN);
    const events = await collect(await client.responses.create({ ...asked, tools, stream: true }));
    expect(events).toEqual(await collect(await direct.responses.create({ ...asked, tools, stream: true })));
    expect(events.at(-1)?.type).toBe('response.completed');
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, streamed: true });
  });

  it('of the stream helper add up', async () => {
    bench.openai.script(FULL_TURN);
    const deltas: string[] = [];
    const stream = client.responses.stream({ ...asked, tools });
    stream.on('response.output_text.delta', (event) => deltas.push(event.delta));
    const response = await stream.finalResponse();
    expect(deltas.join('')).toBe('A moment.');
    expect(response.output.map((item) => item.type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
      'custom_tool_call',
    ]);
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(response.usage) });
  });

  it('that stop at the limit are incomplete, not failed', async () => {
    bench.openai.script(reply.text('cut sho', { finish: 'length', usage: FULL_USAGE }));
    const response = await client.responses.stream(asked).finalResponse();
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
    });
    expect(await newestRow(bench)).toMatchObject(FULL_USAGE_ROW);
  });

  it('are parsed into the form asked for', async () => {
    bench.openai.script(reply.text('{"city":"Bern"}'));
    const format = zodTextFormat(z.object({ city: z.string() }), 'place');
    const response = await client.responses.parse({ ...asked, text: { format } });
    expect(response.output_parsed).toEqual({ city: 'Bern' });
    expect(lastRequest(bench.openai).json).toMatchObject({
      text: { format: { type: 'json_schema', name: 'place' } },
    });
  });
});

describe('items of earlier turns', () => {
  const encrypted = { store: false, include: ['reasoning.encrypted_content' as const] };

  it('go back with reasoning, calls and outputs, which the provider verifies', async () => {
    bench.openai.script(FULL_TURN, reply.text('It rains.'));
    const first = await client.responses.create({ ...asked, ...encrypted, tools });
    const results: ResponseInput = [
      { type: 'function_call_output', call_id: 'call_0', output: 'rain' },
      { type: 'function_call_output', call_id: 'call_of_its_own', output: 'noon' },
      { type: 'custom_tool_call_output', call_id: 'call_2', output: 'done' },
    ];
    const input = [{ role: 'user' as const, content: 'hi' }, ...first.output, ...results] as ResponseInput;
    const second = await client.responses.stream({ ...asked, ...encrypted, tools, input }).finalResponse();
    expect(second.output_text).toBe('It rains.');
    const sent = lastRequest(bench.openai).json as { input: unknown[] };
    expect(sent.input).toEqual(JSON.parse(JSON.stringify(input)));
    expect(sent.input[1]).toMatchObject({ encrypted_content: encryptedFor('let me see') });
  });

  it('that the provider does not hold are refused in its words', async () => {
    const refused = client.responses.create({ ...asked, previous_response_id: 'resp_gone' });
    await expect(refused).rejects.toThrow("Previous response with id 'resp_gone' not found.");
    await expect(refused).rejects.toMatchObject({ code: 'previous_response_not_found', status: 400 });
  });

  it('may hold pictures', async () => {
    const image_url = `data:image/png;base64,${PIXEL}`;
    const content = [
      { type: 'input_text' as const, text: 'What is this?' },
      { type: 'input_image' as const, image_url, detail: 'auto' as const },
    ];
    await client.responses.create({ ...asked, input: [{ role: 'user', content }] });
    expect(lastRequest(bench.openai).json).toMatchObject({ input: [{ content }] });
  });
});

describe('streams that break', () => {
  it('with the provider’s error event raise it', async () => {
    bench.openai.script(
      reply.error(reply.text('one two three'), { after: 6, message: 'The model is tired.' }),
    );
    const events = client.responses.create({ ...asked, stream: true }).then(collect);
    await expect(events).rejects.toThrow('The model is tired.');
    expect(await newestRow(bench)).toMatchObject({ status: 502, code: 'upstream_error' });
  });

  it('without an end raise an error, and so does the helper', async () => {
    bench.openai.script(reply.cut(reply.text('one two three'), { after: 6 }));
    const events = client.responses.create({ ...asked, stream: true }).then(collect);
    await expect(events).rejects.toThrow(/ended the stream before the answer was complete/);
    await expect(client.responses.stream(asked).finalResponse()).rejects.toThrow(
      /before the answer was complete/,
    );
    expect(await newestRow(bench)).toMatchObject({ status: 502, code: 'upstream_error' });
  });

  it('by the client stop the provider and are billed', async () => {
    bench.openai.script(reply.gated(reply.text('one two three four five six')));
    const { request, sent } = await arrival(bench.openai, () => client.responses.stream(asked));
    const firstWord = new Promise((resolve) => sent.once('response.output_text.delta', resolve));
    await request.release(6);
    await firstWord;
    sent.abort();
    await expect(sent.finalResponse()).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(await request.aborted).toBe(true);
    const row = await settledRow(bench, 499);
    expect(row).toMatchObject({ code: 'client_closed', estimated: true });
    expect(Math.min(row.inputTokens, row.outputTokens, row.costMicros)).toBeGreaterThan(0);
  });
});

describe('the built-in echo', () => {
  it.each([false, true])('answers with its usage on the row (streamed: %s)', async (stream) => {
    const body = { ...asked, model: 'ntl/echo' };
    const response = await (stream
      ? client.responses.stream(body).finalResponse()
      : client.responses.create(body));
    expect(response.output_text).toBe('hi');
    expect(await newestRow(bench)).toMatchObject({ status: 200, ...asRow(response.usage) });
  });

  it('calls tools and takes their results', async () => {
    const input: ResponseInput = [{ role: 'user', content: 'call get_weather' }];
    const first = await client.responses.create({ model: 'ntl/echo', input, tools });
    const [call] = first.output;
    expect(call).toMatchObject({ type: 'function_call', name: 'get_weather' });
    const call_id = call?.type === 'function_call' ? call.call_id : '';
    const result: ResponseInput = [{ type: 'function_call_output', call_id, output: 'rain' }];
    const history = [...input, ...first.output, ...result] as ResponseInput;
    expect((await client.responses.create({ model: 'ntl/echo', input: history, tools })).output_text).toBe(
      'rain',
    );
  });
});
