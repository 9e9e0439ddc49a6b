import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { ask, HELLO } from './member/ask.ts';

let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  provider = await startProvider();
  gateway = await startGateway();
  await gateway.publish(provider, ['deepseek-v3', 'gpt-4o']);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await provider.close();
});

interface Row {
  modal: string;
  quotaObject: string;
  quotaType: string;
  currentQuota: number;
  defaultQuota: number | null;
  quotaItems: { tier: string; quota: number | null }[];
}

async function quotas(key: string, query = ''): Promise<Row[]> {
  const { status, body } = await ask(gateway, `/openapi/v1/user/quota/list${query}`, { key });
  expect(status).toBe(200);
  return body.data;
}

async function rowOf(key: string, model: string, quotaType = 'RPM'): Promise<Row | undefined> {
  return (await quotas(key)).find((row) => row.quotaObject === model && row.quotaType === quotaType);
}

interface Limit {
  scope: 'plan' | 'member' | 'key';
  subjectId: string;
  metric?: string;
  windowSeconds?: number;
  model?: string;
}

async function limit({ metric = 'requests', windowSeconds = 60, ...limit }: Limit, amount: number | null) {
  const facts = { ...limit, metric, windowSeconds };
  const done =
    amount === null
      ? await gateway.admin('DELETE', '/limits', facts)
      : await gateway.admin('PUT', '/limits', { ...facts, amount });
  expect(done.status).toBeLessThan(300);
}

/** How many requests pass before the gateway refuses. */
async function admitted(key: string, model = 'ntl/echo', most = 12): Promise<number> {
  for (let count = 0; count < most; count++) {
    const { status, body } = await gateway.post('/v1/chat/completions', { ...HELLO, model }, { key });
    if (status === 200) continue;
    expect(body.error.code).toBe('rate_limit_minute');
    return count;
  }
  return most;
}

describe('the quota list', () => {
  it('has a row for each model and quota type that limits it, as the contract shows it', async () => {
    const { key } = await gateway.member({ planId: 'free', allowedModels: ['deepseek-v3'] });
    const { body, headers } = await ask(gateway, '/openapi/v1/user/quota/list', { key });
    expect(headers.get('x-ntl-tier')).toBe('free');
    expect(body).toEqual({
      data: [
        {
          ...{ modal: 'llm', quotaObject: 'deepseek-v3', quotaType: 'RPM', productType: 'Public Endpoint' },
          ...{ currentQuota: 60, defaultQuota: 60, adjustable: true },
          quotaItems: [
            { tier: 'free', quota: 60 },
            { tier: 'pro', quota: 600 },
            { tier: 'enterprise', quota: 6_000 },
          ],
        },
      ],
      total: 1,
      pagination: { page: 1, limit: 50, total: 1 },
    });
  });

  it('filters, in any letter case; empty filters give all; a value nothing has gives nothing', async () => {
    const { id, key } = await gateway.member();
    await limit({ scope: 'member', subjectId: id, metric: 'tokens' }, 5_000);
    await limit({ scope: 'member', subjectId: id, metric: 'images' }, 7);
    const found = async (query: string) =>
      (await quotas(key, query)).map(({ quotaObject, quotaType }) => `${quotaObject} ${quotaType}`);
    const all = await found('');
    const models = ['ntl/echo', 'deepseek-v3', 'gpt-4o'];
    expect(all.toSorted()).toEqual(
      models.flatMap((model) => ['RPM', 'TPM', 'IPM'].map((type) => `${model} ${type}`)).toSorted(),
    );
    expect(await found('?modal=&quotaType=&productType=&quotaObject=')).toEqual(all);
    expect(await found('?quotaType=tpm&quotaObject=')).toEqual(models.map((model) => `${model} TPM`));
    expect(await found('?modal=image')).toEqual(models.map((model) => `${model} IPM`));
    expect(await found('?modal=LLM&quotaType=IPM')).toEqual([]);
    expect(await found('?productType=public%20endpoint')).toEqual(all);
    expect(await found('?productType=Dedicated')).toEqual([]);
    expect(await found('?modal=video')).toEqual([]);
    expect(await found('?quotaType=RPM&quotaObject=deepseek')).toEqual(['deepseek-v3 RPM']);
  });

  it.each([
    ['Deep V3', ['deepseek-v3']],
    ['deepseekv3', ['deepseek-v3']],
    ['DEEPSEEK/V3', ['deepseek-v3']],
    ['gpt4o', ['gpt-4o']],
    ['echo', ['ntl/echo']],
    ['claude', []],
  ])('matches quotaObject fuzzily: %s', async (wanted, expected) => {
    const { key } = await gateway.member();
    const rows = await quotas(key, `?quotaObject=${encodeURIComponent(wanted)}`);
    expect(rows.map(({ quotaObject }) => quotaObject)).toEqual(expected);
  });

  it('is paged: clamped to the plan, told back', async () => {
    const { key } = await gateway.member({ planId: 'free' });
    const page = (query: string) => ask(gateway, `/openapi/v1/user/quota/list${query}`, { key });
    expect((await page('?pageSize=500')).body.pagination).toEqual({ page: 1, limit: 50, total: 3 });
    const second = (await page('?pageSize=2&page=2')).body;
    expect(second).toMatchObject({ total: 3, pagination: { page: 2, limit: 2, total: 3 } });
    expect(second.data).toHaveLength(1);
    expect((await page('?startDate=2020-01-01')).body).toMatchObject({ data: [], total: 0 });
    // Rows say how it is now.
    expect((await page('?endDate=2020-01-01')).body.data).toEqual([]);
    expect((await page('?startDate=tomorrow')).body.error).toMatchObject({
      code: 'invalid_request',
      param: 'startDate',
    });
  });
});

describe('a row is what the gateway enforces', () => {
  it('for the plan, and for the member when its own limit takes its place', async () => {
    const planId = (await gateway.admin('POST', '/plans', { id: 'tiny', name: 'Tiny', requestsPerMinute: 3 }))
      .body.id;
    const { id, key } = await gateway.member({ planId });
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 3, defaultQuota: 3 });
    expect(await admitted(key)).toBe(3);
    await limit({ scope: 'member', subjectId: id }, 5);
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 5, defaultQuota: 3 });
    expect(await admitted(key)).toBe(2);
    await limit({ scope: 'plan', subjectId: planId }, 4);
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 5, defaultQuota: 4 });
    await limit({ scope: 'member', subjectId: id }, null);
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 4, defaultQuota: 4 });
  });

  it.each(['member', 'plan'] as const)('for a %s limit on one model, by its alias too', async (scope) => {
    const planId = `by-model-${scope}`;
    await gateway.admin('POST', '/plans', { id: planId, name: planId, requestsPerMinute: 9 });
    await gateway.admin('PATCH', '/models/quota%2Ffast', { aliasOf: 'ntl/echo' });
    const { id, key } = await gateway.member({ planId });
    await limit({ scope, subjectId: scope === 'plan' ? planId : id, model: 'ntl/echo' }, 2);
    const defaultQuota = scope === 'plan' ? 2 : 9;
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 2, defaultQuota });
    expect(await rowOf(key, 'quota/fast')).toMatchObject({ currentQuota: 2, defaultQuota });
    expect(await rowOf(key, 'gpt-4o')).toMatchObject({ currentQuota: 9, defaultQuota: 9 });
    expect(await admitted(key, 'quota/fast')).toBe(2);
    expect(await admitted(key, 'gpt-4o')).toBe(7);
    await gateway.admin('PATCH', '/models/quota%2Ffast', { aliasOf: null });
  });

  it("for a key's own limit, which its siblings do not have", async () => {
    const { id, key, keyId } = await gateway.member();
    const sibling = (await gateway.admin('POST', '/keys', { memberId: id, name: 'other' })).body.key;
    await limit({ scope: 'key', subjectId: keyId }, 2);
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 2, defaultQuota: 600 });
    expect(await rowOf(sibling, 'ntl/echo')).toMatchObject({ currentQuota: 600, defaultQuota: 600 });
    expect(await admitted(key)).toBe(2);
    expect(await admitted(sibling, 'ntl/echo', 4)).toBe(4);
  });

  it('for tokens and images: a request larger than the row is refused, one below is not', async () => {
    const { id, key } = await gateway.member();
    expect(await rowOf(key, 'ntl/echo', 'TPM')).toBeUndefined();
    await limit({ scope: 'member', subjectId: id, metric: 'tokens' }, 40);
    await limit({ scope: 'member', subjectId: id, metric: 'images' }, 1);
    expect(await rowOf(key, 'ntl/echo', 'TPM')).toMatchObject({
      ...{ modal: 'llm', currentQuota: 40, defaultQuota: null },
      quotaItems: expect.arrayContaining([{ tier: 'pro', quota: null }]),
    });
    expect(await rowOf(key, 'ntl/echo', 'IPM')).toMatchObject({ modal: 'image', currentQuota: 1 });
    const say = (content: unknown) =>
      gateway.post('/v1/chat/completions', { ...HELLO, messages: [{ role: 'user', content }] }, { key });
    expect((await say('word '.repeat(60))).body.error.message).toContain('40 tokens');
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    await limit({ scope: 'member', subjectId: id, metric: 'tokens' }, 1_000_000);
    expect((await say([picture, picture])).body.error.message).toContain('1 image');
    expect((await say([picture])).status).toBe(200);
  });

  it('and it is the very number that the headers of an admitted request tell', async () => {
    const { id, key } = await gateway.member();
    await limit({ scope: 'member', subjectId: id }, 77);
    const { headers } = await gateway.post('/v1/chat/completions', HELLO, { key });
    expect(headers.get('x-ratelimit-limit-requests')).toBe('77');
    expect(await rowOf(key, 'ntl/echo')).toMatchObject({ currentQuota: 77 });
  });
});

describe('who sees which rows', () => {
  it('only models of the allow-list; `auto` once it stands for one', async () => {
    const { key } = await gateway.member({ allowedModels: ['gpt-4o'] });
    const seen = async () => (await quotas(key)).map(({ quotaObject }) => quotaObject);
    expect(await seen()).toEqual(['gpt-4o']);
    await gateway.admin('PATCH', '/settings', { defaultModel: 'gpt-4o' });
    expect(await seen()).toEqual(['gpt-4o', 'auto']);
    await gateway.admin('PATCH', '/settings', { defaultModel: 'ntl/echo' });
    expect(await seen()).toEqual(['gpt-4o']);
    await gateway.admin('PATCH', '/settings', { defaultModel: null });
  });

  it('a key paid by token has none: nothing by the minute holds for it', async () => {
    const { id, key } = await gateway.member({}, { kind: 'pay_per_token' });
    await gateway.admin('POST', `/members/${id}/grants`, { tokens: 1_000_000 });
    await limit({ scope: 'member', subjectId: id }, 2);
    expect(await quotas(key)).toEqual([]);
    expect(await admitted(key, 'ntl/echo', 4)).toBe(4);
  });

  it('a subscription key has none where its plan has a 24 h quota', async () => {
    await gateway.admin('POST', '/plans', { id: 'daily', name: 'Daily', requestsPerMinute: 2 });
    await limit({ scope: 'plan', subjectId: 'daily', windowSeconds: 86_400 }, 1_000);
    const { key } = await gateway.member({ planId: 'daily' }, { kind: 'subscription' });
    expect(await quotas(key)).toEqual([]);
    for (let count = 0; count < 4; count++) {
      expect((await gateway.post('/claudecode/v1/messages', HELLO, { key })).status).toBe(200);
    }
  });

  it('the owner sees the rows of each member and key', async () => {
    const { id, key, keyId } = await gateway.member({ planId: 'free' });
    await limit({ scope: 'key', subjectId: keyId }, 3);
    const own = await quotas(key);
    expect((await gateway.admin('GET', `/quotas?keyId=${keyId}`)).body.data).toEqual(own);
    const ofMember = await gateway.admin('GET', `/quotas?memberId=${id}&quotaObject=echo`);
    expect(ofMember.body.data).toMatchObject([{ quotaObject: 'ntl/echo', currentQuota: 60 }]);
    expect((await gateway.admin('GET', '/quotas?quotaObject=echo')).body.data).toMatchObject([
      { currentQuota: 6_000 },
    ]);
    expect((await gateway.admin('GET', '/quotas?keyId=999')).status).toBe(404);
    expect((await gateway.admin('GET', `/quotas?keyId=${keyId}&memberId=1`)).status).toBe(404);
  });
});
