/** The real SDKs of a prepaid member: what they read of an answer's charge, and that nothing else changed for them. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Provider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { newestRow, useBench } from './support.ts';

const bench = useBench();
const USED = { input: 1_800, output: 3_400 };
const TOLD = { route_multiplier: 'x3', charged_quota_tokens: 15_600 };
const MESSAGES = [{ role: 'user' as const, content: 'hi' }];
const MODELS = [
  'gpt-4o',
  'gpt-5-mini',
  'gpt-3.5-turbo-instruct',
  'text-embedding-3-small',
  'claude-haiku-4-5',
];

let openai: OpenAI;
let anthropic: Anthropic;
let member: { id: string; key: string };

beforeAll(async () => {
  const { gateway } = bench;
  member = await gateway.member({ prepaid: true });
  await gateway.admin('POST', `/members/${member.id}/grants`, { tokens: 10_000_000 });
  for (const id of MODELS) await gateway.admin('PATCH', `/models/${id}`, { multiplier: 3 });
  openai = new OpenAI({ baseURL: `${gateway.url}/api/v1`, apiKey: member.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: `${gateway.url}/api`, apiKey: member.key, maxRetries: 0 });
});
beforeEach(() => {
  bench.openai.script(reply.text('one two', { usage: USED }));
  bench.anthropic.script(reply.text('one two', { usage: USED }));
});

/** All of a request's entries together. */
async function charged(): Promise<number> {
  const { id } = await newestRow(bench);
  const { body } = await bench.gateway.admin('GET', `/members/${member.id}/ledger?pageSize=5`);
  const entries = body.data.filter((entry: { requestRow: string }) => entry.requestRow === id);
  return -entries.reduce((sum: number, entry: { tokens: number }) => sum + entry.tokens, 0);
}

async function all<T>(events: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe('the openai SDK', () => {
  const chat = { model: 'gpt-4o', messages: MESSAGES };

  it('reads it in chat', async () => {
    const { usage, choices } = await openai.chat.completions.create(chat);
    expect(usage).toMatchObject({ prompt_tokens: 1_800, completion_tokens: 3_400, ...TOLD });
    expect(choices[0]?.message.content).toBe('one two');
    expect(await charged()).toBe(15_600);
  });

  it('reads it in the usage chunk of a chat stream, and no other chunk has it', async () => {
    const asked = { ...chat, stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await all(await openai.chat.completions.create(asked));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 3_400, ...TOLD } });
    expect(JSON.stringify(chunks.slice(0, -1))).not.toContain('route_multiplier');
    expect(await charged()).toBe(15_600);
    const helper = openai.chat.completions.stream(asked);
    expect(await helper.totalUsage()).toMatchObject({ prompt_tokens: 1_800, completion_tokens: 3_400 });
    expect((await helper.finalChatCompletion()).choices[0]?.message.content).toBe('one two');
  });

  it('gets no chunk without choices that it did not ask for', async () => {
    const chunks = await all(await openai.chat.completions.create({ ...chat, stream: true }));
    expect(chunks.every(({ choices }) => choices.length === 1)).toBe(true);
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop');
    expect(await charged()).toBe(15_600);
  });

  it('reads it in Responses', async () => {
    const { usage, output_text } = await openai.responses.create({ model: 'gpt-5-mini', input: 'hi' });
    expect(usage).toMatchObject({ input_tokens: 1_800, output_tokens: 3_400, ...TOLD });
    expect(output_text).toBe('one two');
    expect(await charged()).toBe(15_600);
  });

  it('reads it in response.completed', async () => {
    const stream = openai.responses.stream({ model: 'gpt-5-mini', input: 'hi' });
    const events = await all(stream);
    const told = events.filter((event) => JSON.stringify(event).includes('charged_quota_tokens'));
    expect(told).toMatchObject([{ type: 'response.completed', response: { usage: TOLD } }]);
    expect((await stream.finalResponse()).usage).toMatchObject({ input_tokens: 1_800, ...TOLD });
    expect(await charged()).toBe(15_600);
  });

  it('reads it in completions, whole and as a stream', async () => {
    const asked = { model: 'gpt-3.5-turbo-instruct', prompt: 'hi' };
    expect((await openai.completions.create(asked)).usage).toMatchObject(TOLD);
    expect(await charged()).toBe(15_600);
    const stream = { ...asked, stream: true, stream_options: { include_usage: true } } as const;
    const chunks = await all(await openai.completions.create(stream));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: TOLD });
    expect(await charged()).toBe(15_600);
  });

  it('reads it in embeddings', async () => {
    const { usage, data } = await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'hi' });
    const row = await newestRow(bench);
    expect(usage).toMatchObject({ route_multiplier: 'x3', charged_quota_tokens: 3 * usage.prompt_tokens });
    expect(row.chargedTokens).toBe(3 * usage.prompt_tokens);
    expect(data[0]?.embedding.length).toBeGreaterThan(0);
    expect(await charged()).toBe(row.chargedTokens);
  });
});

describe('the Anthropic SDK', () => {
  const asked = { model: 'claude-haiku-4-5', max_tokens: 4_000, messages: MESSAGES };

  it('reads it in a message', async () => {
    const { usage, content } = await anthropic.messages.create(asked);
    expect(usage).toMatchObject({ input_tokens: 1_800, output_tokens: 3_400, ...TOLD });
    expect(content).toMatchObject([{ type: 'text', text: 'one two' }]);
    expect(await charged()).toBe(15_600);
  });

  it('reads it in message_delta, and no other event has it', async () => {
    const events = await all(await anthropic.messages.create({ ...asked, stream: true }));
    const told = events.filter((event) => JSON.stringify(event).includes('charged_quota_tokens'));
    expect(told).toMatchObject([{ type: 'message_delta', usage: { output_tokens: 3_400, ...TOLD } }]);
    expect(events.at(-1)?.type).toBe('message_stop');
    expect(await charged()).toBe(15_600);
    const message = await anthropic.messages.stream(asked).finalMessage();
    expect(message.usage).toMatchObject({ input_tokens: 1_800, output_tokens: 3_400 });
    expect(message.stop_reason).toBe('end_turn');
  });
});

describe('an answer as a provider wrote it', () => {
  const WHOLE =
    '{ "id":"x", "choices" : [{"index":0,"message":{"role":"assistant","content":"gr\\u00fc\\u00df"},"finish_reason":"stop"}],\n  "usage": {"prompt_tokens" : 10, "completion_tokens":2,"odd":12345678901234567890}, "e":1e2 }\n';
  const before =
    ': hello\r\n\r\ndata: {"choices":[{"index":0,"delta":{"content":"a \\"usage\\": {}"},"finish_reason":null}] , "usage":null}\r\n\r\n' +
    'data:{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\r\n\r\n';
  const usage = (added: string) =>
    `id: 7\r\ndata: {"choices":[],"usage": {"prompt_tokens" : 10, "completion_tokens":2${added}} }\r\n\r\n`;
  const STREAM = (added = '') => `${before}${usage(added)}: bye\r\n\r\ndata: [DONE]\r\n\r\n`;
  const ADDED = ',"route_multiplier":"x1","charged_quota_tokens":12';

  async function odd(): Promise<(key: string, stream: boolean) => Promise<string>> {
    const server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const isStream = JSON.parse(text).stream === true;
        response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
        response.end(isStream ? STREAM() : WHOLE);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const model = `odd-${port}`;
    await bench.gateway.publish({ port, url: `http://127.0.0.1:${port}` } as Provider, [model]);
    return async (key, stream) => {
      const response = await fetch(`${bench.gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify({ model, messages: MESSAGES, stream, stream_options: { include_usage: true } }),
      });
      return response.text();
    };
  }

  it('reaches a member who is not prepaid byte for byte', async () => {
    const ask = await odd();
    const { key: standard } = await bench.gateway.member();
    for (const key of [bench.gateway.key, standard]) {
      expect(await ask(key, false)).toBe(WHOLE);
      expect(await ask(key, true)).toBe(STREAM());
    }
  });

  it('reaches a prepaid one, and whoever pays by token, with two members more and nothing else changed', async () => {
    const ask = await odd();
    const { id, key: payPerToken } = await bench.gateway.member({}, { kind: 'pay_per_token' });
    await bench.gateway.admin('POST', `/members/${id}/grants`, { tokens: 100_000 });
    for (const key of [member.key, payPerToken]) {
      expect(await ask(key, false)).toBe(WHOLE.replace('890}', `890${ADDED}}`));
      expect(await ask(key, true)).toBe(STREAM(ADDED));
    }
  });

  it('tells no tokens where money pays, as none are charged', async () => {
    const ask = await odd();
    const { id, key } = await bench.gateway.member({ prepaid: true });
    await bench.gateway.admin('POST', `/members/${id}/grants`, { micros: 100_000 });
    expect(JSON.parse(await ask(key, false)).usage).toMatchObject({
      route_multiplier: 'x1',
      charged_quota_tokens: 0,
    });
  });
});
