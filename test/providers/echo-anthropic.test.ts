/** The echo's Anthropic protocol, driven by the official SDK over a real socket. */
import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEcho } from '../../gateway/providers/echo/echo.ts';
import { collect } from '../support/provider/collect.ts';
import { serveUpstream, type UpstreamServer } from '../support/provider/serve-upstream.ts';

let server: UpstreamServer;
let anthropic: Anthropic;

beforeAll(async () => {
  server = await serveUpstream(createEcho());
  anthropic = new Anthropic({ baseURL: server.url, apiKey: 'unused', maxRetries: 0 });
});
afterAll(() => server[Symbol.asyncDispose]());

const base = { model: 'ntl/echo', max_tokens: 1000 };
const hello = [{ role: 'user' as const, content: 'hello big world' }];
const tools = ['get_weather', 'get_time'].map((name) => ({
  name,
  input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
}));

test('whole', async () => {
  const answer = await anthropic.messages.create({ ...base, messages: hello, system: 'four' });
  expect(answer).toMatchObject({
    type: 'message',
    role: 'assistant',
    model: 'ntl/echo',
    content: [{ type: 'text', text: 'hello big world' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 5, output_tokens: 4 },
  });
});

test('streamed: blocks opened, filled and closed in order', async () => {
  const events = await collect(await anthropic.messages.create({ ...base, messages: hello, stream: true }));
  expect(events.map((event) => event.type)).toEqual([
    'message_start',
    'content_block_start',
    'content_block_delta',
    'content_block_delta',
    'content_block_delta',
    'content_block_stop',
    'message_delta',
    'message_stop',
  ]);
  expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } });
});

test('the stream helper makes the same message as the whole answer', async () => {
  const request = {
    ...base,
    messages: [{ role: 'user' as const, content: 'use get_weather and get_time' }],
    tools,
  };
  const streamed = await anthropic.messages.stream(request).finalMessage();
  const whole = await anthropic.messages.create(request);
  expect(streamed.content.map((block) => block.type === 'tool_use' && [block.name, block.input])).toEqual([
    ['get_weather', { city: 'use get_weather and get_time' }],
    ['get_time', { city: 'use get_weather and get_time' }],
  ]);
  expect(streamed.stop_reason).toBe('tool_use');
  const inputs = (message: Anthropic.Message) =>
    message.content.map((block) => block.type === 'tool_use' && block.input);
  expect(inputs(whole)).toEqual(inputs(streamed));
  expect(whole.usage).toEqual(streamed.usage);
});

test('tool results are repeated', async () => {
  const question = { role: 'user' as const, content: 'use get_weather and get_time' };
  const { content } = await anthropic.messages.create({ ...base, messages: [question], tools });
  const results = content.flatMap((block) =>
    block.type === 'tool_use'
      ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: block.name }]
      : [],
  );
  const answer = await anthropic.messages.create({
    ...base,
    tools,
    messages: [question, { role: 'assistant', content }, { role: 'user', content: results }],
  });
  expect(answer.content).toMatchObject([{ type: 'text', text: 'get_weather\nget_time' }]);
});

test('the token limit and a stop sequence end it', async () => {
  const cut = await anthropic.messages.create({ ...base, max_tokens: 1, messages: hello });
  expect(cut).toMatchObject({ stop_reason: 'max_tokens', content: [{ text: 'hell' }] });
  const stopped = await anthropic.messages.create({ ...base, messages: hello, stop_sequences: [' big'] });
  expect(stopped).toMatchObject({
    stop_reason: 'stop_sequence',
    stop_sequence: ' big',
    content: [{ text: 'hello' }],
  });
});

test('an answer by schema', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const answer = await anthropic.messages.create({
    ...base,
    messages: [{ role: 'user', content: 'Rome' }],
    output_config: { format: { type: 'json_schema', schema } },
  });
  expect(answer.content).toMatchObject([{ text: '{"city":"Rome"}' }]);
});

test('token count equals what the answer reports', async () => {
  const request = { model: base.model, messages: hello, system: 'be brief', tools };
  const counted = await anthropic.messages.countTokens(request);
  const answer = await anthropic.messages.create({ ...base, ...request });
  expect(counted.input_tokens).toBe(answer.usage.input_tokens);
});
