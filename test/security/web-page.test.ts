/** What a page of another site, or of another port of this computer, can do in the owner's own browser: nothing. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { launchChromium } from '../support/chromium.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

let gateway: TestGateway;
let browser: Browser;
let context: BrowserContext;
/** The malicious site: whatever it is asked for, it gives an empty page. */
const asked: IncomingMessage[] = [];
const site = createServer((request, response) => {
  asked.push(request);
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>a page</title>');
});

beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin('PATCH', '/settings', { metrics: true });
  await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
  // Signed in: what the page sends carries whatever the browser is willing to send.
  context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(readRuntimeFile(gateway.dataDir)?.panelUrl ?? '');
  expect(await page.evaluate(async () => (await fetch('/admin/api/session')).status)).toBe(200);
  await gateway.admin('PATCH', '/settings', { joining: true });
  expect(await page.evaluate(signInWith, gateway.key)).toBe(204);
}, 60_000);
afterAll(async () => {
  await browser.close();
  site.close();
  await gateway[Symbol.asyncDispose]();
});

const PATHS = [
  ...['/admin/api/status', '/admin/api/events', '/admin/api/requests?format=csv', '/admin/api/openapi.json'],
  ...['/join', '/join/state', '/me', '/me/api/account', '/me/api/tenant/keys', '/people/icon.svg'],
  ...['/panel/', '/docs/', '/v1/models', '/pricing/tokens', '/metrics', '/healthz'],
];

/** In the page: what the colleagues' page does with a key. */
const signInWith = async (key: string) => {
  const headers = { 'content-type': 'application/json' };
  return (await fetch('/me/session', { method: 'POST', headers, body: JSON.stringify({ key }) })).status;
};

const port = () => (site.address() as AddressInfo).port;
const SITES = {
  // For cookies another port of the same host is the same site: they are sent along.
  'on another port of this computer': () => `http://127.0.0.1:${port()}/`,
  'of another site': () => `http://localhost:${port()}/`,
};

const memberNames = async () =>
  (await gateway.admin('GET', '/members')).body.data.map(({ name }: { name: string }) => name);

/** Every way in which a script may ask for an address; each tells what it could see of the answer. */
async function reads(page: Page, url: string): Promise<Record<string, string>> {
  return page.evaluate(async (target) => {
    const outcome = (promise: Promise<unknown>) => promise.then(String, () => 'nothing');
    const event = (source: EventTarget, good: string) =>
      new Promise((resolve, reject) => {
        source.addEventListener(good, () => resolve(good));
        source.addEventListener('error', () => reject(new Error('error')));
      });
    const element = (name: string, field: 'src' | 'data') => {
      const made = Object.assign(document.createElement(name), { [field]: target });
      document.body.append(made);
      return event(made, 'load');
    };
    // Listened to before it can have failed.
    const source = () => event(new EventSource(target, { withCredentials: true }), 'open');
    const socket = () => event(new WebSocket(target.replace('http', 'ws')), 'open');
    return {
      fetch: await outcome(fetch(target, { credentials: 'include' }).then((answer) => answer.text())),
      'fetch without cors': await outcome(
        fetch(target, { mode: 'no-cors', credentials: 'include' }).then((answer) => answer.text()),
      ),
      'fetch with a header': await outcome(
        fetch(target, { headers: { 'x-own': '1' } }).then((answer) => answer.text()),
      ),
      EventSource: await outcome(source()),
      WebSocket: await outcome(socket()),
      script: await outcome(element('script', 'src')),
      image: await outcome(element('img', 'src')),
    };
  }, url);
}

describe.each(Object.entries(SITES))('a page %s', (_, address) => {
  const open = async () => {
    const page = await context.newPage();
    await page.goto(address());
    return page;
  };

  it('reads nothing', async () => {
    const page = await open();
    const seen = await Promise.all(PATHS.map((path) => reads(page, gateway.url + path)));
    await page.close();
    // A request without cors may be made, but its answer is opaque: an empty text.
    const found = seen.flatMap((ways, index) =>
      Object.entries(ways).flatMap(([way, text]) =>
        text === 'nothing' || text === '' ? [] : [[PATHS[index], way, text]],
      ),
    );
    expect(found).toEqual([]);
  });

  it('neither asks to join, nor makes, revokes or shows a key in the name of a colleague', async () => {
    const page = await open();
    const keys = async () => (await gateway.admin('GET', '/keys')).body.data;
    const before = [await memberNames(), await keys()];
    const answers = await page.evaluate(async (origin) => {
      const sent: string[] = [];
      const json = { 'content-type': 'application/json' };
      for (const path of [
        '/join',
        '/join/key',
        '/me/session',
        '/me/api/tenant/keys',
        '/me/api/tenant/billing/portal',
      ]) {
        for (const init of [{ mode: 'no-cors' }, { mode: 'cors', headers: json }] as RequestInit[]) {
          const body = '{"name":"Mallory","key":"ntl_live_x"}';
          const answer = await fetch(origin + path, {
            method: 'POST',
            body,
            credentials: 'include',
            ...init,
          }).then(
            ({ type, status }) => `${type} ${status}`,
            () => 'not sent',
          );
          sent.push(answer);
        }
      }
      return sent;
    }, gateway.url);
    await page.close();
    expect(new Set(answers)).toEqual(new Set(['not sent']));
    expect([await memberNames(), await keys()]).toEqual(before);
  });

  it('changes nothing, by script or by form', async () => {
    const page = await open();
    const before = await memberNames();
    const url = `${gateway.url}/admin/api/members`;
    const statuses = await page.evaluate(async (target) => {
      const body = '{"name":"Mallory"}';
      const json = { 'content-type': 'application/json' };
      const send = (init: RequestInit) =>
        fetch(target, { method: 'POST', body, credentials: 'include', ...init }).then(
          () => 'sent',
          () => 'not sent',
        );
      const beacon = navigator.sendBeacon(target, new Blob([body], { type: 'text/plain' }));
      return [
        await send({ mode: 'no-cors' }),
        await send({ mode: 'cors', headers: json }),
        await send({ mode: 'cors', method: 'PUT', headers: json }),
        String(beacon),
      ];
    }, url);
    expect(statuses[1]).toBe('not sent');
    expect(statuses[2]).toBe('not sent');
    for (const encoding of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const posted = page.waitForResponse((response) => response.url() === url);
      const arrived = page.waitForURL(url);
      await page.evaluate(
        ([target, type]) => {
          const form = Object.assign(document.createElement('form'), { method: 'POST', action: target });
          form.enctype = type as string;
          // As text/plain this makes a JSON object.
          form.append(
            Object.assign(document.createElement('input'), { name: '{"name":"Mallory","x":"', value: '"}' }),
          );
          document.body.append(form);
          form.submit();
        },
        [url, encoding],
      );
      expect((await posted).status()).toBe(403);
      await arrived;
      await page.goto(address());
    }
    expect(await memberNames()).toEqual(before);
    await page.close();
  });

  it('cannot sign the browser in, or out', async () => {
    const page = await open();
    const token = readRuntimeFile(gateway.dataDir)?.adminToken;
    await page.evaluate(
      async ([origin, text]) => {
        const send = (path: string, init: RequestInit) =>
          fetch(`${origin}${path}`, { credentials: 'include', mode: 'no-cors', ...init }).catch(
            () => undefined,
          );
        await send('/panel/signin', { method: 'POST', body: JSON.stringify({ token: text }) });
        await send('/admin/api/session', { method: 'POST', body: '' });
      },
      [gateway.url, token],
    );
    const { body } = await gateway.admin('GET', '/sessions');
    expect(body.data).toHaveLength(1);
    await page.close();
  });

  it('cannot frame the panel to have it clicked', async () => {
    const page = await open();
    for (const path of ['/panel/', '/docs/']) {
      const answered = page.waitForResponse((response) => response.url() === gateway.url + path);
      await page.evaluate((src) => {
        document.body.append(Object.assign(document.createElement('iframe'), { src }));
      }, gateway.url + path);
      expect((await answered).headers()).toMatchObject({ 'x-frame-options': 'SAMEORIGIN' });
      const frame = await until('the frame', () =>
        page.frames().find((other) => other.parentFrame() !== null),
      );
      await until('what the browser shows instead', () => frame.url() === 'chrome-error://chromewebdata/');
      await page.goto(address());
    }
    await page.close();
  });

  it('is sent on by no address of the gateway, and holds no window of it', async () => {
    const page = await open();
    const opened = context.waitForEvent('page');
    await page.evaluate(
      (url) => {
        Object.assign(window, { held: window.open(url) });
      },
      `${gateway.url}/panel/?next=${encodeURIComponent(address())}`,
    );
    const panel = await opened;
    await panel.waitForLoadState();
    expect(new URL(panel.url()).origin).toBe(gateway.url);
    expect(await panel.evaluate(() => window.opener)).toBeNull();
    await panel.close();
    await page.close();
  });
});

it('the session goes to no other server on this computer by itself', async () => {
  asked.length = 0;
  const page = await context.newPage();
  for (const address of Object.values(SITES)) await page.goto(address());
  expect(asked.map(({ headers }) => headers.cookie).filter((cookie) => cookie !== undefined)).toEqual([]);
  await page.close();
});

it('known limit: cookies know no ports, so a server on another port of 127.0.0.1 that means to can get it', async () => {
  const page = await context.newPage();
  await page.goto(SITES['on another port of this computer']());
  await page.evaluate(async () => (await fetch('/admin/api/x')).status);
  expect(asked.at(-1)?.headers.cookie).toMatch(/^ntl_session=/);
  await page.goto(SITES['of another site']());
  await page.evaluate(async () => (await fetch('/admin/api/x')).status);
  expect(asked.at(-1)).toMatchObject({ url: '/admin/api/x', headers: { host: `localhost:${port()}` } });
  expect(asked.at(-1)?.headers.cookie).toBeUndefined();
  await page.close();
});

it('a preflight is granted by no route, that for private networks neither', async () => {
  for (const path of [
    '/admin/api/members',
    '/panel/signin',
    '/v1/chat/completions',
    '/v1/models',
    '/tenant/keys',
  ]) {
    const answer = await fetch(gateway.url + path, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
        'access-control-request-private-network': 'true',
        'access-control-request-local-network': 'true',
      },
    });
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});
