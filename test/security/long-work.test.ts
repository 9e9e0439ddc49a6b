/** One request must not hold up all others: what is done with a body or an answer grows with its length, no faster. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** Each takes under a second; where the work grew with the square of the length, each took more than half a minute. */
const LIMIT_MS = 15_000;

let gateway: TestGateway;
let answer: { type: string; body: string };
const provider = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.setHeader('content-type', answer.type).end(answer.body));
});

beforeAll(async () => {
  gateway = await startGateway();
  await new Promise<void>((resolve) => void provider.listen(0, '127.0.0.1', resolve));
  const { port } = provider.address() as AddressInfo;
  const at = { url: `http://127.0.0.1:${port}`, port };
  await gateway.publish(at as never, ['chat-model']);
  await gateway.publish(at as never, ['claude-model'], { kind: 'anthropic-compatible', name: 'other' });
});
afterAll(async () => {
  provider.close();
  await gateway[Symbol.asyncDispose]();
});

const CHAT = {
  type: 'application/json',
  body: '{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}',
};
const CLAUDE = {
  type: 'application/json',
  body: '{"id":"m","type":"message","role":"assistant","model":"x","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}',
};
const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(',');
const user = '{"role":"user","content":"hi"}';
const NUMBER = `0.1${'0'.repeat(400_000)}1`;

async function timed(path: string, body: string): Promise<number> {
  const begun = performance.now();
  expect((await gateway.post(path, body)).status).toBe(200);
  return performance.now() - begun;
}

describe('a body', () => {
  it.each([
    ['a number of many digits', `"temperature":${NUMBER},"messages":[${user}]`],
    ['turns of one role', `"messages":[${many(64_000, () => user)}]`],
    ['instructions', `"messages":[${many(64_000, () => '{"role":"system","content":"hi"}')},${user}]`],
    [
      'calls, their results the other way round',
      `"messages":[${user},{"role":"assistant","tool_calls":[${many(20_000, (index) => `{"id":"c${index}","type":"function","function":{"name":"f","arguments":"{}"}}`)}]},${many(20_000, (index) => `{"role":"tool","tool_call_id":"c${19_999 - index}","content":"x"}`)}]`,
    ],
  ])(
    'of %s is translated at once',
    async (_, text) => {
      answer = CLAUDE;
      const body = `{"model":"claude-model","max_tokens":9,${text}}`;
      expect(await timed('/v1/chat/completions', body)).toBeLessThan(LIMIT_MS);
    },
    120_000,
  );

  it('of a message with more parts than a call can have arguments', async () => {
    answer = CLAUDE;
    const parts = many(200_000, () => '{"type":"input_text","text":"a"}');
    const input = `[${user},{"role":"user","content":[${parts}]}]`;
    expect(await timed('/v1/responses', `{"model":"claude-model","input":${input}}`)).toBeLessThan(LIMIT_MS);
  }, 120_000);
});

describe('an answer', () => {
  const asked = `{"model":"chat-model","max_tokens":9,"messages":[${user}]`;

  it('with a number of many digits', async () => {
    answer = { ...CHAT, body: CHAT.body.replace('"id"', `"created":${NUMBER},"id"`) };
    expect(await timed('/v1/messages', `${asked}}`)).toBeLessThan(LIMIT_MS);
  }, 120_000);

  it('with tens of thousands of calls', async () => {
    const call = (index: number) =>
      `{"index":${index},"id":"c${index}","function":{"name":"f","arguments":"{}"}}`;
    const chunk = `{"id":"x","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"tool_calls":[${many(20_000, call)}]},"finish_reason":"tool_calls"}]}`;
    answer = { type: 'text/event-stream', body: `data: ${chunk}\n\ndata: [DONE]\n\n` };
    expect(await timed('/v1/messages', `${asked},"stream":true}`)).toBeLessThan(LIMIT_MS);
  }, 120_000);
});
