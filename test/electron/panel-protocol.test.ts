import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PANEL_URL, panelHandler } from '../../electron/panel-protocol.ts';

describe('app://panel', () => {
  let app: FastifyInstance;
  let ask: (path: string, init?: RequestInit) => Promise<Response>;
  /** The response of the last stream that was opened. */
  let stream: Promise<ServerResponse>;

  beforeEach(() => {
    app = Fastify({ logger: false });
    const handler = panelHandler(() => app);
    ask = (path, init) => handler(new Request(new URL(path, PANEL_URL), init));
    const opened = Promise.withResolvers<ServerResponse>();
    stream = opened.promise;
    app.all('/told', async (request) => ({
      method: request.method,
      url: request.url,
      from: request.raw.socket.remoteAddress,
      accept: request.headers.accept,
      body: request.body ?? null,
    }));
    app.route({
      method: ['GET', 'POST'],
      url: '/stream',
      handler: (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
        reply.raw.write('data: first\n\n');
        opened.resolve(reply.raw);
      },
    });
    app.get('/empty', (_request, reply) => reply.status(204).send());
    app.get('/unchanged', (_request, reply) => reply.status(304).send());
    app.get('/away', (_request, reply) => reply.header('set-cookie', 'a=b').redirect('/told', 303));
    app.get('/broken', (_request, reply) => {
      reply.hijack();
      reply.raw.destroy();
    });
  });
  afterEach(() => app.close());

  test('a request arrives with method, query, headers and body, from inside the process', async () => {
    const answer = await ask('/told?a=1&b=%20', {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: '{"name":"Ada"}',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(await answer.json()).toEqual({
      method: 'POST',
      url: '/told?a=1&b=%20',
      from: 'in-process',
      accept: 'application/json',
      body: { name: 'Ada' },
    });
  });

  test('a page cannot say that it comes from elsewhere', async () => {
    const answer = await ask('/told', { headers: { 'x-forwarded-for': '10.0.0.1' } });
    expect(await answer.json()).toMatchObject({ from: 'in-process' });
  });

  test('events reach the page one by one, while the answer still runs', async () => {
    const answer = await ask('/stream');
    const reader = textOf(answer);
    expect(await reader.read()).toEqual({ done: false, value: 'data: first\n\n' });
    const response = await stream;
    response.write('data: second\n\n');
    expect(await reader.read()).toEqual({ done: false, value: 'data: second\n\n' });
    response.end();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  });

  test.each([
    ['without a body', {}],
    ['whose body was read', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
  ])('a page that leaves a stream closes it for the handler of a request %s', async (_case, init) => {
    const answer = await ask('/stream', init);
    const reader = textOf(answer);
    await reader.read();
    const response = await stream;
    expect(response.destroyed).toBe(false);
    const closed = once(response, 'close');
    await reader.cancel();
    await closed;
    expect(response.writableFinished).toBe(false);
  });

  test('a slow page holds the handler back', async () => {
    const answer = await ask('/stream');
    const response = await stream;
    let written = 0;
    while (response.write('x'.repeat(1024)) && written < 1_048_576) written += 1024;
    expect(written).toBeLessThan(1_048_576);
    const drained = once(response, 'drain');
    const reader = textOf(answer);
    await reader.read();
    await drained;
    await reader.cancel();
  });

  test.each([
    ['/empty', 204],
    ['/unchanged', 304],
  ])('%s has no body', async (path, status) => {
    const answer = await ask(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toBeNull();
  });

  test('cookies stay behind', async () => {
    const answer = await ask('/away');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/told');
    expect(answer.headers.has('set-cookie')).toBe(false);
  });

  test('an answer that never comes is an error for the page', async () => {
    await expect(ask('/broken')).rejects.toThrow();
  });

  test('another host of the scheme is nothing', async () => {
    const answer = await panelHandler(() => app)(new Request('app://elsewhere/told'));
    expect(answer.status).toBe(404);
  });
});

function textOf(answer: Response): ReadableStreamDefaultReader<string> {
  if (answer.body === null) throw new Error('the answer has no body');
  return answer.body.pipeThrough(new TextDecoderStream()).getReader();
}
