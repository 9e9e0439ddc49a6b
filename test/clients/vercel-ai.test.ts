import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  embedMany,
  generateText,
  type LanguageModel,
  type LanguageModelUsage,
  Output,
  stepCountIs,
  streamText,
  tool,
} from 'ai';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect } from '../support/provider/collect.ts';
import type { Provider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import {
  arrival,
  FULL_USAGE,
  FULL_USAGE_ROW,
  lastRequest,
  limitRequests,
  newestRow,
  PIXEL,
  settledRow,
  useBench,
} from './support.ts';

const bench = useBench();

interface Client {
  model(id?: string, key?: string): LanguageModel;
  provider(): Provider;
  path: string;
  /** This protocol can tell reasoning as text that the provider package understands. */
  reasons: boolean;
}

const settings = (key = bench.gateway.key) => ({ baseURL: `${bench.gateway.url}/api/v1`, apiKey: key });
const compatible = (key?: string) =>
  createOpenAICompatible({
    ...settings(key),
    name: 'gateway',
    includeUsage: true,
    supportsStructuredOutputs: true,
  });

const CLIENTS: Record<string, Client> = {
  '@ai-sdk/openai, Responses': {
    model: (id = 'gpt-5-mini', key) => createOpenAI(settings(key))(id),
    provider: () => bench.openai,
    path: '/v1/responses',
    reasons: true,
  },
  '@ai-sdk/openai, Chat Completions': {
    model: (id = 'gpt-4o', key) => createOpenAI(settings(key)).chat(id),
    provider: () => bench.openai,
    path: '/v1/chat/completions',
    reasons: false,
  },
  '@ai-sdk/anthropic': {
    model: (id = 'claude-haiku-4-5', key) => createAnthropic(settings(key))(id),
    provider: () => bench.anthropic,
    path: '/v1/messages',
    reasons: true,
  },
  '@ai-sdk/openai-compatible': {
    model: (id = 'gpt-4o', key) => compatible(key)(id),
    provider: () => bench.openai,
    path: '/v1/chat/completions',
    reasons: true,
  },
};

/** What the audit row must say when the SDK reports this. */
function asRow(usage: LanguageModelUsage): object {
  return {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    cachedTokens: usage.inputTokenDetails.cacheReadTokens ?? 0,
    reasoningTokens: usage.outputTokenDetails.reasoningTokens ?? 0,
    estimated: false,
  };
}

beforeAll(() => {
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
});

describe.each(Object.entries(CLIENTS))('%s', (_, { model, provider, path, reasons }) => {
  const once = { maxRetries: 0 };
  const silent = { onError: () => undefined };

  it('generates text', async () => {
    provider().script(reply.text('Grüße 💡', { thinking: 'hm', usage: FULL_USAGE }));
    const result = await generateText({ ...once, model: model(), system: 'Be brief.', prompt: 'hi' });
    expect(result.text).toBe('Grüße 💡');
    if (reasons) expect(result.reasoningText).toBe('hm');
    expect(lastRequest(provider()).path).toBe(path);
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(result.usage) });
  });

  it('streams text', async () => {
    provider().script(reply.text('Grüße an alle 💡', { thinking: 'hm', usage: FULL_USAGE }));
    const result = streamText({ ...once, model: model(), prompt: 'hi' });
    expect(await collect(result.textStream)).toEqual(['Grüße', ' an', ' alle', ' 💡']);
    expect(await result.finishReason).toBe('stop');
    expect(await newestRow(bench)).toMatchObject({
      ...FULL_USAGE_ROW,
      ...asRow(await result.usage),
      streamed: true,
    });
  });

  const seen: string[] = [];
  const tools = Object.fromEntries(
    ['get_weather', 'get_time'].map((name) => [
      name,
      tool({
        description: `Answers ${name}.`,
        inputSchema: z.object({ place: z.string() }),
        execute: async ({ place }) => {
          seen.push(`${name} ${place}`);
          return `result of ${name}`;
        },
      }),
    ]),
  );
  const calls = [
    { name: 'get_weather', input: { place: 'Bern' } },
    { name: 'get_time', input: { place: 'Rome' } },
  ];

  it.each([false, true])('runs tools in a loop, in parallel (streamed: %s)', async (stream) => {
    seen.length = 0;
    provider().script(
      reply.tools(calls, { text: 'A moment.', thinking: 'hm', usage: FULL_USAGE }),
      reply.text('It rains.', { usage: { input: 1_100, output: 9, cached: 900 } }),
    );
    const asked = { ...once, model: model(), prompt: 'hi', tools, stopWhen: stepCountIs(3) };
    const result = stream ? streamText(asked) : await generateText(asked);
    expect(await result.text).toBe('It rains.');
    expect(seen).toEqual(['get_weather Bern', 'get_time Rome']);
    const steps = await result.steps;
    expect(steps).toHaveLength(2);
    const sent = lastRequest(provider()).body.toString();
    for (const name of ['get_weather', 'get_time']) expect(sent).toContain(`result of ${name}`);
    const [later, earlier] = await bench.gateway.rows();
    expect(earlier).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(steps[0]?.usage as LanguageModelUsage) });
    expect(later).toMatchObject(asRow(steps[1]?.usage as LanguageModelUsage));
    expect(later).toMatchObject({ inputTokens: 1_100, outputTokens: 9, cachedTokens: 900 });
  });

  it('makes objects', async () => {
    provider().script(reply.text('{"city":"Bern","people":3}', { usage: FULL_USAGE }));
    const output = Output.object({ schema: z.object({ city: z.string(), people: z.number() }) });
    const result = await generateText({ ...once, model: model(), prompt: 'hi', output });
    expect(result.output).toEqual({ city: 'Bern', people: 3 });
    expect(lastRequest(provider()).body.toString()).toContain('"json_schema"');
    expect(await newestRow(bench)).toMatchObject(asRow(result.usage));
  });

  it('sends pictures', async () => {
    const file = { type: 'file' as const, mediaType: 'image/png', data: PIXEL };
    await generateText({ ...once, model: model(), messages: [{ role: 'user', content: [file] }] });
    expect(lastRequest(provider()).body.toString()).toContain(PIXEL);
  });

  it('raises refusals in the provider’s words', async () => {
    provider().script(reply.status(400, { message: 'prompt is too long: 250000 tokens > 200000 maximum' }));
    const error = await generateText({ ...once, model: model(), prompt: 'hi' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(APICallError);
    expect(error).toMatchObject({ statusCode: 400, isRetryable: false });
    expect(error).toMatchObject({ message: 'prompt is too long: 250000 tokens > 200000 maximum' });
    const row = await newestRow(bench);
    expect(row).toMatchObject({ status: 400, outputTokens: 0 });
    expect((error as APICallError).responseHeaders?.['x-request-id']).toBe(row.requestId);
  });

  it('raises refusals of the gateway, and may retry those of the minute', async () => {
    const { id, key } = await bench.gateway.member();
    await limitRequests(bench, id, 60);
    const asked = { ...once, model: model(undefined, key), prompt: 'hi' };
    await generateText(asked);
    const error = await generateText(asked).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ statusCode: 429, isRetryable: true });
    expect((error as APICallError).message).toContain('The limit of 1 request in 60 seconds is used up');
    expect(Number((error as APICallError).responseHeaders?.['retry-after'])).toBeGreaterThan(0);
  });

  it('raises broken streams as errors', async () => {
    provider().script(reply.cut(reply.text('one two three')));
    const result = streamText({ ...once, ...silent, model: model(), prompt: 'hi' });
    const parts = await collect(result.fullStream);
    expect(parts.map((part) => part.type)).toContain('error');
    expect(JSON.stringify(parts.find((part) => part.type === 'error'))).toContain(
      'before the answer was complete',
    );
    expect(await newestRow(bench)).toMatchObject({ status: 502, code: 'upstream_error' });
  });

  it('stops the provider when it is stopped, and is billed', async () => {
    provider().script(reply.gated(reply.text('one two three four five six')));
    const stop = new AbortController();
    const asked = { ...once, ...silent, model: model(), prompt: 'hi', abortSignal: stop.signal };
    const { request, sent } = await arrival(provider(), async () => {
      const types = new Set<string>();
      for await (const { type } of streamText(asked).fullStream) {
        types.add(type);
        if (type === 'text-delta') stop.abort();
      }
      return types;
    });
    await request.release(6);
    expect([...(await sent)]).toContain('abort');
    expect(await request.aborted).toBe(true);
    const row = await settledRow(bench, 499);
    expect(row).toMatchObject({ code: 'client_closed', estimated: true, streamed: true });
    expect(Math.min(row.inputTokens, row.outputTokens)).toBeGreaterThan(0);
  });

  it('speaks with the built-in echo', async () => {
    const result = streamText({ ...once, model: model('ntl/echo'), prompt: 'hi there' });
    expect(await result.text).toBe('hi there');
    expect(await newestRow(bench)).toMatchObject({ status: 200, ...asRow(await result.usage) });
    const asked = {
      ...once,
      model: model('ntl/echo'),
      prompt: 'call get_time',
      tools,
      stopWhen: stepCountIs(3),
    };
    expect((await generateText(asked)).text).toBe('result of get_time');
  });
});

describe('embeddings', () => {
  it.each([
    ['@ai-sdk/openai', (id: string) => createOpenAI(settings()).embeddingModel(id)],
    ['@ai-sdk/openai-compatible', (id: string) => compatible().embeddingModel(id)],
  ])('of %s', async (_, model) => {
    bench.openai.script(reply.text('', { usage: { input: 12, output: 0 } }));
    const asked = { values: ['first', 'second'], maxRetries: 0 };
    const { embeddings, usage } = await embedMany({ ...asked, model: model('text-embedding-3-small') });
    expect(embeddings.map((vector) => vector.indexOf(1))).toEqual([0, 1]);
    expect(await newestRow(bench)).toMatchObject({
      inputTokens: usage.tokens,
      outputTokens: 0,
      estimated: false,
    });
    expect((await embedMany({ ...asked, model: model('ntl/echo') })).embeddings).toHaveLength(2);
  });
});
