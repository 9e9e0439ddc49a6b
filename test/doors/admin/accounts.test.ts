import { describe, expect, it } from 'vitest';
import { openAdmin } from './admin-app.ts';

const DAY_MS = 86_400_000;

describe('members', () => {
  it('are added with plan pro, active, allowed everything', async () => {
    const { call } = await openAdmin();
    const added = await call('POST', '/members', { name: ' Mia ' });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      ...{ name: 'Mia', email: null, status: 'active', planId: 'pro', allowedModels: null, allowedIps: null },
      ...{ prepaid: false, selfService: true, owner: false, balance: { tokens: 0, micros: 0 } },
    });
    expect(added.body.id).toMatch(/^\d+$/);
    expect(Date.parse(added.body.createdAt)).toBeGreaterThan(0);
    expect((await call('GET', `/members/${added.body.id}`)).body).toEqual(added.body);
  });

  it('change only in what the PATCH names', async () => {
    const { call } = await openAdmin();
    const { body } = await call('POST', '/members', {
      name: 'Mia',
      email: 'mia@example.com',
      allowedModels: ['a'],
    });
    const changed = await call('PATCH', `/members/${body.id}`, {
      status: 'suspended',
      allowedIps: ['10.0.0.0/8'],
    });
    expect(changed.body).toEqual({ ...body, status: 'suspended', allowedIps: ['10.0.0.0/8'] });
    const lifted = await call('PATCH', `/members/${body.id}`, { allowedModels: null, email: null });
    expect(lifted.body).toMatchObject({ allowedModels: null, email: null, status: 'suspended' });
  });

  it.each([
    [{}, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x', email: 'nobody' }, 'email'],
    [{ name: 'x', status: 'asleep' }, 'status'],
    [{ name: 'x', planId: 'gold' }, 'planId'],
    [{ name: 'x', allowedIps: ['10.0.0.0/8', '10.0.0.0/33'] }, 'allowedIps[1]'],
    [{ name: 'x', allowedModels: ['a b'] }, 'allowedModels[0]'],
    [{ name: 'x', owner: true }, 'owner'],
    [{ name: 'x', plan_id: 'pro' }, 'plan_id'],
  ])('are refused as %j', async (body, param) => {
    const { call, parts } = await openAdmin();
    const refused = await call('POST', '/members', body);
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({
      code: 'invalid_request',
      type: 'invalid_request_error',
      param,
    });
    expect(parts.members.list()).toHaveLength(1);
  });

  it('names a field nobody knows', async () => {
    const { call } = await openAdmin();
    const refused = await call('POST', '/members', { name: 'x', plan: 'pro' });
    expect(refused.body.error.message).toBe(
      'The field plan is not known here. Check its spelling, or leave it out.',
    );
  });

  it('lose their keys and limits when they are removed', async () => {
    const { call, parts } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    const { body: key } = await call('POST', '/keys', { memberId: member.id, name: 'laptop' });
    for (const [scope, subjectId] of [
      ['member', member.id],
      ['key', key.id],
    ]) {
      const limit = { scope, subjectId, metric: 'requests', windowSeconds: 60, amount: 1 };
      expect((await call('PUT', '/limits', limit)).status).toBe(200);
    }
    expect((await call('DELETE', `/members/${member.id}`)).status).toBe(204);
    expect(parts.keys.byPlaintext(key.key)?.revokedAt).toBe(parts.clock.wall());
    expect(parts.limits.list().every(({ scope }) => scope === 'plan')).toBe(true);
    expect((await call('GET', `/members/${member.id}`)).body.error.code).toBe('not_found');
    expect((await call('DELETE', `/members/${member.id}`)).status).toBe(404);
  });

  it('keep the owner', async () => {
    const { call, parts } = await openAdmin();
    const refused = await call('DELETE', `/members/${parts.members.owner()?.id}`);
    expect(refused.status).toBe(409);
    expect(refused.body.error.code).toBe('conflict');
    expect(parts.members.owner()).toBeDefined();
  });

  it('are listed in pages and by when they came', async () => {
    const { call, clock } = await openAdmin();
    for (const name of ['a', 'b', 'c']) {
      clock.now += DAY_MS;
      await call('POST', '/members', { name });
    }
    const page = await call('GET', '/members?page=2&pageSize=3');
    expect(page.body).toMatchObject({ data: [{ name: 'c' }], pagination: { page: 2, limit: 3, total: 4 } });
    const today = new Date(clock.wall()).toISOString().slice(0, 10);
    const last = await call('GET', `/members?startDate=${today}&endDate=${today}`);
    expect(last.body.data.map(({ name }: { name: string }) => name)).toEqual(['c']);
    expect((await call('GET', '/members?pageSize=5000')).body.pagination.limit).toBe(5000);
    expect((await call('GET', '/members')).body.pagination.limit).toBe(100);
    expect((await call('GET', '/members?pagesize=3')).body.error.param).toBe('pagesize');
    expect((await call('GET', '/members?page=0')).body.error.param).toBe('page');
    expect((await call('GET', '/members?startDate=soon')).body.error.param).toBe('startDate');
  });
});

describe('keys', () => {
  it('show their plaintext once', async () => {
    const { call, parts } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    const made = await call('POST', '/keys', { memberId: member.id, name: 'laptop' });
    expect(made.status).toBe(201);
    const { key, ...rest } = made.body;
    expect(key).toMatch(/^ntl_live_[A-Za-z0-9]{40}$/);
    expect(key.startsWith(rest.prefix)).toBe(true);
    expect(rest).toMatchObject({
      memberId: member.id,
      name: 'laptop',
      kind: 'standard',
      expiresAt: null,
      revokedAt: null,
    });
    expect(parts.keys.byPlaintext(key)?.id).toBe(Number(rest.id));
    expect((await call('GET', `/keys/${rest.id}`)).body).toEqual(rest);
    const listed = await call('GET', `/keys?memberId=${member.id}`);
    expect(listed.body.data).toEqual([rest]);
    expect(listed.text).not.toContain(key);
    expect((await call('GET', '/changes')).text).not.toContain(key.slice(20));
  });

  it('are revoked, and stay so', async () => {
    const { call, clock } = await openAdmin();
    const { body: key } = await call('POST', '/keys', { memberId: '1', name: 'x', kind: 'pay_per_token' });
    const revoked = await call('DELETE', `/keys/${key.id}`);
    expect(revoked.status).toBe(200);
    expect(revoked.body).toMatchObject({
      id: key.id,
      kind: 'pay_per_token',
      revokedAt: new Date(clock.wall()).toISOString(),
    });
    clock.now += 1_000;
    expect((await call('DELETE', `/keys/${key.id}`)).body).toEqual(revoked.body);
    expect((await call('DELETE', '/keys/999')).status).toBe(404);
    expect((await call('DELETE', '/keys/abc')).status).toBe(404);
  });

  it('expire in the future, in any time zone', async () => {
    const { call, clock } = await openAdmin();
    const past = new Date(clock.wall() - 1).toISOString();
    const refused = await call('POST', '/keys', { memberId: '1', name: 'x', expiresAt: past });
    expect(refused.body.error).toMatchObject({ code: 'invalid_request', param: 'expiresAt' });
    expect((await call('POST', '/keys', { memberId: '1', name: 'x', expiresAt: '2099-01-01' })).status).toBe(
      400,
    );
    const made = await call('POST', '/keys', {
      memberId: '1',
      name: 'x',
      expiresAt: '2099-01-01T02:00:00+02:00',
    });
    expect(made.body.expiresAt).toBe('2099-01-01T00:00:00.000Z');
  });

  it.each([
    [{ memberId: '99', name: 'x' }, 'memberId'],
    [{ memberId: 1, name: 'x' }, 'memberId'],
    [{ memberId: '1' }, 'name'],
    [{ memberId: '1', name: 'x', kind: 'gold' }, 'kind'],
  ])('are refused as %j', async (body, param) => {
    const { call } = await openAdmin();
    expect((await call('POST', '/keys', body)).body.error).toMatchObject({ code: 'invalid_request', param });
  });
});

describe('plans', () => {
  it('come with their limits', async () => {
    const { call } = await openAdmin();
    const { body } = await call('GET', '/plans');
    const facts = body.data.map((plan: Record<string, unknown>) => [
      plan.id,
      plan.requestsPerMinute,
      plan.pageSizeCap,
      plan.historyDays,
    ]);
    expect(facts).toEqual(
      expect.arrayContaining([
        ['free', 60, 50, 7],
        ['pro', 600, 100, 30],
        ['enterprise', 6000, 100, 2557],
      ]),
    );
    expect(body.data[0].limits).toHaveLength(1);
  });

  it('are added and changed', async () => {
    const { call, parts } = await openAdmin();
    const added = await call('POST', '/plans', { name: 'Team plan (EU)', requestsPerMinute: 90 });
    expect(added.status).toBe(201);
    expect(added.body).toMatchObject({
      id: 'team-plan-eu',
      pageSizeCap: 100,
      historyDays: 30,
      priceMicros: 0,
      requestsPerMinute: 90,
    });
    const changed = await call('PATCH', '/plans/team-plan-eu', {
      priceMicros: 5_000_000,
      requestsPerMinute: null,
    });
    expect(changed.body).toMatchObject({
      name: 'Team plan (EU)',
      priceMicros: 5_000_000,
      requestsPerMinute: null,
      limits: [],
    });
    expect((await call('GET', '/plans/team-plan-eu')).body).toEqual(changed.body);
    expect(parts.plans.get('team-plan-eu')?.priceMicros).toBe(5_000_000);
  });

  it.each([
    [{ id: 'pro', name: 'Pro' }, 409, 'id'],
    [{ id: 'No Blanks', name: 'x' }, 400, 'id'],
    [{ name: '団体' }, 400, 'id'],
    [{ name: 'x', pageSizeCap: 0 }, 400, 'pageSizeCap'],
    [{ name: 'x', historyDays: 1.5 }, 400, 'historyDays'],
  ])('are refused as %j', async (body, status, param) => {
    const { call } = await openAdmin();
    const refused = await call('POST', '/plans', body);
    expect([refused.status, refused.body.error.param]).toEqual([status, param]);
  });

  it('must be there to be changed', async () => {
    const { call } = await openAdmin();
    expect((await call('PATCH', '/plans/gold', { name: 'x' })).status).toBe(404);
  });
});

describe('grants', () => {
  it('add to the balance and stand in the ledger', async () => {
    const { call } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia', prepaid: true });
    const first = await call('POST', `/members/${member.id}/grants`, { tokens: 5_000, note: 'welcome' });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      memberId: member.id,
      tokens: 5_000,
      micros: 0,
      note: 'welcome',
      balance: { tokens: 5_000, micros: 0 },
    });
    await call('POST', `/members/${member.id}/grants`, { micros: 7 });
    const ledger = await call('GET', `/members/${member.id}/ledger?pageSize=1`);
    expect(ledger.body).toMatchObject({
      data: [{ kind: 'grant', tokens: 0, micros: 7, note: null, requestRow: null }],
      pagination: { page: 1, limit: 1, total: 2 },
      balance: { tokens: 5_000, micros: 7 },
    });
    expect((await call('GET', `/members/${member.id}`)).body.balance).toEqual({ tokens: 5_000, micros: 7 });
  });

  it.each([{}, { tokens: 0 }, { tokens: -5 }, { tokens: 1.5 }, { micros: '5' }, { tokens: 1, usd: 3 }])(
    'are refused as %j',
    async (body) => {
      const { call, parts } = await openAdmin();
      expect((await call('POST', '/members/1/grants', body)).body.error.code).toBe('invalid_request');
      expect(parts.balances.of(1)).toEqual({ tokens: 0, micros: 0 });
    },
  );

  it('need a member', async () => {
    const { call } = await openAdmin();
    expect((await call('POST', '/members/99/grants', { tokens: 1 })).status).toBe(404);
    expect((await call('GET', '/members/99/ledger')).status).toBe(404);
  });
});

describe('last use', () => {
  it('is told of members and keys, with the keys that can be used', async () => {
    const { call, parts, clock } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    expect(member).toMatchObject({ keys: 0, lastRequestAt: null });
    const expiresAt = new Date(clock.wall() + 60_000).toISOString();
    const keys = [];
    for (const some of [{}, { expiresAt }, {}]) {
      keys.push((await call('POST', '/keys', { memberId: member.id, name: 'k', ...some })).body);
    }
    expect(keys[0]).toMatchObject({ lastUsedAt: null, lastAddress: null });
    await call('DELETE', `/keys/${keys[2].id}`);
    const show = async () => (await call('GET', `/members/${member.id}`)).body;
    expect(await show()).toMatchObject({ keys: 2, lastRequestAt: null });
    const at = clock.wall();
    const facts = {
      ...{ at, requestId: '0198c0de-0000-7000-8000-000000000000', memberId: Number(member.id), model: null },
      ...{ keyId: Number(keys[0].id), address: '10.0.0.7', tool: 'curl', endpoint: 'chat' as const },
      ...{ streamed: false, multiplier: 1 },
    };
    await parts.log.refused(facts, { status: 429, code: 'quota_day', latencyMs: 1 });
    clock.now += 60_000;
    expect(await show()).toMatchObject({ keys: 1, lastRequestAt: new Date(at).toISOString() });
    const listed = await call('GET', `/keys?memberId=${member.id}`);
    const uses = listed.body.data.map((key: Record<string, unknown>) => [key.lastUsedAt, key.lastAddress]);
    expect(uses).toEqual([
      [new Date(at).toISOString(), '10.0.0.7'],
      [null, null],
      [null, null],
    ]);
    expect((await call('GET', '/members')).body.data[1]).toEqual(await show());
  });

  it('is no setting: the log of changes leaves it out', async () => {
    const { call } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    const { body: key } = await call('POST', '/keys', { memberId: member.id, name: 'k' });
    await call('PATCH', `/members/${member.id}`, { name: 'Ida' });
    await call('DELETE', `/keys/${key.id}`);
    const { text } = await call('GET', '/changes');
    expect(text).toContain('member.update');
    expect(text).toContain('key.revoke');
    expect(text).not.toMatch(/lastRequestAt|lastUsedAt|lastAddress/);
  });
});
