import { createParser } from 'eventsource-parser';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { panelHandler } from '../../../electron/panel-protocol.ts';
import { PlaygroundRequest } from '../../../gateway/doors/admin/contract.ts';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';

let provider: Provider;
let gateway: TestGateway;
let keyId: string;

beforeAll(async () => {
  provider = await startProvider({ strict: false, models: null });
  gateway = await startGateway({ keepAliveMs: 120 });
  await gateway.publish(provider, ['gpt'], { kind: 'openai' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic' });
  keyId = (await gateway.admin('GET', '/keys')).body.data[0].id;
});
beforeEach(() => {
  seen = provider.requests.length;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

interface Told {
  event: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: looked into field by field by the tests
  data: any;
}

const HI = [{ role: 'user', content: 'hi' }];

function send(body: Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
  return fetch(`${gateway.url}/admin/api/playground`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readRuntimeFile(gateway.dataDir)?.adminToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ keyId, model: 'gpt', messages: HI, ...body }),
    ...(signal && { signal }),
  });
}

/** Events of an answer, as they come. */
async function* eventsOf(response: Response): AsyncGenerator<Told> {
  const told: Told[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => void told.push({ event, data: JSON.parse(data) }),
  });
  const text = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    parser.feed(text.decode(chunk, { stream: true }));
    yield* told.splice(0);
  }
}

async function all(events: AsyncGenerator<Told>): Promise<Told[]> {
  const told: Told[] = [];
  for await (const one of events) told.push(one);
  return told;
}

async function ask(body: Record<string, unknown> = {}): Promise<Told[]> {
  return all(eventsOf(await send(body)));
}

async function refusal(body: Record<string, unknown>): Promise<Told['data']> {
  const told = await ask(body);
  expect(told.map(({ event }) => event)).toEqual(['start', 'error']);
  return told[1]?.data;
}

/** The one that the last script answers. */
let seen = 0;
async function nextRequest(): Promise<Provider['requests'][number]> {
  await until('the request', () => provider.requests.length > seen);
  return provider.requests.at(-1) as Provider['requests'][number];
}

const textOf = (told: Told[], event: string) =>
  told.flatMap((one) => (one.event === event ? [one.data.text] : [])).join('');

describe('an answer', () => {
  it.each(['gpt', 'claude'])('comes word by word, at a provider of either protocol: %s', async (model) => {
    provider.script(
      reply.parts(
        [
          { type: 'thinking', text: 'hm, so' },
          { type: 'text', text: ['one ', 'two'] },
        ],
        { usage: { input: 11, output: 3 } },
      ),
    );
    const told = await ask({ model, system: 'Be brief.', maxTokens: 77 });
    const [row] = await gateway.rows();
    expect(told[0]).toEqual({ event: 'start', data: { requestId: row.requestId } });
    expect(textOf(told, 'delta')).toBe('one two');
    expect(textOf(told, 'reasoning')).toBe('hm, so');
    expect(told.filter(({ event }) => event === 'delta').length).toBeGreaterThan(1);
    expect(told.at(-1)).toEqual({
      event: 'done',
      data: {
        ...{ requestId: row.requestId, ttfbMs: row.ttfbMs, latencyMs: row.latencyMs, estimated: false },
        ...{ inputTokens: 11, outputTokens: 3, costMicros: row.costMicros, finishReason: 'stop' },
      },
    });
    expect(row).toMatchObject({ ...{ tool: 'playground', status: 200, keyId, model }, address: '127.0.0.1' });
    const { json } = provider.requests.at(-1) as { json: Record<string, unknown> };
    expect(JSON.stringify(json)).toContain('Be brief.');
    expect(Object.values(json)).toContain(77);
  });

  it('comes from the built-in model too, and tells why it ended', async () => {
    const told = await ask({ model: 'ntl/echo' });
    expect(textOf(told, 'delta')).toContain('hi');
    expect(told.at(-1)).toMatchObject({ event: 'done', data: { finishReason: 'stop' } });
    provider.script(reply.text('to be cont', { finish: 'length' }));
    expect((await ask({ model: 'claude' })).at(-1)?.data.finishReason).toBe('length');
  });

  it('comes as it is said, and not at its end', async () => {
    provider.script(reply.gated(reply.text(['one ', 'two'])));
    const events = eventsOf(await send({}));
    expect((await events.next()).value?.event).toBe('start');
    const request = await nextRequest();
    await request.release(2);
    expect((await events.next()).value).toEqual({ event: 'delta', data: { text: 'one ' } });
    request.releaseAll();
    expect((await all(events)).map(({ event }) => event)).toEqual(['delta', 'done']);
  });

  it('keeps the line open while the model is silent', async () => {
    provider.script(reply.gated(reply.text('late')));
    const response = await send({});
    const request = await nextRequest();
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = '';
    const readTo = async (mark: string) => {
      while (!text.includes(mark)) text += Buffer.from((await reader.read()).value ?? []).toString();
    };
    await readTo(': keep-alive\n\n');
    request.releaseAll();
    await readTo('event: done');
    expect(text).toContain('"late"');
  });

  it('may follow a long conversation', async () => {
    provider.script(reply.text('ok'));
    const messages = [
      { role: 'user', content: 'long '.repeat(500_000) },
      { role: 'assistant', content: 'a' },
      ...HI,
    ];
    expect((await ask({ messages })).at(-1)?.event).toBe('done');
    expect(provider.requests.at(-1)?.json).toMatchObject({ messages });
  });
});

describe('leaving the page', () => {
  it('stops the call at the provider, over HTTP', async () => {
    provider.script(reply.gated(reply.text(['one ', 'two ', 'three'])));
    const page = new AbortController();
    const events = eventsOf(await send({}, page.signal));
    await events.next();
    const request = await nextRequest();
    await request.release(2);
    await events.next();
    page.abort();
    expect(await request.aborted).toBe(true);
    const row = await until('the row', async () => {
      const [newest] = await gateway.rows();
      return newest.status === 499 && newest;
    });
    expect(row).toMatchObject({ code: 'client_closed', tool: 'playground' });
  });

  it('stops it from the desktop window too', async () => {
    provider.script(reply.gated(reply.text(['one ', 'two ', 'three'])));
    const body = JSON.stringify({ keyId, model: 'gpt', messages: HI });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const ask = panelHandler(() => gateway.gateway.app);
    const answer = await ask(new Request('app://panel/admin/api/playground', init));
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    const request = await nextRequest();
    await request.release(2);
    await reader.cancel();
    expect(await request.aborted).toBe(true);
  });
});

describe('what the pipeline refuses comes as the last event', () => {
  it('a model that is not there, not allowed, a member who is suspended, a limit that is full', async () => {
    expect(await refusal({ model: 'nothing' })).toMatchObject({ code: 'unknown_model' });
    const { id, keyId } = await gateway.member({ name: 'Ada', allowedModels: ['claude'] });
    expect(await refusal({ keyId })).toEqual({
      ...{ code: 'model_not_allowed', message: 'Ada may not use the model "gpt".' },
    });
    const limit = { scope: 'member', subjectId: id, metric: 'requests', windowSeconds: 60, amount: 1 };
    await gateway.admin('PUT', '/limits', limit);
    provider.script(reply.text('ok'));
    expect((await ask({ keyId, model: 'claude' })).at(-1)?.event).toBe('done');
    expect(await refusal({ keyId, model: 'claude' })).toMatchObject({ code: 'rate_limit_minute' });
    expect((await gateway.rows())[0]).toMatchObject({
      ...{ status: 429, code: 'rate_limit_minute', tool: 'playground', memberId: id, keyId },
    });
    await gateway.admin('PATCH', `/members/${id}`, { status: 'suspended' });
    expect(await refusal({ keyId })).toMatchObject({ code: 'suspended' });
  });

  it('the kind of key, its end, and where its member may call from', async () => {
    const subscriber = await gateway.member({}, { kind: 'subscription' });
    expect(await refusal({ keyId: subscriber.keyId })).toMatchObject({ code: 'route_not_allowed' });
    const revoked = await gateway.member();
    await gateway.admin('DELETE', `/keys/${revoked.keyId}`);
    // More than lead to an alert where they are guesses.
    for (let time = 0; time < 12; time++) {
      expect(await refusal({ keyId: revoked.keyId })).toMatchObject({ code: 'key_revoked' });
    }
    const { data: alerts } = (await gateway.admin('GET', '/alerts')).body;
    expect(alerts.filter(({ kind }: { kind: string }) => kind === 'refused_keys')).toEqual([]);
    const elsewhere = await gateway.member({ allowedIps: ['10.0.0.0/8'] });
    expect(await refusal({ keyId: elsewhere.keyId })).toMatchObject({ code: 'ip_blocked' });
    const here = await gateway.member({ allowedIps: ['127.0.0.0/8'] });
    provider.script(reply.text('ok'));
    expect((await ask({ keyId: here.keyId })).at(-1)?.event).toBe('done');
  });

  it('the provider’s own words, and its failures', async () => {
    const message = 'This model’s maximum context length is 8 tokens.';
    provider.script(reply.status(400, { message }));
    expect((await refusal({})).message).toBe(message);
    expect((await gateway.rows())[0]).toMatchObject({ status: 400 });
    provider.script(reply.status(400, { message }));
    expect((await refusal({ model: 'claude' })).message).toBe(message);
    provider.script(reply.status(500), reply.status(500), reply.status(500));
    expect(await refusal({})).toMatchObject({ code: 'upstream_error' });
  });

  it('an answer that breaks off', async () => {
    provider.script(reply.cut(reply.text(['half ', 'an answer']), { after: 2 }));
    const told = await ask({ model: 'claude' });
    expect(told.map(({ event }) => event)).toEqual([
      'start',
      ...told.slice(1, -1).map(() => 'delta'),
      'error',
    ]);
    expect(told.at(-1)?.data.code).toBe('upstream_error');
    expect((await gateway.rows())[0]).toMatchObject({ status: 502 });
  });

  it('everything, while the gateway is paused', async () => {
    await gateway.admin('POST', '/pause');
    expect(await refusal({})).toMatchObject({ code: 'paused' });
    await gateway.admin('POST', '/resume');
  });

  it('one that is too dear for a prepaid member', async () => {
    const { keyId } = await gateway.member({ prepaid: true }, { kind: 'pay_per_token' });
    expect(await refusal({ keyId })).toMatchObject({ code: 'insufficient_balance' });
  });
});

describe('the door', () => {
  it('refuses what is wrong in the request as other admin routes do', async () => {
    const status = async (body: Record<string, unknown>) => (await send(body)).status;
    expect(await status({ keyId: '4711' })).toBe(404);
    expect(await status({ messages: [] })).toBe(400);
    expect(await status({ messages: [{ role: 'system', content: 'x' }] })).toBe(400);
    expect(await status({ tools: [] })).toBe(400);
    expect(PlaygroundRequest.safeParse({ keyId: '1', model: 'm', messages: HI }).success).toBe(true);
  });

  it('is the owner’s alone', async () => {
    const body = { keyId, model: 'gpt', messages: HI };
    const answer = await gateway.post('/admin/api/playground', body);
    expect(answer.status).toBe(401);
  });

  it('leaves no way to ask as a key without it', async () => {
    const forged = [
      { 'x-api-key': keyId },
      { 'x-ntl-key-id': keyId, inside: keyId },
      { authorization: 'Bearer in-process' },
      { 'x-api-key': 'playground', 'user-agent': 'playground' },
    ];
    for (const headers of forged) {
      const body = { model: 'gpt', messages: HI, keyId, inside: { keyId, tool: 'playground' } };
      const answer = await gateway.post('/v1/chat/completions', body, { key: '', headers });
      expect(answer.status).toBe(401);
    }
    const { rows } = { rows: await gateway.rows() };
    expect(rows[0]).toMatchObject({ status: 401, keyId: null });
    expect(rows[0].tool).not.toBe('playground');
  });

  it('keeps nothing of what was said', async () => {
    provider.script(reply.text('a secret answer'));
    await ask({ messages: [{ role: 'user', content: 'a secret question' }] });
    const [row] = await gateway.rows();
    expect(JSON.stringify([row, (await gateway.admin('GET', '/changes')).body])).not.toContain('secret');
  });
});
