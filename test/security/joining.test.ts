/** What a stranger, another browser or a hostile name can do at /join: ask, and nothing more. */
import { expect, it, onTestFinished } from 'vitest';
import { type FakeBrowser, fakeBrowser } from '../doors/people/browser.ts';
import { FakeNetwork, LAN, LAN_ADDRESS } from '../sharing/fake-network.ts';
import { askHttps } from '../sharing/https.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

async function open(options = {}): Promise<TestGateway> {
  const gateway = await startGateway(options);
  onTestFinished(() => gateway[Symbol.asyncDispose]());
  await gateway.admin('PATCH', '/settings', { joining: true });
  return gateway;
}

const codeOf = (answer: Awaited<ReturnType<FakeBrowser['ask']>>) => [answer.status, answer.body.error?.code];

async function requestsOf(gateway: TestGateway) {
  return (await gateway.admin('GET', '/join-requests')).body.data;
}

it('another browser never gets the key: not without the secret, not with one that is guessed or cut', async () => {
  const gateway = await open();
  const sol = fakeBrowser(gateway);
  await sol.ask('POST', '/join', { name: 'Sol' });
  const [{ id, memberId }] = await requestsOf(gateway);
  await gateway.admin('POST', `/join-requests/${id}/approve`);
  const secret = sol.cookies.get('ntl_join') ?? '';
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(sol.setCookies.get('ntl_join')).toMatch(/; Path=\/join; HttpOnly; SameSite=Strict; Max-Age=604800$/);
  const wrong = [
    '',
    'x',
    id,
    memberId,
    secret.slice(1),
    `${secret}=`,
    secret.toLowerCase(),
    '%00',
    'a'.repeat(4_000),
  ];
  const other = fakeBrowser(gateway);
  for (const cookie of wrong) {
    const headers = { cookie: `ntl_join=${cookie}` };
    expect(codeOf(await other.ask('POST', '/join/key', undefined, headers))).toEqual([404, 'not_found']);
    expect((await other.ask('GET', '/join/state', undefined, headers)).body.request).toBeNull();
    await other.ask('DELETE', '/join/request', undefined, headers);
  }
  // Nor by asking again under the name, once it is decided.
  expect(codeOf(await other.ask('POST', '/join', { name: 'Sol' }))).toEqual([409, 'conflict']);
  expect((await gateway.admin('GET', `/keys?memberId=${memberId}`)).body.data).toEqual([]);
  expect((await sol.ask('POST', '/join/key')).status).toBe(201);
});

it('a page of another site asks nothing: neither by its origin, nor as a form', async () => {
  const gateway = await open();
  const host = new URL(gateway.url).host;
  const foreign: Record<string, string>[] = [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': '', origin: 'https://evil.example' },
    { 'sec-fetch-site': '', origin: 'null' },
    { 'sec-fetch-site': 'cross-site', origin: gateway.url },
  ];
  for (const headers of foreign) {
    const browser = fakeBrowser(gateway);
    const answer = await browser.ask('POST', '/join', { name: 'Mallory' }, headers);
    expect([headers, ...codeOf(answer)]).toEqual([headers, 403, 'origin_not_allowed']);
    expect(codeOf(await browser.ask('POST', '/me/session', { key: gateway.key }, headers))[1]).toBe(
      'origin_not_allowed',
    );
    expect(codeOf(await browser.ask('GET', '/join/state', undefined, headers))[1]).toBe('origin_not_allowed');
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const answer = await fakeBrowser(gateway).ask('POST', '/join', '{"name":"Mallory"}', {
      'content-type': type,
    });
    expect([type, answer.status]).toEqual([type, 400]);
  }
  expect(await requestsOf(gateway)).toEqual([]);
  const sent = { origin: `https://${host}` };
  // What ends TLS in front of the gateway changes the scheme, not the host.
  expect((await fakeBrowser(gateway).ask('POST', '/join', { name: 'Sol' }, sent)).status).toBe(201);
});

it('no text is stored that could be more than text', async () => {
  const gateway = await open();
  const hostile = [
    '<script>alert(1)</script>',
    'Sol\u0000',
    '\u202Egro.live',
    'Sol\r\nSet-Cookie: x=1',
    '\u001b[31mSol',
    '=HYPERLINK("http://x")',
    '{{7*7}}',
    '../../etc',
    '\u3164',
  ];
  for (const [index, text] of hostile.entries()) {
    const own = fakeBrowser(gateway);
    const answer = await own.ask('POST', '/join', index === 7 ? { name: '.../..' } : { name: text });
    expect([text, answer.status, answer.body.error?.param]).toEqual([text, 400, 'name']);
    expect(JSON.stringify(answer.body)).not.toContain('alert(1)');
  }
  expect(await requestsOf(gateway)).toEqual([]);
});

it('what it is for and an address are bounded the same way', async () => {
  const gateway = await open();
  const wrong: [Record<string, unknown>, string][] = [
    [{ purpose: '<img src=x onerror=alert(1)>' }, 'purpose'],
    [{ purpose: 'a\u2066b' }, 'purpose'],
    [{ purpose: 'x'.repeat(201) }, 'purpose'],
    [{ email: 'not an address' }, 'email'],
    [{ email: 'a@b.c<script>' }, 'email'],
    [{ status: 'active' }, 'status'],
    [{ planId: 'enterprise' }, 'planId'],
    [{ __proto__: null, owner: true }, 'owner'],
  ];
  for (const [fields, param] of wrong) {
    const answer = await fakeBrowser(gateway).ask('POST', '/join', { name: 'Sol', ...fields });
    expect([fields, answer.status, answer.body.error?.param]).toEqual([fields, 400, param]);
  }
  const large = await fakeBrowser(gateway).ask('POST', '/join', { name: 'x'.repeat(20_000) });
  expect(codeOf(large)).toEqual([413, 'request_too_large']);
});

it('ten questions an hour from one address, names that are taken included', async () => {
  const gateway = await open();
  const codes = [];
  for (let count = 0; count < 12; count += 1) {
    const answer = await fakeBrowser(gateway).ask('POST', '/join', { name: 'Owner' });
    codes.push(answer.body.error?.code);
    if (count === 11) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3_000);
  }
  expect(codes).toEqual([...Array(10).fill('conflict'), ...Array(2).fill('rate_limit_minute')]);
});

it.skipIf(!LAN)('from another computer it goes over TLS: the cookies never leave in the clear', async () => {
  const network = new FakeNetwork({ lan0: [`${LAN_ADDRESS}/32`] });
  const gateway = await open({ network: network.view });
  const port = await freePort(LAN_ADDRESS);
  await gateway.admin('PUT', '/sharing', { on: true, addresses: [LAN_ADDRESS], port });
  const { certificate: ca } = (await gateway.admin('GET', '/sharing/trust')).body;
  const url = `https://${LAN_ADDRESS}:${port}`;
  const from = { ca, localAddress: LAN_ADDRESS };
  const asked = await askHttps(`${url}/join`, { ...from, method: 'POST', body: { name: 'Sol' } });
  expect(asked.status).toBe(201);
  const [cookie = ''] = asked.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/; HttpOnly; SameSite=Strict; Secure; Max-Age/);
  const { fingerprint } = (await gateway.admin('GET', '/sharing')).body.authority;
  expect(JSON.parse(asked.text).fingerprint).toBe(fingerprint);
  const [{ id, address }] = await requestsOf(gateway);
  expect(address).toBe(LAN_ADDRESS);
  await gateway.admin('POST', `/join-requests/${id}/approve`);
  const headers = { cookie: cookie.split(';')[0] ?? '' };
  const fetched = await askHttps(`${url}/join/key`, { ...from, method: 'POST', headers });
  const session = fetched.headers['set-cookie']?.[0] ?? '';
  expect([fetched.status, session]).toEqual([
    201,
    expect.stringMatching(/^ntl_member=.+; Path=\/me; .*Secure$/),
  ]);
  const own = await askHttps(`${url}/me/api/account`, {
    ...from,
    headers: { cookie: session.split(';')[0] ?? '' },
  });
  expect(JSON.parse(own.text)).toMatchObject({ name: 'Sol' });
  const pay = await askHttps(`${url}/me/api/connect/tools/curl`, {
    ...from,
    headers: { cookie: session.split(';')[0] ?? '' },
  });
  expect(JSON.parse(pay.text).address).toBe(url);
});
