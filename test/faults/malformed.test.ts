import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { connectRaw, postText } from './raw-client.ts';
import { codeOf, MESSAGES, send } from './support.ts';

const ECHO = { model: 'ntl/echo', messages: MESSAGES };
const MiB = 1024 * 1024;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function expectAlive(): Promise<void> {
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  expect((await send(gateway.url, gateway.key, ECHO)).status).toBe(200);
}

describe('what is no HTTP', () => {
  it.each([
    ['noise', '\u0000\u0001\u0002 not a request at all\r\n\r\n'],
    ['a TLS greeting', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n'],
    ['an unknown method', 'FROBNICATE /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['an impossible version', 'POST / HTTP/9.9\r\nhost: x\r\n\r\n'],
    ['no host', 'POST /v1/chat/completions HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}'],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a negative length', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
    ['a line break in a header', 'GET /healthz HTTP/1.1\r\nhost: x\r\nx-bad: a\u0000b\r\n\r\n'],
  ])('%s: 400, and the connection ends', async (_, text) => {
    const client = await connectRaw(gateway.url);
    client.send(text);
    await client.closed;
    expect(client.received).toMatch(/^HTTP\/1\.1 400 /);
    await expectAlive();
  });

  it('a chunk that is none, within a body: 400', async () => {
    const client = await connectRaw(gateway.url);
    client.send(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\n` +
        'transfer-encoding: chunked\r\n\r\nZZ\r\n{}\r\n',
    );
    await client.closed;
    expect(client.received).toMatch(/^(HTTP\/1\.1 400 |$)/);
    await expectAlive();
  });

  it('a request that ends in the middle of its head', async () => {
    const client = await connectRaw(gateway.url);
    client.send('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthoriz');
    client.socket.end();
    await client.closed;
    await expectAlive();
  });
});

describe('too much of it', () => {
  it('thousands of headers: 431', async () => {
    const client = await connectRaw(gateway.url);
    const headers = Array.from({ length: 5_000 }, (_, index) => `x-header-${index}: ${'v'.repeat(20)}`);
    client.send(`GET /healthz HTTP/1.1\r\nhost: x\r\n${headers.join('\r\n')}\r\n\r\n`);
    await client.closed;
    expect(client.received).toMatch(/^HTTP\/1\.1 431 /);
    await expectAlive();
  });

  it('an address of many kilobytes', async () => {
    const client = await connectRaw(gateway.url);
    client.send(`GET /v1/models/${'x'.repeat(12_000)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    await client.closed;
    expect(client.received).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(client.received.length).toBeLessThan(2_000);
    await expectAlive();
  });

  it('nesting a million deep', async () => {
    const deep = `{"model":"ntl/echo","messages":[{"role":"user","content":"hi"}],"x":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    const answer = await send(gateway.url, gateway.key, deep);
    expect([200, 400]).toContain(answer.status);
    await expectAlive();
  });

  it('a body over the limit, told or not told beforehand: 413', async () => {
    const told = await connectRaw(gateway.url);
    told.send(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${gateway.key}\r\ncontent-length: ${65 * MiB}\r\n\r\n{`,
    );
    await told.seen(/^HTTP\/1\.1 413 /);
    expect(codeOf(told.received)).toBe('request_too_large');
    told.breakOff();
    await expectAlive();
  });
});

describe('too slow', () => {
  it('bodies that never end hold nobody else up', async () => {
    const slow = await Promise.all(Array.from({ length: 50 }, () => connectRaw(gateway.url)));
    const { head, body } = postText('/v1/chat/completions', gateway.key, ECHO);
    for (const client of slow) client.send(head + body.slice(0, 5));
    await expectAlive();
    // They are served, too, once they come to an end.
    for (const client of slow) client.send(body.slice(5));
    await Promise.all(slow.map((client) => client.seen(/^HTTP\/1\.1 200 .*chat\.completion/s)));
  });

  it('heads byte by byte', async () => {
    const client = await connectRaw(gateway.url);
    client.socket.setNoDelay(true);
    const { head, body } = postText('/v1/chat/completions', gateway.key, ECHO);
    for (const letter of head + body) {
      client.send(letter);
      await new Promise(setImmediate);
    }
    await client.seen(/^HTTP\/1\.1 200 /);
  });

  it('a second request on the wire before the first is answered', async () => {
    const client = await connectRaw(gateway.url);
    const { head, body } = postText('/v1/chat/completions', gateway.key, ECHO);
    client.send((head + body).repeat(3));
    await client.seen(/(HTTP\/1\.1 200 .*){3}/s);
    await expectAlive();
  });
});
