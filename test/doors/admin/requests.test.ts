import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { RequestFacts } from '../../../gateway/audit/request-log.ts';
import { outcome, used } from '../../quotas/books.ts';
import { type AdminApp, openAdmin } from './admin-app.ts';

function factsOf({ parts }: AdminApp, some: Partial<RequestFacts> = {}): RequestFacts {
  const keyId = parts.keys.byPlaintext('')?.id ?? 1;
  return {
    ...{ at: parts.clock.wall(), requestId: uuidv7({ msecs: parts.clock.wall() }), memberId: 1, keyId },
    ...{
      address: '127.0.0.1',
      tool: 'curl',
      endpoint: 'chat',
      model: 'ntl/echo',
      streamed: true,
      multiplier: 1.5,
    },
    ...some,
  };
}

async function answered(admin: AdminApp, some: Partial<RequestFacts> = {}): Promise<number> {
  const row = await admin.parts.log.open(factsOf(admin, some), used({ inputTokens: 1 }));
  const usage = used({
    inputTokens: 100,
    outputTokens: 20,
    cachedTokens: 40,
    costMicros: 7,
    chargedTokens: 180,
  });
  await admin.parts.log.settle(row, outcome(usage, 'everywhere', { providerId: null, ttfbMs: 3 }));
  return row;
}

const FIELDS = [
  ...[
    'id',
    'at',
    'requestId',
    'memberId',
    'keyId',
    'keyPrefix',
    'address',
    'tool',
    'endpoint',
    'model',
    'providerId',
  ],
  ...[
    'upstreamModel',
    'attempts',
    'status',
    'code',
    'streamed',
    'latencyMs',
    'ttfbMs',
    'inputTokens',
    'outputTokens',
  ],
  ...['cachedTokens', 'reasoningTokens', 'estimated', 'costMicros', 'multiplier', 'chargedTokens'],
  ...['dropped', 'memberName', 'providerName'],
];

describe('the audit log', () => {
  it('reads as the contract says', async () => {
    const admin = await openAdmin();
    const facts = factsOf(admin);
    await answered(admin, facts);
    const { body } = await admin.call('GET', '/requests');
    expect(body.pagination).toEqual({ page: 1, limit: 100, total: 1 });
    expect(Object.keys(body.data[0])).toEqual(FIELDS);
    expect(body.data[0]).toMatchObject({
      ...{
        id: '1',
        at: new Date(facts.at).toISOString(),
        requestId: facts.requestId,
        memberId: '1',
        keyId: '1',
      },
      ...{
        keyPrefix: admin.key.slice(0, 15),
        memberName: 'Owner',
        status: 200,
        streamed: true,
        multiplier: 1.5,
      },
      ...{
        inputTokens: 100,
        cachedTokens: 40,
        costMicros: 7,
        chargedTokens: 180,
        estimated: false,
        code: null,
      },
    });
  });

  it('is found by what stands on the row', async () => {
    const admin = await openAdmin();
    const wanted = factsOf(admin, {
      model: 'quota/fast',
      tool: 'codex',
      address: '10.0.0.9',
      endpoint: 'messages',
    });
    await answered(admin, wanted);
    await answered(admin);
    await admin.parts.log.refused(factsOf(admin, { memberId: null, keyId: null }), {
      status: 401,
      code: 'invalid_key',
      latencyMs: 1,
    });
    const count = async (query: string) =>
      (await admin.call('GET', `/requests?${query}`)).body.pagination.total;
    expect(await count('model=quota%2Ffast')).toBe(1);
    expect(await count('tool=codex&endpoint=messages&address=10.0.0.9')).toBe(1);
    expect(await count(`requestId=${wanted.requestId}`)).toBe(1);
    expect(await count('memberId=1')).toBe(2);
    expect(await count('status=401')).toBe(1);
    expect(await count('code=invalid_key&outcome=refused')).toBe(1);
    expect(await count('outcome=ok')).toBe(2);
    expect(await count('model=nobody')).toBe(0);
    const today = new Date(admin.clock.wall()).toISOString().slice(0, 10);
    expect(await count(`startDate=${today}&endDate=${today}`)).toBe(3);
    expect(await count('endDate=2001-01-01')).toBe(0);
  });

  it.each([
    ['requestId=abc', 'requestId'],
    ['outcome=good', 'outcome'],
    ['format=xml', 'format'],
    ['member=1', 'member'],
    ['status=ok', 'status'],
  ])('refuses %s', async (query, param) => {
    const { call } = await openAdmin();
    const refused = await call('GET', `/requests?${query}`);
    expect([refused.status, refused.body.error.param]).toEqual([400, param]);
  });

  it('tells one request with its failed attempts', async () => {
    const admin = await openAdmin();
    const { body: provider } = await admin.call('POST', '/providers', { name: 'Ollama', kind: 'ollama' });
    const row = await admin.parts.log.open(factsOf(admin), used({}));
    const failed = {
      providerId: Number(provider.id),
      upstreamModel: 'a',
      status: null,
      reason: 'connect',
      latencyMs: 9,
    };
    await admin.parts.log.settle(row, outcome(used({}), 'minute', { attempts: 1, failedAttempts: [failed] }));
    const { body } = await admin.call('GET', `/requests/${row}`);
    expect(body).toMatchObject({
      id: String(row),
      status: 502,
      code: 'upstream_error',
      providerName: 'Ollama',
    });
    expect(body.failedAttempts).toEqual([
      {
        number: 1,
        providerId: provider.id,
        providerName: 'Ollama',
        upstreamModel: 'a',
        status: null,
        reason: 'connect',
        latencyMs: 9,
      },
    ]);
    expect((await admin.call('GET', '/requests/77')).status).toBe(404);
  });
});

describe('an export', () => {
  it('gives every row as JSON lines', async () => {
    const admin = await openAdmin();
    for (let count = 0; count < 120; count++) await answered(admin);
    const answer = await admin.call('GET', '/requests?format=jsonl');
    expect(answer.headers['content-type']).toContain('application/jsonl');
    const rows = answer.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toHaveLength(120);
    expect(Object.keys(rows[0])).toEqual(FIELDS);
    const page = await admin.call('GET', '/requests?format=jsonl&pageSize=50&page=3');
    expect(page.text.trim().split('\n')).toHaveLength(20);
  });

  it('gives CSV that no spreadsheet takes for formulas', async () => {
    const admin = await openAdmin();
    await answered(admin, { model: '=cmd|"/c calc"!A1' });
    await answered(admin, { model: 'a,b\nc' });
    await answered(admin, { model: '@sum', tool: '+x' });
    await answered(admin, { model: null, tool: '-y' });
    const { headers, text } = await admin.call('GET', '/requests?format=csv');
    expect(headers['content-type']).toContain('text/csv');
    expect(headers['content-disposition']).toContain('requests.csv');
    const [head, ...lines] = text.split('\r\n');
    expect(head).toBe(FIELDS.join(','));
    expect(lines.at(-1)).toBe('');
    expect(lines[3]).toContain(`,"'=cmd|""/c calc""!A1",`);
    expect(lines[2]).toContain('"a,b\nc"');
    expect(lines[1]).toContain(",'+x,chat,'@sum,");
    expect(lines[0]).toContain(",'-y,chat,,");
  });
});

describe('usage', () => {
  it('is told by step and group, roll-ups and the rows behind them alike', async () => {
    const admin = await openAdmin();
    await answered(admin);
    await admin.parts.rollUp.slice();
    await answered(admin, { model: 'quota/fast' });
    const { body } = await admin.call('GET', '/usage?groupBy=model,member');
    expect(body.totals).toMatchObject({
      requests: 2,
      refused: 0,
      inputTokens: 200,
      outputTokens: 40,
      costMicros: 14,
    });
    expect(body.data).toHaveLength(2);
    expect(body.data).toContainEqual(
      expect.objectContaining({
        model: 'quota/fast',
        memberId: '1',
        memberName: 'Owner',
        requests: 1,
        chargedTokens: 180,
      }),
    );
    const plain = await admin.call('GET', '/usage?step=hour');
    expect(plain.body.data).toHaveLength(1);
    expect(plain.body.data[0]).not.toHaveProperty('model');
    expect(plain.body.data[0].start).toMatch(/:00:00\.000Z$/);
    expect((await admin.call('GET', '/usage?step=total&model=ntl%2Fecho')).body.totals.requests).toBe(1);
  });

  it.each([
    ['groupBy=model,colour', 'groupBy[1]'],
    ['step=fortnight', 'step'],
    ['step=hour&startDate=2020-01-01', 'startDate'],
    ['timeZoneOffsetMinutes=9000', 'timeZoneOffsetMinutes'],
  ])('refuses %s', async (query, param) => {
    const { call } = await openAdmin();
    expect((await call('GET', `/usage?${query}`)).body.error).toMatchObject({
      code: 'invalid_request',
      param,
    });
  });
});
