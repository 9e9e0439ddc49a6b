import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

let first: Provider;
let second: Provider;
let gateway: TestGateway;

beforeEach(async () => {
  [first, second] = await Promise.all([startProvider({ models: null }), startProvider({ models: null })]);
  gateway = await startGateway();
});
afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await Promise.all([first.close(), second.close()]);
});

const MESSAGES = [{ role: 'user', content: 'hi' }];
const ASK = { model: 'm', max_tokens: 100, messages: MESSAGES };
const ask = (body: object = ASK) => gateway.post('/v1/messages', body);
const paths = ({ requests }: Provider) => requests.map(({ path }) => path);
const newest = async () => (await gateway.rows())[0];

describe('a server that lacks an endpoint of its kind', () => {
  beforeEach(async () => {
    first.scriptFor('/messages', reply.status(404));
    first.scriptFor('/responses', reply.status(405));
    await gateway.publish(first, ['m'], { kind: 'ollama', name: 'Old Ollama', upstreamModel: 'qwen3:8b' });
  });

  it('is asked in another protocol, and from then on at once', async () => {
    for (let count = 0; count < 2; count++) {
      const answer = await ask();
      expect(answer.body).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'ok' }] });
    }
    expect(paths(first)).toEqual(['/v1/messages', '/v1/chat/completions', '/v1/chat/completions']);
    expect((await gateway.rows()).map(({ attempts }) => attempts)).toEqual([1, 2]);
  });

  it('is asked anew when its settings change', async () => {
    await ask();
    const { body } = await gateway.admin('GET', '/providers');
    await gateway.admin('PATCH', `/providers/${body.data[0].id}`, { name: 'New Ollama' });
    await ask();
    expect(paths(first).slice(2)).toEqual(['/v1/messages', '/v1/chat/completions']);
  });

  it('says in its own words that it has no such model, and is not taken for lacking more', async () => {
    first.scriptFor('/chat/completions', reply.status(404, { message: 'model "qwen3:8b" not found' }));
    const answer = await ask();
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ type: 'error', error: { message: 'model "qwen3:8b" not found' } });
    await ask();
    expect(paths(first).filter((path) => path === '/v1/messages')).toHaveLength(2);
  });
});

it('a model that no way knows is refused in the provider’s own bytes, where the first way was the caller’s', async () => {
  const body = {
    error: {
      message: 'The model `gpt-9` does not exist',
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
    },
  };
  first.script(reply.status(404, { body }));
  await gateway.publish(first, ['m'], { kind: 'openai', upstreamModel: 'gpt-9' });
  const answer = await gateway.post('/v1/chat/completions', ASK);
  expect(answer.status).toBe(404);
  expect(answer.body).toEqual(body);
  expect(paths(first)).toEqual(['/v1/chat/completions', '/v1/responses']);
  expect(await newest()).toMatchObject({ status: 404, code: null, inputTokens: 0 });
});

describe('what a target cannot take', () => {
  beforeEach(() => gateway.publish(first, ['m'], { name: 'Chat alone' }));

  it('is told in a header and on the audit row', async () => {
    const { headers } = await ask({ ...ASK, top_k: 5, container: 'c1' });
    expect(headers.get('x-ntl-dropped')).toBe('container, top_k');
    expect(await newest()).toMatchObject({ status: 200, dropped: 'container, top_k' });
  });

  it('is told on streams too, and nothing is told where nothing is lost', async () => {
    expect((await ask({ ...ASK, stream: true, top_k: 5 })).headers.get('x-ntl-dropped')).toBe('top_k');
    expect((await ask()).headers.get('x-ntl-dropped')).toBeNull();
    expect((await newest()).dropped).toBeNull();
  });

  it('is a PDF, until the owner says that the model reads it', async () => {
    const data = Buffer.from('%PDF-1.4').toString('base64');
    const source = { type: 'base64', media_type: 'application/pdf', data };
    const body = { ...ASK, messages: [{ role: 'user', content: [{ type: 'document', source }] }] };
    expect((await ask(body)).headers.get('x-ntl-dropped')).toBe('document');
    expect(first.requests.at(-1)?.body.toString()).toContain('left out');
    await gateway.admin('PATCH', '/models/m', { facts: { inputModalities: ['text', 'pdf'] } });
    expect((await ask(body)).headers.get('x-ntl-dropped')).toBeNull();
    expect(first.requests.at(-1)?.body.toString()).toContain(data);
  });

  it('is no reasoning that the provider gave itself: it goes back', async () => {
    await gateway.publish(second, ['q'], { kind: 'vllm' });
    second.scriptFor('/messages', reply.status(404));
    second.script(reply.tools([{ name: 'look' }], { thinking: 'let me see' }), reply.text('so'));
    const tools = [{ name: 'look', input_schema: { type: 'object' } }];
    const { body } = await ask({ ...ASK, model: 'q', tools });
    const result = { type: 'tool_result', tool_use_id: body.content[1].id, content: 'seen' };
    const messages = [
      ...MESSAGES,
      { role: 'assistant', content: body.content },
      { role: 'user', content: [result] },
    ];
    const answer = await ask({ ...ASK, model: 'q', tools, messages });
    expect(answer.headers.get('x-ntl-dropped')).toBeNull();
    expect(second.requests.at(-1)?.json).toMatchObject({
      messages: [{}, { reasoning_content: 'let me see' }, { role: 'tool' }],
    });
  });

  it('is a refusal where the caller cannot do without: nothing is counted, nothing is sent', async () => {
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    const answer = await ask({ ...ASK, tools });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toContain('web_search');
    expect(first.requests).toHaveLength(0);
    expect(await newest()).toMatchObject({
      status: 400,
      code: 'invalid_request',
      attempts: 0,
      inputTokens: 0,
    });
  });
});

describe('several targets of different protocols', () => {
  it('take over from each other before the first word, whole and streamed', async () => {
    await gateway.publish(first, ['m'], { kind: 'anthropic', name: 'First' });
    await gateway.publish(second, ['m'], { name: 'Second', priority: 1 });
    for (const fault of [reply.status(500), reply.error(reply.text('x'), { after: 0 })]) {
      first.script(fault);
      for (const stream of [false, true]) {
        const answer = await ask({ ...ASK, stream });
        expect(answer.status).toBe(200);
        expect(JSON.stringify(answer.body)).toContain('ok');
        expect(await newest()).toMatchObject({ status: 200, providerName: 'Second' });
      }
    }
  });

  it('are passed over where they cannot be asked, without blame', async () => {
    await gateway.publish(first, ['m'], { name: 'First' });
    await gateway.publish(second, ['m'], { kind: 'anthropic', name: 'Second', priority: 1 });
    const tools = [{ type: 'web_search_20250305', name: 'web_search' }];
    expect((await ask({ ...ASK, tools })).status).toBe(200);
    expect(await newest()).toMatchObject({ providerName: 'Second', attempts: 1 });
    expect((await ask()).status).toBe(200);
    expect(await newest()).toMatchObject({ providerName: 'First' });
  });

  it('leave nothing of one in what is told of the other', async () => {
    await gateway.publish(first, ['m'], { name: 'First' });
    await gateway.publish(second, ['m'], { kind: 'anthropic', name: 'Second', priority: 1 });
    first.script(reply.status(500));
    const { headers } = await ask({ ...ASK, top_k: 5 });
    expect(headers.get('x-ntl-dropped')).toBeNull();
    expect((await newest()).dropped).toBeNull();
  });
});

describe('a provider that answers a request for a stream in one piece', () => {
  it.each([
    ['in the same protocol', 'anthropic-compatible'],
    ['in another', 'openai-compatible'],
  ])('%s gives the client its events all the same', async (_, kind) => {
    await gateway.publish(first, ['m'], { kind });
    first.script(reply.asJson(reply.text('Grüße 💡', { usage: { input: 7, output: 3 } })));
    const { status, headers, body } = await ask({ ...ASK, stream: true });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(body).toMatch(/^event: message_start\n/);
    expect(body).toContain('Grüße 💡');
    expect(body).toContain('event: message_stop');
    expect(await newest()).toMatchObject({ inputTokens: 7, outputTokens: 3, estimated: false });
  });
});

describe('a failure in a good status', () => {
  it('is told in the provider’s words, and one of the caller’s is theirs to read', async () => {
    await gateway.publish(first, ['m'], { name: 'First' });
    first.script(reply.status(200, { body: { error: { message: 'out of memory' } } }));
    expect((await ask()).body.error.message).toContain('out of memory');
    const error = { message: 'too long', type: 'invalid_request_error', code: 'context_length_exceeded' };
    first.script(reply.status(200, { body: { error } }));
    expect(await ask()).toMatchObject({ status: 400, body: { error: { message: 'too long' } } });
  });
});

it('a stream of Responses that breaks off goes on in its numbers and its name', async () => {
  await gateway.publish(first, ['m'], { name: 'First' });
  first.script(reply.cut(reply.text('one two three four five six'), { after: 4 }));
  const { body } = await gateway.post('/v1/responses', { model: 'm', input: 'hi', stream: true });
  const events = [...body.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data));
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  expect(events.at(-2).type).toBe('error');
  expect(events.at(-1)).toMatchObject({ type: 'response.failed', response: { id: events[0].response.id } });
  expect(await newest()).toMatchObject({ status: 502, code: 'upstream_error' });
});

describe('an error in the first event of a stream', () => {
  const refused = (code: string) =>
    reply.error(reply.text('x'), { after: 0, message: 'Your input exceeds the context window', code });

  it.each([
    ['passed through', '/v1/chat/completions'],
    ['translated', '/v1/messages'],
  ])('that speaks of the request is the caller’s to read, as a 400 would be (%s)', async (_, path) => {
    await gateway.publish(first, ['m'], { name: 'First' });
    await gateway.publish(second, ['m'], { name: 'Second', priority: 1 });
    first.script(refused('context_length_exceeded'));
    const answer = await gateway.post(path, { ...ASK, stream: true });
    expect(answer.status).toBe(400);
    expect(answer.body.error.message).toBe('Your input exceeds the context window');
    expect(second.requests).toHaveLength(0);
    expect(await newest()).toMatchObject({ status: 400, attempts: 1, outputTokens: 0 });
  });

  it.each(['/v1/chat/completions', '/v1/messages'])(
    'that speaks of the provider is told in its words, once no other serves (%s)',
    async (path) => {
      await gateway.publish(first, ['m'], { name: 'First' });
      first.script(refused('server_error'));
      const answer = await gateway.post(path, { ...ASK, stream: true });
      expect(answer.status).toBe(502);
      expect(answer.body.error.message).toContain('Your input exceeds the context window');
    },
  );
});

describe('headers and queries', () => {
  it("of the caller's protocol stay behind; the provider's own and its credential go along", async () => {
    await gateway.publish(first, ['m'], { kind: 'openai-compatible' });
    await gateway.post('/v1/messages?beta=true', ASK, {
      headers: { 'anthropic-beta': 'x-1', 'anthropic-version': '2023-06-01', 'x-stainless-lang': 'js' },
    });
    const [request] = first.requests;
    expect(request?.query).toBe('');
    expect(Object.keys(request?.headers ?? {}).filter((name) => /anthropic|stainless/.test(name))).toEqual(
      [],
    );
    expect(request?.headers.authorization).toBe('Bearer sk-provider');
  });

  it("tell Anthropic's version to a provider of its protocol", async () => {
    await gateway.publish(first, ['m'], { kind: 'anthropic' });
    expect((await gateway.post('/v1/chat/completions', ASK)).status).toBe(200);
    expect(first.requests[0]?.headers['anthropic-version']).toBe('2023-06-01');
  });
});

it("a provider's 4xx comes in the caller's envelope, with its status, its words and without its credential", async () => {
  const credential = 'sk-very-secret-credential';
  const provider = await startProvider({ models: null, credential });
  await gateway.publish(provider, ['m'], { credential });
  provider.script(reply.status(413, { message: `too large for ${credential}` }));
  const answer = await ask();
  expect(answer.status).toBe(413);
  expect(answer.body).toMatchObject({ type: 'error', error: { message: 'too large for [credential]' } });
  await provider.close();
});
