import Anthropic from '@anthropic-ai/sdk';
import type { MessageParam, Tool } from '@anthropic-ai/sdk/resources/messages';
import { beforeAll, describe, expect, it } from 'vitest';
import { signatureFor } from '../support/provider/proof.ts';
import { startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { FULL_USAGE, lastRequest, useBench } from './support.ts';

const bench = useBench();
let client: Anthropic;

beforeAll(() => {
  const { url, key } = bench.gateway;
  client = new Anthropic({ baseURL: `${url}/api`, apiKey: key, authToken: null, maxRetries: 0 });
});

const messages: MessageParam[] = [{ role: 'user', content: 'hi' }];
const asked = { model: 'claude-haiku-4-5', max_tokens: 4_000, messages };
const thinking = { type: 'enabled' as const, budget_tokens: 1_024 };

const CALLS = [
  { name: 'get_weather', input: { city: 'São Paulo' } },
  { name: 'get_time', input: { zone: 'UTC' }, id: 'toolu_of_its_own' },
];
const tools: Tool[] = CALLS.map(({ name }) => ({ name, input_schema: { type: 'object' } }));
const FULL_TURN = reply.turn({
  thinking: 'let me see 💭',
  text: 'Grüße, a moment 💡',
  toolCalls: CALLS,
  usage: FULL_USAGE,
});

describe('thinking and tools of earlier turns', () => {
  it.each([false, true])(
    'go back byte for byte; the provider verifies the signature (streamed: %s)',
    async (stream) => {
      bench.anthropic.script(FULL_TURN, reply.text('It rains.'));
      const body = { ...asked, tools, thinking };
      const first = await (stream
        ? client.messages.stream(body).finalMessage()
        : client.messages.create(body));
      const history: MessageParam[] = [
        ...messages,
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'toolu_0', content: 'rain' },
            { type: 'tool_result', tool_use_id: 'toolu_of_its_own', content: 'no clock', is_error: true },
            { type: 'text', text: 'Go on.' },
          ],
        },
      ];
      const second = await client.messages.create({ ...body, messages: history });
      expect(second.content).toMatchObject([{ type: 'text', text: 'It rains.' }]);
      const request = lastRequest(bench.anthropic);
      expect(request.body.toString()).toBe(JSON.stringify({ ...body, messages: history }));
      expect(request.body.toString()).toContain(`"signature":"${signatureFor('let me see 💭')}"`);
    },
  );

  it('with a forged signature are refused in the provider’s words', async () => {
    const forged = { type: 'thinking' as const, thinking: 'let me see', signature: 'EqQBforged' };
    const history: MessageParam[] = [
      ...messages,
      { role: 'assistant', content: [forged, { type: 'text', text: 'So.' }] },
      ...messages,
    ];
    await expect(client.messages.create({ ...asked, thinking, messages: history })).rejects.toThrow(
      'messages.1.content.0: Invalid `signature` in `thinking` block',
    );
  });
});

describe('the tool runner', () => {
  function runnable(seen: unknown[]) {
    return CALLS.map(({ name }) => ({
      type: 'custom' as const,
      name,
      input_schema: { type: 'object' as const },
      parse: (input: unknown) => input,
      run: (input: unknown) => {
        seen.push({ name, input });
        return `result of ${name}`;
      },
    }));
  }
  const question = { ...asked, messages: [{ role: 'user' as const, content: 'hi' }] };
  const results = {
    role: 'user',
    content: [
      { type: 'tool_result', tool_use_id: 'toolu_0', content: 'result of get_weather' },
      { type: 'tool_result', tool_use_id: 'toolu_of_its_own', content: 'result of get_time' },
    ],
  };

  it('goes on from the message that the provider holds', async () => {
    await using holding = await startProvider({ strict: false, models: null });
    await bench.gateway.publish(holding, ['with-threads'], { kind: 'anthropic' });
    holding.script(reply.tools(CALLS), reply.text('It rains.'));
    const seen: unknown[] = [];
    const body = { ...question, model: 'with-threads', tools: runnable(seen) };
    const message = await client.beta.messages.toolRunner(body);
    expect(message.content).toMatchObject([{ text: 'It rains.' }]);
    expect(seen).toEqual(CALLS.map(({ name, input }) => ({ name, input })));
    const [first, second] = holding.requests;
    expect(first?.json).toMatchObject({ thread: { type: 'create' } });
    expect(second?.json).toMatchObject({
      thread: { type: 'continue', previous_message_id: 'msg_scripted' },
      messages: [results],
    });
    expect(second?.headers['anthropic-beta']).toContain('message-threads-');
  });

  it('sends everything where the provider holds no threads: it sees why it was refused', async () => {
    const details = { error_code: 'thread_unsupported_request', unsupported: ['model'] };
    const error = { type: 'invalid_request_error', message: 'thread: not supported by this model', details };
    const refusal = reply.status(400, { body: { type: 'error', error, request_id: 'req_scripted' } });
    bench.anthropic.script(({ json, body }) => {
      if (typeof json === 'object' && json !== null && 'thread' in json) return refusal;
      return body.includes('tool_result') ? reply.text('It rains.') : reply.tools(CALLS);
    });
    const seen: unknown[] = [];
    const message = await client.beta.messages.toolRunner({ ...question, tools: runnable(seen) });
    expect(message.content).toMatchObject([{ text: 'It rains.' }]);
    expect(seen).toHaveLength(2);
    const { messages: sent } = lastRequest(bench.anthropic).json as { messages: unknown[] };
    expect(sent).toHaveLength(3);
    expect(sent[2]).toMatchObject(results);
  });
});

describe('the tool runner at a provider of another protocol', () => {
  it('learns that no thread is kept there, and sends everything', async () => {
    bench.openai.script(({ body }) =>
      body.includes('result of get_time') ? reply.text('It rains.') : reply.tools(CALLS),
    );
    const called: string[] = [];
    const runnable = CALLS.map(({ name }) => ({
      type: 'custom' as const,
      name,
      input_schema: { type: 'object' as const },
      parse: (input: unknown) => input,
      run: () => {
        called.push(name);
        return `result of ${name}`;
      },
    }));
    const body = { model: 'gpt-5-mini', max_tokens: 4_000, messages, tools: runnable };
    const message = await client.beta.messages.toolRunner(body);
    expect(message.content).toMatchObject([{ text: 'It rains.' }]);
    expect(called).toEqual(['get_weather', 'get_time']);
  });
});

describe('the built-in echo', () => {
  it('calls tools and takes their results', async () => {
    const body = { ...asked, model: 'ntl/echo', tools };
    const question: MessageParam = { role: 'user', content: 'call get_weather and get_time' };
    const first = await client.messages.stream({ ...body, messages: [question] }).finalMessage();
    const calls = first.content.filter((block) => block.type === 'tool_use');
    expect(calls.map((call) => call.name)).toEqual(['get_weather', 'get_time']);
    const results = calls.map(({ id, name }) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: name,
    }));
    const history: MessageParam[] = [
      question,
      { role: 'assistant', content: first.content },
      { role: 'user', content: results },
    ];
    const second = await client.messages.create({ ...body, messages: history });
    expect(second.content).toMatchObject([{ text: 'get_weather\nget_time' }]);
  });
});
