/** Values that end up in a header: those of a malicious provider, of a caller, and of the owner. None may begin another. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

const BODY = JSON.stringify({
  ...{ id: 'x', object: 'chat.completion' },
  choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

let gateway: TestGateway;
let providerId: string;
/** What the provider puts between its status line and its body, byte for byte. */
let lines = '';
let status = '200 OK';
let heard = '';
const sockets = new Set<Socket>();
const provider = createServer((socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  let request = '';
  socket.on('data', (bytes) => {
    request += bytes.toString('latin1');
    if (!request.endsWith('}')) return;
    heard = request;
    request = '';
    const length = `content-length: ${Buffer.byteLength(BODY)}`;
    socket.write(`HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${length}\r\n${lines}\r\n${BODY}`);
  });
});

beforeAll(async () => {
  gateway = await startGateway();
  provider.listen(0, '127.0.0.1');
  await once(provider, 'listening');
  const { port } = provider.address() as AddressInfo;
  providerId = await gateway.publish({ url: `http://127.0.0.1:${port}`, port } as never, ['model']);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  provider.close();
  await gateway[Symbol.asyncDispose]();
});

const ASKED = { model: 'model', messages: [{ role: 'user', content: 'hi' }] };

/** A failure holds the provider back; a change of its settings lets it go on. */
async function ask(body: object = {}, headers: Record<string, string> = {}) {
  await gateway.admin('PATCH', `/providers/${providerId}`, { enabled: false });
  await gateway.admin('PATCH', `/providers/${providerId}`, { enabled: true });
  return gateway.post('/v1/chat/completions', { ...ASKED, ...body }, { headers });
}

describe('a provider’s header', () => {
  it.each([
    ['a bare carriage return', 'anthropic-note: a\rset-cookie: evil=1\r\n'],
    ['a bare line feed', 'anthropic-note: a\nset-cookie: evil=1\r\n'],
    ['a folded line', 'anthropic-note: a\r\n set-cookie: evil=1\r\n'],
    ['a null byte', 'anthropic-note: a\0b\r\n'],
    ['a terminal’s commands', 'openai-model: \x1b[31mred\r\n'],
    ['a second length', 'content-length: 1\r\n'],
    ['chunks beside a length', 'transfer-encoding: chunked\r\n'],
  ])('with %s makes the answer a provider’s failure', async (_, text) => {
    [lines, status] = [text, '200 OK'];
    const answer = await ask();
    expect([answer.status, answer.body.error.code]).toEqual([502, 'upstream_error']);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(JSON.stringify([...answer.headers])).not.toMatch(/evil|\\u001b/);
  });

  it.each(['200 OK', '400 Bad Request'])('of the gateway’s own is not passed on (%s)', async (line) => {
    status = line;
    lines = [
      ...[
        'set-cookie: ntl_session=x',
        'x-ntl-tier: root',
        'x-ntl-dropped: all',
        'access-control-allow-origin: *',
      ],
      ...[
        'location: http://evil.example',
        'strict-transport-security: max-age=1',
        'refresh: 0;url=//evil.example',
      ],
      ...[
        'x-ratelimit-remaining-requests: 0',
        'alt-svc: h3=":1"',
        'clear-site-data: "*"',
        'link: </x>; rel=preload',
        '',
      ],
    ].join('\r\n');
    const answer = await ask();
    expect(answer.status).toBe(Number(line.slice(0, 3)));
    const names = [...answer.headers.keys()].filter((name) => !/^(x-)?request-id$|^x-ratelimit-/.test(name));
    expect(names.sort()).toEqual(
      ['connection', 'content-length', 'content-type', 'date', 'keep-alive', 'x-ntl-tier'].sort(),
    );
    expect(answer.headers.get('x-ntl-tier')).toBe('enterprise');
    expect(answer.headers.get('x-ratelimit-remaining-requests')).not.toBe('0');
  });

  it('in letters beyond ASCII passes as the bytes it is', async () => {
    [lines, status] = ['anthropic-note: grüße 日本\r\nx-request-id: 日本\r\n', '200 OK'];
    const answer = await ask();
    expect(answer.status).toBe(200);
    const bytes = (name: string) => Buffer.from(answer.headers.get(name) ?? '', 'latin1').toString();
    expect([bytes('anthropic-note'), bytes('x-upstream-request-id')]).toEqual(['grüße 日本', '日本']);
    // The request's own id is the gateway's.
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('a name from a body', () => {
  it.each(['x\r\nset-cookie: evil=1', 'x\nevil: 1', 'é日本\u2028', '\u0000\u001b[2J', 'x'.repeat(10_000)])(
    'is told in x-ntl-dropped and in errors without breaking out: %j',
    async (name) => {
      [lines, status] = ['', '200 OK'];
      const body = { model: 'model', input: 'hi', [name]: { a: 1 }, tools: [{ type: name }] };
      const dropped = await gateway.post('/v1/responses', body);
      const refused = await gateway.post('/v1/chat/completions', { ...ASKED, model: name });
      expect(refused.status).toBe(400);
      for (const answer of [dropped, refused]) {
        expect(answer.status).toBeLessThan(500);
        expect(answer.headers.get('set-cookie')).toBeNull();
        expect(answer.headers.get('evil')).toBeNull();
        expect(answer.headers.get('x-ntl-dropped') ?? '').toMatch(/^[\w.:\-[\], ]{0,3000}$/);
      }
    },
  );
});

describe('the owner’s headers for a provider', () => {
  it.each([
    [{ 'x-a': 'b\r\nx-smuggled: 1' }],
    [{ 'x-a': 'b\nx-smuggled: 1' }],
    [{ 'x-a\r\nx-smuggled': '1' }],
    [{ 'x-a: b\r\nx-smuggled': '1' }],
    [{ 'transfer-encoding': 'chunked' }],
    [{ 'Content-Length': '0' }],
    [{ host: 'evil.example' }],
    [{ connection: 'close' }],
    [{ authorization: 'Bearer x' }],
    [{ '': 'x' }],
    [{ 'x-a': '日本' }],
  ])('cannot smuggle: %j', async (headers) => {
    const answer = await gateway.admin('PATCH', `/providers/${providerId}`, { headers });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_request']);
    expect(JSON.stringify(answer.body)).not.toContain('Bearer x');
  });
});

it('a caller’s headers reach a provider without what is the gateway’s to say', async () => {
  [lines, status] = ['', '200 OK'];
  await ask(
    {},
    {
      'x-own': 'kept',
      'x-forwarded-for': '10.0.0.1',
      cookie: 'a=b',
      'proxy-authorization': 'x',
      te: 'trailers',
    },
  );
  expect(heard).toContain('\r\nx-own: kept\r\n');
  expect(heard).not.toMatch(/ntl_live_|x-forwarded-for|cookie|proxy-authorization|\r\nte:/i);
  expect(heard.match(/\r\n(content-length|host|authorization): /gi)).toHaveLength(3);
});
