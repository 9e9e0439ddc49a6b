import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { ask, HELLO } from '../member/ask.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const chat = (key: string, path = '/v1/chat/completions') => gateway.post(path, HELLO, { key });
const subscription = async (key: string) => (await ask(gateway, '/tenant/subscription', { key })).body;

describe('GET /tenant/subscription', () => {
  it('tells the plan, and no limits where nothing limits the day', async () => {
    await gateway.admin('PATCH', '/plans/pro', { priceMicros: 9_500_000 });
    const { key } = await gateway.member();
    const { status, headers, body } = await ask(gateway, '/tenant/subscription', { key });
    expect([status, headers.get('x-ntl-tier')]).toEqual([200, 'pro']);
    expect(body).toEqual({
      ...{
        plan: 'pro',
        name: 'Pro',
        price_micros: 9_500_000,
        paid_until: null,
        page_size_cap: 100,
        history_days: 30,
      },
      quota: { window_seconds: 86_400, limits: [] },
    });
  });

  it('tells the 24 h quota as it stands: what it says is left is what is admitted', async () => {
    await gateway.admin('POST', '/plans', { id: 'daily', name: 'Daily' });
    const ofPlan = { scope: 'plan', subjectId: 'daily', metric: 'requests', windowSeconds: 86_400 };
    await gateway.admin('PUT', '/limits', { ...ofPlan, amount: 3 });
    await gateway.admin('PUT', '/limits', { ...ofPlan, windowSeconds: 2_592_000, amount: 50 });
    const { id, key } = await gateway.member({ planId: 'daily' }, { kind: 'subscription' });
    const before = await subscription(key);
    expect(before.quota.limits).toEqual([
      {
        ...{ model: null, metric: 'requests', amount: 3, set_by: 'plan', used: 0, remaining: 3 },
        ...{ frees_at: null, frees_amount: null },
      },
    ]);
    for (let left = 3; left > 0; left--) {
      expect((await subscription(key)).quota.limits).toMatchObject([{ remaining: left }]);
      expect((await chat(key, '/claudecode/v1/messages')).status).toBe(200);
    }
    const [full] = (await subscription(key)).quota.limits;
    expect(full).toMatchObject({ used: 3, remaining: 0, frees_amount: 3 });
    const refused = await chat(key, '/claudecode/v1/messages');
    expect(refused.body.error.code).toBe('quota_day');
    // Both name the same moment: `retry-after` counts whole seconds.
    const retryAt = Date.now() + Number(refused.headers.get('retry-after')) * 1_000;
    expect(Math.abs(Date.parse(full.frees_at) - retryAt)).toBeLessThan(2_500);
    // The member's own takes the plan's place, for another key of the member too.
    const own = { ...ofPlan, scope: 'member', subjectId: id };
    await gateway.admin('PUT', '/limits', { ...own, amount: 10 });
    expect((await subscription(key)).quota.limits).toMatchObject([
      { set_by: 'member', amount: 10, used: 3, remaining: 7 },
    ]);
  });

  it("tells the calling key's own limit of the day beside", async () => {
    const { key, keyId } = await gateway.member();
    const limit = { scope: 'key', subjectId: keyId, metric: 'tokens', windowSeconds: 86_400, amount: 500 };
    await gateway.admin('PUT', '/limits', { ...limit, model: 'ntl/echo' });
    await chat(key);
    expect((await subscription(key)).quota.limits).toMatchObject([
      { set_by: 'key', model: 'ntl/echo', metric: 'tokens', amount: 500, used: expect.any(Number) },
    ]);
  });
});

describe('GET /tenant/credits', () => {
  it('tells the balance, before and after it is spent', async () => {
    const { id, key } = await gateway.member({ prepaid: true });
    const credits = async () => (await ask(gateway, '/tenant/credits', { key })).body;
    expect(await credits()).toEqual({ balance_micros: 0, balance_tokens: 0 });
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 10_000, micros: 2_500_000 });
    expect(await credits()).toEqual({ balance_micros: 2_500_000, balance_tokens: 10_000 });
    await chat(key);
    const [row] = await gateway.rows();
    expect(row.chargedTokens).toBeGreaterThan(0);
    expect(await credits()).toEqual({
      balance_micros: 2_500_000,
      balance_tokens: 10_000 - row.chargedTokens,
    });
  });
});
