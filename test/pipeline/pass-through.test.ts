import { once } from 'node:events';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';

let provider: Provider;
let gateway: TestGateway;

beforeAll(async () => {
  provider = await startProvider({ strict: false, models: null });
  gateway = await startGateway();
  await gateway.publish(provider, ['same-name']);
  await gateway.publish(provider, ['other-name'], { upstreamModel: 'upstream/real "name"' });
  await gateway.publish(provider, ['claude'], { kind: 'anthropic-compatible' });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});
beforeEach(() => provider.script(reply.text('ok')));

const MESSAGES = [{ role: 'user', content: 'hi' }];

/** Odd spacing, unknown fields, numbers that lose digits when parsed: all must arrive as they left. */
function oddBody(model: string): string {
  return `{ "unknown" : {"a":[1,2,{"model":"inner"}]},\n\t"model":${JSON.stringify(model)} ,"big":12345678901234567890,"e":1e2,
   "messages":[{"role":"user","content":"gr\\u00fc\\u00dfe \\"model\\": 💡","extra":null}] , "temperature":0.10 }`;
}

const last = () => provider.requests.at(-1) as (typeof provider.requests)[number];

describe('request bodies', () => {
  it('go through byte for byte where nothing must change', async () => {
    const body = oddBody('same-name');
    expect((await gateway.post('/v1/chat/completions', body)).status).toBe(200);
    expect(last().body.toString()).toBe(body);
  });

  it('change in `model` alone', async () => {
    expect((await gateway.post('/v1/chat/completions', oddBody('other-name'))).status).toBe(200);
    expect(last().body.toString()).toBe(oddBody('upstream/real "name"'));
  });

  it('gain include_usage on chat streams and keep what else stream_options held', async () => {
    await gateway.post('/v1/chat/completions', {
      model: 'same-name',
      messages: MESSAGES,
      stream: true,
      stream_options: { other: 1 },
    });
    expect(last().json).toMatchObject({ stream_options: { other: 1, include_usage: true } });
  });

  it('of the Anthropic protocol are never touched but for the model', async () => {
    const body = oddBody('claude').replace('{ "unknown"', '{"stream":true,"max_tokens":9, "unknown"');
    const answer = await gateway.post('/v1/messages', body);
    expect(answer.status).toBe(200);
    expect(last().body.toString()).toBe(body);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('may come compressed with %s', async (encoding, compress) => {
    const headers = { 'content-encoding': encoding };
    const body = oddBody('same-name');
    const answer = await gateway.post('/v1/chat/completions', compress(Buffer.from(body)), { headers });
    expect(answer.status).toBe(200);
    expect(last().body.toString()).toBe(body);
    expect(last().headers['content-encoding']).toBeUndefined();
  });

  it('may come chunked, after Expect: 100-continue, and without a content type', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    const body = oddBody('same-name');
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\n` +
        'transfer-encoding: chunked\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n',
    );
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString()).toMatch(/^HTTP\/1.1 100 Continue/);
    for (const piece of [body.slice(0, 10), body.slice(10)]) {
      socket.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
    }
    socket.write('0\r\n\r\n');
    const chunks: Buffer[] = [];
    for await (const chunk of socket) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 200 OK/);
    expect(last().body.toString()).toBe(body);
  });

  it('get the newer name of the limit for models of OpenAI that refuse the older', async () => {
    await gateway.publish(provider, ['gpt-5-mini', 'gpt-4o'], { kind: 'openai' });
    const body = (model: string) =>
      `{ "max_tokens" : 9,"model":"${model}","messages":[{"role":"user","content":"max_tokens"}] }`;
    await gateway.post('/v1/chat/completions', body('gpt-5-mini'));
    expect(last().body.toString()).toBe(
      body('gpt-5-mini').replace('"max_tokens" :', '"max_completion_tokens" :'),
    );
    await gateway.post('/v1/chat/completions', body('gpt-4o'));
    expect(last().body.toString()).toBe(body('gpt-4o'));
  });

  it('of 60 MiB pass', async () => {
    const content = 'x'.repeat(60 * 1024 * 1024);
    const answer = await gateway.post('/v1/chat/completions', {
      model: 'same-name',
      messages: [{ role: 'user', content }],
    });
    expect(answer.status).toBe(200);
    expect(last().body.length).toBeGreaterThan(content.length);
  });
});

describe('answers', () => {
  it('that are JSON go back byte for byte, provider headers that may', async () => {
    const body = '{ "id":"x", "choices":[ ] ,"usage":{"prompt_tokens":7,"completion_tokens":2}, "n":1.0 }';
    const headers = {
      'content-type': 'application/json',
      'openai-version': '2020-10-01',
      'x-request-id': 'req_up',
    };
    provider.script(reply.headers(reply.status(200, { body }), { ...headers, 'set-cookie': 'a=b' }));
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${gateway.key}` },
      body: JSON.stringify({ model: 'same-name', messages: MESSAGES }),
    });
    expect(await response.text()).toBe(body);
    expect(response.headers.get('openai-version')).toBe('2020-10-01');
    expect(response.headers.get('x-upstream-request-id')).toBe('req_up');
    expect(response.headers.get('set-cookie')).toBeNull();
    const [row] = await gateway.rows();
    expect(row).toMatchObject({ inputTokens: 7, outputTokens: 2, estimated: false, status: 200 });
    expect(response.headers.get('x-request-id')).toBe(row.requestId);
  });

  it.each(['gzip', 'br'] as const)(
    'that come compressed with %s all the same arrive plain',
    async (encoding) => {
      provider.script(reply.compressed(reply.text('grüße'), encoding));
      const answer = await gateway.post('/v1/chat/completions', { model: 'same-name', messages: MESSAGES });
      expect(answer.body.choices[0].message.content).toBe('grüße');
    },
  );

  it('to errors that come compressed arrive plain', async () => {
    const body = {
      error: { message: 'context too long', type: 'invalid_request_error', code: null, param: null },
    };
    provider.script(reply.compressed(reply.status(400, { body }), 'gzip'), reply.text('ok'));
    const answer = await gateway.post('/v1/chat/completions', { model: 'same-name', messages: MESSAGES });
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(body);
  });
});

describe('headers and queries', () => {
  it('of the Anthropic family and unknown ones go up; credentials and local matters do not', async () => {
    await gateway.post(
      '/v1/messages?beta=true&key=ntl_live_x',
      { model: 'claude', max_tokens: 5, messages: MESSAGES },
      {
        headers: {
          'anthropic-beta': 'a-1,b-2',
          'anthropic-version': '2023-06-01',
          'x-claude-code-session-id': 's1',
          'x-goog-api-key': 'AIza-leftover',
          cookie: 'session=1',
          'openai-organization': 'org-x',
          'x-forwarded-for': '10.1.1.1',
        },
      },
    );
    const { headers, query, path } = last();
    expect(path + query).toBe('/v1/messages?beta=true');
    expect(headers).toMatchObject({
      'anthropic-beta': 'a-1,b-2',
      'anthropic-version': '2023-06-01',
      'x-claude-code-session-id': 's1',
      'x-api-key': 'sk-provider',
    });
    for (const name of ['x-goog-api-key', 'cookie', 'openai-organization', 'x-forwarded-for']) {
      expect(headers[name]).toBeUndefined();
    }
    expect(JSON.stringify(last().rawHeaders)).not.toContain('ntl_live_');
  });

  it('never let a caller choose where the request goes', async () => {
    const answer = await gateway.post('/v1/chat/completions', {
      model: 'same-name',
      messages: MESSAGES,
      base_url: 'http://127.0.0.1:9',
      api_base: 'http://127.0.0.1:9',
    });
    expect(answer.status).toBe(200);
  });
});

describe('ways in', () => {
  const body = { model: 'ntl/echo', max_tokens: 9, messages: MESSAGES };
  const prefixes = [
    '',
    '/v1',
    '/api',
    '/api/v1',
    '/v1/v1',
    '/api/v1/v1',
    '/api/api/v1',
    '//v1',
    '/openai/v1',
  ];
  const presets = ['/claudecode/v1', '/cline/v1', '/cursor/v1', '/roocode/v1', '/api/cline/v1'];

  it.each([...prefixes, ...presets])('every base URL works: %s', async (prefix) => {
    for (const path of ['/chat/completions', '/chat', '/messages', '/messages/']) {
      expect((await gateway.post(prefix + path, body)).status).toBe(200);
    }
  });

  it("Azure's path works, too", async () => {
    const answer = await gateway.post('/openai/deployments/gpt/chat/completions?api-version=1', body);
    expect(answer.status).toBe(200);
  });

  it.each([
    ['authorization', (key: string) => `Bearer ${key}`],
    ['authorization', (key: string) => `bearer ${key}`],
    ['x-api-key', (key: string) => key],
    ['api-key', (key: string) => key],
    ['x-goog-api-key', (key: string) => key],
  ] as const)('the key may come in %s', async (name, value) => {
    const headers = { [name]: value(gateway.key) };
    expect((await gateway.post('/v1/messages', body, { key: '', headers })).status).toBe(200);
  });

  it('a local key wins over leftovers in other headers', async () => {
    const headers = { authorization: 'Bearer sk-ant-leftover', 'x-api-key': gateway.key };
    expect((await gateway.post('/v1/messages', body, { key: '', headers })).status).toBe(200);
  });
});
