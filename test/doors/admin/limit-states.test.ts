import { describe, expect, it } from 'vitest';
import { admit } from '../../../gateway/quotas/admission.ts';
import { outcome, used } from '../../quotas/books.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { type AdminApp, openAdmin } from './admin-app.ts';

const NOTHING = { requests: 0, tokens: 0, images: 0, cost: 0 };

function chat(gateway: TestGateway, key: string, model = 'ntl/echo') {
  return gateway.post(
    '/v1/chat/completions',
    { model, messages: [{ role: 'user', content: 'hi' }] },
    { key },
  );
}

async function set(gateway: TestGateway, limit: Record<string, unknown>): Promise<void> {
  const answer = await gateway.admin('PUT', '/limits', limit);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

async function states(gateway: TestGateway, path: string) {
  const { status, body } = await gateway.admin('GET', path);
  expect(status).toBe(200);
  return body.data;
}

describe('the limits of a member', () => {
  it('stand as admission sees them, and refuse when they are full', async () => {
    await using gateway = await startGateway();
    const { id, key, keyId } = await gateway.member();
    await set(gateway, {
      scope: 'member',
      subjectId: id,
      metric: 'requests',
      windowSeconds: 86_400,
      amount: 3,
    });
    await set(gateway, {
      scope: 'key',
      subjectId: keyId,
      metric: 'requests',
      windowSeconds: 2_592_000,
      amount: 9,
    });
    for (let count = 1; count <= 3; count++) {
      const answer = await chat(gateway, key);
      expect(answer.status).toBe(200);
      const found = await states(gateway, `/members/${id}/limits`);
      expect(found).toMatchObject([
        { scope: 'plan', setBy: 'plan', subjectId: 'pro', windowSeconds: 60, amount: 600, used: count },
        { scope: 'member', setBy: 'member', windowSeconds: 86_400, amount: 3, used: count, keyId: null },
        { scope: 'key', setBy: 'key', memberId: id, keyId, windowSeconds: 2_592_000, used: count, amount: 9 },
      ]);
      // What the answer itself told of the tightest.
      expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe(String(3 - count));
    }
    const refused = await chat(gateway, key);
    expect([refused.status, refused.body.error.code]).toEqual([429, 'quota_day']);
    expect(refused.body.error.message).toContain('3 requests used');
    const [, full] = await states(gateway, `/members/${id}/limits`);
    expect(full).toMatchObject({ used: 3, amount: 3 });
    // Told to callers in whole seconds.
    const told = Date.parse(/again at (\S+) /.exec(refused.body.error.message)?.[1] ?? '');
    expect(told - Date.parse(full.freesAt)).toBeGreaterThanOrEqual(0);
    expect(told - Date.parse(full.freesAt)).toBeLessThan(1_100);
  });

  it('stand the same after a restart, and count what runs', async () => {
    await using provider = await startProvider();
    await using gateway = await startGateway();
    await gateway.publish(provider, ['gpt-4o']);
    const { id, key } = await gateway.member();
    await set(gateway, {
      scope: 'plan',
      subjectId: 'pro',
      metric: 'tokens',
      windowSeconds: 86_400,
      amount: 50_000,
    });
    await set(gateway, {
      scope: 'member',
      subjectId: id,
      model: 'gpt-4o',
      metric: 'requests',
      windowSeconds: 86_400,
      amount: 5,
    });
    provider.script(reply.gated(reply.text('one two')));
    const answer = chat(gateway, key, 'gpt-4o');
    const request = await provider.nextRequest();
    const usedOf = async () => {
      const found = await states(gateway, `/members/${id}/limits`);
      return found.map((state: { metric: string; used: number }) => [state.metric, state.used]);
    };
    const reserved = await usedOf();
    expect(reserved).toEqual([
      ['requests', 1],
      ['requests', 1],
      ['tokens', expect.any(Number)],
    ]);
    expect(reserved[2]?.[1]).toBeGreaterThan(4_000);
    request.releaseAll();
    expect((await answer).status).toBe(200);
    const settled = await usedOf();
    expect(settled[2]?.[1]).toBeLessThan(100);
    await gateway.restart();
    expect(await usedOf()).toEqual(settled);
    expect((await gateway.admin('GET', '/members/99/limits')).status).toBe(404);
  });

  it('leave out what does not meter a key: revoked, subscription, pay per token', async () => {
    const { call, parts } = await openAdmin();
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    const keys: Record<string, string> = {};
    for (const [name, kind] of [
      ['gone', 'standard'],
      ['day', 'subscription'],
      ['paid', 'pay_per_token'],
    ] as const) {
      const { body: key } = await call('POST', '/keys', { memberId: member.id, name, kind });
      keys[name] = key.id;
      for (const windowSeconds of [60, 86_400] as const) {
        parts.limits.put({
          ...{ scope: 'key', subjectId: key.id, model: null, metric: 'requests', windowSeconds, amount: 5 },
        });
      }
    }
    await call('DELETE', `/keys/${keys.gone}`);
    const { body } = await call('GET', `/members/${member.id}/limits`);
    expect(body.data.map((state: Record<string, unknown>) => [state.keyId, state.windowSeconds])).toEqual([
      [null, 60],
      [keys.day, 86_400],
    ]);
  });

  it('free when they say', async () => {
    const admin = await openAdmin();
    const { call, clock, parts } = admin;
    const { body: member } = await call('POST', '/members', { name: 'Mia' });
    await call('PUT', '/limits', {
      ...{ scope: 'member', subjectId: member.id, metric: 'tokens', windowSeconds: 86_400, amount: 1_000 },
    });
    clock.ahead = 7_000;
    const subject = { memberId: Number(member.id), keyId: 0, models: ['m'] };
    const send = (tokens: number) =>
      admit(parts.counters, clock, subject, parts.limits.holdingFor({ planId: 'pro', ...subject }), {
        input: { ...NOTHING, requests: 1, tokens },
        output: NOTHING,
      });
    expect(send(600).admitted).toBe(true);
    clock.now += 3_600_000;
    expect(send(300).admitted).toBe(true);
    const look = async () =>
      (await call('GET', `/members/${member.id}/limits`)).body.data.find(
        (state: { metric: string }) => state.metric === 'tokens',
      );
    const before = await look();
    expect(before).toMatchObject({ used: 900, freesAmount: 600 });
    expect(send(500)).toMatchObject({ admitted: false, refusal: { used: 900 } });
    clock.now = Date.parse(before.freesAt) + clock.ahead - 1;
    expect(await look()).toEqual(before);
    expect(send(500).admitted).toBe(false);
    clock.now += 1;
    expect(await look()).toMatchObject({ used: 300, freesAmount: 300 });
    expect(send(500).admitted).toBe(true);
  });
});

/** What a member has used of a model, by rows in the log alone. */
async function spend(admin: AdminApp, memberId: string, tokens: number, model = 'm'): Promise<void> {
  const keyId = admin.parts.keys.ofMember(Number(memberId))[0]?.id ?? null;
  const facts = {
    ...{
      at: admin.clock.wall(),
      requestId: '0198c0de-0000-7000-8000-000000000000',
      memberId: Number(memberId),
    },
    ...{
      keyId,
      address: '127.0.0.1',
      tool: 'curl',
      endpoint: 'chat' as const,
      model,
      streamed: false,
      multiplier: 1,
    },
  };
  const row = await admin.parts.log.open(facts, used({}));
  await admin.parts.log.settle(row, outcome(used({ inputTokens: tokens })));
}

async function memberWithKey({ call }: AdminApp, name: string, planId = 'pro'): Promise<string> {
  const { body } = await call('POST', '/members', { name, planId });
  await call('POST', '/keys', { memberId: body.id, name });
  return body.id;
}

const DAY_TOKENS = { metric: 'tokens', windowSeconds: 86_400 } as const;

describe('the tightest limit', () => {
  it('is the one used up furthest, of each member asked for', async () => {
    const admin = await openAdmin();
    const { call, parts } = admin;
    const [ann, bob, cid] = [
      await memberWithKey(admin, 'Ann'),
      await memberWithKey(admin, 'Bob', 'free'),
      await memberWithKey(admin, 'Cid', 'enterprise'),
    ];
    await call('PUT', '/limits', { scope: 'plan', subjectId: 'pro', ...DAY_TOKENS, amount: 1_000 });
    await call('PUT', '/limits', {
      scope: 'member',
      subjectId: ann,
      model: 'ntl/echo',
      ...DAY_TOKENS,
      amount: 100,
    });
    for (const limit of parts.limits.of('plan', 'enterprise')) parts.limits.remove(limit);
    await spend(admin, ann, 90, 'ntl/echo');
    await spend(admin, ann, 200);
    const { body } = await call('GET', `/limits/tightest?memberIds=${ann},${cid},${bob},77,${ann}`);
    expect(body.data).toMatchObject([
      { memberId: ann, limit: { model: 'ntl/echo', used: 90, amount: 100, setBy: 'member' } },
      { memberId: cid, limit: null },
      { memberId: bob, limit: { metric: 'requests', used: 0, freesAt: null, freesAmount: null } },
    ]);
    await call('PUT', '/limits', {
      scope: 'member',
      subjectId: bob,
      metric: 'images',
      windowSeconds: 60,
      amount: 0,
    });
    const again = await call('GET', `/limits/tightest?memberIds=${bob}`);
    expect(again.body.data[0].limit).toMatchObject({ metric: 'images', amount: 0 });
    expect((await call('GET', '/limits/tightest?memberIds=')).body.data).toEqual([]);
  });

  it.each([
    'memberIds=a',
    'memberIds=1,,0',
    `memberIds=${Array.from({ length: 101 }, () => 1).join(',')}`,
    '',
  ])('is refused for %j', async (query) => {
    const { call } = await openAdmin();
    const refused = await call('GET', `/limits/tightest?${query}`);
    expect(refused.status).toBe(400);
    expect(refused.body.error.param).toMatch(/^memberIds/);
  });

  it('keeps no counter in memory for having been asked', async () => {
    const admin = await openAdmin();
    const ann = await memberWithKey(admin, 'Ann');
    await spend(admin, ann, 5);
    const statement = admin.store.db.prepare('SELECT count(*) FROM requests').pluck();
    await admin.call('GET', `/limits/tightest?memberIds=${ann}`);
    // A counter in memory would not see a row that nobody told it of.
    await spend(admin, ann, 6);
    expect(statement.get()).toBe(2);
    const { body } = await admin.call('GET', `/limits/tightest?memberIds=${ann}`);
    expect(body.data[0].limit.used).toBe(2);
  });
});

describe('the limits for one model', () => {
  it("tell whose use it is, a plan's by the member that used most", async () => {
    const admin = await openAdmin();
    const { call } = admin;
    const [ann, bob, cid] = [
      await memberWithKey(admin, 'Ann'),
      await memberWithKey(admin, 'Bob'),
      await memberWithKey(admin, 'Cid', 'free'),
    ];
    const key = admin.parts.keys.ofMember(Number(cid))[0];
    const model = 'ntl/echo';
    for (const [scope, subjectId, amount] of [
      ['plan', 'pro', 1_000],
      ['plan', 'free', 500],
      ['plan', 'enterprise', 500],
      ['member', ann, 100],
      ['key', String(key?.id), 400],
    ] as const) {
      await call('PUT', '/limits', { scope, subjectId, model, ...DAY_TOKENS, amount });
    }
    await call('PUT', '/limits', { scope: 'plan', subjectId: 'pro', ...DAY_TOKENS, amount: 7 });
    await spend(admin, ann, 50, model);
    await spend(admin, bob, 300, model);
    await spend(admin, cid, 20, model);
    const ask = async () => (await call('GET', `/limits/state?model=${encodeURIComponent(model)}`)).body.data;
    const figures = (state: Record<string, unknown>) => [
      state.setBy,
      state.memberId,
      state.used,
      state.amount,
    ];
    expect((await ask()).map(figures)).toEqual([
      ['member', ann, 50, 100],
      ['plan', bob, 300, 1_000],
      ['key', cid, 20, 400],
      ['plan', cid, 20, 500],
      ['plan', null, 0, 500],
    ]);
    await call('DELETE', `/keys/${key?.id}`);
    expect(await ask()).toHaveLength(4);
    expect((await call('GET', '/limits/state?model=other')).body.data).toEqual([]);
    expect((await call('GET', '/limits/state')).body.error.param).toBe('model');
  });
});
