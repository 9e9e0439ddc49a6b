import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { Guesses, TooManyGuesses } from '../../gateway/sharing/owner/guesses.ts';
import { hashPassword, isPassword } from '../../gateway/sharing/owner/password.ts';
import { ManualClock } from '../quotas/manual-clock.ts';
import { freePort } from '../support/free-port.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { FakeNetwork, LAN, LAN_ADDRESS } from './fake-network.ts';
import { askHttps } from './https.ts';

const PASSWORD = 'correct horse battery';
/** The real cost is measured once; elsewhere it would only take time. */
const QUICK = { n: 2 ** 10, r: 8, p: 1 };

describe('the password', () => {
  it('is kept as scrypt leaves it, by OWASP’s costs', async () => {
    const one = await hashPassword(PASSWORD, 7);
    expect(one).toMatchObject({ n: 131_072, r: 8, p: 1, setAt: 7 });
    expect(await isPassword(PASSWORD, one)).toBe(true);
  });

  it('is none but itself', async () => {
    const kept = await hashPassword(PASSWORD, 0, QUICK);
    for (const other of [`${PASSWORD} `, '', PASSWORD.toUpperCase()])
      expect(await isPassword(other, kept)).toBe(false);
  });

  it('is one however its letters are composed', async () => {
    const kept = await hashPassword('Zürich am See 1', 0, QUICK);
    expect((await hashPassword('Zürich am See 1', 0, QUICK)).hash).not.toBe(kept.hash);
    expect(await isPassword('Zürich am See 1'.normalize('NFD'), kept)).toBe(true);
  });
});

describe('guesses', () => {
  const wrong = async () => false;

  it('are five a quarter of an hour from one address, whichever of a /64 it is', async () => {
    const clock = new ManualClock(0);
    const guesses = new Guesses(clock);
    for (let last = 1; last <= 5; last++) {
      const told = await guesses.try(`2001:db8::${last}`, wrong);
      expect(told).toEqual({ right: false, locked: last === 5 });
    }
    const right = () => guesses.try('2001:db8::9', async () => true);
    await expect(right()).rejects.toMatchObject({ waitMs: 15 * 60_000 });
    expect((await guesses.try('2001:db8:0:1::1', async () => true)).right).toBe(true);
    clock.now += 15 * 60_000;
    expect((await right()).right).toBe(true);
  });

  it('of many addresses slow everybody down and shut nobody out', async () => {
    const clock = new ManualClock(0);
    const guesses = new Guesses(clock);
    for (let host = 0; host < 20; host++) {
      clock.now += 10;
      await guesses.try(`10.0.0.${host}`, wrong);
    }
    await expect(guesses.try('10.0.1.1', wrong)).rejects.toThrow(TooManyGuesses);
    clock.now += 5_000;
    expect((await guesses.try('10.0.1.1', async () => true)).right).toBe(true);
    clock.now += 15 * 60_000;
    await guesses.try('10.0.1.2', wrong);
    expect((await guesses.try('10.0.1.3', async () => true)).right).toBe(true);
  });

  it('wait for each other, few at a time', async () => {
    const guesses = new Guesses(new ManualClock(0));
    let running = 0;
    let most = 0;
    const slow = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return false;
    };
    const all = await Promise.allSettled(
      Array.from({ length: 9 }, (_, at) => guesses.try(`10.0.0.${at}`, slow)),
    );
    expect(most).toBe(1);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(4);
    expect((await guesses.try('10.0.9.9', async () => true)).right).toBe(true);
  });
});

describe.skipIf(!LAN)('the panel on the network', () => {
  let gateway: TestGateway;
  let port: number;
  let ca: string;
  let origin: string;
  beforeAll(async () => {
    const network = new FakeNetwork({ lan0: [`${LAN_ADDRESS}/32`] });
    gateway = await startGateway({ network: network.view, passwordCost: QUICK });
    port = await freePort(LAN_ADDRESS);
    origin = `https://${LAN_ADDRESS}:${port}`;
    const on = { on: true, addresses: [LAN_ADDRESS], port };
    expect((await gateway.admin('PUT', '/sharing', { ...on, panel: true })).body.error).toMatchObject({
      param: 'panel',
      message: expect.stringContaining('Set a password first'),
    });
    await gateway.admin('PUT', '/sharing', on);
    ca = (await gateway.admin('GET', '/sharing/trust')).body.certificate;
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  type Asked = { headers?: Record<string, string>; body?: unknown; method?: string };
  const ask = (path: string, options: Asked = {}) =>
    // A name that is not in the certificate would be refused by the client already.
    askHttps(origin + path, {
      ca: options.headers?.host === undefined ? ca : null,
      localAddress: LAN_ADDRESS,
      ...options,
    });
  const signIn = (password: string, headers: Record<string, string> = {}) =>
    ask('/panel/signin/password', { method: 'POST', body: { password }, headers: { origin, ...headers } });
  const cookieOf = (headers: Record<string, unknown>) =>
    String([headers['set-cookie']].flat()[0]).split(';')[0] ?? '';

  it('takes a password of some length, is nobody’s until it is turned on, and then asks for it', async () => {
    expect(
      (await gateway.admin('PUT', '/sharing/password', { password: 'short' })).body.error.message,
    ).toContain('at least 12 characters');
    const set = await gateway.admin('PUT', '/sharing/password', { password: PASSWORD });
    expect(set.body.passwordSetAt).not.toBeNull();
    expect((await signIn(PASSWORD)).status).toBe(403);
    expect((await ask('/panel/signin/ways')).status).toBe(403);

    expect((await gateway.admin('PUT', '/sharing', { panel: true })).body.panel).toBe(true);
    expect(JSON.parse((await ask('/panel/signin/ways')).text)).toEqual({
      network: true,
      password: true,
      passkey: false,
    });
    expect((await ask('/panel/')).status).toBe(200);
    expect((await ask('/admin/api/status')).status).toBe(401);
    const { adminToken } = readRuntimeFile(gateway.dataDir) ?? {};
    const token = { authorization: `Bearer ${adminToken}` };
    expect((await ask('/admin/api/status', { headers: token })).status).toBe(401);
    for (const path of ['/metrics', '/docs/', '/panel/signin?ticket=x'])
      expect((await ask(path, { headers: token })).status, path).toBe(403);
  });

  it('opens to the right one: a session of its own, over HTTPS alone, listed and ended like any other', async () => {
    const answer = await signIn(PASSWORD, { 'user-agent': 'Firefox of the owner' });
    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /; Path=\/admin\/api; HttpOnly; SameSite=Strict; Secure$/,
    );
    const cookie = cookieOf(answer.headers);
    expect((await ask('/admin/api/status', { headers: { cookie } })).status).toBe(200);
    const foreign = { cookie, origin: 'https://evil.example' };
    expect((await ask('/admin/api/status', { headers: foreign })).status).toBe(403);
    expect(
      (await ask('/admin/api/status', { headers: { cookie, host: `evil.example:${port}` } })).status,
    ).toBe(403);
    expect((await fetch(`${gateway.url}/admin/api/status`, { headers: { cookie } })).status).toBe(401);

    const { body } = await gateway.admin('GET', '/sessions');
    const [session] = body.data;
    expect(session).toMatchObject({
      way: 'password',
      address: LAN_ADDRESS,
      userAgent: 'Firefox of the owner',
    });
    const [change] = (await gateway.admin('GET', '/changes')).body.data;
    expect(change).toMatchObject({
      action: 'session.start',
      after: { way: 'password', address: LAN_ADDRESS },
    });
    await gateway.admin('DELETE', `/sessions/${session.id}`);
    expect((await ask('/admin/api/status', { headers: { cookie } })).status).toBe(401);
  });

  it('is refused to pages of other sites, over plain HTTP, and under names that are none of this computer’s', async () => {
    expect((await signIn(PASSWORD, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn(PASSWORD, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await signIn(PASSWORD, { host: 'evil.example', origin: 'https://evil.example' })).status).toBe(
      403,
    );
    const plainPort = await freePort(LAN_ADDRESS);
    await gateway.admin('PUT', '/sharing', { plainHttp: true, plainPort });
    const plain = `http://${LAN_ADDRESS}:${plainPort}`;
    for (const path of ['/panel/', '/admin/api/status', '/panel/signin/ways'])
      expect((await fetch(plain + path)).status, path).toBe(403);
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ password: PASSWORD });
    expect((await fetch(`${plain}/panel/signin/password`, { method: 'POST', headers, body })).status).toBe(
      403,
    );
    expect(
      (await fetch(`${gateway.url}/panel/signin/password`, { method: 'POST', headers, body })).status,
    ).toBe(403);
    await gateway.admin('PUT', '/sharing', { plainHttp: false });
  });

  it('asks for the old password before it takes a new one from there, which ends the other sessions', async () => {
    const [mine, other] = [
      cookieOf((await signIn(PASSWORD)).headers),
      cookieOf((await signIn(PASSWORD)).headers),
    ];
    const change = (body: object) =>
      ask('/admin/api/sharing/password', { method: 'PUT', headers: { cookie: mine, origin }, body });
    const next = 'another horse entirely';
    expect((await change({ password: next })).status).toBe(400);
    expect((await change({ password: next, current: 'not the password' })).status).toBe(400);
    expect((await change({ password: next, current: PASSWORD })).status).toBe(200);
    expect((await ask('/admin/api/status', { headers: { cookie: mine } })).status).toBe(200);
    expect((await ask('/admin/api/status', { headers: { cookie: other } })).status).toBe(401);
    expect((await signIn(PASSWORD)).status).toBe(401);
    await gateway.admin('PUT', '/sharing/password', { password: PASSWORD });
    expect((await ask('/admin/api/status', { headers: { cookie: mine } })).status).toBe(401);
    expect((await gateway.admin('DELETE', '/sharing/password')).status).toBe(409);
  });

  it('makes no passkey at an address, or on this computer', async () => {
    const cookie = cookieOf((await signIn(PASSWORD)).headers);
    const headers = { cookie, origin };
    const there = await ask('/admin/api/sharing/passkeys/options', { method: 'POST', headers, body: {} });
    expect([there.status, there.text]).toEqual([409, expect.stringContaining('Passkeys belong to a name')]);
    expect((await gateway.admin('POST', '/sharing/passkeys/options', {})).status).toBe(409);
  });

  it('locks an address out after five wrong ones, and its owner never on this computer', async () => {
    // One wrong one was tried above.
    for (let tries = 0; tries < 4; tries++)
      expect([401, 429]).toContain((await signIn('wrong password')).status);
    const locked = await signIn(PASSWORD);
    expect(locked.status).toBe(429);
    expect(Number(locked.headers['retry-after'])).toBeGreaterThan(600);
    expect(locked.text).toContain('sign in with a passkey');
    expect((await gateway.admin('GET', '/status')).status).toBe(200);
    const actions = (await gateway.admin('GET', '/changes')).body.data.map(
      ({ action }: { action: string }) => action,
    );
    expect(actions).toContain('session.lock-out');
  });

  it('is gone with its sessions when it is turned off', async () => {
    const before = gateway.gateway.sessions.start('Firefox', 'passkey', LAN_ADDRESS);
    const cookie = `ntl_session=${before}`;
    expect((await ask('/admin/api/status', { headers: { cookie } })).status).toBe(200);
    await gateway.admin('PUT', '/sharing', { panel: false });
    expect((await ask('/admin/api/status', { headers: { cookie } })).status).toBe(403);
    await gateway.admin('PUT', '/sharing', { panel: true });
    expect((await ask('/admin/api/status', { headers: { cookie } })).status).toBe(401);
    await gateway.admin('PUT', '/sharing', { panel: false });
    expect((await gateway.admin('DELETE', '/sharing/password')).status).toBe(204);
  });

  it('tells nothing of the password but when it was set', async () => {
    await gateway.admin('PUT', '/sharing/password', { password: PASSWORD });
    const all = await Promise.all(
      ['/sharing', '/sharing/access', '/changes', '/settings', '/status'].map((path) =>
        gateway.admin('GET', path),
      ),
    );
    const told = JSON.stringify(all.map(({ body }) => body));
    expect(told).not.toMatch(/salt|"hash"/);
    expect(told).not.toContain(PASSWORD);
  });
});
