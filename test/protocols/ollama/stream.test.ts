/** Lines of Ollama's API, from whatever a provider says, however its bytes are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OllamaClient } from '../../../gateway/doors/ollama/ollama-client.ts';
import type { ClientConnection } from '../../../gateway/pipeline/call.ts';
import { type CanonicalAnswer, finishedBy } from '../../../gateway/protocols/canonical/answer.ts';
import { CODECS } from '../../../gateway/protocols/codecs.ts';
import { readRequest } from '../../../gateway/protocols/ollama/read-request.ts';
import { answerTranslation } from '../../../gateway/protocols/translation.ts';

/** What has gone out to a client. */
class Received implements ClientConnection {
  status = 0;
  headers: Record<string, string> = {};
  readonly writes: string[] = [];
  ended = false;
  readonly gone = false;

  get started(): boolean {
    return this.status !== 0;
  }

  whenGone(): void {}

  start(status: number, headers: Record<string, string>): void {
    expect(this.started).toBe(false);
    this.status = status;
    this.headers = headers;
  }

  write(chunk: Buffer): undefined {
    expect(this.ended).toBe(false);
    this.writes.push(chunk.toString());
  }

  end(chunk?: Buffer): void {
    if (chunk !== undefined) this.write(chunk);
    this.ended = true;
  }

  // biome-ignore lint/suspicious/noExplicitAny: lines are looked into field by field
  get lines(): any[] {
    const text = this.writes.join('');
    expect(text.endsWith('\n')).toBe(true);
    return text
      .slice(0, -1)
      .split('\n')
      .map((line) => JSON.parse(line));
  }
}

function clientFor(route: 'chat' | 'generate', body: object) {
  const received = new Received();
  let now = 1_000;
  const client = new OllamaClient(received, route, { wall: () => 0, steady: () => now++ } as never);
  const asked = readRequest(route, Buffer.from(JSON.stringify({ model: 'm', ...body })));
  if (asked === null) throw new Error('the request is OpenAI’s');
  client.expect(asked, 'm');
  return { client, received };
}

const CHAT = { messages: [{ role: 'user', content: 'hi' }] };
const SSE = { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'r' };

/** Cut at these places; each is taken modulo the length. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
    (a, b) => a - b,
  );
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const anyCall = fc.record({
  ...{ type: fc.constant('tool_call' as const), kind: fc.constant('function' as const) },
  ...{ id: fc.uuid(), name: fc.constantFrom('get_weather', 'get_time') },
  input: fc
    .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
    .map((given) => JSON.stringify(given)),
});
const anyAnswer: fc.Arbitrary<CanonicalAnswer> = fc.record({
  parts: fc.array(
    fc.oneof(
      anyText.map((text) => ({ type: 'text' as const, text })),
      anyText.map((text) => ({ type: 'reasoning' as const, text, replay: null })),
      anyCall,
    ),
    { minLength: 1, maxLength: 6 },
  ),
  finish: fc.constantFrom('stop', 'length', 'tool_calls', 'refusal', 'content_filter').map(finishedBy),
  usage: fc.constantFrom(null, {
    ...{ inputTokens: 30, outputTokens: 12, cachedTokens: 3 },
    ...{ cacheWriteTokens: 0, cacheWriteHourTokens: 0, reasoningTokens: 2 },
  }),
});

/** As the pipeline tells an answer to a client of chat. */
function inChat() {
  const request = CODECS['openai-chat'].decodeRequest({
    model: 'm',
    ...CHAT,
    stream_options: { include_usage: true },
  });
  const context = { requestId: 'r', model: 'm', at: 0, request };
  return answerTranslation('openai-chat', context, new Map());
}

const joined = (lines: readonly { message: Record<string, string> }[], field: string) =>
  lines.map(({ message }) => message[field] ?? '').join('');

describe('a stream', () => {
  it('is the same lines wherever its bytes are cut, and the same as an answer in one piece', () => {
    fc.assert(
      fc.property(anyAnswer, fc.array(fc.nat(), { maxLength: 40 }), (answer, cuts) => {
        const chat = inChat();
        const { client, received } = clientFor('chat', CHAT);
        client.start(200, SSE);
        for (const piece of pieces(Buffer.from(chat.encodeAsStream(answer)), cuts)) client.write(piece);
        client.end();
        const { lines, headers } = received;
        expect(headers).toEqual({ 'content-type': 'application/x-ndjson', 'x-request-id': 'r' });
        expect(lines.filter(({ done }) => done)).toEqual([lines.at(-1)]);

        const whole = clientFor('chat', { ...CHAT, stream: false });
        whole.client.start(200, { 'content-type': 'application/json' });
        whole.client.end(Buffer.from(JSON.stringify(chat.encodeAnswer(answer))));
        const told = JSON.parse(whole.received.writes.join(''));
        expect(joined(lines, 'content')).toBe(told.message.content);
        expect(joined(lines, 'thinking')).toBe(told.message.thinking ?? '');
        expect(lines.flatMap(({ message }) => message.tool_calls ?? [])).toEqual(
          told.message.tool_calls ?? [],
        );
        for (const field of ['done_reason', 'prompt_eval_count', 'eval_count'])
          expect(lines.at(-1)[field]).toEqual(told[field]);

        const calls = answer.parts.filter((part) => part.type === 'tool_call');
        expect((told.message.tool_calls ?? []).map((call: { function: object }) => call.function)).toEqual(
          calls.map(({ name, input }, index) => ({ index, name, arguments: JSON.parse(input) })),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('that is cut anywhere before its end has an error last, and no end', () => {
    fc.assert(
      fc.property(anyAnswer, fc.nat(), (answer, cut) => {
        const { client, received } = clientFor('chat', CHAT);
        const text = inChat().encodeAsStream(answer);
        // From the reason to finish on it is complete.
        const complete = Buffer.from(text.slice(0, text.search(/data: [^\n]*"finish_reason":"/))).length;
        client.start(200, SSE);
        client.end(Buffer.from(text).subarray(0, cut % (complete + 1)));
        const { lines } = received;
        expect(lines.at(-1)).toEqual({ error: 'The answer broke off before it was complete.' });
        expect(lines.filter((line) => line.done === true)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('tells the provider’s error, and nothing after it', () => {
    const { client, received } = clientFor('generate', { prompt: 'x' });
    client.start(200, SSE);
    client.write(Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\n'));
    client.write(Buffer.from('data: {"error":{"message":"overloaded"}}\n\ndata: [DONE]\n\n'));
    client.end();
    expect(received.lines).toMatchObject([{ response: 'one', done: false }, { error: 'overloaded' }]);
  });

  it('is bridged by nothing: NDJSON has no word for that, and an error can still have its status', () => {
    const { client, received } = clientFor('chat', CHAT);
    client.start(200, SSE);
    client.write(Buffer.from(': keep-alive\n\n'));
    expect(received.started).toBe(false);
    expect(client.started).toBe(false);
  });
});

it('the times are those that passed', () => {
  const { client, received } = clientFor('chat', CHAT);
  client.start(200, SSE);
  client.write(Buffer.from('data: {"choices":[{"index":0,"delta":{"content":"one"}}]}\n\n'));
  client.end(
    Buffer.from('data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'),
  );
  // The clock goes on by a millisecond with each look: begun, first word, end.
  expect(received.lines.at(-1)).toMatchObject({
    ...{
      total_duration: 2_000_000,
      load_duration: 0,
      prompt_eval_duration: 1_000_000,
      eval_duration: 1_000_000,
    },
  });
});
