import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ModelListError } from '../../gateway/providers/http-upstream.ts';
import { serve } from './local-servers.ts';
import { CREDENTIAL, recorder, upstreamAt } from './upstream-setup.ts';

describe('models', () => {
  const never = new AbortController().signal;
  const listing = (body: unknown, status = 200) =>
    recorder((response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    );

  it.each([
    [
      'OpenAI',
      { object: 'list', data: [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { name: 'no id' }] },
      ['a', 'b'],
    ],
    ['a bare array', [{ id: 'a' }], ['a']],
    ['models', { models: [{ id: 'a' }] }, ['a']],
    ['Gemini', { data: [{ id: 'models/gemini-9' }] }, ['gemini-9']],
    ['an empty list', { data: [] }, []],
  ])('reads the form of %s', async (_, body, expected) => {
    const server = await listing(body);
    expect(await upstreamAt(server.origin).models(never)).toEqual(expected);
    expect(server.seen).toMatchObject([
      { method: 'GET', url: '/v1/models', headers: { authorization: `Bearer ${CREDENTIAL}` } },
    ]);
  });

  it("follows Anthropic's pages", async () => {
    const pages = [
      { data: [{ id: 'a' }], has_more: true, last_id: 'a' },
      { data: [{ id: 'b' }], has_more: false, last_id: 'b' },
    ];
    const server = await recorder((response) => response.end(JSON.stringify(pages.shift())));
    expect(await upstreamAt(server.origin, { kind: 'anthropic' }).models(never)).toEqual(['a', 'b']);
    expect(server.seen.map(({ url }) => url)).toEqual([
      '/v1/models?limit=1000',
      '/v1/models?limit=1000&after_id=a',
    ]);
    expect(server.seen[0]?.headers['anthropic-version']).toBe('2023-06-01');
  });

  it('gives up on pages without end', async () => {
    let count = 0;
    const server = await recorder((response) => {
      count += 1;
      response.end(JSON.stringify({ data: [{ id: `m${count}` }], has_more: true, last_id: `m${count}` }));
    });
    const found = await upstreamAt(server.origin, { kind: 'anthropic' }).models(never);
    expect(found).toHaveLength(20);
  });

  it.each([
    [401, /refused the credential/],
    [404, /base URL/],
    [302, /redirects/],
    [429, /limits requests/],
    [503, /failure of its own/],
    [418, /HTTP 418/],
  ])('explains HTTP %i', async (status, message) => {
    const server = await listing({ error: `your key ${CREDENTIAL} is bad` }, status);
    const error = await upstreamAt(server.origin)
      .models(never)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ModelListError);
    expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(inspect(error)).not.toContain(CREDENTIAL);
  });

  it.each([
    ['<html>', /not JSON/],
    ['{"hello":1}', /unknown form/],
  ])('explains an answer of %s', async (body, message) => {
    const server = await recorder((response) => response.end(body));
    await expect(upstreamAt(server.origin).models(never)).rejects.toThrow(message);
  });

  it('stops reading a listing that is too long', async () => {
    const server = await serve((_, response) => {
      const megabyte = Buffer.alloc(1024 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', more);
      more();
    });
    await expect(upstreamAt(server.origin).models(never)).rejects.toThrow(/too long/);
    await server.idle();
  });

  it('tells a connection test what it found', async () => {
    const good = await listing({ data: [{ id: 'a' }, { id: 'b' }] });
    expect(await upstreamAt(good.origin).probe(never)).toMatchObject({
      ok: true,
      status: 200,
      models: ['a', 'b'],
      message: 'Provider Acme answered with 2 models.',
    });
    const bad = await listing({}, 401);
    expect(await upstreamAt(bad.origin).probe(never)).toMatchObject({
      ok: false,
      status: 401,
      models: [],
      message: expect.stringMatching(/refused/),
    });
    expect(await upstreamAt('http://127.0.0.1:1').probe(never)).toMatchObject({ ok: false, status: null });
  });
});
