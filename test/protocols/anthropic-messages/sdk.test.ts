import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { describe, expect, it } from 'vitest';
import { messagesCodec } from '../../../gateway/protocols/anthropic-messages/codec.ts';
import { type CanonicalAnswer, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import type { AssistantPart, CanonicalRequest } from '../../../gateway/protocols/canonical/request.ts';
import { type JsonObject, parseExactly } from '../../../gateway/protocols/json.ts';
import { call } from '../canonical/requests.ts';
import { CONTEXT, encodeEvents, usageOf } from './answers.ts';

const replay = {
  protocol: 'openai-responses',
  providerId: '7',
  id: 'rs_1',
  data: 'gAAA',
  redacted: false,
} as const;
const PARTS: AssistantPart[] = [
  { type: 'reasoning', text: '', replay },
  { type: 'reasoning', text: 'First the weather.', replay },
  { type: 'text', text: 'I look at both.' },
  call('call_1', { name: 'weather', input: '{"city":"Paris","days":[1,2]}' }),
  call('call_2', { name: 'weather', input: '{"city":"Łódź"}' }),
  call('call_3', { name: 'weather', input: '' }),
];
const answer = (parts: AssistantPart[]): CanonicalAnswer => ({
  parts,
  finish: finishedBy('tool_calls'),
  usage: usageOf(),
});

/** The SDK, answered with what the codec makes; it notes what the SDK asks. */
function clientFor(...answers: string[]): { client: Anthropic; asked: CanonicalRequest[] } {
  const asked: CanonicalRequest[] = [];
  const fetch: typeof globalThis.fetch = async (_url, init) => {
    const body = parseExactly(String(init?.body)) as JsonObject;
    asked.push(messagesCodec.decodeRequest(body));
    const type = body.stream === true ? 'text/event-stream' : 'application/json';
    return new Response(answers.shift(), { headers: { 'content-type': type } });
  };
  const client = new Anthropic({ apiKey: 'key', baseURL: 'http://127.0.0.1:1', fetch, maxRetries: 0 });
  return { client, asked };
}

const ask = { model: 'm', max_tokens: 100, messages: [{ role: 'user' as const, content: 'Weather?' }] };
const whole = (parts: AssistantPart[]) => JSON.stringify(messagesCodec.encodeAnswer(answer(parts), CONTEXT));
const streamed = (parts: AssistantPart[]) => encodeEvents(eventsOf(answer(parts)));

describe('Anthropic’s own client', () => {
  it('gets the same message whole and as a stream', async () => {
    const created = await clientFor(whole(PARTS)).client.messages.create(ask);
    const { client } = clientFor(streamed(PARTS));
    const final = await client.messages.stream(ask).finalMessage();
    expect(final.content).toEqual(created.content);
    expect(created.usage).toMatchObject({ input_tokens: 10, cache_read_input_tokens: 60, output_tokens: 20 });
    expect(final).toMatchObject({ id: created.id, stop_reason: 'tool_use' });
    // Which lifetime was written is told at the beginning of a stream alone.
    expect(final.usage).toEqual({ ...created.usage, cache_creation: null });
    expect(final.content.map(({ type }) => type)).toEqual([
      'redacted_thinking',
      'thinking',
      'text',
      'tool_use',
      'tool_use',
      'tool_use',
    ]);
    expect(final.content.slice(3)).toMatchObject([
      { id: 'call_1', input: { city: 'Paris', days: [1, 2] } },
      { id: 'call_2', input: { city: 'Łódź' } },
      { id: 'call_3', input: {} },
    ]);
  });

  it('hears text, thinking and input as they come', async () => {
    const stream = clientFor(streamed(PARTS)).client.messages.stream(ask);
    const heard = { text: '', thinking: '', json: '' };
    stream.on('text', (text) => {
      heard.text += text;
    });
    stream.on('thinking', (thinking) => {
      heard.thinking += thinking;
    });
    stream.on('inputJson', (json) => {
      heard.json += json;
    });
    await stream.done();
    expect(heard).toEqual({
      text: 'I look at both.',
      thinking: 'First the weather.',
      json: '{"city":"Paris","days":[1,2]}{"city":"Łódź"}',
    });
  });

  it('runs tools, and gives thinking and results back as they must be', async () => {
    const { client, asked } = clientFor(whole(PARTS), whole([{ type: 'text', text: 'Sunny.' }]));
    const weather = betaTool({
      name: 'weather',
      description: 'Tells the weather.',
      inputSchema: { type: 'object', properties: { city: { type: 'string' } } },
      run: ({ city }) => `Sunny in ${city}.`,
    });
    const final = await client.beta.messages.toolRunner({ ...ask, tools: [weather], thread: false });
    expect(final.content).toMatchObject([{ type: 'text', text: 'Sunny.' }]);
    const [, second] = asked;
    expect(second?.tools).toMatchObject([{ kind: 'function', name: 'weather' }]);
    const [, said, results] = second?.turns ?? [];
    expect(said?.parts).toEqual(PARTS);
    expect(results?.parts).toMatchObject([
      { type: 'tool_result', callId: 'call_1', parts: [{ type: 'text', text: 'Sunny in Paris.' }] },
      { callId: 'call_2' },
      { callId: 'call_3' },
    ]);
  });

  it('fails for a stream that ends in an error', async () => {
    const error = { message: 'It is too much.', type: 'overloaded_error', code: null };
    const { client } = clientFor(encodeEvents([{ type: 'start' }, { type: 'error', error }]));
    await expect(client.messages.stream(ask).finalMessage()).rejects.toMatchObject({
      type: 'overloaded_error',
      apiMessage: 'It is too much.',
    });
  });

  it('asks for everything that it can in words that are understood', async () => {
    const { client, asked } = clientFor(whole([]));
    await client.messages.create({
      ...ask,
      system: [{ type: 'text', text: 'S', cache_control: { type: 'ephemeral', ttl: '1h' } }],
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high', format: { type: 'json_schema', schema: { type: 'object' } } },
      tools: [
        { name: 'f', input_schema: { type: 'object' }, strict: true },
        { type: 'web_search_20250305', name: 'web_search' },
      ],
      tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      stop_sequences: ['END'],
      metadata: { user_id: 'u' },
    });
    expect(asked).toMatchObject([
      {
        turns: [{ role: 'system', parts: [{ text: 'S', cache: { ttl: '1h' } }] }, { role: 'user' }],
        reasoning: { mode: 'adaptive', effort: 'high', display: 'summarized' },
        format: { type: 'json_schema' },
        tools: [{ kind: 'function', strict: true }, { kind: 'hosted' }],
        toolChoice: { type: 'tool', name: 'f' },
        parallelToolCalls: false,
        stop: ['END'],
        userId: 'u',
        unplaced: [],
      },
    ]);
  });
});
