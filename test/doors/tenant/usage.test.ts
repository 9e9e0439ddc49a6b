import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { ask, HELLO } from '../member/ask.ts';

const DAY_MS = 86_400_000;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway[Symbol.asyncDispose]());

const chat = (key: string, body: object = {}) =>
  gateway.post('/v1/chat/completions', { ...HELLO, ...body }, { key });
const usage = async (key: string, query = '') => (await ask(gateway, `/tenant/usage${query}`, { key })).body;

/** The UTC day some days ago. */
function day(ago: number): string {
  return new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
}

/** Requests of former days, as the roll-ups of a release kept them that had no sums of days yet. */
async function past(memberId: string, ago: readonly number[]): Promise<void> {
  await gateway.restart(() => {
    const db = new Database(`${gateway.dataDir}/ntl.db`);
    const insert = db.prepare(
      `INSERT INTO usage_hours VALUES (?, ?, 0, 0, 0, 0, 1, 30, 0, 5, 1, 2, 0, 10, 20, 0, 0, 5, 90)`,
    );
    for (const days of ago) insert.run(Number(memberId), Date.parse(day(days)) + 23 * 3_600_000);
    db.exec('DELETE FROM usage_sums; DELETE FROM usage_months;');
    db.prepare("INSERT OR REPLACE INTO settings VALUES ('sums_from', ?)").run(
      String(Date.parse(day(0)) + 2 * DAY_MS),
    );
    db.close();
  });
}

describe('GET /tenant/usage', () => {
  it('tells what all keys of the member used, by UTC day', async () => {
    await gateway.admin('PATCH', '/models/ntl%2Fecho', {
      price: { input: 1_000_000, output: 2_000_000 },
      multiplier: 3,
    });
    const { id, key } = await gateway.member();
    const second = (await gateway.admin('POST', '/keys', { memberId: id, name: 'second' })).body.key;
    await chat(gateway.key);
    await chat(key);
    await chat(second);
    await chat(key, { messages: [] });
    const rows = await gateway.rows(`&memberId=${id}`);
    const sum = (field: string) => rows.reduce((total, row) => total + row[field], 0);
    expect(await usage(key)).toEqual({
      data: [
        {
          ...{ date: day(0), requests: 2, refused: 1 },
          ...{ input_tokens: sum('inputTokens'), output_tokens: sum('outputTokens') },
          ...{ charged_tokens: sum('chargedTokens'), cost_micros: sum('costMicros') },
        },
      ],
      pagination: { page: 1, limit: 100, total: 1 },
    });
    expect(sum('costMicros')).toBeGreaterThan(0);
    expect(await usage(second)).toEqual(await usage(key));
  });

  it('has whole days of history within the window of the plan, newest first', async () => {
    const { id, key } = await gateway.member({ planId: 'free' });
    await past(id, [1, 2, 6, 7, 8, 40]);
    const dates = async (query = '') =>
      (await usage(key, query)).data.map(({ date }: { date: string }) => date);
    expect(await dates()).toEqual([1, 2, 6, 7].map(day));
    expect(await dates(`?startDate=${day(7)}`)).toEqual([1, 2, 6, 7].map(day));
    expect(await dates(`?startDate=${day(2)}T11:30:00Z`)).toEqual([1, 2].map(day));
    expect(await dates(`?startDate=${day(7)}&endDate=${day(6)}`)).toEqual([6, 7].map(day));
    expect(await dates(`?endDate=${day(2)}T00:00:01Z`)).toEqual([2, 6, 7].map(day));
    expect(await dates(`?startDate=${day(1)}&endDate=${day(2)}`)).toEqual([]);
    expect((await usage(key)).data[0]).toEqual({
      ...{ date: day(1), requests: 1, refused: 2, input_tokens: 10, output_tokens: 20 },
      ...{ charged_tokens: 90, cost_micros: 5 },
    });
    expect(await usage(key, `?startDate=${day(8)}`)).toEqual({
      data: [],
      pagination: { page: 1, limit: 50, total: 0 },
    });
    // A larger plan shows more from the next request on.
    await gateway.admin('PATCH', `/members/${id}`, { planId: 'pro' });
    expect(await dates(`?startDate=${day(8)}`)).toEqual([1, 2, 6, 7, 8].map(day));
    await gateway.admin('PATCH', `/members/${id}`, { planId: 'enterprise' });
    expect(await dates(`?startDate=${day(2_557)}`)).toEqual([1, 2, 6, 7, 8, 40].map(day));
    expect(await dates(`?startDate=${day(2_558)}`)).toEqual([]);
    // Unless told, a month.
    expect(await dates()).toEqual([1, 2, 6, 7, 8].map(day));
  });

  it('is paged, clamped to the plan', async () => {
    const { id, key } = await gateway.member({ planId: 'free' });
    await gateway.admin('PATCH', '/plans/free', { historyDays: 100 });
    await past(
      id,
      Array.from({ length: 60 }, (_, at) => at + 1),
    );
    const page = await usage(key, `?startDate=${day(90)}&pageSize=1000`);
    expect(page.pagination).toEqual({ page: 1, limit: 50, total: 60 });
    expect(page.data).toHaveLength(50);
    const second = await usage(key, `?startDate=${day(90)}&page=2`);
    expect(second.data.at(-1).date).toBe(day(60));
    await gateway.admin('PATCH', '/plans/free', { historyDays: 7 });
  });

  it.each(['startDate=yesterday', 'endDate=2026-13-01', 'page=0', 'pageSize=-1', 'page=1&page=2'])(
    '400 for %s',
    async (query) => {
      const { status, body, headers } = await ask(gateway, `/tenant/usage?${query}`);
      expect([status, body.error.code, body.error.param]).toEqual([
        400,
        'invalid_request',
        query.split('=')[0],
      ]);
      expect(headers.get('x-ntl-tier')).toBe('enterprise');
    },
  );
});
