/** Ollama's own client, at providers of every protocol. It sends no key. */
import { Ollama } from 'ollama';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { collect } from '../support/provider/collect.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { arrival, lastRequest, PIXEL } from './support.ts';

/** By the protocol in which each is asked. Names of Ollama's own kind, with slashes and colons. */
const MODELS = { chat: 'acme/qwen3:8b', responses: 'gpt-5-mini', messages: 'claude-haiku-4-5' } as const;
const PATHS = { chat: '/v1/chat/completions', responses: '/v1/responses', messages: '/v1/messages' } as const;
type Protocol = keyof typeof MODELS;
const PROTOCOLS = Object.keys(MODELS) as Protocol[];

let gateway: TestGateway;
let ollama: Ollama;
const providers = {} as Record<Protocol, Provider>;

beforeAll(async () => {
  gateway = await startGateway();
  for (const protocol of PROTOCOLS) providers[protocol] = await startProvider();
  await gateway.publish(providers.chat, [MODELS.chat], { upstreamModel: 'gpt-4o' });
  await gateway.publish(providers.chat, ['gpt-3.5-turbo-instruct', 'text-embedding-3-small'], {
    name: 'more',
  });
  await gateway.publish(providers.responses, [MODELS.responses], { kind: 'openai' });
  await gateway.publish(providers.messages, [MODELS.messages], { kind: 'anthropic' });
  await gateway.admin('PATCH', '/settings', { ollama: true });
  ollama = new Ollama({ host: gateway.url });
});
beforeEach(() => {
  for (const provider of Object.values(providers)) provider.script(reply.text('ok'));
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all(Object.values(providers).map((provider) => provider.close()));
});

const newestRow = async () => (await gateway.rows())[0];
const HI = [{ role: 'user', content: 'hi' }];
const CALLS = [
  { name: 'get_weather', input: { city: 'São Paulo', days: 2 } },
  { name: 'get_time', input: { zone: 'UTC' } },
];
const TOOLS = CALLS.map(({ name }) => ({
  type: 'function',
  function: { name, description: name, parameters: { type: 'object', properties: {} } },
}));
const ENDS = {
  ...{ done: true, done_reason: 'stop', load_duration: 0, prompt_eval_count: 30, eval_count: 12 },
  ...{
    total_duration: expect.any(Number),
    prompt_eval_duration: expect.any(Number),
    eval_duration: expect.any(Number),
  },
};
const USAGE = { input: 30, output: 12 };

describe.each(PROTOCOLS)('a model that is asked in %s', (protocol) => {
  const model = MODELS[protocol];
  const provider = () => providers[protocol];
  const script = (...scripts: Parameters<Provider['script']>) => provider().script(...scripts);

  it('answers in one piece', async () => {
    script(reply.text('Grüße 💡', { usage: USAGE }));
    const answer = await ollama.chat({ model, messages: [{ role: 'system', content: 'be kind' }, ...HI] });
    expect(answer).toEqual({
      ...{ model, created_at: expect.stringMatching(/^\d{4}-.*Z$/), ...ENDS },
      message: { role: 'assistant', content: 'Grüße 💡' },
    });
    expect(answer.total_duration).toBeGreaterThanOrEqual(answer.eval_duration);
    expect(lastRequest(provider()).path).toBe(PATHS[protocol]);
    expect(JSON.stringify(lastRequest(provider()).json)).toContain('be kind');
    expect(await newestRow()).toMatchObject({
      ...{ model, endpoint: 'chat', status: 200, tool: 'ollama-sdk', streamed: false, estimated: false },
      ...{ inputTokens: 30, outputTokens: 12, memberName: 'Owner' },
    });
  });

  it('streams each line when it comes', async () => {
    script(reply.gated(reply.text(['one', ' two'], { usage: USAGE })));
    const { request, sent } = await arrival(provider(), () =>
      ollama.chat({ model, messages: HI, stream: true }),
    );
    let heard = false;
    // Each protocol has another number of events before the first word.
    const release = until('the first word to be heard', async () => {
      await request.release();
      return heard;
    });
    const lines = (await sent)[Symbol.asyncIterator]();
    expect((await lines.next()).value).toMatchObject({
      ...{ model, done: false, message: { role: 'assistant', content: 'one' } },
    });
    heard = true;
    await release;
    request.releaseAll();
    const rest = [];
    for (let next = await lines.next(); !next.done; next = await lines.next()) rest.push(next.value);
    expect(rest.map(({ message }) => message.content).join('')).toBe(' two');
    expect(rest.at(-1)).toMatchObject({ ...ENDS, message: { role: 'assistant', content: '' } });
    expect(await newestRow()).toMatchObject({ status: 200, streamed: true, outputTokens: 12 });
  });

  it.each([false, true])(
    'calls tools side by side, and reads what they gave (streamed: %s)',
    async (stream) => {
      script(reply.tools(CALLS, { text: 'a moment' }), reply.text('It rains.'));
      const asked = { model, messages: HI, tools: TOOLS };
      const messages = stream
        ? (await collect(await ollama.chat({ ...asked, stream }))).map(({ message }) => message)
        : [(await ollama.chat(asked)).message];
      const calls = messages.flatMap(({ tool_calls = [] }) => tool_calls);
      expect(calls.map((call) => call.function)).toEqual(
        CALLS.map(({ name, input }, index) => ({ index, name, arguments: input })),
      );
      // As older clients send it back: calls without ids, results by the tool's name, in any order.
      const bare = calls.map(({ function: { name, arguments: input } }) => ({
        function: { name, arguments: input },
      }));
      const answer = await ollama.chat({
        ...asked,
        messages: [
          ...HI,
          { role: 'assistant', content: 'a moment', tool_calls: bare },
          { role: 'tool', tool_name: 'get_time', content: 'noon' },
          { role: 'tool', tool_name: 'get_weather', content: 'rain' },
        ],
      });
      expect(answer.message.content).toBe('It rains.');
      expect(lastRequest(provider()).refusal).toBeUndefined();
      expect(resultsIn(lastRequest(provider()).json)).toEqual({ get_weather: 'rain', get_time: 'noon' });
    },
  );

  it.each([false, true])('thinks in a field of its own (streamed: %s)', async (stream) => {
    script(
      reply.parts([
        { type: 'thinking', text: 'let me see' },
        { type: 'text', text: 'so' },
      ]),
    );
    const asked = { model, messages: HI, think: true };
    const messages = stream
      ? (await collect(await ollama.chat({ ...asked, stream }))).map(({ message }) => message)
      : [(await ollama.chat(asked)).message];
    expect(messages.map(({ thinking = '' }) => thinking).join('')).toBe('let me see');
    expect(messages.map(({ content }) => content).join('')).toBe('so');
  });

  it('sees pictures, and holds to a schema', async () => {
    script(reply.text('{"colour":"red"}'));
    const schema = {
      ...{ type: 'object', properties: { colour: { type: 'string' } } },
      ...{ required: ['colour'], additionalProperties: false },
    };
    const { message } = await ollama.chat({
      ...{
        model,
        format: schema,
        options: { temperature: 0, num_predict: 99, num_ctx: 8_192 },
        keep_alive: '5m',
      },
      messages: [{ role: 'user', content: 'what colour?', images: [PIXEL] }],
    });
    expect(JSON.parse(message.content)).toEqual({ colour: 'red' });
    const { json, refusal } = lastRequest(provider());
    expect(refusal).toBeUndefined();
    const sent = JSON.stringify(json);
    expect(sent).toContain(PIXEL);
    expect(sent).toContain('image/png');
    expect(sent).toContain('"colour"');
    expect((await newestRow()).dropped).toContain('keep_alive, options.num_ctx');
  });

  it('generates from a prompt', async () => {
    script(reply.text('blue', { usage: USAGE }));
    const answer = await ollama.generate({ model, prompt: 'sky?', system: 'be brief' });
    expect(answer).toMatchObject({ model, response: 'blue', ...ENDS });
    script(reply.text(['bl', 'ue']));
    const lines = await collect(await ollama.generate({ model, prompt: 'sky?', stream: true }));
    expect(lines.map(({ response }) => response)).toEqual(['bl', 'ue', '']);
    expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop' });
  });

  it('says that the answer was too long', async () => {
    script(reply.text('on and', { finish: 'length' }));
    const answer = await ollama.chat({ model, messages: HI, options: { num_predict: 20 } });
    expect(answer.done_reason).toBe('length');
  });

  it('is stopped by an abort, and billed', async () => {
    script(reply.gated(reply.text('one two three')));
    const { request, sent } = await arrival(provider(), () =>
      ollama.chat({ model, messages: HI, stream: true }),
    );
    let heard = false;
    // Each protocol has another number of events before the first word.
    const release = until('the first word to be heard', async () => {
      await request.release();
      return heard;
    });
    const stream = await sent;
    const read = async () => {
      for await (const { message } of stream) {
        heard = message.content !== '';
        if (heard) stream.abort();
      }
    };
    await expect(read()).rejects.toThrow('aborted');
    await release;
    expect(await request.aborted).toBe(true);
    await until('the row', async () => (await newestRow()).status === 499);
    expect((await newestRow()).inputTokens).toBeGreaterThan(0);
  });

  it('tells errors before the first word with their status', async () => {
    script(reply.status(500));
    await expect(ollama.chat({ model, messages: HI, stream: true })).rejects.toMatchObject({
      ...{ name: 'ResponseError', status_code: 502, message: expect.stringContaining('failed (500)') },
    });
    script(reply.status(400, { message: 'prompt is too long' }));
    await expect(ollama.chat({ model, messages: HI })).rejects.toMatchObject({
      ...{ status_code: 400, message: 'prompt is too long' },
    });
  });

  it.each(['cut', 'error', 'hangUp'] as const)('never ends well where the stream broke (%s)', async (how) => {
    script(reply[how](reply.text(['one', ' two', ' three'])));
    const lines: unknown[] = [];
    const read = async () => {
      for await (const line of await ollama.chat({ model, messages: HI, stream: true })) lines.push(line);
    };
    await expect(read()).rejects.toThrow(/ended|broke|error|server/i);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines).not.toContainEqual(expect.objectContaining({ done: true }));
    expect(await newestRow()).toMatchObject({ status: 502, code: 'upstream_error' });
  });
});

/** What each call got, by the names of tools, in whichever protocol. */
function resultsIn(json: unknown): Record<string, string> {
  // biome-ignore lint/suspicious/noExplicitAny: three protocols are looked into
  const { messages = [], input = [] } = json as any;
  const items = [...messages, ...input];
  const blocks = items.flatMap(({ content }) => (Array.isArray(content) ? content : []));
  const calls = [...items, ...blocks, ...items.flatMap(({ tool_calls = [] }) => tool_calls)];
  const named = calls.map((call) => [call.call_id ?? call.id, call.name ?? call.function?.name] as const);
  const results = [
    ...items
      .filter(({ role }) => role === 'tool')
      .map(({ tool_call_id, content }) => [tool_call_id, content]),
    ...items
      .filter(({ type }) => type === 'function_call_output')
      .map(({ call_id, output }) => [call_id, output]),
    ...blocks
      .filter(({ type }) => type === 'tool_result')
      .map(({ tool_use_id, content }) => [
        tool_use_id,
        typeof content === 'string' ? content : content[0].text,
      ]),
  ];
  const owners = new Map(named.filter(([, name]) => name !== undefined));
  return Object.fromEntries(results.map(([id, text]) => [owners.get(id), text]));
}

it('a choice of tools in OpenAI’s form goes along, and any other is left out', async () => {
  const asked = { model: MODELS.responses, messages: HI, tools: TOOLS };
  await ollama.chat({ ...asked, tool_choice: 'required' } as never);
  expect(lastRequest(providers.responses).json).toMatchObject({ tool_choice: 'required' });
  await ollama.chat({ ...asked, tool_choice: { name: 'x' } } as never);
  expect(lastRequest(providers.responses).json).not.toHaveProperty('tool_choice');
  expect((await newestRow()).dropped).toBe('tool_choice');
});

describe('how much to think', () => {
  it('is asked for in the provider’s words', async () => {
    await ollama.chat({ model: MODELS.responses, messages: HI, think: 'low' });
    expect(lastRequest(providers.responses).json).toMatchObject({ reasoning: { effort: 'low' } });
    await ollama.chat({ model: MODELS.messages, messages: HI, think: 'high' });
    expect(lastRequest(providers.messages).json).toMatchObject({ thinking: { type: 'enabled' } });
    await ollama.chat({ model: MODELS.messages, messages: HI, think: false });
    expect(lastRequest(providers.messages).json).toMatchObject({ thinking: { type: 'disabled' } });
  });
});

describe('a prompt that no template may touch', () => {
  const model = 'gpt-3.5-turbo-instruct';

  it('is completed, with what comes behind it', async () => {
    providers.chat.script(reply.text('return a', { usage: USAGE }));
    const asked = {
      model,
      prompt: 'def f(a):',
      suffix: 'f(1)',
      options: { stop: ['\n'], top_k: 3, num_predict: 9 },
    };
    expect(await ollama.generate(asked)).toMatchObject({ response: 'return a', ...ENDS });
    const { path, json } = lastRequest(providers.chat);
    expect(path).toBe('/v1/completions');
    expect(json).toEqual({
      model,
      prompt: 'def f(a):',
      suffix: 'f(1)',
      stop: ['\n'],
      max_tokens: 9,
      stream: false,
    });
    expect(await newestRow()).toMatchObject({
      endpoint: 'completions',
      dropped: 'options.top_k',
      status: 200,
    });
  });

  it('streams', async () => {
    providers.chat.script(reply.text(['re', 'turn'], { usage: USAGE }));
    const lines = await collect(await ollama.generate({ model, prompt: 'x', raw: true, stream: true }));
    expect(lines.map(({ response }) => response)).toEqual(['re', 'turn', '']);
    expect(lines.at(-1)).toMatchObject(ENDS);
    providers.chat.script(reply.cut(reply.text(['re', 'turn'])));
    const read = async () => collect(await ollama.generate({ model, prompt: 'x', raw: true, stream: true }));
    await expect(read()).rejects.toThrow(/ended/);
  });

  it('is refused where no provider takes it', async () => {
    const asked = ollama.generate({ model: MODELS.messages, prompt: 'a', suffix: 'b' });
    await expect(asked).rejects.toThrow('does not take this kind of request');
  });
});

describe('embeddings', () => {
  const model = 'text-embedding-3-small';

  it('are vectors in the order of the texts, on both routes', async () => {
    const { embeddings, ...rest } = await ollama.embed({ model, input: ['a', 'b'], truncate: true });
    expect(embeddings).toHaveLength(2);
    for (const vector of embeddings) expect(vector.every((value) => typeof value === 'number')).toBe(true);
    expect(rest).toMatchObject({ model, load_duration: 0, prompt_eval_count: expect.any(Number) });
    const { embedding } = await ollama.embeddings({ model, prompt: 'a' });
    expect(embedding).toEqual(embeddings[0]);
    expect(await newestRow()).toMatchObject({ endpoint: 'embeddings', status: 200 });
  });

  it('of OpenAI’s form are answered in it on the route that both have', async () => {
    const { body } = await gateway.post('/api/embeddings', { model, input: 'a' });
    expect(body).toMatchObject({ object: 'list', data: [{ object: 'embedding' }] });
    const refused = await gateway.post('/api/embeddings', { model: 'nobody', input: 'a' });
    expect(refused.body.error).toMatchObject({ code: 'unknown_model' });
  });

  it('of nothing are none', async () => {
    expect(await ollama.embed({ model, input: [] })).toEqual({ model, embeddings: [] });
    expect(await ollama.embeddings({ model, prompt: '' })).toEqual({ embedding: [] });
  });
});

describe('models', () => {
  it('are those that may be used, with what is known of them', async () => {
    const { models } = await ollama.list();
    const names = models.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['ntl/echo', ...Object.values(MODELS)]));
    for (const { name, model, digest, size } of models) {
      expect(model).toBe(name);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      expect(size).toBe(0);
    }
    const claude = await ollama.show({ model: MODELS.messages });
    expect(claude.capabilities).toEqual(['completion', 'tools', 'vision', 'thinking']);
    expect(claude.model_info).toMatchObject({
      ...{ 'general.architecture': 'claude', 'claude.context_length': 200_000 },
    });
    expect((await ollama.show({ model: 'text-embedding-3-small' })).capabilities).toEqual(['embedding']);
    expect((await ollama.show({ model: 'gpt-3.5-turbo-instruct' })).template).toContain('.Suffix');
  });

  it('answer by their name with a tag behind it, where no other has that name', async () => {
    const { message, model } = await ollama.chat({ model: 'gpt-5-mini:latest', messages: HI });
    expect({ model, content: message.content }).toEqual({ model: 'gpt-5-mini:latest', content: 'ok' });
    expect((await newestRow()).model).toBe('gpt-5-mini');
    await expect(ollama.chat({ model: 'gpt-5-mini:8b', messages: HI })).rejects.toThrow('Unknown model');
    await gateway.publish(providers.chat, ['gpt-5-mini:latest'], { upstreamModel: 'gpt-4o' });
    await ollama.chat({ model: 'gpt-5-mini:latest', messages: HI });
    expect((await newestRow()).model).toBe('gpt-5-mini:latest');
  });

  it('are loaded and put away at once, and nothing is counted', async () => {
    const before = (await gateway.rows()).length;
    const model = MODELS.chat;
    expect(await ollama.chat({ model, messages: [] })).toMatchObject({
      model,
      done: true,
      done_reason: 'load',
    });
    expect(await ollama.generate({ model, prompt: '', keep_alive: 0 })).toMatchObject({
      done_reason: 'unload',
    });
    expect(await collect(await ollama.generate({ model, prompt: '', stream: true }))).toHaveLength(1);
    await expect(ollama.chat({ model: 'nobody', messages: [] })).rejects.toThrow('Unknown model');
    const rows = await gateway.rows();
    expect(rows.length).toBe(before + 1);
    expect(rows[0]).toMatchObject({ status: 400, code: 'unknown_model' });
  });

  it('are kept elsewhere', async () => {
    const words = 'models are not kept here but published';
    await expect(ollama.pull({ model: 'x' })).rejects.toThrow(words);
    await expect(ollama.delete({ model: 'x' })).rejects.toThrow(words);
    await expect(ollama.copy({ source: 'x', destination: 'y' })).rejects.toThrow(words);
    expect(await ollama.ps()).toEqual({ models: [] });
  });
});

it('a prepaid member reads what was charged in the last object', async () => {
  const { id, key } = await gateway.member({ prepaid: true });
  await gateway.admin('POST', `/members/${id}/grants`, { tokens: 1_000_000 });
  await gateway.admin('PATCH', '/models/gpt-5-mini', { multiplier: 3 });
  providers.responses.script(reply.text('ok', { usage: USAGE }));
  const own = new Ollama({ host: gateway.url, headers: { authorization: `Bearer ${key}` } });
  const charge = { route_multiplier: 'x3', charged_quota_tokens: 126 };
  expect(await own.chat({ model: MODELS.responses, messages: HI })).toMatchObject(charge);
  const lines = await collect(await own.chat({ model: MODELS.responses, messages: HI, stream: true }));
  expect(lines.at(-1)).toMatchObject({ done: true, ...charge });
});

it('arguments that are no object are an error, and not an empty call', async () => {
  providers.chat.script(reply.tools([{ name: 'get_time', input: '{"zone' }]));
  const asked = { model: MODELS.chat, messages: HI, tools: TOOLS };
  await expect(ollama.chat(asked)).rejects.toThrow('not a JSON object');
  const read = async () => collect(await ollama.chat({ ...asked, stream: true }));
  await expect(read()).rejects.toThrow('not a JSON object');
});
