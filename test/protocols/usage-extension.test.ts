import { describe, expect, it } from 'vitest';
import { NO_TOKENS } from '../../gateway/protocols/usage.ts';
import { chargeInAnswer, chargeInEvents, withChargeChunk } from '../../gateway/protocols/usage-extension.ts';

const CHARGE = {
  routeMultiplier: 'x3',
  chargedQuotaTokens: 15_600,
  usage: { ...NO_TOKENS, inputTokens: 1_800, outputTokens: 3_400 },
};
const ADDED = '"route_multiplier":"x3","charged_quota_tokens":15600';

const inAnswer = (endpoint: Parameters<typeof chargeInAnswer>[0], body: string) =>
  chargeInAnswer(endpoint, Buffer.from(body), CHARGE).toString();
const inEvents = (endpoint: Parameters<typeof chargeInEvents>[0], events: string) =>
  chargeInEvents(endpoint, Buffer.from(events), CHARGE)?.toString();

describe('an answer in one piece', () => {
  it('keeps every byte but for what is added', () => {
    const body =
      '{ "usage" : {"prompt_tokens":1800 , "x": 12345678901234567890.10} ,\n "choices":[{"usage":{}}], "e":1e2}';
    expect(inAnswer('chat', body)).toBe(
      `{ "usage" : {"prompt_tokens":1800 , "x": 12345678901234567890.10,${ADDED}} ,\n "choices":[{"usage":{}}], "e":1e2}`,
    );
  });

  it('tells its own figures where the provider told such', () => {
    const body = '{"usage":{"charged_quota_tokens":1,"route_multiplier":"x9","n":2}}';
    expect(inAnswer('messages', body)).toBe(
      '{"usage":{"charged_quota_tokens":15600,"route_multiplier":"x3","n":2}}',
    );
    expect(inAnswer('messages', '{"usage":{}}')).toBe(`{"usage":{${ADDED}}}`);
  });

  it.each([
    ['chat', { prompt_tokens: 1_800, completion_tokens: 3_400, total_tokens: 5_200 }],
    ['completions', { prompt_tokens: 1_800, completion_tokens: 3_400, total_tokens: 5_200 }],
    ['embeddings', { prompt_tokens: 1_800, total_tokens: 1_800 }],
    ['messages', { input_tokens: 1_800, output_tokens: 3_400 }],
    ['responses', { input_tokens: 1_800, output_tokens: 3_400, total_tokens: 5_200 }],
  ] as const)('of %s tells by what it was charged where the provider told no usage', (endpoint, usage) => {
    for (const body of ['{}', '{"usage":null}']) {
      expect(JSON.parse(inAnswer(endpoint, body)).usage).toMatchObject({
        ...usage,
        ...{ route_multiplier: 'x3', charged_quota_tokens: 15_600 },
      });
    }
  });
});

describe('a stream', () => {
  it('changes in the last event that tells usage alone', () => {
    const first = 'data: {"choices":[{"delta":{"content":"\\"usage\\":{}"}}],"usage":{"n":1}}\n\n';
    const usage = (added: string) => `id: 7\ndata: {"choices":[],"usage":{"n":2${added}}}\n\n`;
    const rest = ': bye\n\ndata: [DONE]\n\n';
    expect(inEvents('chat', first + usage('') + rest)).toBe(first + usage(`,${ADDED}`) + rest);
  });

  it('keeps how lines end, and makes one line of data in several', () => {
    const before =
      'event: message_delta\r\ndata: {"type": "message_delta",\r\ndata:"usage":{"n":1}}\r\nid: 4\r\n\r\n';
    expect(inEvents('messages', before)).toBe(
      `event: message_delta\r\ndata: {"type": "message_delta", "usage":{"n":1,${ADDED}}}\r\nid: 4\r\n\r\n`,
    );
  });

  it('of Messages is told in message_delta, not in message_start', () => {
    const start = 'data: {"type":"message_start","message":{"usage":{"input_tokens":4}}}\n\n';
    expect(inEvents('messages', start)).toBeUndefined();
    const delta = 'data: {"type":"message_delta","delta":{}}\n\n';
    const told = inEvents('messages', start + delta) as string;
    expect(told.startsWith(start)).toBe(true);
    expect(JSON.parse(told.slice(start.length + 6)).usage).toMatchObject({ charged_quota_tokens: 15_600 });
  });

  it.each(['completed', 'incomplete'])('of Responses is told within response.%s', (status) => {
    const event = (usage: string) =>
      `event: response.${status}\ndata: {"type":"response.${status}","response":{"id":"r","usage":${usage}},"sequence_number":9}\n\n`;
    expect(inEvents('responses', event('{"input_tokens":1}'))).toBe(event(`{"input_tokens":1,${ADDED}}`));
    const told = JSON.parse((inEvents('responses', event('null')) ?? '').split('data: ')[1] as string);
    expect(told.response.usage).toMatchObject({ input_tokens: 1_800, charged_quota_tokens: 15_600 });
  });

  it('without usage gets a chunk of its own before the end mark', () => {
    const finish = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n';
    expect(inEvents('chat', `${finish}data: [DONE]\n\n`)).toBeUndefined();
    for (const before of ['', finish]) {
      const made = withChargeChunk(Buffer.from(`${before}data: [DONE]\n\n`), { id: 'c' }, CHARGE).toString();
      expect(made.startsWith(`${before}data: {"id":"c","choices":[],"usage":{"prompt_tokens":1800,`)).toBe(
        true,
      );
      expect(made.endsWith(`${ADDED}}}\n\ndata: [DONE]\n\n`)).toBe(true);
    }
  });

  it('survives what is no JSON', () => {
    expect(inEvents('chat', 'data: {"usage":\n\ndata: [1]\n\n: x\n\n')).toBeUndefined();
    expect(inEvents('responses', 'data: {"type":"response.completed","response":null}\n\n')).toBeUndefined();
  });
});
