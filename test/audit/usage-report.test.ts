import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Members } from '../../gateway/accounts/members.ts';
import { UsageReport } from '../../gateway/audit/usage-report.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function openReport() {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  const { db } = books.store;
  const members = new Members(db);
  for (const name of ['Ann', 'Bob']) {
    members.create({
      ...{ name, email: null, status: 'active', planId: 'pro', allowedModels: null, allowedIps: null },
      ...{ prepaid: false, selfService: true, owner: false, createdAt: 0 },
    });
  }
  const report = new UsageReport(db, books.names, books.marks(), () => books.clock.wall());
  return { books, report, start: books.clock.wall() };
}

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER, groupBy: [], timeZoneOffsetMinutes: 0 } as const;

async function answered(books: Books, facts: Parameters<Books['facts']>[0], input = 10): Promise<void> {
  const row = await books.log.open(books.facts(facts), used({}));
  await books.log.settle(row, outcome(used({ inputTokens: input, costMicros: 2 })));
}

describe('the report', () => {
  it('is the same however much was rolled up, and whoever asks for which group', async () => {
    const { books, report, start } = await openReport();
    const request = fc.record({
      memberId: fc.constantFrom(1, 2, null),
      keyId: fc.constantFrom(1, 2),
      model: fc.constantFrom('a', 'b', null),
      tool: fc.constantFrom('x', 'y'),
      end: fc.constantFrom('answered', 'failed', 'refused'),
      input: fc.nat(1_000),
      gap: fc.oneof(fc.nat(5_000), fc.nat(9 * HOUR)),
    });
    const requests = fc.sample(request, { numRuns: 150, seed: 7 });
    for (const [index, { end, input, gap, ...facts }] of requests.entries()) {
      books.clock.now += gap;
      const stated = books.facts(facts);
      if (end === 'refused')
        await books.log.refused(stated, { status: 429, code: 'quota_day', latencyMs: 1 });
      else {
        const row = await books.log.open(stated, used({}));
        await books.log.settle(
          row,
          outcome(used({ inputTokens: input }), end === 'failed' ? 'minute' : 'everywhere'),
        );
      }
      if (index === 90) await books.rollUpAll();
    }
    const admitted = requests.filter(({ end }) => end !== 'refused');
    const totals = {
      requests: admitted.length,
      refused: requests.length - admitted.length,
      failed: requests.filter(({ end }) => end === 'failed').length,
      inputTokens: admitted.reduce((sum, { input }) => sum + input, 0),
    };
    const before = await report.report({ ...ALL, step: 'day', groupBy: ['model', 'tool'] });
    expect(before.totals).toMatchObject(totals);
    const ofB = requests.filter(({ model, end }) => model === 'b' && end !== 'refused').length;
    expect((await report.report({ ...ALL, step: 'total', model: 'b' })).totals.requests).toBe(ofB);
    const sum = (rows: { requests: number; model?: string | null }[], model: string | null) =>
      rows.filter((row) => row.model === model).reduce((total, row) => total + row.requests, 0);
    expect(sum(before.rows, 'b')).toBe(ofB);
    expect(sum(before.rows, null)).toBe(admitted.filter(({ model }) => model === null).length);

    const spans = [ALL, { ...ALL, from: start + 3 * DAY, to: start + 9 * DAY }];
    const ask = () =>
      Promise.all(spans.map((span) => report.report({ ...span, step: 'hour', groupBy: ['member'] })));
    const halfRolledUp = await ask();
    await books.rollUpAll();
    expect(await ask()).toEqual(halfRolledUp);
    expect(halfRolledUp[1]?.totals.requests).toBeLessThan(totals.requests);
  });

  it('counts nothing twice while the roll-up goes on', async () => {
    const { books, report } = await openReport();
    for (let count = 0; count < 40; count++) {
      books.clock.now += 5 * HOUR;
      await answered(books, { memberId: 1 });
    }
    const rolling = books.rollUpAll();
    const [during] = await Promise.all([report.report({ ...ALL, step: 'day' }), rolling]);
    expect(during.totals).toMatchObject({ requests: 40, inputTokens: 400 });
  });

  it('names members, keys and providers, and nobody where nobody was known', async () => {
    const { books, report } = await openReport();
    await answered(books, { memberId: 1 });
    await answered(books, { memberId: null, keyId: null });
    const { rows } = await report.report({ ...ALL, step: 'total', groupBy: ['member', 'key', 'provider'] });
    expect(rows).toHaveLength(2);
    expect(rows).toContainEqual(
      expect.objectContaining({ memberId: '1', memberName: 'Ann', keyId: '1', providerId: '1' }),
    );
    expect(rows).toContainEqual(expect.objectContaining({ memberId: null, memberName: null, keyId: null }));
    expect(rows[0]).not.toHaveProperty('model');
  });

  it('cuts days in UTC, or in the time zone asked for', async () => {
    const { books, report } = await openReport();
    books.clock.now = Date.parse('2027-03-10T22:30:00Z');
    await answered(books, { memberId: 1 });
    books.clock.now = Date.parse('2027-03-10T23:30:00Z');
    await answered(books, { memberId: 1 });
    const days = async (timeZoneOffsetMinutes: number) => {
      const { rows } = await report.report({ ...ALL, step: 'day', timeZoneOffsetMinutes });
      return rows.map(({ start, requests }) => [start, requests]);
    };
    expect(await days(0)).toEqual([['2027-03-10T00:00:00.000Z', 2]]);
    expect(await days(60)).toEqual([
      ['2027-03-09T23:00:00.000Z', 1],
      ['2027-03-10T23:00:00.000Z', 1],
    ]);
    expect(await days(-23 * 60)).toEqual([
      ['2027-03-09T23:00:00.000Z', 1],
      ['2027-03-10T23:00:00.000Z', 1],
    ]);
  });

  it('counts weeks from the first day of the span, and months by the calendar, in the time zone asked for', async () => {
    const { books, report } = await openReport();
    for (const at of ['2027-02-25T12:00:00Z', '2027-02-28T23:30:00Z', '2027-03-04T10:00:00Z']) {
      books.clock.now = Date.parse(at);
      await answered(books, { memberId: 1 });
    }
    await books.rollUpAll();
    books.clock.now = Date.parse('2027-04-20T00:00:00Z');
    await answered(books, { memberId: 1 });
    const told = async (step: 'week' | 'month', timeZoneOffsetMinutes: number) => {
      const from = Date.parse('2027-02-22T15:00:00Z');
      const { rows } = await report.report({ ...ALL, from, step, timeZoneOffsetMinutes });
      return rows.map(({ start, requests }) => [start, requests]);
    };
    expect(await told('week', 0)).toEqual([
      ['2027-02-22T00:00:00.000Z', 2],
      ['2027-03-01T00:00:00.000Z', 1],
      ['2027-04-19T00:00:00.000Z', 1],
    ]);
    expect(await told('week', 60)).toEqual([
      ['2027-02-21T23:00:00.000Z', 1],
      ['2027-02-28T23:00:00.000Z', 2],
      ['2027-04-18T23:00:00.000Z', 1],
    ]);
    expect(await told('month', 0)).toEqual([
      ['2027-02-01T00:00:00.000Z', 2],
      ['2027-03-01T00:00:00.000Z', 1],
      ['2027-04-01T00:00:00.000Z', 1],
    ]);
    expect(await told('month', 60)).toEqual([
      ['2027-01-31T23:00:00.000Z', 1],
      ['2027-02-28T23:00:00.000Z', 2],
      ['2027-03-31T23:00:00.000Z', 1],
    ]);
  });

  it('has nothing to tell of what was never seen', async () => {
    const { report } = await openReport();
    expect((await report.report({ ...ALL, step: 'day', model: 'nobody' })).rows).toEqual([]);
    expect((await report.report({ ...ALL, step: 'day' })).totals.requests).toBe(0);
  });
});
