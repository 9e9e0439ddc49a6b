import { inspect } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { VaultError } from '../../gateway/vault/vault.ts';
import { serve } from './local-servers.ts';
import { CREDENTIAL, callWith, failureOf, recorder, text, upstreamAt } from './upstream-setup.ts';

describe('a call', () => {
  it('goes to the endpoint with query, headers, body and credential', async () => {
    const server = await recorder((response) => {
      response.writeHead(201, { 'x-request-id': 'r1', 'set-cookie': ['a=1', 'b=2'] });
      response.end('{"ok":true}');
    });
    const upstream = upstreamAt(server.origin);
    const answer = await upstream.call(callWith({ query: '?a=1', headers: { 'x-custom': 'yes' } }));
    expect(answer.status).toBe(201);
    expect(answer.headers['x-request-id']).toBe('r1');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(await text(answer.body)).toBe('{"ok":true}');
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: '/v1/chat/completions?a=1',
      body: '{"model":"m"}',
      headers: { authorization: `Bearer ${CREDENTIAL}`, 'x-custom': 'yes', 'content-length': '13' },
    });
  });

  it('names an API version to Messages endpoints unless the caller did', async () => {
    const server = await recorder();
    const upstream = upstreamAt(server.origin, { kind: 'anthropic' });
    await upstream.call(callWith({ endpoint: 'messages' }));
    await upstream.call(
      callWith({ endpoint: 'count_tokens', headers: { 'anthropic-version': '2099-01-01' } }),
    );
    expect(
      server.seen.map(({ url, headers }) => [url, headers['anthropic-version'], headers['x-api-key']]),
    ).toEqual([
      ['/v1/messages', '2023-06-01', CREDENTIAL],
      ['/v1/messages/count_tokens', '2099-01-01', CREDENTIAL],
    ]);
    expect(server.seen[0]?.headers.authorization).toBeUndefined();
  });

  it("lets the owner's headers win, but not those that frame the message", async () => {
    const server = await recorder();
    const headers = {
      'X-Custom': 'owner',
      Authorization: 'Basic b3duZXI=',
      'Content-Length': '1',
      'Proxy-Authorization': 'x',
    };
    await upstreamAt(server.origin, { headers }).call(callWith({ headers: { 'x-custom': 'caller' } }));
    expect(server.seen[0]?.headers).toMatchObject({
      'x-custom': 'owner',
      authorization: 'Basic b3duZXI=',
      'content-length': '13',
    });
    expect(server.seen[0]?.headers['proxy-authorization']).toBeUndefined();
  });

  it('hands on each chunk as it arrives', async () => {
    let more: (() => void) | undefined;
    const server = await serve((_, response) => {
      response.write('first');
      more = () => response.end('second');
    });
    const answer = await upstreamAt(server.origin).call(callWith());
    const chunks = answer.body[Symbol.asyncIterator]();
    expect((await chunks.next()).value?.toString()).toBe('first');
    more?.();
    expect((await chunks.next()).value?.toString()).toBe('second');
    expect((await chunks.next()).done).toBe(true);
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await recorder();
    const server = await recorder((response) =>
      response.writeHead(307, { location: `${elsewhere.origin}/v1/x` }).end(),
    );
    const answer = await upstreamAt(server.origin).call(callWith());
    expect(answer.status).toBe(307);
    expect(await text(answer.body)).toBe('');
    expect(elsewhere.seen).toEqual([]);
  });

  it.each([
    ['gzip', 200, gzipSync],
    ['br', 429, brotliCompressSync],
  ])('unpacks %s in a %i answer', async (encoding, status, compress) => {
    const server = await serve((_, response) => {
      response.writeHead(status, { 'content-encoding': encoding });
      response.end(compress('{"error":"plain"}'));
    });
    const answer = await upstreamAt(server.origin).call(callWith());
    expect(answer.status).toBe(status);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(await text(answer.body)).toBe('{"error":"plain"}');
  });

  it('unpacks a compressed stream without holding it back', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      // One whole gzip member, and no end of the answer.
      response.write(gzipSync('data: 1\n\n'));
    });
    const answer = await upstreamAt(server.origin).call(callWith());
    const first = await answer.body[Symbol.asyncIterator]().next();
    expect(first.value?.toString()).toBe('data: 1\n\n');
  });

  it('fails on a compression nobody can read', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'compress' });
      response.end('???');
    });
    const failure = await failureOf(upstreamAt(server.origin).call(callWith()));
    expect(failure).toMatchObject({ reason: 'reset', message: expect.stringMatching(/compressed/) });
  });
});

describe('the credential', () => {
  it('is asked for at each call', async () => {
    const server = await recorder();
    const stored = ['one', 'two\n'];
    const upstream = upstreamAt(server.origin, { credential: async () => stored.shift() ?? null });
    await upstream.call(callWith());
    await upstream.call(callWith());
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer one', 'Bearer two']);
    await expect(failureOf(upstream.call(callWith()))).resolves.toMatchObject({
      reason: 'credential_unavailable',
      message: expect.stringMatching(/Acme has no credential/),
    });
    expect(server.seen).toHaveLength(2);
  });

  it('may be missing for a local runtime, or where the owner set a header', async () => {
    const server = await recorder();
    const none = async () => null;
    await upstreamAt(server.origin, { kind: 'ollama', credential: none }).call(callWith());
    await upstreamAt(server.origin, { headers: { Authorization: 'Token t' }, credential: none }).call(
      callWith(),
    );
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Token t']);
  });

  it("keeps the vault's own words when the vault cannot serve", async () => {
    const credential = () => Promise.reject(new VaultError('locked', 'The keychain is locked. Unlock it.'));
    const failure = await failureOf(upstreamAt('http://127.0.0.1:9', { credential }).call(callWith()));
    expect(failure).toMatchObject({
      reason: 'credential_unavailable',
      message: 'The keychain is locked. Unlock it.',
    });
  });

  it('is not told by other errors or bad characters', async () => {
    const broken = () => Promise.reject(new Error(`cannot decrypt ${CREDENTIAL}`));
    const first = await failureOf(upstreamAt('http://127.0.0.1:9', { credential: broken }).call(callWith()));
    expect(first).toMatchObject({ reason: 'credential_unavailable' });
    const odd = async () => `${CREDENTIAL}\r\nx: y`;
    const second = await failureOf(upstreamAt('http://127.0.0.1:9', { credential: odd }).call(callWith()));
    expect(second).toMatchObject({
      reason: 'credential_unavailable',
      message: expect.stringMatching(/Store it again/),
    });
  });

  it('does not show when the upstream is inspected', async () => {
    const server = await recorder();
    const upstream = upstreamAt(server.origin);
    const answer = await upstream.call(callWith());
    expect(inspect([upstream, answer], { depth: 6, showHidden: true })).not.toContain(CREDENTIAL);
    await text(answer.body);
  });
});

describe('stopping', () => {
  it('before the call sends nothing', async () => {
    const server = await recorder();
    const failure = await failureOf(
      upstreamAt(server.origin).call(callWith({ signal: AbortSignal.abort() })),
    );
    expect(failure).toMatchObject({ reason: 'aborted' });
    expect(server.connections()).toBe(0);
  });

  it('while waiting for the status line closes the connection', async () => {
    const abort = new AbortController();
    const server = await serve(() => abort.abort());
    const failure = await failureOf(upstreamAt(server.origin).call(callWith({ signal: abort.signal })));
    expect(failure).toMatchObject({ reason: 'aborted' });
    await server.idle();
  });

  it('within the answer closes the connection', async () => {
    const abort = new AbortController();
    const server = await serve((_, response) => void response.write('first'));
    const answer = await upstreamAt(server.origin).call(callWith({ signal: abort.signal }));
    const chunks = answer.body[Symbol.asyncIterator]();
    await chunks.next();
    const next = failureOf(chunks.next());
    abort.abort(new Error(`hung up ${CREDENTIAL}`));
    expect(await next).toMatchObject({ reason: 'aborted' });
    await server.idle();
  });

  it('an answer nobody reads closes the connection', async () => {
    const abort = new AbortController();
    const server = await serve((_, response) => void response.write('first'));
    await upstreamAt(server.origin).call(callWith({ signal: abort.signal }));
    abort.abort();
    await server.idle();
  });

  it.each(['identity', 'gzip'])('to read early closes the connection (%s)', async (encoding) => {
    const server = await serve((_, response) => {
      response.writeHead(200, encoding === 'gzip' ? { 'content-encoding': 'gzip' } : {});
      response.write(encoding === 'gzip' ? gzipSync('first') : 'first');
    });
    const answer = await upstreamAt(server.origin).call(callWith());
    for await (const chunk of answer.body) {
      expect(chunk.toString()).toBe('first');
      break;
    }
    await server.idle();
  });

  it('with close() ends what is under way', async () => {
    const server = await serve((_, response) => void response.write('first'));
    const upstream = upstreamAt(server.origin);
    const answer = await upstream.call(callWith());
    const read = failureOf(text(answer.body));
    await upstream.close();
    expect(await read).toMatchObject({ reason: 'reset' });
    await server.idle();
  });
});
