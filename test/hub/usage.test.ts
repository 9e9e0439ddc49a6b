/** Tokens: what the client is told, what the audit row holds, and what it costs. All three agree. */
import { beforeEach, describe, expect, it } from 'vitest';
import { cataloguePrice } from '../../gateway/catalogue/prices.ts';
import { reply } from '../support/provider/reply.ts';
import type { ScriptedUsage } from '../support/provider/turn.ts';
import { until } from '../support/until.ts';
import { newestRow, PAIRS, resetScripts, settledRow, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { said } from './reading/said.ts';

const bench = useHub();
beforeEach(() => resetScripts(bench));

const USAGES: Readonly<Record<string, ScriptedUsage>> = {
  plain: { input: 1_000, output: 200 },
  'cached and reasoned': { input: 50_000, output: 2_000, cached: 42_000, reasoning: 1_500 },
  'written to the cache': { input: 50_000, output: 2_000, cached: 10_000, cacheWrite: 30_000 },
  'written for an hour': {
    input: 50_000,
    output: 2_000,
    cached: 10_000,
    cacheWrite: 30_000,
    cacheWrite1h: 20_000,
  },
  'cached as a whole': { input: 7_000, output: 1, cached: 7_000 },
};

/** By the kind of provider, as it is priced; the chat seat's kind has no price. */
const PRICED: Readonly<Record<Protocol, readonly [provider: string, model: string] | null>> = {
  'openai-chat': null,
  'openai-responses': ['openai', 'gpt-5-mini'],
  'anthropic-messages': ['anthropic', 'claude-sonnet-4-6'],
};

/** An hour in the cache costs twice the input (https://platform.claude.com/docs/en/build-with-claude/prompt-caching). */
function costOf(provider: Protocol, usage: ScriptedUsage): number {
  const priced = PRICED[provider];
  const price = priced && cataloguePrice(...priced);
  if (price === null) return 0;
  const { input, output, cached = 0, cacheWrite = 0, cacheWrite1h = 0 } = usage;
  const hour = provider === 'anthropic-messages' ? cacheWrite1h : 0;
  const micros =
    (input - cached - cacheWrite) * price.input +
    cached * (price.cacheRead ?? price.input) +
    (cacheWrite - hour) * (price.cacheWrite ?? price.input) +
    hour * price.input * 2 +
    output * price.output;
  return Math.round(micros / 1_000_000);
}

const ask = (client: Protocol, provider: Protocol, fields: object) =>
  exchange(bench, client, bench.seats[provider], {
    ...(client === 'openai-chat' ? { stream_options: { include_usage: true } } : {}),
    ...fields,
  });

const whole = { stream: false, stream_options: undefined };

describe.each(PAIRS)('a client of %s at a provider of %s', (client, provider) => {
  it.each(Object.keys(USAGES))('%s', async (name) => {
    const usage = USAGES[name] as ScriptedUsage;
    const { input, output, cached = 0, cacheWrite = 0, reasoning = 0 } = usage;
    bench.seats[provider].provider.script(reply.text('so', { usage }));
    for (const fields of [{ stream: true }, whole]) {
      const answer = await ask(client, provider, fields);
      expect(said(client, answer).usage).toEqual({ input, output, cached, written: cacheWrite, reasoning });
      expect(await newestRow(bench)).toMatchObject({
        inputTokens: input,
        outputTokens: output,
        cachedTokens: cached,
        reasoningTokens: reasoning,
        chargedTokens: input + output,
        estimated: false,
        costMicros: costOf(provider, usage),
      });
    }
  });

  it('a stream that is left: what was told of the input, and what came of the output', async () => {
    const usage = { input: 9_000, output: 500, cached: 4_000 };
    const seat = bench.seats[provider];
    const text = Array.from({ length: 40 }, (_, index) => `word${index}`);
    seat.provider.script(reply.gated(reply.text(text, { usage })));
    const { path, body } = bench.clients[client].raw({
      model: seat.model,
      text: 'hi '.repeat(400),
      stream: true,
    });
    const before = seat.provider.requests.length;
    const leaving = new AbortController();
    const asking = fetch(bench.gateway.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bench.gateway.key}` },
      body: JSON.stringify(body),
      signal: leaving.signal,
    });
    const request = await until('the request', () => seat.provider.requests[before]);
    await request.release(24);
    const reader = (await asking).body?.pipeThrough(new TextDecoderStream()).getReader();
    let read = '';
    while (!read.includes('word15')) read += (await reader?.read())?.value ?? '';
    leaving.abort();
    expect(await request.aborted).toBe(true);
    const row = await settledRow(bench, 499);
    expect(row).toMatchObject({ code: 'client_closed', estimated: true });
    if (provider === 'anthropic-messages')
      expect(row).toMatchObject({ inputTokens: 9_000, cachedTokens: 4_000 });
    else expect(row.inputTokens).toBeGreaterThan(250);
    // 16 words or more of 5 letters and a digit or two: some 24 tokens by 4 bytes each.
    expect(row.outputTokens).toBeGreaterThanOrEqual(20);
    expect(row.outputTokens).toBeLessThan(100);
    expect(row.costMicros > 0).toBe(PRICED[provider] !== null);
  });

  it('a stream that the provider broke off: counted as far as it came, charged to nobody', async () => {
    bench.seats[provider].provider.script(reply.cut(reply.text('one two three four five six')));
    await ask(client, provider, { stream: true });
    const row = await settledRow(bench, 502);
    expect(row).toMatchObject({ estimated: true, chargedTokens: 0 });
    expect(row.inputTokens).toBeGreaterThan(0);
    expect(row.outputTokens).toBeGreaterThan(0);
  });
});

// Anthropic's protocol knows no answer without usage.
describe.each(PAIRS.filter(([, provider]) => provider !== 'anthropic-messages'))(
  'a client of %s at a provider of %s',
  (client, provider) => {
    it('where the provider tells none: an estimate of all that was sent and said', async () => {
      const text = 'about forty letters of text, more or less';
      bench.seats[provider].provider.script(reply.text(text, { usage: null }));
      for (const fields of [{ stream: true }, whole]) {
        await ask(client, provider, fields);
        const row = await newestRow(bench);
        expect(row.estimated).toBe(true);
        expect(row.inputTokens).toBeGreaterThan(0);
        expect(row.outputTokens).toBeGreaterThanOrEqual(10);
        expect(row.costMicros > 0).toBe(PRICED[provider] !== null);
      }
    });
  },
);

describe('the split of the cache', () => {
  it('for an hour and for five minutes is told to a client of Anthropic’s protocol', async () => {
    const usage = USAGES['written for an hour'] as ScriptedUsage;
    bench.seats['anthropic-messages'].provider.script(reply.text('so', { usage }));
    const split = { ephemeral_5m_input_tokens: 10_000, ephemeral_1h_input_tokens: 20_000 };
    const { json } = await ask('anthropic-messages', 'anthropic-messages', whole);
    expect(json.usage.cache_creation).toEqual(split);
  });
});
