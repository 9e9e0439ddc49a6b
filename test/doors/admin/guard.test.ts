import { get } from 'node:http';
import { describe, expect, it } from 'vitest';
import { ADMIN_TOKEN, type AdminApp, HOST, openAdmin } from './admin-app.ts';

const AUTH = { authorization: `Bearer ${ADMIN_TOKEN}` };
const PATH = '/admin/api/session';

async function signIn(admin: AdminApp): Promise<string> {
  const answer = await admin.inject({ path: `/panel/signin?ticket=${admin.sessions.ticket()}` });
  return String(answer.headers['set-cookie']).split(';')[0] ?? '';
}

describe('the desktop window', () => {
  it('needs nothing: no socket can claim its address', async () => {
    const admin = await openAdmin();
    const headers = { host: 'panel', origin: 'app://panel', 'sec-fetch-site': 'cross-site' };
    const answer = await admin.inject({ path: PATH, remoteAddress: 'in-process', headers });
    expect(answer.body).toEqual({ actor: 'window' });
  });
});

describe('the admin token', () => {
  it('lets a caller of this computer in, over a real socket', async () => {
    const admin = await openAdmin();
    const origin = await admin.listen();
    const answer = await fetch(origin + PATH, { headers: AUTH });
    expect(await answer.json()).toEqual({ actor: 'token' });
    expect((await fetch(origin.replace('127.0.0.1', 'localhost') + PATH, { headers: AUTH })).status).toBe(
      200,
    );
    expect((await fetch(origin + PATH)).status).toBe(401);
    const cors = await fetch(origin + PATH, { headers: AUTH });
    expect([...cors.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('refuses a rebound host name on a real socket', async () => {
    const admin = await openAdmin();
    const origin = await admin.listen();
    const status = await new Promise((resolve, reject) => {
      get(origin + PATH, { headers: { ...AUTH, host: 'evil.example:7411' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(403);
  });

  it.each([
    ['nothing', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['an empty token', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: `Basic ${ADMIN_TOKEN}` }],
    ['an unknown session', { cookie: 'ntl_session=abc' }],
    ['an empty session', { cookie: 'ntl_session=' }],
  ])('is asked for when there is %s', async (_name, headers) => {
    const { inject } = await openAdmin();
    const answer = await inject({ path: PATH, headers });
    expect(answer.status).toBe(401);
    expect(answer.body.error).toMatchObject({
      type: 'authentication_error',
      code: 'invalid_token',
      param: null,
    });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it('is guarded on unknown routes too', async () => {
    const { inject } = await openAdmin();
    expect((await inject({ path: '/admin/api/nothing' })).status).toBe(401);
    const unknown = await inject({ path: '/admin/api/nothing', headers: AUTH });
    expect(unknown.body.error).toMatchObject({
      code: 'not_found',
      message: 'There is no route GET /admin/api/nothing.',
    });
  });

  it('cannot be guessed: after ten wrong ones others are not looked at for a minute', async () => {
    const { inject, clock } = await openAdmin();
    const wrong = { authorization: 'Bearer wrong' };
    for (let count = 0; count < 10; count++)
      expect((await inject({ path: PATH, headers: wrong })).status).toBe(401);
    const closed = await inject({ path: PATH, headers: wrong });
    expect(closed.status).toBe(429);
    expect(closed.headers['retry-after']).toBe('60');
    clock.now += 60_000;
    expect((await inject({ path: PATH, headers: wrong })).status).toBe(401);
  });

  it('opens the door whatever others have tried', async () => {
    const { inject } = await openAdmin();
    for (let count = 0; count < 11; count++)
      await inject({ path: PATH, headers: { authorization: 'Bearer x' } });
    expect((await inject({ path: PATH, headers: AUTH })).status).toBe(200);
  });

  it('forgives wrong ones that lie further apart', async () => {
    const { inject, clock } = await openAdmin();
    for (let count = 0; count < 30; count++) {
      clock.now += 7_000;
      expect((await inject({ path: PATH, headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    }
  });
});

describe('callers from elsewhere', () => {
  it.each(['192.168.1.5', '10.0.0.1', '::ffff:192.168.1.5', '2001:db8::1'])(
    'from %s stay out',
    async (remoteAddress) => {
      const { inject } = await openAdmin();
      const answer = await inject({ path: PATH, headers: AUTH, remoteAddress });
      expect(answer.status).toBe(403);
      expect(answer.body.error.code).toBe('origin_not_allowed');
    },
  );

  it.each(['::1', '127.0.0.1', '127.3.2.1', '::ffff:127.0.0.1'])(
    'from %s are this computer',
    async (remoteAddress) => {
      const { inject } = await openAdmin();
      expect((await inject({ path: PATH, headers: AUTH, remoteAddress })).status).toBe(200);
    },
  );

  it.each([
    { 'x-forwarded-for': '203.0.113.5' },
    { forwarded: 'for=203.0.113.5' },
    { 'x-real-ip': '203.0.113.5' },
  ])('through a proxy on this computer stay out: %j', async (headers) => {
    const { inject } = await openAdmin();
    expect((await inject({ path: PATH, headers: { ...AUTH, ...headers } })).status).toBe(403);
  });

  it('come in once the owner allows it by a session from the network, and by nothing else', async () => {
    const { inject, sessions } = await openAdmin({ ownerFromNetwork: true });
    const headers = { host: 'gateway.lan:7412' };
    const ask = async (more: Record<string, string>) =>
      (await inject({ path: PATH, headers: { ...headers, ...more }, remoteAddress: '192.168.1.5' })).status;
    const abroad = { cookie: `ntl_session=${sessions.start('Firefox', 'password')}` };
    expect(await ask(abroad)).toBe(200);
    expect(await ask(AUTH)).toBe(401);
    expect(await ask({})).toBe(401);
    expect(await ask({ cookie: `ntl_session=${sessions.start('Firefox')}` })).toBe(401);
    expect(await ask({ ...abroad, origin: 'http://evil.example' })).toBe(403);
  });

  it('cannot use here a session that was signed in over the network', async () => {
    const { inject, sessions } = await openAdmin();
    const cookie = `ntl_session=${sessions.start('Firefox', 'passkey')}`;
    expect((await inject({ path: PATH, headers: { cookie } })).status).toBe(401);
  });
});

describe('host, origin and site', () => {
  it.each(['127.0.0.1', 'localhost:7411', 'LOCALHOST', '[::1]:80'])(
    'the host %s is this computer',
    async (host) => {
      const { inject } = await openAdmin();
      expect((await inject({ path: PATH, headers: { ...AUTH, host } })).status).toBe(200);
    },
  );

  it.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '192.168.1.5',
    '127.0.0.1@evil',
  ])('the host %j is not', async (host) => {
    const { inject } = await openAdmin();
    expect((await inject({ path: PATH, headers: { ...AUTH, host } })).status).toBe(403);
  });

  it.each([
    'http://evil.example',
    'http://127.0.0.1:3000',
    'https://127.0.0.1:7411',
    'null',
    'http://localhost:7411',
  ])('the origin %s is another', async (origin) => {
    const { inject } = await openAdmin();
    expect((await inject({ path: PATH, headers: { ...AUTH, origin } })).body.error.code).toBe(
      'origin_not_allowed',
    );
  });

  it('the panel’s own origin is right', async () => {
    const { inject } = await openAdmin();
    const headers = { ...AUTH, origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' };
    expect((await inject({ path: PATH, headers })).status).toBe(200);
  });

  it.each(['cross-site', 'same-site'])('the site %s is another', async (site) => {
    const { inject } = await openAdmin();
    expect((await inject({ path: PATH, headers: { ...AUTH, 'sec-fetch-site': site } })).status).toBe(403);
  });
});

describe('a signed-in browser', () => {
  it('gets its session once for a ticket', async () => {
    const admin = await openAdmin();
    const path = `/panel/signin?ticket=${admin.sessions.ticket()}`;
    const signedIn = await admin.inject({ path });
    expect(signedIn.status).toBe(303);
    expect(signedIn.headers).toMatchObject({ location: '/panel/', 'cache-control': 'no-store' });
    expect(signedIn.headers['set-cookie']).toMatch(
      /^ntl_session=[\w-]{43}; Path=\/admin\/api; HttpOnly; SameSite=Strict$/,
    );
    expect(admin.ticketsUsed()).toBe(1);
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
    expect((await admin.inject({ path: PATH, headers: { cookie: `a=b; ${cookie}` } })).body).toEqual({
      actor: 'browser',
    });

    const again = await admin.inject({ path });
    expect([again.status, again.headers['set-cookie']]).toEqual([401, undefined]);
    expect(admin.ticketsUsed()).toBe(1);
  });

  it('is refused a ticket from elsewhere, or under another name', async () => {
    const admin = await openAdmin();
    const path = `/panel/signin?ticket=${admin.sessions.ticket()}`;
    expect(
      (await admin.inject({ path, remoteAddress: '192.168.1.5' })).headers['set-cookie'],
    ).toBeUndefined();
    expect(
      (await admin.inject({ path, headers: { host: 'evil.example' } })).headers['set-cookie'],
    ).toBeUndefined();
    expect((await admin.inject({ path: '/panel/signin' })).status).toBe(401);
    expect((await admin.inject({ path })).status).toBe(303);
  });

  it('changes things from its own origin only', async () => {
    const admin = await openAdmin();
    const cookie = await signIn(admin);
    const post = (headers: Record<string, string>) =>
      admin.inject({
        method: 'POST',
        path: '/admin/api/members',
        headers: { cookie, ...headers },
        body: { name: 'Mia' },
      });
    expect((await post({ origin: `http://${HOST}` })).status).toBe(201);
    expect((await post({ origin: 'http://127.0.0.1:3000' })).status).toBe(403);
    expect((await post({ origin: `http://${HOST}`, 'sec-fetch-site': 'same-site' })).status).toBe(403);
    expect((await admin.call('GET', '/changes')).body.data).toMatchObject([
      { actor: 'browser', action: 'member.create' },
    ]);
  });

  it('may not post a form', async () => {
    const admin = await openAdmin();
    const cookie = await signIn(admin);
    const headers = { cookie, 'content-type': 'text/plain' };
    const answer = await admin.inject({
      method: 'POST',
      path: '/admin/api/members',
      headers,
      body: '{"name":"Mia"}',
    });
    expect(answer.body.error).toMatchObject({ code: 'invalid_request' });
    expect(answer.body.error.message).toContain('application/json');
  });

  it('signs out', async () => {
    const admin = await openAdmin();
    const cookie = await signIn(admin);
    const out = await admin.inject({ method: 'DELETE', path: PATH, headers: { cookie } });
    expect(out.status).toBe(204);
    expect(out.headers['set-cookie']).toContain('Max-Age=0');
    expect((await admin.inject({ path: PATH, headers: { cookie } })).status).toBe(401);
  });

  it('is signed out after twelve idle hours', async () => {
    const admin = await openAdmin();
    const cookie = await signIn(admin);
    const hours = 3_600_000;
    admin.clock.now += 11 * hours;
    expect((await admin.inject({ path: PATH, headers: { cookie } })).status).toBe(200);
    admin.clock.now += 11 * hours;
    expect((await admin.inject({ path: PATH, headers: { cookie } })).status).toBe(200);
    admin.clock.now += 12 * hours + 1;
    expect((await admin.inject({ path: PATH, headers: { cookie } })).status).toBe(401);
  });

  it('does not keep more sessions than a hundred', async () => {
    const admin = await openAdmin();
    const first = await signIn(admin);
    for (let count = 0; count < 100; count++) await signIn(admin);
    expect((await admin.inject({ path: PATH, headers: { cookie: first } })).status).toBe(401);
    expect((await admin.inject({ path: PATH, headers: { cookie: await signIn(admin) } })).status).toBe(200);
  });
});
