import { describe, expect, it, onTestFinished } from 'vitest';
import { ProviderUsage } from '../../gateway/audit/provider-usage.ts';
import { UsageReport } from '../../gateway/audit/usage-report.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

const HOUR = 3_600_000;

async function open() {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  const { db } = books.store;
  const marks = books.marks();
  const report = new UsageReport(db, books.names, marks, () => books.clock.wall());
  const usage = new ProviderUsage(db, books.names, report, (id) => (id === 1 ? 'Ann' : undefined), marks);
  const ever = { from: 0, to: books.clock.wall() + 24 * HOUR };
  return { books, usage, ever };
}

/** A request whose calls went to `calls` in turn; all but the last failed, and the last where `served` is false. */
async function request(books: Books, calls: number[], served: boolean, reason = 'http_500'): Promise<void> {
  const row = await books.log.open(books.facts({ memberId: null, keyId: null }), used({}));
  const failed = served ? calls.slice(0, -1) : calls;
  const failedAttempts = failed.map((providerId) => ({
    ...{ providerId, upstreamModel: 'up', status: 500, reason, latencyMs: 1 },
  }));
  const facts = { providerId: calls.at(-1) ?? null, attempts: calls.length, failedAttempts };
  const ttfbMs = served ? 10 * (calls.at(-1) ?? 0) : null;
  const usage = used({ costMicros: served ? 7 : 0 });
  await books.log.settle(row, outcome(usage, served ? 'everywhere' : 'minute', { ...facts, ttfbMs }));
}

describe('what providers did', () => {
  it('counts each call, also those that failed before another provider answered', async () => {
    const { books, usage, ever } = await open();
    await request(books, [1], true);
    await request(books, [1, 2], true);
    await request(books, [1, 1, 2], true);
    await request(books, [2, 1], false);
    const told = {
      1: { requests: 2, calls: 5, failedCalls: 4, firstByteMs: 10, costMicros: 7, providerName: 'Ann' },
      2: { requests: 2, calls: 3, failedCalls: 1, firstByteMs: 20, costMicros: 14, providerName: null },
    };
    const expected = [
      { providerId: '1', ...told[1] },
      { providerId: '2', ...told[2] },
    ];
    expect(await usage.report(ever)).toEqual(expected);
    await books.rollUpAll();
    expect(await usage.report(ever)).toEqual(expected);
  });

  it('leaves out a target that was never called, as the request did not fit it', async () => {
    const { books, usage, ever } = await open();
    await request(books, [1, 2], true, 'unfit');
    await request(books, [1], false, 'unfit');
    const found = await usage.report(ever);
    expect(found.find(({ providerId }) => providerId === '1')).toMatchObject({ calls: 0, failedCalls: 0 });
    expect(found.find(({ providerId }) => providerId === '2')).toMatchObject({ calls: 1, failedCalls: 0 });
  });

  it('keeps to the span, in whole hours', async () => {
    const { books, usage } = await open();
    books.clock.now = Date.parse('2027-03-08T10:59:00Z');
    await request(books, [1, 2], true);
    books.clock.now = Date.parse('2027-03-08T11:01:00Z');
    await request(books, [2], false);
    const to = books.clock.wall() + 1;
    const calls = async (from: string) =>
      (await usage.report({ from: Date.parse(from), to })).map(({ providerId, calls, failedCalls }) => [
        providerId,
        calls,
        failedCalls,
      ]);
    expect(await calls('2027-03-08T11:30:00Z')).toEqual([['2', 1, 1]]);
    expect(await calls('2027-03-08T10:30:00Z')).toEqual([
      ['2', 2, 1],
      ['1', 1, 1],
    ]);
    expect(await calls('2027-03-08T12:00:00Z')).toEqual([]);
  });

  it('reads however many failed calls there are', async () => {
    const { books, usage, ever } = await open();
    const insert = books.store.db.prepare(
      `INSERT INTO requests (id, at, request_id, address, tool, endpoint, provider_id, attempts, status, counted)
       VALUES (?, ?, x'00', 1, 1, 1, 2, 2, 200, 1)`,
    );
    const attempt = books.store.db.prepare('INSERT INTO attempts VALUES (?, 1, 1, 1, 500, 1, 1)');
    books.store.db.transaction(() => {
      for (let id = 1; id <= 1_234; id++) {
        insert.run(id, books.clock.wall() + id);
        attempt.run(id);
      }
    })();
    const found = await usage.report(ever);
    expect(found).toMatchObject([
      { providerId: '2', requests: 1_234, calls: 1_234, failedCalls: 0 },
      { providerId: '1', requests: 0, calls: 1_234, failedCalls: 1_234 },
    ]);
  });
});
