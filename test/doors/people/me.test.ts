import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { HELLO } from '../member/ask.ts';
import { type FakeBrowser, fakeBrowser } from './browser.ts';

let gateway: TestGateway;
let mia: { id: string; key: string; keyId: string };
let other: { id: string; key: string; keyId: string };

const SECRET = 'the-other-members-own';

beforeAll(async () => {
  gateway = await startGateway();
  mia = await gateway.member({ name: 'Mia', email: 'mia@example.com' });
  other = await gateway.member(
    { name: SECRET, email: `${SECRET}@example.com`, planId: 'free' },
    { name: SECRET },
  );
  await gateway.admin('POST', `/members/${other.id}/grants`, { tokens: 987_654, micros: 456_789 });
  await gateway.admin('PUT', '/limits', {
    ...{ scope: 'member', subjectId: other.id, metric: 'requests', windowSeconds: 86_400, amount: 4_321 },
  });
  for (const key of [mia.key, other.key, other.key])
    await gateway.post('/v1/chat/completions', HELLO, { key });
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function signedIn(key: string, at = gateway): Promise<FakeBrowser> {
  const browser = fakeBrowser(at);
  const answer = await browser.ask('POST', '/me/session', { key });
  expect([answer.status, answer.body.error?.message]).toEqual([204, undefined]);
  return browser;
}

const codeOf = (answer: { status: number; body: { error?: { code: string } } }) => [
  answer.status,
  answer.body.error?.code,
];

/** Every route that the page asks; `{id}` is a key's. */
const GETS = [
  '/me/api/account',
  '/me/api/limits',
  '/me/api/models',
  '/me/api/connect/tools',
  '/me/api/connect/tools/cline',
  '/me/api/requests',
  '/me/api/tenant/keys',
  '/me/api/tenant/keys/{id}',
  '/me/api/tenant/usage',
  '/me/api/tenant/subscription',
  '/me/api/tenant/credits',
  '/me/api/openapi/v1/user/quota/list',
];
const CHANGES: [string, string, unknown][] = [
  ['POST', '/me/api/tenant/keys', { name: 'made' }],
  ['DELETE', '/me/api/tenant/keys/{id}', undefined],
  ['POST', '/me/api/tenant/billing/topup', { amount: 5 }],
  ['POST', '/me/api/tenant/billing/checkout', { plan: 'pro' }],
  ['POST', '/me/api/tenant/billing/portal', undefined],
];

describe('a colleague’s own page', () => {
  it('shows a key once and then asks by its session alone', async () => {
    const browser = await signedIn(mia.key);
    expect(browser.setCookies.get('ntl_member')).toMatch(
      /^ntl_member=[\w-]{43}; Path=\/me; HttpOnly; SameSite=Strict$/,
    );
    const account = await browser.ask('GET', '/me/api/account');
    expect(account.headers.get('cache-control')).toBe('no-store');
    expect(account.body).toEqual({
      ...{ name: 'Mia', email: 'mia@example.com', selfService: true, prepaid: false, payments: false },
      plan: { id: 'pro', name: 'Pro', historyDays: 30, paidUntil: null },
      key: {
        ...{ id: mia.keyId, name: 'test', prefix: mia.key.slice(0, 15), kind: 'standard', expiresAt: null },
        limited: false,
      },
      balance: { tokens: 0, micros: 0 },
    });
    expect((await browser.ask('GET', '/me/api/limits')).body.data).toMatchObject([
      { metric: 'requests', windowSeconds: 60, amount: 600, used: 1, setBy: 'plan' },
    ]);
    expect((await browser.ask('GET', '/me/api/models')).body.data).toMatchObject([{ id: 'ntl/echo' }]);
    const { data } = (await browser.ask('GET', '/me/api/requests')).body;
    expect(data).toMatchObject([{ model: 'ntl/echo', status: 200, tool: 'other' }]);
    expect(Object.keys(data[0])).not.toContain('providerId');
    expect((await browser.ask('GET', '/me/api/tenant/usage')).body.data).toMatchObject([{ requests: 1 }]);
  });

  it('signs out, and a session nobody gave out opens nothing', async () => {
    const browser = await signedIn(mia.key);
    const stolen = browser.cookies.get('ntl_member') ?? '';
    expect((await browser.ask('DELETE', '/me/session')).status).toBe(204);
    expect(browser.cookies.has('ntl_member')).toBe(false);
    for (const cookie of [stolen, 'x', mia.key, '']) {
      const answer = await fakeBrowser(gateway).ask('GET', '/me/api/account', undefined, {
        cookie: `ntl_member=${cookie}`,
      });
      expect(codeOf(answer)).toEqual([401, 'missing_auth']);
    }
  });

  it('takes a key in no other way: a header opens nothing here', async () => {
    const headers = { authorization: `Bearer ${mia.key}`, 'x-api-key': mia.key };
    expect(codeOf(await fakeBrowser(gateway).ask('GET', '/me/api/account', undefined, headers))).toEqual([
      401,
      'missing_auth',
    ]);
  });

  it('makes and revokes keys as the key itself could', async () => {
    const browser = await signedIn((await gateway.member({ name: 'Maker' })).key);
    const made = await browser.ask('POST', '/me/api/tenant/keys', { name: 'laptop' });
    expect([made.status, made.body.kind]).toEqual([201, 'standard']);
    expect((await gateway.post('/v1/chat/completions', HELLO, { key: made.body.key })).status).toBe(200);
    expect((await browser.ask('GET', '/me/api/tenant/keys')).body.data).toHaveLength(2);
    expect((await browser.ask('DELETE', `/me/api/tenant/keys/${made.body.id}`)).status).toBe(200);
    expect((await gateway.post('/v1/chat/completions', HELLO, { key: made.body.key })).status).toBe(401);
    for (const body of [{ kind: 'pay_per_token' }, { kind: 'subscription' }])
      expect(codeOf(await browser.ask('POST', '/me/api/tenant/keys', body))).toEqual([
        403,
        'route_not_allowed',
      ]);
  });

  it('makes none where self-service is off, or the key has limits of its own', async () => {
    const kept = await gateway.member({ name: 'Kept', selfService: false });
    const browser = await signedIn(kept.key);
    expect((await browser.ask('GET', '/me/api/account')).body.selfService).toBe(false);
    expect(codeOf(await browser.ask('POST', '/me/api/tenant/keys', {}))).toEqual([403, 'route_not_allowed']);
    expect(codeOf(await browser.ask('DELETE', `/me/api/tenant/keys/${kept.keyId}`))).toEqual([
      403,
      'route_not_allowed',
    ]);
    const limited = await gateway.member({ name: 'Limited' });
    await gateway.admin('PUT', '/limits', {
      ...{ scope: 'key', subjectId: limited.keyId, metric: 'cost', windowSeconds: 86_400, amount: 9 },
    });
    const second = await signedIn(limited.key);
    expect((await second.ask('GET', '/me/api/account')).body.key.limited).toBe(true);
    expect(codeOf(await second.ask('POST', '/me/api/tenant/keys', {}))).toEqual([403, 'route_not_allowed']);
  });

  it('says calmly that nothing can be paid where nothing is set up', async () => {
    const browser = await signedIn(mia.key);
    for (const [method, path, body] of CHANGES.filter(([, route]) => route.includes('billing')))
      expect(codeOf(await browser.ask(method, path, body))).toEqual([503, 'billing_not_configured']);
  });

  it('has lines for tools with the address it was opened at and a model it may use', async () => {
    await gateway.publish({ url: 'http://127.0.0.1:9', port: 9 }, ['own-model', 'hidden-model']);
    const browser = await signedIn(
      (await gateway.member({ name: 'Liner', allowedModels: ['own-model'] })).key,
    );
    const { body } = await browser.ask(
      'GET',
      '/me/api/connect/tools/cline?address=https%3A%2F%2Fstudio.local%3A7411',
    );
    expect(body).toMatchObject({ model: 'own-model', address: 'https://studio.local:7411' });
    expect(JSON.stringify(body.ways)).toContain('https://studio.local:7411/cline/v1');
    expect((await browser.ask('GET', '/me/api/connect/tools/cline')).body.address).toBe(gateway.url);
    expect(codeOf(await browser.ask('GET', '/me/api/connect/tools/cline?model=hidden-model'))).toEqual([
      400,
      'invalid_request',
    ]);
    expect(JSON.stringify((await browser.ask('GET', '/me/api/models')).body)).not.toContain('hidden-model');
    const windows = await browser.ask('GET', '/me/api/connect/tools/claude-code?system=windows');
    expect(JSON.stringify(windows.body.ways)).toContain('%USERPROFILE%');
  });

  it('shows no requests from before the history window of the plan', async () => {
    const browser = await signedIn(other.key);
    expect((await browser.ask('GET', '/me/api/requests')).body.pagination.total).toBe(2);
    const old = await browser.ask('GET', '/me/api/requests?startDate=2020-01-01');
    expect(old.body).toMatchObject({ data: [], pagination: { total: 0 } });
    expect((await browser.ask('GET', '/me/api/requests?pageSize=5000')).body.pagination.limit).toBe(50);
  });
});

describe('never anyone else’s', () => {
  const NAMES = ['member', 'memberId', 'member_id', 'keyId', 'key_id', 'tenant', 'id'];

  it('by an id in a path: it is as if there were no such thing', async () => {
    const browser = await signedIn(mia.key);
    for (const [method, path] of [...GETS.map((path) => ['GET', path] as const), ...CHANGES]) {
      if (!path.includes('{id}')) continue;
      expect(codeOf(await browser.ask(method, path.replace('{id}', other.keyId)))).toEqual([
        404,
        'not_found',
      ]);
    }
    expect((await gateway.post('/v1/chat/completions', HELLO, { key: other.key })).status).toBe(200);
  });

  it('by an id in a query, a body or a header, nor by a key in one', async () => {
    const browser = await signedIn(mia.key);
    const query = NAMES.map((name) => `${name}=${/key/i.test(name) ? other.keyId : other.id}`).join('&');
    const headers = {
      ...{ authorization: `Bearer ${other.key}`, 'x-api-key': other.key, 'x-member-id': other.id },
    };
    const told: string[] = [];
    for (const path of GETS) {
      const own = path.replace('{id}', mia.keyId);
      for (const asked of [own, `${own}?${query}`]) {
        const answer = await browser.ask('GET', asked, undefined, headers);
        told.push(`${asked}: ${JSON.stringify(answer.body)}`);
      }
    }
    const fields = Object.fromEntries(NAMES.map((name) => [name, other.id]));
    for (const [method, path, body] of CHANGES.filter(([method]) => method === 'POST')) {
      const answer = await browser.ask(method, path, { ...(body as object), ...fields }, headers);
      told.push(`${path}: ${JSON.stringify(answer.body)}`);
    }
    for (const text of told)
      for (const others of [SECRET, other.key.slice(0, 15), '987654', '456789', '4321'])
        expect(text).not.toContain(others);
    const keys = (await gateway.admin('GET', `/keys?memberId=${other.id}`)).body.data;
    expect(keys).toHaveLength(1);
  });

  it('and nothing of the owner’s', async () => {
    const browser = await signedIn(mia.key);
    for (const path of ['/admin/api/members', '/admin/api/status', '/admin/api/join-requests'])
      expect((await browser.ask('GET', path)).status).toBe(401);
    for (const path of ['/me/api/members', '/me/api/../../admin/api/members', '/me/api/providers'])
      expect([401, 404]).toContain((await browser.ask('GET', path)).status);
  });
});

describe('who may not', () => {
  it.each([
    ['pending', 403, 'access_disabled'],
    ['disabled', 403, 'access_disabled'],
    ['suspended', 403, 'suspended'],
  ])('a %s member is told so, at the door and later', async (status, http, code) => {
    const member = await gateway.member({ name: `Was ${status}` });
    const browser = await signedIn(member.key);
    await gateway.admin('PATCH', `/members/${member.id}`, { status });
    for (const path of GETS)
      expect(codeOf(await browser.ask('GET', path.replace('{id}', member.keyId)))).toEqual([http, code]);
    expect(codeOf(await fakeBrowser(gateway).ask('POST', '/me/session', { key: member.key }))).toEqual([
      http,
      code,
    ]);
    await gateway.admin('PATCH', `/members/${member.id}`, { status: 'active' });
    expect((await browser.ask('GET', '/me/api/account')).status).toBe(200);
  });

  it('a revoked key, a deleted member and an address that is not allowed end the session', async () => {
    const member = await gateway.member({ name: 'Gone' });
    const browser = await signedIn(member.key);
    await gateway.admin('PATCH', `/members/${member.id}`, { allowedIps: ['10.0.0.0/8'] });
    expect(codeOf(await browser.ask('GET', '/me/api/account'))).toEqual([403, 'ip_blocked']);
    await gateway.admin('PATCH', `/members/${member.id}`, { allowedIps: null });
    await gateway.admin('DELETE', `/keys/${member.keyId}`);
    expect(codeOf(await browser.ask('GET', '/me/api/account'))).toEqual([401, 'key_revoked']);
    await gateway.admin('DELETE', `/members/${member.id}`);
    expect(codeOf(await browser.ask('GET', '/me/api/account'))).toEqual([401, 'key_revoked']);
  });

  it('wrong keys are counted as refused ones, and told to the owner', async () => {
    await using own = await startGateway();
    const browser = fakeBrowser(own);
    for (let count = 0; count < 20; count += 1)
      expect(codeOf(await browser.ask('POST', '/me/session', { key: `ntl_live_${count}` }))).toEqual([
        401,
        'invalid_key',
      ]);
    const { data } = (await own.admin('GET', '/alerts')).body;
    expect(data).toMatchObject([{ kind: 'refused_keys' }]);
  });

  it('a blocked address gets nothing of it, the page neither', async () => {
    await using own = await startGateway();
    const browser = await signedIn(own.key, own);
    await own.admin('POST', '/ip-blocks', { cidr: '127.0.0.1' });
    for (const [method, path] of [
      ['GET', '/me'],
      ['GET', '/join'],
      ['GET', '/join/state'],
      ['GET', '/me/api/account'],
    ] as const)
      expect(codeOf(await browser.ask(method, path))).toEqual([403, 'ip_blocked']);
    expect(codeOf(await browser.ask('POST', '/me/session', { key: own.key }))).toEqual([403, 'ip_blocked']);
    expect(codeOf(await browser.ask('POST', '/join', { name: 'Anna' }))).toEqual([403, 'ip_blocked']);
  });
});
