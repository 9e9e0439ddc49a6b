/**
 * What an application's SDK (Vercel's `@ai-sdk/*`, measured against the same scripted providers) loses of a request,
 * rewrites or adds to it; a gateway must not.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { PIXEL } from '../clients/support.ts';
import { startProvider } from '../support/provider/provider.ts';
import { newestRow, resetScripts, useHub } from './bench.ts';
import { exchange, type Protocol } from './exchange.ts';
import { useSeats } from './seats.ts';

const bench = useHub();
const seats = useSeats(bench, {
  sonnet45: { protocol: 'anthropic-messages', kind: 'anthropic', models: ['claude-sonnet-4-5'] },
  kimi: {
    protocol: 'anthropic-messages',
    kind: 'anthropic-compatible',
    models: ['kimi-k3'],
    options: { models: null },
  },
  glm: { protocol: 'openai-responses', kind: 'openai', models: ['my-glm-5'], options: { models: null } },
  claudeOfTomorrow: {
    protocol: 'anthropic-messages',
    kind: 'anthropic',
    models: ['my-claude-9'],
    options: { models: null },
  },
  openaiChat: { protocol: 'openai-chat', kind: 'openai', models: ['gpt-4.1'] },
  fireworks: {
    protocol: 'openai-chat',
    kind: 'fireworks',
    models: ['deepseek-v4'],
    options: { models: null, basePath: '/inference/v1', strict: false },
  },
});
beforeEach(() => resetScripts(bench));

const to = (client: Protocol, provider: Protocol, fields: object) =>
  exchange(bench, client, bench.seats[provider], fields);
const claude = (fields: object) => to('openai-chat', 'anthropic-messages', fields);

const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } };
const asked = (args = '{}') => ({
  role: 'assistant',
  tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: args } }],
});
const user = (content: unknown) => ({ role: 'user', content });

describe('limits and thinking', () => {
  it('an effort leaves the caller’s limit as it is', async () => {
    const { sent } = await exchange(bench, 'openai-chat', seats.sonnet45, {
      reasoning_effort: 'high',
      max_completion_tokens: 4_096,
    });
    expect(sent.max_tokens).toBe(4_096);
    expect(sent.thinking.budget_tokens).toBeLessThan(4_096);
  });

  it('so does a budget, even one above it', async () => {
    const { sent } = await exchange(bench, 'openai-chat', seats.sonnet45, {
      thinking: { type: 'enabled', budget_tokens: 32_000 },
      max_tokens: 10_000,
    });
    expect(sent.max_tokens).toBe(10_000);
    expect(sent.thinking.budget_tokens).toBeLessThan(10_000);
  });

  it('a model on no list is not held to a small answer', async () => {
    const { sent } = await exchange(bench, 'openai-responses', seats.kimi, { reasoning: { effort: 'high' } });
    expect(sent.max_tokens).toBeGreaterThanOrEqual(32_000);
  });

  it('an effort reaches a model on no list', async () => {
    const { sent } = await exchange(bench, 'openai-chat', seats.glm, { reasoning_effort: 'high' });
    expect(sent.reasoning).toEqual({ effort: 'high' });
  });

  it('the name of the limit is the one that the service takes', async () => {
    expect((await to('anthropic-messages', 'openai-chat', { max_tokens: 99 })).sent).toMatchObject({
      max_tokens: 99,
    });
    const openai = await exchange(bench, 'anthropic-messages', seats.openaiChat, { max_tokens: 99 });
    expect(openai.sent).toMatchObject({ max_completion_tokens: 99 });
    expect(openai.sent).not.toHaveProperty('max_tokens');
  });
});

describe('nothing is added', () => {
  it('no summary, no display, no eager streaming, no beta', async () => {
    const { sent } = await claude({
      reasoning_effort: 'high',
      tools: [tool],
      messages: [
        user('hi'),
        { role: 'assistant', content: 'yes' },
        { role: 'system', content: 'rhyme' },
        user('go'),
      ],
    });
    expect(sent.thinking).toEqual({ type: 'adaptive' });
    expect(sent.tools[0]).not.toHaveProperty('eager_input_streaming');
    const headers = bench.seats['anthropic-messages'].provider.requests.at(-1)?.headers ?? {};
    expect(headers).not.toHaveProperty('anthropic-beta');
    const gpt = await to('openai-chat', 'openai-responses', { reasoning_effort: 'high' });
    expect(gpt.sent.reasoning).toEqual({ effort: 'high' });
  });

  it('no credential of the environment', async () => {
    process.env.OPENAI_API_KEY = 'sk-environment';
    process.env.ANTHROPIC_API_KEY = 'sk-environment';
    try {
      await using local = await startProvider({
        credential: null,
        models: null,
      });
      await bench.gateway.publish(local, ['local-model'], { credential: null });
      const { status } = await exchange(bench, 'anthropic-messages', {
        provider: local,
        model: 'local-model',
      });
      const sent = local.requests.at(-1);
      expect([status, sent?.headers.authorization, sent?.headers['x-api-key']]).toEqual([
        200,
        undefined,
        undefined,
      ]);
      expect(JSON.stringify(sent?.rawHeaders)).not.toContain('sk-environment');
    } finally {
      delete process.env.OPENAI_API_KEY;
      delete process.env.ANTHROPIC_API_KEY;
    }
  });

  it('no name of a library in the user agent', async () => {
    await claude({});
    const request = bench.seats['anthropic-messages'].provider.requests.at(-1);
    expect(JSON.stringify(request?.rawHeaders)).not.toMatch(/ai-sdk/);
  });
});

describe('words of tomorrow', () => {
  it('in a closed set of the SDK’s are no fault of the request: passed on, or named', async () => {
    const tier = await to('openai-chat', 'openai-responses', { service_tier: 'priority', verbosity: 'high' });
    expect(tier.sent).toMatchObject({ service_tier: 'priority', text: { verbosity: 'high' } });
    const effort = await claude({ reasoning_effort: 'galactic' });
    expect([effort.status, effort.dropped]).toEqual([200, ['reasoning_effort']]);
  });

  it('and unknown fields are named, not swallowed', async () => {
    const { dropped } = await claude({ moon_phase: 'full', logprobs: true });
    expect(dropped).toEqual(['logprobs', 'moon_phase']);
    expect((await newestRow(bench)).dropped).toBe('logprobs, moon_phase');
  });

  it('unknown parts of a message are named, and the others go on', async () => {
    const { sent, dropped } = await claude({
      messages: [
        user([
          { type: 'hologram', depth: 3 },
          { type: 'text', text: 'hi' },
        ]),
      ],
    });
    expect(sent.messages).toMatchObject([{ content: [{ type: 'text', text: 'hi' }] }]);
    expect(dropped).toEqual(['hologram']);
  });
});

describe('tools', () => {
  it('strictness does not depend on a list of models', async () => {
    const strict = {
      type: 'function',
      function: {
        name: 'look',
        strict: true,
        parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
      },
    };
    expect(
      (await exchange(bench, 'openai-chat', seats.glm, { tools: [strict] })).sent.tools[0],
    ).toMatchObject({ strict: true });
    expect(
      (await exchange(bench, 'openai-chat', seats.claudeOfTomorrow, { tools: [strict] })).sent.tools[0],
    ).toMatchObject({ strict: true });
  });

  it('a call that must be made is still one while the model was to think', async () => {
    const { sent, dropped } = await exchange(bench, 'openai-chat', seats.sonnet45, {
      tools: [tool],
      tool_choice: 'required',
      reasoning_effort: 'high',
      max_completion_tokens: 9_000,
    });
    expect([sent.tool_choice, sent.thinking, dropped]).toEqual([{ type: 'any' }, undefined, ['reasoning']]);
  });

  it('schemas keep every keyword at OpenAI as well', async () => {
    const schema = {
      type: 'object',
      propertyNames: { pattern: '^(?!x)' },
      properties: { a: { allOf: [{ type: 'string' }] } },
    };
    const tools = [{ name: 'look', input_schema: schema }];
    expect((await to('anthropic-messages', 'openai-responses', { tools })).sent.tools[0].parameters).toEqual(
      schema,
    );
    expect(
      (await to('anthropic-messages', 'openai-chat', { tools })).sent.tools[0].function.parameters,
    ).toEqual(schema);
  });

  it('arguments that are no JSON are refused, not wrapped', async () => {
    const fields = {
      tools: [tool],
      messages: [user('hi'), asked('{"a":'), { role: 'tool', tool_call_id: 'a', content: 'x' }],
    };
    expect((await claude(fields)).status).toBe(400);
  });

  it('a failed call is told as one, also with a picture in it', async () => {
    const content = [
      { type: 'text', text: 'no luck' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } },
    ];
    const messages = [
      user('hi'),
      { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'look', input: {} }] },
      user([{ type: 'tool_result', tool_use_id: 'a', content, is_error: true }]),
    ];
    const tools = [{ name: 'look', input_schema: { type: 'object' } }];
    const chat = await to('anthropic-messages', 'openai-chat', { tools, messages });
    expect(chat.sent.messages[2].content).toMatch(/(?:failed|Error).*no luck/s);
    expect(JSON.stringify(chat.sent.messages[3])).toContain(PIXEL);
    const gpt = await to('anthropic-messages', 'openai-responses', { tools, messages });
    expect(gpt.sent.input[2].output).toMatchObject([
      { type: 'input_text', text: 'Error: no luck' },
      { type: 'input_image' },
    ]);
  });
});

describe('messages', () => {
  it('an empty text is no block', async () => {
    const { sent } = await claude({
      messages: [
        user(''),
        user([
          { type: 'text', text: '' },
          { type: 'text', text: 'hi' },
        ]),
      ],
    });
    expect(sent.messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'hi' }] }]);
  });

  it('a PDF by its address and a document of text are no exceptions', async () => {
    const parts = [
      { type: 'document', source: { type: 'url', url: 'https://a.example/p.pdf' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } },
    ];
    const chat = await to('anthropic-messages', 'openai-chat', { messages: [user(parts)] });
    expect([chat.status, chat.dropped]).toEqual([200, ['document']]);
    expect(chat.sentText).toContain('words');
    const gpt = await to('anthropic-messages', 'openai-responses', { messages: [user(parts)] });
    expect(gpt.sent.input[0].content).toMatchObject([
      { file_url: 'https://a.example/p.pdf' },
      { text: 'words' },
    ]);
  });

  it('marks of a cache stay on their parts, in a system prompt too', async () => {
    const mark = { cache_control: { type: 'ephemeral' } };
    const parts = [
      { type: 'text', text: 'one', ...mark },
      { type: 'text', text: 'two' },
    ];
    const { sent } = await claude({ messages: [{ role: 'system', content: parts }, user('hi')] });
    expect(sent.system).toEqual(parts);
  });

  it('`top_k` reaches a chat service that takes it', async () => {
    const { sent, dropped } = await exchange(bench, 'anthropic-messages', seats.fireworks, {
      top_k: 40,
      temperature: 0.5,
    });
    expect(sent).toMatchObject({ top_k: 40, temperature: 0.5 });
    expect(dropped).toEqual([]);
  });
});

describe('other routes', () => {
  it('embeddings keep the encoding that was asked for', async () => {
    await using provider = await startProvider();
    await bench.gateway.publish(provider, ['text-embedding-3-small'], { kind: 'openai' });
    const body = { model: 'text-embedding-3-small', input: 'hi', encoding_format: 'base64' };
    expect((await bench.gateway.post('/v1/embeddings', body)).status).toBe(200);
    expect(provider.requests.at(-1)?.json).toEqual(body);
  });
});
