import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';

/** What meters each kind of key. */

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const BODY = { model: 'ntl/echo', max_tokens: 20, messages: [{ role: 'user', content: 'hi' }] };

async function member(planId = 'pro') {
  const { id, key: standard } = await gateway.member({ planId });
  const made = async (kind: string) => {
    const { body } = await gateway.admin('POST', '/keys', { memberId: id, name: kind, kind });
    return body.key as string;
  };
  return { id, standard, subscription: await made('subscription'), payPerToken: await made('pay_per_token') };
}

async function limit(scope: string, subjectId: string, windowSeconds: number, amount: number) {
  const wanted = { scope, subjectId, metric: 'requests', windowSeconds, amount };
  expect((await gateway.admin('PUT', '/limits', wanted)).status).toBe(200);
}

/** A plan of its own with a 24 h quota of so many requests. */
async function planWithDay(amount: number): Promise<string> {
  const { body } = await gateway.admin('POST', '/plans', {
    ...{ id: `day-${amount}`, name: 'Day', pageSizeCap: 50, historyDays: 7 },
  });
  await limit('plan', body.id, 86_400, amount);
  return body.id;
}

async function ask(key: string, path = '/cline/v1/chat/completions'): Promise<number | string> {
  const { status, body } = await gateway.post(path, BODY, { key });
  return status === 200 ? 200 : body.error.code;
}

describe('a subscription key', () => {
  it("is metered by the plan's 24 h quota and not by the minute", async () => {
    const { id, subscription, standard } = await member(await planWithDay(3));
    await limit('member', id, 60, 1);
    expect([await ask(subscription), await ask(subscription), await ask(subscription)]).toEqual([
      200, 200, 200,
    ]);
    expect(await ask(subscription)).toBe('quota_day');
    expect(await ask(standard)).toBe('quota_day');
  });

  it('may do no more than its member where the plan has no such quota', async () => {
    const { id, subscription } = await member();
    await limit('member', id, 60, 2);
    expect([await ask(subscription), await ask(subscription)]).toEqual([200, 200]);
    expect(await ask(subscription)).toBe('rate_limit_minute');
  });

  it('pays from no balance, also where its member is prepaid, and its answers tell no charge', async () => {
    const { id, subscription, standard } = await member();
    await gateway.admin('PATCH', `/members/${id}`, { prepaid: true });
    expect(await ask(standard)).toBe('insufficient_balance');
    const { status, body } = await gateway.post('/cline/v1/chat/completions', BODY, { key: subscription });
    expect(status).toBe(200);
    expect(body.usage).not.toHaveProperty('charged_quota_tokens');
  });

  it('is refused on generic routes', async () => {
    const { subscription } = await member();
    expect(await ask(subscription, '/v1/chat/completions')).toBe('route_not_allowed');
  });
});

describe('a key paid by token', () => {
  it('is metered by the balance alone', async () => {
    const { id, payPerToken } = await member();
    await limit('member', id, 60, 0);
    expect(await ask(payPerToken, '/v1/chat/completions')).toBe('insufficient_balance');
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 1_000 });
    expect(await ask(payPerToken, '/v1/chat/completions')).toBe(200);
    expect(await ask(payPerToken)).toBe(200);
  });

  it("takes no room in its member's limits, also after a restart", async () => {
    const { id, standard, payPerToken } = await member();
    await limit('member', id, 60, 2);
    await limit('member', id, 86_400, 2);
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 100_000 });
    expect(await ask(standard)).toBe(200);
    for (let sent = 0; sent < 3; sent++) expect(await ask(payPerToken)).toBe(200);
    await gateway.restart();
    expect(await ask(standard)).toBe(200);
    expect(await ask(standard)).toBe('quota_day');
    expect(await ask(payPerToken)).toBe(200);
  });
});
