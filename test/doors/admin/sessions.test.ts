import { describe, expect, it } from 'vitest';
import { startGateway } from '../../support/gateway.ts';
import { ADMIN_TOKEN, type AdminApp, HOST, openAdmin } from './admin-app.ts';

const PATH = '/admin/api/session';
const HOUR_MS = 3_600_000;

/** @returns the cookie of a browser that has signed in with the admin token */
async function signIn(admin: AdminApp, userAgent = 'Firefox'): Promise<string> {
  const answer = await token(admin, { 'user-agent': userAgent });
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

function token(
  admin: AdminApp,
  headers: Record<string, string> = {},
  body: unknown = { token: ADMIN_TOKEN },
) {
  return admin.inject({ method: 'POST', path: '/panel/signin', headers, body });
}

const session = (admin: AdminApp, cookie: string) => admin.inject({ path: PATH, headers: { cookie } });

describe('signing in with the admin token', () => {
  it('gives the browser a session', async () => {
    const admin = await openAdmin();
    const answer = await token(admin, { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' });
    expect(answer.status).toBe(204);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['set-cookie']).toMatch(
      /^ntl_session=[\w-]{43}; Path=\/admin\/api; HttpOnly; SameSite=Strict$/,
    );
    const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
    expect((await session(admin, cookie)).body).toEqual({ actor: 'browser' });
  });

  it('is refused in plain words with a wrong one', async () => {
    await using gateway = await startGateway();
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ token: 'wrong' });
    const answer = await fetch(`${gateway.url}/panel/signin`, { method: 'POST', headers, body });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect((await answer.json()).error).toEqual({
      ...{ type: 'authentication_error', code: 'invalid_token', param: null },
      message: expect.stringContaining('runtime.json'),
    });
  });

  it.each([{}, { token: 5 }, { token: ADMIN_TOKEN, remember: true }])('is refused as %j', async (body) => {
    const admin = await openAdmin();
    expect((await token(admin, {}, body)).status).toBe(400);
  });

  it('counts wrong tokens together with those of the API', async () => {
    const admin = await openAdmin();
    const authorization = 'Bearer wrong';
    for (let count = 0; count < 5; count++) {
      expect((await token(admin, {}, { token: 'wrong' })).status).toBe(401);
      expect((await admin.inject({ path: PATH, headers: { authorization } })).status).toBe(401);
    }
    const closed = await token(admin, {}, { token: 'wrong' });
    expect([closed.status, closed.headers['retry-after']]).toEqual([429, '60']);
    expect((await token(admin)).status).toBe(204);
  });

  it('is for this computer, by its own name, and for its own pages', async () => {
    const admin = await openAdmin();
    const tries: [Record<string, string>, string?][] = [
      [{ host: 'evil.example:7411' }],
      [{ origin: 'http://evil.example' }],
      [{ 'sec-fetch-site': 'cross-site' }],
      [{ 'x-forwarded-for': '192.168.1.5' }],
      [{}, '192.168.1.5'],
    ];
    for (const [headers, remoteAddress = '127.0.0.1'] of tries) {
      const answer = await admin.inject({
        ...{ method: 'POST', path: '/panel/signin', headers, remoteAddress, body: { token: ADMIN_TOKEN } },
      });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([403, undefined]);
    }
  });

  it('is for nobody else where the owner may come over the network: there it takes a password', async () => {
    const admin = await openAdmin({ ownerFromNetwork: true });
    const headers = { host: 'gateway.lan:7411' };
    const answer = await admin.inject({
      ...{ method: 'POST', path: '/panel/signin', headers, remoteAddress: '192.168.1.5' },
      body: { token: ADMIN_TOKEN },
    });
    expect(answer.status).toBe(403);
  });
});

describe('a session', () => {
  it('ends after twelve hours in which nobody used it', async () => {
    const admin = await openAdmin();
    const cookie = await signIn(admin);
    for (let day = 0; day < 3; day++) {
      admin.clock.now += 12 * HOUR_MS;
      expect((await session(admin, cookie)).status).toBe(200);
    }
    admin.clock.now += 12 * HOUR_MS + 1;
    expect((await session(admin, cookie)).status).toBe(401);
  });

  it('ends after seven days however much it is used', async () => {
    const admin = await openAdmin();
    const cookie = await signIn(admin);
    for (let half = 0; half < 14; half++) {
      admin.clock.now += 12 * HOUR_MS;
      expect((await session(admin, cookie)).status).toBe(200);
    }
    admin.clock.now += 1;
    expect((await session(admin, cookie)).status).toBe(401);
    expect((await admin.call('GET', '/sessions')).body).toEqual({ data: [] });
  });

  it('is listed without what signs in, the latest first', async () => {
    const admin = await openAdmin();
    const mine = await signIn(admin, `Firefox ${'x'.repeat(300)}`);
    admin.clock.now += 1_000;
    const other = await signIn(admin, 'Chromium');
    admin.clock.now += 1_000;
    const answer = await admin.inject({ path: '/admin/api/sessions', headers: { cookie: mine } });
    const [first, second] = answer.body.data;
    expect(first).toMatchObject({ id: '1', current: true });
    expect(first.userAgent).toHaveLength(200);
    expect(Date.parse(first.lastUsedAt) - Date.parse(first.createdAt)).toBe(2_000);
    expect(second).toMatchObject({ id: '2', current: false, userAgent: 'Chromium' });
    for (const cookie of [mine, other]) expect(answer.text).not.toContain(cookie.split('=')[1]);
  });

  it('can be ended from another browser, alone or with all others', async () => {
    const admin = await openAdmin();
    const [mine, second, third] = [await signIn(admin), await signIn(admin), await signIn(admin)];
    const ask = (method: string, path: string) =>
      admin.inject({
        method,
        path: `/admin/api${path}`,
        headers: { cookie: mine, origin: `http://${HOST}` },
      });
    expect((await ask('DELETE', '/sessions/2')).status).toBe(204);
    expect((await ask('DELETE', '/sessions/2')).status).toBe(404);
    expect([(await session(admin, second)).status, (await session(admin, third)).status]).toEqual([401, 200]);
    expect((await ask('DELETE', '/sessions')).status).toBe(204);
    expect([(await session(admin, mine)).status, (await session(admin, third)).status]).toEqual([200, 401]);
    await admin.call('DELETE', '/sessions');
    expect((await session(admin, mine)).status).toBe(401);
  });
});

describe('a link to the panel', () => {
  it('signs in once, within ten minutes', async () => {
    const admin = await openAdmin();
    const link = async () => new URL((await admin.call('POST', '/panel-link')).body.url);
    const { origin, pathname, search } = await link();
    expect(origin).toBe(`http://${HOST}`);
    expect((await admin.inject({ path: pathname + search })).status).toBe(303);
    expect((await admin.inject({ path: pathname + search })).status).toBe(401);
    const late = await link();
    admin.clock.now += 10 * 60_000 + 1;
    expect((await admin.inject({ path: late.pathname + late.search })).status).toBe(401);
  });

  it('never pushes the one in runtime.json out', async () => {
    const admin = await openAdmin();
    const lasting = admin.sessions.ticket();
    for (let count = 0; count < 150; count++) await admin.call('POST', '/panel-link');
    expect((await admin.inject({ path: `/panel/signin?ticket=${lasting}` })).status).toBe(303);
  });

  it('is not made where no browser could follow it', async () => {
    const listening = { address: null, move: async () => undefined };
    const admin = await openAdmin({ system: { listening } });
    expect((await admin.call('POST', '/panel-link')).status).toBe(409);
  });
});
