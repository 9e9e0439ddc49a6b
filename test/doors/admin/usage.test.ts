import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { RequestFacts } from '../../../gateway/audit/request-log.ts';
import { outcome, used } from '../../quotas/books.ts';
import { startGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { type AdminApp, openAdmin } from './admin-app.ts';

async function answered({ parts }: AdminApp, some: Partial<RequestFacts> = {}): Promise<void> {
  const facts = {
    ...{
      at: parts.clock.wall(),
      requestId: uuidv7(),
      memberId: 1,
      keyId: 1,
      address: '127.0.0.1',
      tool: 'curl',
    },
    ...{ endpoint: 'chat' as const, model: 'ntl/echo', streamed: true, multiplier: 1, ...some },
  };
  const row = await parts.log.open(facts, used({}));
  const usage = used({
    inputTokens: 100,
    outputTokens: 20,
    cachedTokens: 40,
    costMicros: 7,
    chargedTokens: 180,
  });
  await parts.log.settle(row, outcome(usage, 'everywhere', { providerId: null }));
}

const SUMS =
  'requests,refused,failed,inputTokens,outputTokens,cachedTokens,reasoningTokens,costMicros,chargedTokens';

describe('usage as CSV', () => {
  it('has the columns of what was asked for, and every row', async () => {
    const admin = await openAdmin();
    await answered(admin);
    await answered(admin, { model: 'quota/fast', memberId: null, keyId: null });
    const { headers, text } = await admin.call('GET', '/usage?format=csv&groupBy=model,member&step=total');
    expect(headers['content-type']).toContain('text/csv');
    expect(headers['content-disposition']).toBe('attachment; filename="usage.csv"');
    const [head, ...lines] = text.trimEnd().split('\r\n');
    expect(head).toBe(`start,model,memberId,memberName,${SUMS}`);
    expect(lines).toHaveLength(2);
    const sums = '1,0,0,100,20,40,0,7,180';
    expect(lines.some((line) => line.endsWith(`Z,ntl/echo,1,Owner,${sums}`))).toBe(true);
    expect(lines.some((line) => line.endsWith(`Z,quota/fast,,,${sums}`))).toBe(true);
    const plain = await admin.call('GET', '/usage?format=csv');
    expect(plain.text.split('\r\n')[0]).toBe(`start,${SUMS}`);
    const keys = await admin.call('GET', '/usage?format=csv&groupBy=tool,key,provider');
    expect(keys.text.split('\r\n')[0]).toBe(
      `start,keyId,keyName,keyPrefix,providerId,providerName,tool,${SUMS}`,
    );
  });

  it('tells what JSON tells', async () => {
    const admin = await openAdmin();
    for (let count = 0; count < 30; count++) {
      await answered(admin, { model: `m${count % 7}`, tool: `t${count % 3}` });
      if (count === 20) await admin.parts.rollUp.slice();
    }
    const query = 'groupBy=model,tool&step=hour';
    const { body } = await admin.call('GET', `/usage?${query}`);
    const csv = await admin.call('GET', `/usage?${query}&format=csv`);
    const [head = '', ...lines] = csv.text.trimEnd().split('\r\n');
    const columns = head.split(',');
    expect(lines).toEqual(
      body.data.map((row: Record<string, unknown>) => columns.map((column) => row[column] ?? '').join(',')),
    );
    const page = await admin.call('GET', `/usage?${query}&format=csv&pageSize=20&page=2`);
    expect(page.text.trimEnd().split('\r\n').slice(1)).toEqual(lines.slice(20));
  });

  it('holds nothing that a spreadsheet takes for a formula', async () => {
    const admin = await openAdmin();
    await answered(admin, { model: '=cmd|"/c calc"!A1', tool: '@x' });
    await answered(admin, { model: 'a,b\nc', tool: '-1' });
    const { text } = await admin.call('GET', '/usage?format=csv&groupBy=model,tool');
    expect(text).toContain(`,"'=cmd|""/c calc""!A1",'@x,`);
    expect(text).toContain(`,"a,b\nc",'-1,`);
    expect((await admin.call('GET', '/usage?format=xml')).body.error.param).toBe('format');
  });
});

describe('the largest groups', () => {
  it('stand first, with all others in one row', async () => {
    const admin = await openAdmin();
    for (let count = 0; count < 6; count++) await answered(admin, { model: 'most' });
    for (let count = 0; count < 4; count++) await answered(admin, { model: 'next' });
    for (const model of ['a', 'b', 'c']) await answered(admin, { model });
    while (await admin.parts.rollUp.slice());
    const { body } = await admin.call('GET', '/usage?groupBy=model&top=2&metric=cost');
    expect(body.data).toMatchObject([
      { model: 'most', requests: 6, costMicros: 42 },
      { model: 'next', requests: 4 },
      { others: true, requests: 3, costMicros: 21 },
    ]);
    expect(body.data[2]).not.toHaveProperty('model');
    expect(body).toMatchObject({ groups: 5, totals: { requests: 13 }, pagination: { total: 3 } });
    const { body: page } = await admin.call(
      'GET',
      '/usage?groupBy=model&step=total&metric=requests&pageSize=2&page=2',
    );
    expect(page.data.map(({ requests }: { requests: number }) => requests)).toEqual([1, 1]);
    expect(page).toMatchObject({ pagination: { total: 5 }, totals: { requests: 13 } });
    const csv = await admin.call('GET', '/usage?format=csv&groupBy=model&top=1&step=week');
    const [head, first, others] = csv.text.split('\r\n');
    expect(head).toBe(`start,model,others,${SUMS}`);
    expect(first).toContain('Z,most,,6,');
    expect(others).toContain('Z,,true,7,');
  });

  it('are a hundred at most, by a known metric', async () => {
    const admin = await openAdmin();
    for (const query of ['top=0', 'top=101', 'metric=speed', 'top=many']) {
      const { status, body } = await admin.call('GET', `/usage?groupBy=model&${query}`);
      expect([query, status, body.error.param]).toEqual([query, 400, query.split('=')[0]]);
    }
  });
});

describe("providers' usage", () => {
  it('counts requests, calls and failed ones, with first byte and cost', async () => {
    await using first = await startProvider();
    await using second = await startProvider();
    await using gateway = await startGateway();
    const one = await gateway.publish(first, ['gpt-4o'], { name: 'One', priority: 0 });
    const two = await gateway.publish(second, ['gpt-4o'], { name: 'Two', priority: 1 });
    const chat = () =>
      gateway.post('/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] });
    await chat();
    first.script(reply.status(500));
    expect((await chat()).status).toBe(200);
    await gateway.admin('DELETE', `/providers/${two}`);
    const { status, body } = await gateway.admin('GET', '/usage/providers');
    expect(status).toBe(200);
    expect(body.pagination.total).toBe(2);
    expect(body.data).toMatchObject([
      { providerId: one, providerName: 'One', requests: 1, calls: 2, failedCalls: 1 },
      { providerId: two, providerName: 'Two', requests: 1, calls: 1, failedCalls: 0 },
    ]);
    for (const { firstByteMs, costMicros } of body.data) {
      expect(firstByteMs).toBeGreaterThanOrEqual(0);
      expect(costMicros).toBe(0);
    }
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const later = await gateway.admin('GET', `/usage/providers?startDate=${encodeURIComponent(tomorrow)}`);
    expect(later.body.data).toEqual([]);
    expect((await gateway.admin('GET', '/usage/providers?groupBy=model')).status).toBe(400);
  });
});
