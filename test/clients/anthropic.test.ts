import Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import type { MessageParam, Tool, Usage } from '@anthropic-ai/sdk/resources/messages';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { collect } from '../support/provider/collect.ts';
import { signatureFor } from '../support/provider/proof.ts';
import { reply } from '../support/provider/reply.ts';
import { FULL_USAGE, FULL_USAGE_ROW, lastRequest, newestRow, PIXEL, useBench } from './support.ts';

const bench = useBench();
let client: Anthropic;
let direct: Anthropic;

beforeAll(() => {
  const common = { authToken: null, maxRetries: 0 };
  client = new Anthropic({ ...common, baseURL: `${bench.gateway.url}/api`, apiKey: bench.gateway.key });
  direct = new Anthropic({ ...common, baseURL: bench.anthropic.url, apiKey: 'sk-provider' });
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

/** What the audit row must say when the SDK reports this: Anthropic's input leaves cached tokens out. */
function asRow(usage: Usage): object {
  const cachedTokens = usage.cache_read_input_tokens ?? 0;
  return {
    inputTokens: usage.input_tokens + cachedTokens + (usage.cache_creation_input_tokens ?? 0),
    outputTokens: usage.output_tokens,
    cachedTokens,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
    estimated: false,
  };
}

describe('messages', () => {
  it('come as from the provider itself, with parallel tools, thinking and usage', async () => {
    bench.anthropic.script(FULL_TURN);
    const message = await client.messages.create({ ...asked, tools, thinking });
    expect(message).toEqual(await direct.messages.create({ ...asked, tools, thinking }));
    expect(message.content.map((block) => block.type)).toEqual(['thinking', 'text', 'tool_use', 'tool_use']);
    expect(message.usage).toMatchObject({ input_tokens: 100, cache_read_input_tokens: 600 });
    const row = await newestRow(bench);
    expect(row).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(message.usage), endpoint: 'messages' });
    expect(row.requestId).toBe(message._request_id);
    expect(row.costMicros).toBeGreaterThan(0);
  });

  it('stream event by event as from the provider itself', async () => {
    bench.anthropic.script(reply.keepAlives(FULL_TURN));
    const body = { ...asked, tools, thinking, stream: true } as const;
    const events = await collect(await client.messages.create(body));
    expect(events).toEqual(await collect(await direct.messages.create(body)));
    expect(events.at(-1)?.type).toBe('message_stop');
    expect(await newestRow(bench)).toMatchObject({ ...FULL_USAGE_ROW, streamed: true });
  });

  it('of the stream helper add up to the final message', async () => {
    bench.anthropic.script(FULL_TURN);
    const stream = client.messages.stream({ ...asked, tools, thinking });
    const deltas: string[] = [];
    stream.on('text', (delta) => deltas.push(delta));
    const message = await stream.finalMessage();
    expect(deltas.join('')).toBe('Grüße, a moment 💡');
    expect(message.content).toMatchObject([
      { type: 'thinking', thinking: 'let me see 💭', signature: signatureFor('let me see 💭') },
      { type: 'text' },
      { type: 'tool_use', id: 'toolu_0', name: 'get_weather', input: { city: 'São Paulo' } },
      { type: 'tool_use', id: 'toolu_of_its_own', name: 'get_time', input: { zone: 'UTC' } },
    ]);
    const row = await newestRow(bench);
    expect(row).toMatchObject({ ...FULL_USAGE_ROW, ...asRow(message.usage) });
    expect(stream.request_id).toBe(row.requestId);
  });

  it.each([
    ['refusal', { finish: 'content_filter' as const }],
    ['max_tokens', { finish: 'length' as const }],
    ['stop_sequence', { finish: 'stop_sequence' as const, stopSequence: 'END' }],
    ['pause_turn', { finish: 'pause_turn' as const }],
  ])('tell why they end: %s', async (stop_reason, finish) => {
    bench.anthropic.script(reply.text('so', finish));
    expect(await client.messages.stream(asked).finalMessage()).toMatchObject({ stop_reason });
    expect(await client.messages.create(asked)).toMatchObject({ stop_reason });
  });

  it('are parsed into the form asked for', async () => {
    bench.anthropic.script(reply.text('{"city":"Bern"}'));
    const format = zodOutputFormat(z.object({ city: z.string() }));
    const message = await client.messages.parse({ ...asked, output_config: { format } });
    expect(message.parsed_output).toEqual({ city: 'Bern' });
    expect(lastRequest(bench.anthropic).json).toMatchObject({
      output_config: { format: { type: 'json_schema' } },
    });
  });
});

describe('requests', () => {
  it('carry system blocks, cache marks and pictures through unchanged', async () => {
    const cache_control = { type: 'ephemeral' as const, ttl: '1h' as const };
    const sent = {
      ...asked,
      system: [
        { type: 'text' as const, text: 'x-billing: the first block stays the first' },
        { type: 'text' as const, text: 'Be brief.', cache_control },
      ],
      messages: [
        {
          role: 'user' as const,
          content: [
            {
              type: 'image' as const,
              source: { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL },
            },
            { type: 'text' as const, text: 'What is this?', cache_control: { type: 'ephemeral' as const } },
          ],
        },
      ],
      metadata: { user_id: '{"device":"d"}' },
    };
    await client.messages.create(sent);
    expect(lastRequest(bench.anthropic).body.toString()).toBe(JSON.stringify(sent));
  });

  it('of the beta API keep their header, query and fields', async () => {
    const beta = client.withOptions({ defaultQuery: { beta: 'true' } });
    await beta.beta.messages.create({
      ...asked,
      messages: [{ role: 'user', content: 'hi' }],
      betas: ['context-management-2025-06-27', 'interleaved-thinking-2025-05-14'],
      context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
    });
    const { headers, query, json } = lastRequest(bench.anthropic);
    expect(headers['anthropic-beta']).toBe('context-management-2025-06-27,interleaved-thinking-2025-05-14');
    expect(query).toBe('?beta=true');
    expect(json).toMatchObject({ context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] } });
  });

  it('keep the version the SDK speaks, and never the local key', async () => {
    await client.messages.create(asked);
    await direct.messages.create(asked);
    const [through, straight] = bench.anthropic.requests.slice(-2);
    expect(through?.headers['anthropic-version']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(through?.headers['anthropic-version']).toBe(straight?.headers['anthropic-version']);
    expect(through?.headers['x-api-key']).toBe('sk-provider');
    expect(through?.headers.authorization).toBeUndefined();
    expect(through?.rawHeaders.join()).not.toContain('ntl_live_');
  });

  const forms = ['/api', '', '/claudecode', '/v1', '/api/v1'];
  it.each(forms)('work with both forms of the key on the base URL …%s', async (path) => {
    const { url, key } = bench.gateway;
    for (const credentials of [
      { apiKey: key, authToken: null },
      { apiKey: null, authToken: key },
    ]) {
      const other = new Anthropic({ baseURL: url + path, maxRetries: 0, ...credentials });
      expect((await other.messages.create(asked)).content).toMatchObject([{ text: 'ok' }]);
    }
  });

  it('work with the key in x-api-key, as older SDKs send it', async () => {
    const { url, key } = bench.gateway;
    const defaultHeaders = { 'x-api-key': key, authorization: null };
    const old = new Anthropic({ baseURL: `${url}/api`, apiKey: 'unused', authToken: null, defaultHeaders });
    expect((await old.messages.create(asked)).content).toMatchObject([{ text: 'ok' }]);
  });
});

describe('the built-in echo', () => {
  it.each([false, true])('answers with its usage on the row (streamed: %s)', async (stream) => {
    const body = { ...asked, model: 'ntl/echo' };
    const message = await (stream
      ? client.messages.stream(body).finalMessage()
      : client.messages.create(body));
    expect(message.content).toMatchObject([{ type: 'text', text: 'hi' }]);
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(await newestRow(bench)).toMatchObject({ status: 200, ...asRow(message.usage) });
  });
});
