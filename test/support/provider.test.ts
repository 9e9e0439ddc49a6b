/** The provider's faults and its hold over a stream, seen over real sockets. */

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestAuthority } from './certificates.ts';
import { collect } from './provider/collect.ts';
import { openPost } from './provider/open-post.ts';
import { type Provider, startProvider } from './provider/provider.ts';
import { reply } from './provider/reply.ts';

let provider: Provider;
let openai: OpenAI;
let anthropic: Anthropic;

beforeEach(async () => {
  provider = await startProvider();
  openai = new OpenAI({
    baseURL: `${provider.url}/v1`,
    apiKey: 'sk-provider',
    maxRetries: 0,
    logLevel: 'off',
  });
  anthropic = new Anthropic({ baseURL: provider.url, apiKey: 'sk-provider', maxRetries: 0, logLevel: 'off' });
});
afterEach(() => provider.close());

const messages = [{ role: 'user' as const, content: 'hi' }];
const chat = { model: 'gpt-4o', messages };
const claude = { model: 'claude-haiku-4-5', max_tokens: 100, messages };

const open = (body: object, path?: string) => openPost(provider.url, body, path);
const streamedChat = () => openai.chat.completions.create({ ...chat, stream: true });

async function said(): Promise<string> {
  const chunks = await collect(await streamedChat());
  return chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('');
}

describe('the script', () => {
  test('gives each request the next entry and repeats the last', async () => {
    provider.script(
      reply.text('one'),
      () => reply.text('two'),
      (request) => reply.text(`at ${request.path}`),
    );
    expect([await said(), await said(), await said(), await said()]).toEqual([
      'one',
      'two',
      'at /v1/chat/completions',
      'at /v1/chat/completions',
    ]);
    provider.script();
    expect(await said()).toBe('ok');
  });

  test('may be set for one route alone, model lists too', async () => {
    provider.scriptFor('/models', reply.status(503));
    await expect(openai.models.list()).rejects.toMatchObject({ status: 503 });
    provider.scriptFor('/messages', reply.text('only here'));
    expect(await said()).toBe('ok');
    expect((await anthropic.messages.create(claude)).content).toMatchObject([{ text: 'only here' }]);
  });

  test('is not used up by refused requests', async () => {
    provider.script(reply.text('one'), reply.text('two'));
    await expect(openai.chat.completions.create({ ...chat, model: 'gpt-0' })).rejects.toMatchObject({
      status: 404,
    });
    expect(await said()).toBe('one');
  });
});

test('requests are recorded as they came', async () => {
  const body = '{"model":"gpt-4o", "messages":[{"role":"user","content":"ü"}]}';
  const headers = { Authorization: 'Bearer sk-provider', 'Content-Type': 'application/json', 'X-Odd': 'Ünü' };
  const request = http.request(`${provider.url}/v1/chat/completions?a=1&b`, {
    method: 'POST',
    headers,
    agent: false,
  });
  request.end(body);
  const recorded = await provider.nextRequest();
  expect(recorded).toMatchObject({
    method: 'POST',
    path: '/v1/chat/completions',
    query: '?a=1&b',
    json: JSON.parse(body),
  });
  expect(recorded.body.toString()).toBe(body);
  expect(recorded.rawHeaders).toContain('X-Odd');
  expect(await recorded.aborted).toBe(false);
  expect(provider.requests).toEqual([recorded]);
});

describe('error answers', () => {
  test.each([400, 429, 500, 503, 529])('carry the service’s own body (%i)', async (status) => {
    provider.script(reply.status(status, { headers: { 'retry-after': '7' } }));
    const refused = await openai.chat.completions
      .create(chat)
      .catch((error: unknown) => error as InstanceType<typeof OpenAI.APIError>);
    expect(refused).toMatchObject({ status, error: { message: expect.any(String), param: null } });
    await expect(anthropic.messages.create(claude)).rejects.toMatchObject({
      status,
      error: { type: 'error', error: { message: expect.any(String) } },
    });
    const raw = await open(chat);
    expect(raw.headers['retry-after']).toBe('7');
    raw.resume();
  });

  test('name overload as Anthropic does', async () => {
    provider.script(reply.status(529));
    await expect(anthropic.messages.create(claude)).rejects.toMatchObject({
      error: { error: { type: 'overloaded_error', message: 'Overloaded' } },
    });
  });

  test('may have any body', async () => {
    provider.script(
      reply.html(502),
      reply.status(418, { body: { teapot: true } }),
      reply.redirect('/v1/elsewhere'),
    );
    const page = await open(chat);
    expect([page.statusCode, page.headers['content-type']]).toEqual([502, 'text/html']);
    expect(await text(page)).toContain('<h1>502</h1>');
    const teapot = await open(chat);
    expect([teapot.statusCode, await text(teapot)]).toEqual([418, '{"teapot":true}']);
    const redirect = await open(chat);
    expect([redirect.statusCode, redirect.headers.location]).toEqual([307, '/v1/elsewhere']);
    redirect.resume();
  });
});

describe('broken connections', () => {
  test('reset before any header', async () => {
    provider.script(reply.reset());
    await expect(open(chat)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await provider.requests[0]?.aborted).toBe(false);
  });

  test('reset in the middle of a stream', async () => {
    provider.script(reply.reset(reply.gated(reply.text('one two three')), { after: 2 }));
    const response = await open({ ...chat, stream: true });
    const request = await provider.nextRequest();
    const read = response[Symbol.asyncIterator]();
    await request.release();
    expect(String((await read.next()).value)).toContain('"role":"assistant"');
    const rest = read.next().then(() => read.next());
    request.releaseAll();
    await expect(rest).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(request.piecesSent).toBe(2);
  });

  test('hung up: what was sent arrives, then an error', async () => {
    provider.script(reply.hangUp(reply.text('one two three')));
    const stream = await streamedChat();
    const words: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) words.push(chunk.choices[0]?.delta.content ?? '');
    })();
    await expect(reading).rejects.toThrow();
    expect(words.join('')).toBe('one two three');
  });

  test('cut: ends as if complete, without the last events', async () => {
    provider.script(
      reply.cut(reply.text('one two')),
      reply.cut(reply.text('one two'), { after: 2 }),
      reply.cut(reply.text('x'), { after: -1 }),
    );
    const all = await text(await open({ ...chat, stream: true }));
    expect(all).toContain(' two');
    expect(all).not.toMatch(/"finish_reason":"stop"|\[DONE\]/);
    expect(await text(await open({ ...claude, stream: true }, '/v1/messages'))).not.toContain(
      'content_block_delta',
    );
    const noDone = await text(await open({ ...chat, stream: true }));
    expect(noDone).toContain('"finish_reason":"stop"');
    expect(noDone).not.toContain('[DONE]');
  });

  test('an answer that is not streamed stops in the middle of its JSON', async () => {
    provider.script(
      reply.cut(reply.text('hi')),
      reply.hangUp(reply.text('hi')),
      reply.error(reply.text('hi')),
    );
    const half = await text(await open(chat));
    expect(half).toMatch(/^\{"id"/);
    expect(() => JSON.parse(half)).toThrow();
    await expect(text(await open(chat))).rejects.toThrow('aborted');
    expect((await open(chat)).statusCode).toBe(500);
  });

  test('stalled before headers until the peer hangs up', async () => {
    provider.script(reply.stall());
    const leave = new AbortController();
    const call = openai.chat.completions.create(chat, { signal: leave.signal });
    const request = await provider.nextRequest();
    expect(request.abortedAt).toBeUndefined();
    leave.abort();
    await expect(call).rejects.toThrow('aborted');
    expect(await request.aborted).toBe(true);
    expect(request.abortedAt).toBeGreaterThanOrEqual(request.receivedAt);
  });

  test('stalled in the middle of a stream until the peer hangs up', async () => {
    provider.script(reply.stall(reply.text('one two'), { after: 2 }));
    for await (const chunk of await streamedChat()) {
      if (chunk.choices[0]?.delta.content === 'one') break;
    }
    const request = await provider.nextRequest();
    expect(await request.aborted).toBe(true);
    expect(request.piecesSent).toBe(2);
  });

  test('closing the provider ends a stall and blames no peer', async () => {
    provider.script(reply.stall());
    const call = open(chat);
    const request = await provider.nextRequest();
    await Promise.all([expect(call).rejects.toThrow(), provider.close()]);
    expect(await request.aborted).toBe(false);
  });
});

test('an error event comes in each protocol’s own form', async () => {
  provider.script(reply.error(reply.text('half'), { message: 'gone wrong' }));
  await expect(said()).rejects.toThrow('gone wrong');
  await expect(anthropic.messages.stream(claude).finalMessage()).rejects.toThrow('overloaded_error');
  const events = await text(await open({ model: 'gpt-4o', input: 'x', stream: true }, '/v1/responses'));
  expect(events).toMatch(/event: error\ndata: \{"type":"error","code":"server_error","message":"gone wrong"/);
});

describe('a gated stream', () => {
  test('sends an event when it is released, not before', async () => {
    provider.script(reply.gated(reply.text('one two')));
    const stream = await streamedChat();
    const request = await provider.nextRequest();
    expect(request.piecesSent).toBe(0);
    const chunks = stream[Symbol.asyncIterator]();
    await request.release();
    expect((await chunks.next()).value?.choices[0]?.delta.role).toBe('assistant');
    await request.release();
    expect((await chunks.next()).value?.choices[0]?.delta.content).toBe('one');
    expect(request.piecesSent).toBe(2);
    request.releaseAll();
    expect((await chunks.next()).value?.choices[0]?.delta.content).toBe(' two');
    expect(await request.aborted).toBe(false);
  });

  test('lets go when the peer hangs up', async () => {
    provider.script(reply.gated(reply.text('one two')));
    const stream = await streamedChat();
    const request = await provider.nextRequest();
    stream.controller.abort();
    expect(await request.aborted).toBe(true);
    await request.release();
    expect(request.piecesSent).toBe(0);
  });

  test('holds an answer that is not streamed as a whole', async () => {
    provider.script(reply.gated(reply.text('hi')));
    const call = openai.chat.completions.create(chat);
    const request = await provider.nextRequest();
    await request.release();
    expect((await call).choices[0]?.message.content).toBe('hi');
  });
});

test('serves HTTPS with a certificate of the test', async () => {
  const authority = await createTestAuthority();
  const tls = await authority.issue({ hosts: ['127.0.0.1'] });
  await using secure = await startProvider({ tls });
  const headers = { authorization: 'Bearer sk-provider' };
  const get = (ca: string) =>
    once(https.get(`${secure.url}/v1/models`, { ca, headers, agent: false }), 'response');
  const [response] = (await get(authority.ca)) as [http.IncomingMessage];
  expect(JSON.parse(await text(response)).object).toBe('list');
  const stranger = await createTestAuthority();
  await expect(get(stranger.ca)).rejects.toThrow();
});

test('a failing script says so instead of hanging', async () => {
  provider.script(() => {
    throw new Error('typo in the script');
  });
  const response = await open(chat);
  expect(response.statusCode).toBe(599);
  expect(await text(response)).toContain('typo in the script');
});
