/** Real clients read what the codec writes. */
import { createOpenAI } from '@ai-sdk/openai';
import { jsonSchema, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  type CanonicalAnswer,
  type CanonicalEvent,
  finishedBy,
} from '../../../gateway/protocols/canonical/answer.ts';
import { eventsOf } from '../../../gateway/protocols/canonical/events-of.ts';
import { wrapReplay } from '../../../gateway/protocols/canonical/replay.ts';
import type { JsonObject } from '../../../gateway/protocols/json.ts';
import { responsesCodec } from '../../../gateway/protocols/openai-responses/codec.ts';
import { NO_TOKENS } from '../../../gateway/protocols/usage.ts';
import { context, decoded, encodedStream, folded, ORIGIN } from './support.ts';

const REPLAY = {
  protocol: 'anthropic-messages' as const,
  providerId: 'p',
  id: null,
  data: 'signature',
  redacted: false,
};

const ANSWER: CanonicalAnswer = {
  parts: [
    { type: 'reasoning', text: 'Let me see.', replay: REPLAY },
    {
      type: 'text',
      text: 'A moment.',
      citations: [{ url: 'https://a.example', title: 'A', quote: null }],
    },
    { type: 'text', text: ' Or two.' },
    { type: 'tool_call', id: 'call_1', name: 'find', kind: 'function', input: '{"city":"São Paulo"}' },
    { type: 'tool_call', id: 'call_2', name: 'find', namespace: 'crm', kind: 'function', input: '{}' },
    { type: 'tool_call', id: 'call_3', name: 'patch', kind: 'custom', input: '*** Begin\n' },
  ],
  finish: finishedBy('tool_calls'),
  usage: { ...NO_TOKENS, inputTokens: 12, cachedTokens: 4, outputTokens: 7, reasoningTokens: 2 },
};

function answering(body: string, type: string): typeof fetch {
  return async () => new Response(body, { headers: { 'content-type': type } });
}

function clientFor(fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', maxRetries: 0, fetch });
}

function streamingClient(events: CanonicalEvent[]): OpenAI {
  return clientFor(answering(encodedStream(events), 'text/event-stream'));
}

const ASKED = { model: 'public-model', input: 'hi' };

describe('the openai SDK', () => {
  it('takes a whole answer', async () => {
    const body = responsesCodec.encodeAnswer(ANSWER, context());
    const client = clientFor(answering(JSON.stringify(body), 'application/json'));
    const response = await client.responses.create(ASKED);
    expect(response.output_text).toBe('A moment. Or two.');
    expect(response.output.map(({ type }) => type)).toEqual([
      'reasoning',
      'message',
      'function_call',
      'function_call',
      'custom_tool_call',
    ]);
  });

  it('builds the same answer out of the stream', async () => {
    const stream = streamingClient(eventsOf(ANSWER)).responses.stream(ASKED);
    const deltas: string[] = [];
    stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    const { output_parsed: _, ...response } = await stream.finalResponse();
    expect(deltas.join('')).toBe('A moment. Or two.');
    expect(response.output_text).toBe('A moment. Or two.');
    expect(response).toMatchObject(responsesCodec.encodeAnswer(ANSWER, context()));
  });

  it('parses arguments of strict tools and answers by a schema', async () => {
    const stream = streamingClient(eventsOf(ANSWER)).responses.stream({
      ...ASKED,
      tools: [{ type: 'function', name: 'find', parameters: { type: 'object' }, strict: true }],
    });
    const { output } = await stream.finalResponse();
    expect(output[2]).toMatchObject({ parsed_arguments: { city: 'São Paulo' } });
  });

  it('takes an answer that was cut short, a refusal, and hidden reasoning', async () => {
    const parts: CanonicalAnswer['parts'] = [
      { type: 'reasoning', text: '', replay: REPLAY },
      { type: 'refusal', text: 'No, an' },
    ];
    const events = eventsOf({ parts, finish: finishedBy('length'), usage: null });
    const response = await streamingClient(events).responses.stream(ASKED).finalResponse();
    expect(response).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ summary: [] }, { content: [{ type: 'refusal', refusal: 'No, an' }] }],
    });
  });

  it('is told of an error with its message', async () => {
    const events: CanonicalEvent[] = [
      { type: 'start' },
      { type: 'part_start', index: 0, part: { type: 'text' } },
      { type: 'delta', index: 0, text: 'Hel' },
      { type: 'error', error: { message: 'Broken.', type: 'api_error', code: null } },
    ];
    const client = streamingClient(events);
    const read = async () => {
      for await (const _ of await client.responses.create({ ...ASKED, stream: true }));
    };
    await expect(read()).rejects.toThrow('Broken.');
    await expect(client.responses.stream(ASKED).finalResponse()).rejects.toThrow('Broken.');
  });

  it('gives back an answer that means the same as it did', async () => {
    const { output } = await streamingClient(eventsOf(ANSWER)).responses.stream(ASKED).finalResponse();
    const [turn] = decoded({ input: output }).turns;
    expect(turn).toEqual({ role: 'assistant', parts: ANSWER.parts });
  });

  it('writes streams that the codec reads as the same answer', async () => {
    const events = await streamingClient(eventsOf(ANSWER)).responses.create({ ...ASKED, stream: true });
    const decoder = responsesCodec.decodeStream(ORIGIN);
    const read: CanonicalEvent[] = [];
    for await (const event of events) read.push(...decoder.push(event as unknown as JsonObject));
    const { parts, usage, finish } = folded(read);
    expect({ usage, finish }).toEqual({ usage: ANSWER.usage, finish: ANSWER.finish });
    // A namespace is the caller's word, which no provider uses; a replay is known by who sent it.
    const expected = ANSWER.parts.map((part) => {
      if (part.type === 'reasoning')
        return { ...part, replay: expect.objectContaining({ data: wrapReplay(REPLAY) }) };
      if (part.type !== 'tool_call') return part;
      const { namespace: _, ...call } = part;
      return call;
    });
    expect(parts).toEqual(expected);
  });
});

describe('the AI SDK', () => {
  it('takes a stream with reasoning, text and a call', async () => {
    const parts = ANSWER.parts.slice(0, 4);
    const body = encodedStream(eventsOf({ ...ANSWER, parts }));
    const fetch = answering(body, 'text/event-stream');
    const provider = createOpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch });
    const result = streamText({
      model: provider.responses('public-model'),
      prompt: 'hi',
      tools: { find: tool({ inputSchema: jsonSchema({ type: 'object' }) }) },
      maxRetries: 0,
    });
    const errors: unknown[] = [];
    for await (const chunk of result.fullStream) if (chunk.type === 'error') errors.push(chunk.error);
    expect(errors).toEqual([]);
    expect(await result.text).toBe('A moment. Or two.');
    expect(await result.reasoningText).toBe('Let me see.');
    expect(await result.toolCalls).toMatchObject([{ toolName: 'find', input: { city: 'São Paulo' } }]);
    expect(await result.finishReason).toBe('tool-calls');
    const [reasoning] = await result.reasoning;
    expect(reasoning?.providerMetadata?.openai).toMatchObject({
      reasoningEncryptedContent: wrapReplay(REPLAY),
    });
  });

  it('is told of an error with its message', async () => {
    const body = encodedStream([
      { type: 'start' },
      { type: 'error', error: { message: 'Broken.', type: null, code: null } },
    ]);
    const fetch = answering(body, 'text/event-stream');
    const provider = createOpenAI({ apiKey: 'k', baseURL: 'http://127.0.0.1/v1', fetch });
    const result = streamText({ model: provider.responses('m'), prompt: 'hi', maxRetries: 0, onError() {} });
    const errors: unknown[] = [];
    for await (const chunk of result.fullStream) if (chunk.type === 'error') errors.push(chunk.error);
    expect(JSON.stringify(errors)).toContain('Broken.');
  });
});
