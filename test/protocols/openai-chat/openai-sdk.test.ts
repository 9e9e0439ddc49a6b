import OpenAI, { APIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { type CanonicalAnswer, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import { chatCodec } from '../../../gateway/protocols/openai-chat/codec.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { context, encodeEvents } from './support.ts';

/** OpenAI's own client, answered with this. */
function client(body: string, type: string): OpenAI {
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1/v1',
    fetch: async () => new Response(body, { headers: { 'content-type': type } }),
  });
}

const sse = (body: string) => client(body, 'text/event-stream');
const tools = ['f', 'g'].map((name) => ({
  type: 'function' as const,
  function: { name, strict: true, parameters: { type: 'object' } },
}));
const ask = { model: 'm', messages: [{ role: 'user' as const, content: 'Hi' }] };

const answer: CanonicalAnswer = {
  parts: [
    { type: 'reasoning', text: 'Hm.', replay: null },
    {
      type: 'text',
      text: 'Reading.',
      citations: [{ url: 'https://example.com', title: 'T', quote: null }],
    },
    { type: 'tool_call', id: 'a', name: 'f', kind: 'function', input: '{"n":1}' },
    { type: 'tool_call', id: 'b', name: 'g', kind: 'function', input: '{"n":2}' },
  ],
  finish: finishedBy('tool_calls'),
  usage: { ...NO_TOKENS, inputTokens: 10, outputTokens: 5 },
};
const bare: CanonicalAnswer = { ...answer, parts: answer.parts.slice(2), usage: null };

describe("OpenAI's client", () => {
  it.each([
    ['text and calls', answer],
    ['calls alone', bare],
    ['a refusal', { ...answer, parts: [{ type: 'refusal', text: 'No.' }], finish: finishedBy('refusal') }],
    ['text alone', { ...answer, parts: [{ type: 'text', text: 'Hi' }], finish: finishedBy('stop') }],
  ] as [string, CanonicalAnswer][])('reads the same in a stream as in one piece: %s', async (_, given) => {
    const whole = await client(
      JSON.stringify(chatCodec.encodeAnswer(given, context())),
      'application/json',
    ).chat.completions.create(ask);
    const stream = sse(encodeEvents(eventsOf(given), { usageChunk: true })).chat.completions.stream({
      ...ask,
      tools,
      stream_options: { include_usage: true },
    });
    const folded = await stream.finalChatCompletion();
    const [message, streamed] = [whole.choices[0]?.message, folded.choices[0]?.message];
    expect(streamed?.content || null).toBe(message?.content);
    expect(streamed?.refusal ?? null).toBe(message?.refusal);
    expect((streamed?.tool_calls ?? []).map(plainCall)).toEqual((message?.tool_calls ?? []).map(plainCall));
    expect(folded.choices[0]?.finish_reason).toBe(whole.choices[0]?.finish_reason);
    expect(folded.usage).toEqual(whole.usage);
    expect(folded.id).toBe(whole.id);
  });

  it('runs through a custom call in a stream', async () => {
    const custom: CanonicalAnswer = {
      ...answer,
      parts: [{ type: 'tool_call', id: 'c', name: 'patch', kind: 'custom', input: '*** Begin' }],
    };
    const body = encodeEvents(eventsOf(custom));
    const chunks = [];
    for await (const chunk of await sse(body).chat.completions.create({ ...ask, stream: true })) {
      chunks.push(...(chunk.choices[0]?.delta.tool_calls ?? []));
    }
    expect(chunks).toEqual([
      { index: 0, id: 'c', type: 'custom', custom: { name: 'patch', input: '' } },
      { index: 0, custom: { input: '*** Begin' } },
    ]);
  });

  it('throws where a stream breaks off', async () => {
    const body = encodeEvents([
      { type: 'start' },
      { type: 'error', error: { message: 'Overloaded', type: 'server_error', code: 'overloaded' } },
    ]);
    const stream = sse(body).chat.completions.stream(ask);
    await expect(stream.finalChatCompletion()).rejects.toThrow(APIError);
    await expect(sse(body).chat.completions.stream(ask).finalMessage()).rejects.toThrow('Overloaded');
  });
});

function plainCall(call: OpenAI.ChatCompletionMessageToolCall): unknown {
  if (call.type !== 'function') return call;
  const { name, arguments: input } = call.function;
  return { id: call.id, type: call.type, name, input };
}
