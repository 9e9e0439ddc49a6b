import { describe, expect, it } from 'vitest';
import { transportFailure } from '../../gateway/providers/transport-failure.ts';
import { createTestAuthority, selfSigned } from '../support/certificates.ts';
import { httpProxy, serve, serveRaw } from './local-servers.ts';
import { CREDENTIAL, callWith, failureOf, text, upstreamAt } from './upstream-setup.ts';

const DAY_MS = 86_400_000;

describe('a failure below HTTP', () => {
  it('nobody listens', async () => {
    const failure = await failureOf(upstreamAt('http://127.0.0.1:1').call(callWith()));
    expect(failure).toMatchObject({
      reason: 'connect',
      message: expect.stringMatching(/Acme refused the connection/),
    });
  });

  it('no status line in time', async () => {
    const server = await serve(() => {});
    const failure = await failureOf(
      upstreamAt(server.origin, { timeouts: { headersMs: 30 } }).call(callWith()),
    );
    expect(failure).toMatchObject({ reason: 'header_timeout', message: expect.stringMatching(/0\.03 s/) });
    await server.idle();
  });

  it('silence within the answer', async () => {
    const server = await serve((_, response) => void response.write('first'));
    const answer = await upstreamAt(server.origin, { timeouts: { idleMs: 30 } }).call(callWith());
    const chunks = answer.body[Symbol.asyncIterator]();
    expect((await chunks.next()).value?.toString()).toBe('first');
    const failure = await failureOf(chunks.next());
    expect(failure).toMatchObject({ reason: 'idle_timeout', message: expect.stringMatching(/fell silent/) });
    await server.idle();
  });

  it('a reset before the status line', async () => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
    const failure = await failureOf(upstreamAt(server.origin).call(callWith()));
    expect(failure).toMatchObject({ reason: 'reset', message: expect.stringMatching(/Acme broke off/) });
  });

  it.each([
    ['within a chunked body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\n'],
    ['before content-length is reached', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfirst'],
  ])('an end %s', async (_, head) => {
    const server = await serveRaw((socket) => socket.once('data', () => socket.end(head)));
    const answer = await upstreamAt(server.origin).call(callWith());
    expect(await failureOf(text(answer.body))).toMatchObject({ reason: 'reset' });
  });

  it('something that is not HTTP', async () => {
    const server = await serveRaw((socket) =>
      socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
    );
    expect(await failureOf(upstreamAt(server.origin).call(callWith()))).toMatchObject({ reason: 'reset' });
  });

  it('damaged compression', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end('not gzip at all');
    });
    const reading = async () => text((await upstreamAt(server.origin).call(callWith())).body);
    expect(await failureOf(reading())).toMatchObject({ reason: 'reset' });
  });

  it('a proxy that refuses', async () => {
    const proxy = await httpProxy({ port: 1 }, { refuse: 407 });
    const address = proxy.origin.replace('://', `://user:${CREDENTIAL}@`);
    const failure = await failureOf(upstreamAt('https://provider.test', { proxy: address }).call(callWith()));
    expect(failure).toMatchObject({ reason: 'connect', message: expect.stringMatching(/proxy .* refused/) });
  });

  it('a proxy that is not there', async () => {
    const failure = await failureOf(
      upstreamAt('https://provider.test', { proxy: 'http://127.0.0.1:1' }).call(callWith()),
    );
    expect(failure).toMatchObject({ reason: 'connect' });
  });

  it('settings that cannot be read', async () => {
    const badProxy = await failureOf(
      upstreamAt('https://provider.test', { proxy: CREDENTIAL }).call(callWith()),
    );
    expect(badProxy).toMatchObject({
      reason: 'connect',
      message: expect.stringMatching(/Acme cannot be called\. The proxy/),
    });
    const badCa = await failureOf(upstreamAt('https://127.0.0.1:1', { ca: CREDENTIAL }).call(callWith()));
    expect(badCa).toMatchObject({ reason: 'tls', message: expect.stringMatching(/not PEM/) });
  });

  it.each([
    ['ENOTFOUND', 'connect', /host name/],
    ['EAI_AGAIN', 'connect', /host name/],
    ['UND_ERR_CONNECT_TIMEOUT', 'connect', /within 5 s/],
    ['ENETUNREACH', 'connect', /network/],
    ['CERT_NOT_YET_VALID', 'tls', /not valid yet/],
    ['UND_ERR_SOCKET', 'reset', /broke off/],
    ['ECONNRESET', 'reset', /broke off/],
    ['SOMETHING_NEW', 'reset', /broke off/],
  ])('%s is %s', async (code, reason, message) => {
    const raw = Object.assign(new Error(`connect ${code} 10.1.2.3:443 ${CREDENTIAL}`), { code });
    const failure = transportFailure(raw, { provider: 'Acme', connectMs: 5_000, headersMs: 1 });
    expect(await failureOf(Promise.reject(failure))).toMatchObject({
      reason,
      message: expect.stringMatching(message),
      cause: code,
    });
  });
});

describe('TLS', async () => {
  const authority = await createTestAuthority();

  const secureServer = async (identity: { cert: string; key: string }) => {
    const server = await serve((_, response) => response.end('{}'), identity);
    return server.origin;
  };

  it("trusts the owner's CA", async () => {
    const origin = await secureServer(await authority.issue({ hosts: ['127.0.0.1'] }));
    const answer = await upstreamAt(origin, { ca: authority.ca }).call(callWith());
    expect(await text(answer.body)).toBe('{}');
  });

  it('refuses a CA nobody knows, and says what to add', async () => {
    const origin = await secureServer(await authority.issue({ hosts: ['127.0.0.1'] }));
    const failure = await failureOf(upstreamAt(origin).call(callWith()));
    expect(failure).toMatchObject({
      reason: 'tls',
      message:
        "The TLS certificate of provider Acme is signed by an unknown authority. If you trust it, add the provider's CA certificate (PEM) to its settings.",
    });
  });

  it('refuses a CA other than the one given', async () => {
    const origin = await secureServer(await authority.issue({ hosts: ['127.0.0.1'] }));
    const other = await createTestAuthority();
    expect(await failureOf(upstreamAt(origin, { ca: other.ca }).call(callWith()))).toMatchObject({
      reason: 'tls',
    });
  });

  it('refuses a self-signed certificate until it is trusted', async () => {
    const identity = await selfSigned({ hosts: ['127.0.0.1'] });
    const origin = await secureServer(identity);
    const failure = await failureOf(upstreamAt(origin).call(callWith()));
    expect(failure).toMatchObject({
      reason: 'tls',
      message: expect.stringMatching(/self-signed.*CA certificate/),
    });
    expect((await upstreamAt(origin, { ca: identity.cert }).call(callWith())).status).toBe(200);
  });

  it('refuses an expired certificate', async () => {
    const expired = { notBefore: new Date(Date.now() - 2 * DAY_MS), notAfter: new Date(Date.now() - DAY_MS) };
    const origin = await secureServer(await authority.issue({ hosts: ['127.0.0.1'], ...expired }));
    const failure = await failureOf(upstreamAt(origin, { ca: authority.ca }).call(callWith()));
    expect(failure).toMatchObject({ reason: 'tls', message: expect.stringMatching(/expired/) });
  });

  it('refuses a certificate for another host', async () => {
    const origin = await secureServer(await authority.issue({ hosts: ['other.example'] }));
    const failure = await failureOf(upstreamAt(origin, { ca: authority.ca }).call(callWith()));
    expect(failure).toMatchObject({ reason: 'tls', message: expect.stringMatching(/another host name/) });
  });

  it('says so when the other side does not speak TLS', async () => {
    const server = await serve((_, response) => response.end('{}'));
    const failure = await failureOf(upstreamAt(server.origin.replace('http:', 'https:')).call(callWith()));
    expect(failure).toMatchObject({ reason: 'tls', message: expect.stringMatching(/https:\/\//) });
  });
});
