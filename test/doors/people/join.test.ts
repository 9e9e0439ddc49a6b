import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { until } from '../../support/until.ts';
import { type FakeBrowser, fakeBrowser } from './browser.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
  await gateway.admin('PATCH', '/settings', { joining: true });
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** A gateway of its own: ten may ask an hour from one address. */
async function ownGateway(): Promise<TestGateway> {
  const own = await startGateway();
  await own.admin('PATCH', '/settings', { joining: true });
  return own;
}

async function asks(at: TestGateway, name: string, more: object = {}): Promise<FakeBrowser> {
  const browser = fakeBrowser(at);
  const answer = await browser.ask('POST', '/join', { name, ...more });
  expect([name, answer.status, answer.body.error?.message]).toEqual([name, 201, undefined]);
  return browser;
}

const stateOf = async (browser: FakeBrowser) =>
  (await browser.ask('GET', '/join/state')).body.request?.state ?? null;

async function requestOf(at: TestGateway, name: string) {
  const { body } = await at.admin('GET', '/join-requests');
  return body.data.find((request: { name: string }) => request.name === name);
}

describe('from the page to the key', () => {
  it('asks, waits, is let in on the terms of the owner, fetches the key once, and uses it', async () => {
    const browser = await asks(gateway, 'Sol', {
      email: 'sol@example.com',
      purpose: 'For Cline on my laptop.',
    });
    expect((await browser.ask('GET', '/join/state')).body).toMatchObject({
      open: true,
      waitsHours: 24,
      collectMinutes: 60,
      request: { state: 'waiting', name: 'Sol', words: null },
    });
    const request = await requestOf(gateway, 'Sol');
    expect(request).toMatchObject({
      ...{
        email: 'sol@example.com',
        purpose: 'For Cline on my laptop.',
        state: 'waiting',
        address: '127.0.0.1',
      },
    });
    const member = await gateway.admin('GET', `/members/${request.memberId}`);
    expect(member.body).toMatchObject({ name: 'Sol', status: 'pending', keys: 0 });

    const approved = await gateway.admin('POST', `/join-requests/${request.id}/approve`, {
      ...{ planId: 'free', allowedModels: ['ntl/echo'], selfService: false },
      limits: [{ metric: 'requests', windowSeconds: 86_400, amount: 3 }],
      key: { name: 'laptop', kind: 'standard', expiresAt: '2099-01-01T00:00:00Z' },
    });
    expect(approved.body).toMatchObject({ state: 'approved' });
    // Nothing is there to steal before it is fetched.
    expect((await gateway.admin('GET', `/keys?memberId=${request.memberId}`)).body.data).toEqual([]);

    const collected = await browser.ask('POST', '/join/key');
    expect([collected.status, collected.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(collected.body.key).toMatch(/^ntl_live_[A-Za-z0-9]{40}$/);
    const keys = (await gateway.admin('GET', `/keys?memberId=${request.memberId}`)).body.data;
    expect(keys).toMatchObject([{ name: 'laptop', kind: 'standard', expiresAt: '2099-01-01T00:00:00.000Z' }]);

    const again = await browser.ask('POST', '/join/key');
    expect([again.status, again.body.error.code]).toEqual([409, 'conflict']);
    expect(await stateOf(browser)).toBe('collected');

    const body = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] };
    const used = async () =>
      (await gateway.post('/v1/chat/completions', body, { key: collected.body.key })).status;
    expect([await used(), await used(), await used(), await used()]).toEqual([200, 200, 200, 429]);
  });

  it('is told in the log of changes and, as it happens, to whoever watches', async () => {
    const events: string[] = [];
    const leave = gateway.gateway.events.subscribe(
      (event) => event.type === 'change' && events.push(event.data.action),
    );
    const browser = await asks(gateway, 'Told Person', { purpose: 'reasons' });
    const { id, memberId } = await requestOf(gateway, 'Told Person');
    const limits = [{ metric: 'cost', windowSeconds: 86_400, amount: 5 }];
    await gateway.admin('POST', `/join-requests/${id}/approve`, { limits });
    const { key } = (await browser.ask('POST', '/join/key')).body;
    leave?.();
    expect(events).toEqual(['member.ask', 'member.approve', 'limit.set', 'key.create']);
    const { data } = (await gateway.admin('GET', '/changes')).body;
    const [made, limit, approved, asked] = data;
    expect(limit).toMatchObject({ subject: `member:${memberId} cost/86400 all`, after: { amount: 5 } });
    expect(asked).toMatchObject({ actor: 'visitor', subject: `member:${memberId}`, before: null });
    expect(asked.after).toMatchObject({ name: 'Told Person', purpose: 'reasons' });
    expect(approved).toMatchObject({
      actor: 'token',
      before: { status: 'pending' },
      after: { status: 'active', key: 'first key, standard' },
    });
    expect(made).toMatchObject({ actor: 'member', after: { name: 'first key' } });
    expect(JSON.stringify(data)).not.toContain(key);
  });

  it('is refused with the words of the owner, and the name is free again', async () => {
    const browser = await asks(gateway, 'Refused Person');
    const { id, memberId } = await requestOf(gateway, 'Refused Person');
    const words = 'Please ask Mia, she has a key for the team.';
    expect((await gateway.admin('POST', `/join-requests/${id}/refuse`, { words })).body.state).toBe(
      'refused',
    );
    const { request } = (await browser.ask('GET', '/join/state')).body;
    expect(request).toMatchObject({ state: 'refused', name: 'Refused Person', words });
    expect((await browser.ask('POST', '/join/key')).status).toBe(409);
    expect((await gateway.admin('GET', `/members/${memberId}`)).status).toBe(404);
    expect((await browser.ask('DELETE', '/join/request')).status).toBe(204);
    expect(browser.cookies.has('ntl_join')).toBe(false);
    await asks(gateway, 'Refused Person');
  });

  it('is taken back by the browser that asked', async () => {
    const browser = await asks(gateway, 'Mistyped');
    expect((await browser.ask('DELETE', '/join/request')).status).toBe(204);
    expect(await requestOf(gateway, 'Mistyped')).toBeUndefined();
    expect((await gateway.admin('GET', '/members')).body.data).not.toContainEqual(
      expect.objectContaining({ name: 'Mistyped' }),
    );
  });
});

describe('what the owner does elsewhere', () => {
  it('decides a request: active lets in on the usual terms, deleted refuses', async () => {
    await using own = await ownGateway();
    const [anna, berta] = [await asks(own, 'Anna'), await asks(own, 'Berta')];
    const ids = [await requestOf(own, 'Anna'), await requestOf(own, 'Berta')].map(({ memberId }) => memberId);
    await own.admin('PATCH', `/members/${ids[0]}`, { status: 'active' });
    await own.admin('DELETE', `/members/${ids[1]}`);
    expect([await stateOf(anna), await stateOf(berta)]).toEqual(['approved', 'refused']);
    expect((await anna.ask('POST', '/join/key')).status).toBe(201);
    expect((await berta.ask('POST', '/join/key')).status).toBe(409);
  });

  it('keeps a suspended member from its key', async () => {
    await using own = await ownGateway();
    const browser = await asks(own, 'Anna');
    const { id, memberId } = await requestOf(own, 'Anna');
    await own.admin('POST', `/join-requests/${id}/approve`);
    await own.admin('PATCH', `/members/${memberId}`, { status: 'suspended' });
    const answer = await browser.ask('POST', '/join/key');
    expect([answer.status, answer.body.error.code]).toEqual([403, 'suspended']);
    await own.admin('PATCH', `/members/${memberId}`, { status: 'active' });
    expect((await browser.ask('POST', '/join/key')).status).toBe(201);
  });

  it('offers a key that got lost once more: the first is revoked', async () => {
    await using own = await ownGateway();
    const browser = await asks(own, 'Anna');
    const { id } = await requestOf(own, 'Anna');
    expect((await own.admin('POST', `/join-requests/${id}/offer`)).status).toBe(409);
    await own.admin('POST', `/join-requests/${id}/approve`);
    const first = (await browser.ask('POST', '/join/key')).body.key;
    expect((await own.admin('POST', `/join-requests/${id}/offer`)).body.state).toBe('approved');
    const second = (await browser.ask('POST', '/join/key')).body.key;
    const with_ = (key: string) =>
      own.post('/v1/messages/count_tokens', { model: 'ntl/echo', messages: [] }, { key });
    expect((await with_(first)).body.error.code).toBe('key_revoked');
    expect((await with_(second)).status).not.toBe(401);
  });

  it('names what is wrong with the terms, and decides nothing then', async () => {
    await using own = await ownGateway();
    await asks(own, 'Anna');
    const { id } = await requestOf(own, 'Anna');
    const wrong: [object, string][] = [
      [{ planId: 'none' }, 'planId'],
      [{ allowedIps: ['here'] }, 'allowedIps[0]'],
      [{ limits: [{ metric: 'cost', windowSeconds: 60, model: 'none', amount: 1 }] }, 'limits[0].model'],
      [{ key: { expiresAt: '2001-01-01T00:00:00Z' } }, 'key.expiresAt'],
      [{ owner: true }, 'owner'],
      [{ status: 'active' }, 'status'],
    ];
    for (const [terms, param] of wrong) {
      const answer = await own.admin('POST', `/join-requests/${id}/approve`, terms);
      expect([answer.status, answer.body.error.param]).toEqual([400, param]);
    }
    expect((await requestOf(own, 'Anna')).state).toBe('waiting');
    expect((await own.admin('POST', '/join-requests/999/approve')).status).toBe(404);
  });
});

describe('while it is off', () => {
  it('nobody can ask, who asked before goes on', async () => {
    await using own = await ownGateway();
    const before = await asks(own, 'Anna');
    await own.admin('PATCH', '/settings', { joining: false });
    const stranger = fakeBrowser(own);
    const refused = await stranger.ask('POST', '/join', { name: 'Berta' });
    expect([refused.status, refused.body.error.code]).toEqual([404, 'not_found']);
    expect((await stranger.ask('GET', '/join/state')).body).toMatchObject({ open: false, request: null });
    const { id } = await requestOf(own, 'Anna');
    await own.admin('POST', `/join-requests/${id}/approve`);
    expect((await before.ask('POST', '/join/key')).status).toBe(201);
  });

  it('is off until the owner turns it on', async () => {
    await using own = await startGateway();
    expect((await own.admin('GET', '/settings')).body.joining).toBe(false);
    expect((await fakeBrowser(own).ask('POST', '/join', { name: 'Anna' })).status).toBe(404);
  });
});

describe('restarts', () => {
  it('lose nothing at any point: waiting, approved, collected, refused', async () => {
    await using own = await ownGateway();
    const browser = await asks(own, 'Anna');
    const other = await asks(own, 'Berta');
    await own.restart();
    expect([await stateOf(browser), await stateOf(other)]).toEqual(['waiting', 'waiting']);
    const { id } = await requestOf(own, 'Anna');
    const { id: otherId } = await requestOf(own, 'Berta');
    await own.admin('POST', `/join-requests/${id}/approve`, { key: { name: 'kept' } });
    await own.admin('POST', `/join-requests/${otherId}/refuse`, { words: 'Not now.' });
    await own.restart();
    expect(await stateOf(browser)).toBe('approved');
    expect((await other.ask('GET', '/join/state')).body.request).toMatchObject({
      state: 'refused',
      words: 'Not now.',
    });
    const { key } = (await browser.ask('POST', '/join/key')).body;
    await own.restart();
    expect(await stateOf(browser)).toBe('collected');
    expect((await browser.ask('POST', '/join/key')).status).toBe(409);
    const body = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hi' }] };
    expect((await own.post('/v1/chat/completions', body, { key })).status).toBe(200);
  });

  it('leave neither the key nor the secret of the browser in any file', async () => {
    await using own = await ownGateway();
    const browser = await asks(own, 'Anna');
    const { id } = await requestOf(own, 'Anna');
    await own.admin('POST', `/join-requests/${id}/approve`);
    const { key } = (await browser.ask('POST', '/join/key')).body;
    const secret = browser.cookies.get('ntl_join') ?? '';
    await own.restart(() => {
      const bytes = readFileSync(join(own.dataDir, 'ntl.db'));
      expect(bytes.includes('Anna')).toBe(true);
      for (const text of [key, secret, browser.cookies.get('ntl_member') ?? '']) {
        expect(text.length).toBeGreaterThan(40);
        expect(bytes.includes(text)).toBe(false);
      }
    });
  });
});

describe('two at once', () => {
  it('two approvals: one counts', async () => {
    await using own = await ownGateway();
    await asks(own, 'Anna');
    const { id, memberId } = await requestOf(own, 'Anna');
    const answers = await Promise.all(
      ['free', 'pro', 'enterprise'].map((planId) =>
        own.admin('POST', `/join-requests/${id}/approve`, { planId }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = ['free', 'pro', 'enterprise'][answers.findIndex(({ status }) => status === 200)];
    expect((await own.admin('GET', `/members/${memberId}`)).body.planId).toBe(winner);
    expect((await own.admin('POST', `/join-requests/${id}/refuse`)).status).toBe(409);
  });

  it('many fetches from many tabs: one gets the key', async () => {
    await using own = await ownGateway();
    const browser = await asks(own, 'Anna');
    const { id, memberId } = await requestOf(own, 'Anna');
    await own.admin('POST', `/join-requests/${id}/approve`);
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.ask('POST', '/join/key')));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect((await own.admin('GET', `/keys?memberId=${memberId}`)).body.data).toHaveLength(1);
  });

  it('two who ask for one name: one waits', async () => {
    await using own = await ownGateway();
    const answers = await Promise.all(
      ['Anna', 'anna', 'АNNA'].map((name) => fakeBrowser(own).ask('POST', '/join', { name })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    await until('one member', async () => (await own.admin('GET', '/members')).body.data.length === 2);
  });
});
