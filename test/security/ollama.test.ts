/** Ollama's API takes requests without a key: from programs on this computer, and from no web page or other computer. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { bare, exchange } from './wire.ts';

let gateway: TestGateway;
let own: string;
beforeAll(async () => {
  gateway = await startGateway();
  const port = await freePort();
  own = `http://127.0.0.1:${port}`;
  await gateway.admin('PATCH', '/settings', { ollama: true, ollamaPort: port });
});
afterAll(() => gateway[Symbol.asyncDispose]());

const LOCAL = 'host: 127.0.0.1';
const statusOf = async (base: string, path: string, ...lines: string[]) =>
  (await exchange(base, bare('GET', path, ...lines))).map(({ status }) => status)[0];

/** On the usual port Ollama's own routes, on its own port all of them. */
const PLACES: readonly (readonly [name: string, base: () => string, path: string])[] = [
  ['the usual port', () => gateway.url, '/api/tags'],
  ['the own port', () => own, '/api/tags'],
  ['the own port, OpenAI’s API', () => own, '/v1/models'],
];

describe.each(PLACES)('without a key at %s', (_name, base, path) => {
  it.each(['127.0.0.1', 'localhost:11434', '[::1]:7411', 'LOCALHOST'])('%s may be asked', async (host) => {
    expect(await statusOf(base(), path, `host: ${host}`)).toBe(200);
  });

  it.each([
    ...[
      'evil.example',
      '127.0.0.1.evil.example',
      'localhost.evil.example:11434',
      '0.0.0.0',
      'host.docker.internal',
    ],
    ...['192.168.1.7', '[::ffff:127.0.0.1]', '127.1', ''],
  ])('the name “%s” is refused, as one that was made to point here', async (host) => {
    expect(await statusOf(base(), path, `host: ${host}`)).toBe(403);
    expect(await statusOf(base(), path, `host: ${host}`, `authorization: Bearer ${gateway.key}`)).toBe(200);
  });

  it.each([
    ...[
      'http://localhost:3000',
      'http://127.0.0.1',
      'https://[::1]:8443',
      'app://obsidian.md',
      'tauri://localhost',
    ],
    ...['vscode-webview://abc', 'file://'],
  ])('a page of %s may ask, and read the answer', async (origin) => {
    const [answer] = await exchange(
      base(),
      bare('GET', path, LOCAL, `origin: ${origin}`, 'sec-fetch-site: cross-site'),
    );
    expect(answer?.status).toBe(200);
    expect(answer?.head.toLowerCase()).toContain(`access-control-allow-origin: ${origin}`);
  });

  it.each([
    ...['https://evil.example', 'http://localhost.evil.example', 'http://127.0.0.1.evil.example', 'null'],
    ...[
      'http://localhost:3000.evil.example',
      'http://evil.example#localhost',
      'http://0.0.0.0:80',
      'xapp://x',
      'http://2130706433',
    ],
    'chrome-extension://abc',
  ])('a page of %s may not', async (origin) => {
    const [answer] = await exchange(base(), bare('GET', path, LOCAL, `origin: ${origin}`));
    expect(answer?.status).toBe(403);
    expect(answer?.head.toLowerCase()).not.toContain('access-control');
  });

  it('a page that sends no origin is told by where it says it is', async () => {
    for (const site of ['cross-site', 'same-site'])
      expect(await statusOf(base(), path, LOCAL, `sec-fetch-site: ${site}`), site).toBe(403);
    for (const site of ['none', 'same-origin'])
      expect(await statusOf(base(), path, LOCAL, `sec-fetch-site: ${site}`), site).toBe(200);
  });

  it.each([
    'x-forwarded-for: 127.0.0.1',
    'forwarded: for=127.0.0.1',
    'via: 1.1 x',
    'cf-connecting-ip: 127.0.0.1',
  ])('what came through a proxy is refused (%s)', async (line) => {
    expect(await statusOf(base(), path, LOCAL, line)).toBe(403);
  });
});

describe('behind a reverse proxy that says nothing of itself', () => {
  const withKey = () => `authorization: Bearer ${gateway.key}`;

  it('as nginx without settings, a key is needed at the usual port', async () => {
    const ask = async (...lines: string[]) => {
      const text = ['GET /api/tags HTTP/1.0', LOCAL, 'connection: close', ...lines, '', ''].join('\r\n');
      return (await exchange(gateway.url, text)).map(({ status }) => status);
    };
    expect(await ask()).toEqual([403]);
    expect(await ask(withKey())).toEqual([200]);
  });

  it('one on this computer that the owner trusts, a key is needed at the usual port alone', async () => {
    await gateway.admin('PATCH', '/settings', { trustedProxies: ['127.0.0.0/8'] });
    expect(await statusOf(gateway.url, '/api/tags', LOCAL)).toBe(403);
    expect(await statusOf(gateway.url, '/api/tags', LOCAL, withKey())).toBe(200);
    expect(await statusOf(own, '/api/tags', LOCAL)).toBe(200);
    await gateway.admin('PATCH', '/settings', { trustedProxies: ['10.0.0.1'] });
    expect(await statusOf(gateway.url, '/api/tags', LOCAL)).toBe(200);
    await gateway.admin('PATCH', '/settings', { trustedProxies: [] });
  });
});

it('a preflight is granted to pages of this computer alone', async () => {
  for (const [base, path] of [
    [gateway.url, '/api/chat'],
    [own, '/api/chat'],
    [own, '/v1/chat/completions'],
  ] as const) {
    const ask = async (origin: string) =>
      (
        await exchange(
          base,
          bare('OPTIONS', path, LOCAL, `origin: ${origin}`, 'access-control-request-method: POST'),
        )
      )[0];
    expect((await ask('http://localhost:3000'))?.head).toMatch(/access-control-allow-methods/i);
    expect((await ask('https://evil.example'))?.head).not.toMatch(/access-control/i);
  }
});

it('other computers reach none of it, with a key or without, and the route both APIs share is OpenAI’s there', async () => {
  const { app } = gateway.gateway;
  const abroad = {
    remoteAddress: '10.7.1.1',
    headers: { host: '127.0.0.1', authorization: `Bearer ${gateway.key}` },
  };
  for (const url of ['/api/tags', '/api/version', '/api/ps'])
    expect((await app.inject({ method: 'GET', url, ...abroad })).statusCode, url).toBe(403);
  for (const url of ['/api/show', '/api/generate', '/api/embed', '/api/pull'])
    expect((await app.inject({ method: 'POST', url, payload: '{}', ...abroad })).statusCode, url).toBe(403);
  const payload = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] };
  const chat = await app.inject({ method: 'POST', url: '/api/chat', payload, ...abroad });
  expect(chat.json()).toMatchObject({ object: 'chat.completion' });
  const keyless = await app.inject({ method: 'POST', url: '/api/chat', payload, remoteAddress: '10.7.1.2' });
  expect(keyless.statusCode).toBe(401);
});

it('a page in a browser spends nothing, and reads nothing, also by a name that it made to point here', async () => {
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>a page</title>');
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => site.once('listening', resolve));
  const { port } = site.address() as AddressInfo;
  const browser = await launchChromium({ args: ['--host-resolver-rules=MAP evil.example 127.0.0.1'] });
  try {
    const page = await browser.newPage();
    for (const name of ['evil.example', '127.0.0.1']) {
      await page.goto(`http://${name}:${port}/`);
      const rebound =
        name === 'evil.example' ? [gateway.url, own].map((url) => url.replace('127.0.0.1', name)) : [];
      const before = (await gateway.rows()).length;
      const seen = await page.evaluate(sendAll, [gateway.url, own, ...rebound]);
      const rows = await gateway.rows();
      const sent = rows.slice(0, rows.length - before);
      expect(sent.length, name).toBeGreaterThan(0);
      if (name === 'evil.example') {
        expect(sent.map(({ status }) => status).filter((status) => status !== 403)).toEqual([]);
        expect(seen.filter((text) => text.includes('done') || text.includes('models'))).toEqual([]);
      } else expect(seen.filter((text) => text.includes('"done":true')).length).toBeGreaterThan(0);
    }
  } finally {
    await browser.close();
    site.close();
  }
}, 60_000);

/** In the page: every way of asking without a preflight, and one with. */
const sendAll = async (bases: readonly string[]) => {
  const body = '{"model":"ntl/echo","messages":[{"role":"user","content":"hi"}],"stream":false}';
  const json = { 'content-type': 'application/json' };
  const texts: string[] = [];
  for (const base of bases) {
    for (const init of [{ mode: 'no-cors' }, {}, { headers: json }] as RequestInit[]) {
      const answer = fetch(`${base}/api/chat`, { method: 'POST', body, ...init }).then((got) => got.text());
      texts.push(await answer.catch(() => ''));
    }
    texts.push(
      await fetch(`${base}/api/tags`, { mode: 'no-cors' })
        .then((got) => got.text())
        .catch(() => ''),
    );
    navigator.sendBeacon(`${base}/api/chat`, new Blob([body], { type: 'text/plain' }));
  }
  return texts;
};
