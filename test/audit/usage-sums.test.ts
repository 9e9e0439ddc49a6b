import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { UsageDimension, UsageQuery, UsageSums } from '../../gateway/audit/usage-cells.ts';
import { UsageReport, type UsageRow } from '../../gateway/audit/usage-report.ts';
import { noSums, SUM_NAMES, type UsageMetric, weightOf } from '../../gateway/audit/usage-sum-table.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';
import { seeded } from '../support/seeded.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const DIMENSIONS: readonly UsageDimension[] = ['model', 'member', 'key', 'provider', 'tool'];

/** Some weeks of requests, two reports on them: as the gateway gives it, and one that knows hours alone. */
async function openReports() {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  const { db } = books.store;
  db.exec(`INSERT INTO members (id, name, status, plan_id, created_at) VALUES (1, 'a', 'active', 'pro', 1), (2, 'b', 'active', 'pro', 1);
    INSERT INTO api_keys (id, member_id, name, kind, hash, prefix, created_at) VALUES
      (1, 1, 'k', 'standard', 'h1', 'p1', 1), (2, 2, 'k', 'standard', 'h2', 'p2', 1), (3, 1, 'k', 'standard', 'h3', 'p3', 1);`);
  const wall = () => books.clock.wall();
  const marks = books.marks();
  const report = new UsageReport(db, books.names, marks, wall);
  const never = () => Number.MAX_SAFE_INTEGER;
  const byHours = new UsageReport(db, books.names, { ...marks, sumsFrom: never, monthsFrom: never }, wall);
  return { books, report, byHours, start: books.clock.wall() };
}

async function ask(books: Books, count: number, seed = 9): Promise<void> {
  const random = seeded(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() ** 2 * items.length)] as Item;
  for (let index = 0; index < count; index++) {
    books.clock.now += Math.floor(random() ** 2 * 24 * HOUR);
    const keyId = pick([1, 2, 3, null]);
    const facts = books.facts({
      ...{ keyId, memberId: keyId === null ? null : keyId === 2 ? 2 : 1 },
      ...{ model: pick(['a', 'b', 'c', null]), tool: pick(['x', 'y', 'z']) },
    });
    if (random() < 0.1) {
      await books.log.refused(facts, { status: 429, code: 'quota_day', latencyMs: 1 });
      continue;
    }
    const row = await books.log.open(facts, used({}));
    const amount = used({
      inputTokens: Math.floor(random() * 900),
      costMicros: 3,
      cachedTokens: 1,
      chargedTokens: 2,
    });
    const ending = outcome(amount, random() < 0.1 ? 'minute' : 'everywhere', { providerId: pick([1, 2, 3]) });
    await books.log.settle(row, ending);
  }
}

const queries = (start: number, end: number): fc.Arbitrary<UsageQuery> =>
  fc.record(
    {
      from: fc.integer({ min: start - DAY, max: end }),
      to: fc.integer({ min: start, max: end + 2 * DAY }),
      step: fc.constantFrom('hour', 'day', 'week', 'month', 'total'),
      groupBy: fc.subarray([...DIMENSIONS], { maxLength: 2 }),
      timeZoneOffsetMinutes: fc.oneof(
        fc.constantFrom(0, 60, -60, 330, 345, -210, 720, -720, 840, 765),
        fc.integer({ min: -840, max: 840 }),
      ),
      ...{
        memberId: fc.constantFrom(1, 2),
        keyId: fc.constantFrom(1, 2, 3),
        model: fc.constantFrom('a', 'c'),
      },
      ...{ providerId: fc.constantFrom(1, 3), tool: fc.constantFrom('x', 'z') },
    },
    { requiredKeys: ['from', 'to', 'step', 'groupBy', 'timeZoneOffsetMinutes'] },
  ) as fc.Arbitrary<UsageQuery>;

/** Rows of equal weight may stand either way round. */
function inOrder<Row extends object>({ rows, totals }: { rows: Row[]; totals: object }) {
  return { rows: rows.map((row) => JSON.stringify(row)).sort(), totals };
}

type Reports = Awaited<ReturnType<typeof openReports>>;

async function agree({ report, byHours, start, books }: Reports, runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(queries(start, books.clock.wall()), async (query) => {
      expect(inOrder(await report.report(query))).toEqual(inOrder(await byHours.report(query)));
    }),
    { numRuns: runs },
  );
}

/** The groups of a report's rows with what they weigh over the span, the largest first. */
function standingsOf(rows: readonly UsageRow[], query: UsageQuery, metric: UsageMetric) {
  const idOf = (row: UsageRow) => query.groupBy.map((dimension) => row[ID_FIELDS[dimension]]).join();
  const whole = new Map<string, UsageSums>();
  for (const row of rows) whole.set(idOf(row), sumOf([row, whole.get(idOf(row)) ?? NONE]));
  const weights = [...whole].map(([id, sums]) => [id, weightOf(sums, metric), sums.requests] as const);
  const order = weights.sort((a, b) => b[1] - a[1] || b[2] - a[2]);
  return { idOf, order };
}

const ID_FIELDS = {
  ...{ model: 'model', member: 'memberId', key: 'keyId', provider: 'providerId', tool: 'tool' },
} as const satisfies Record<UsageDimension, keyof UsageRow>;

const NONE = noSums();

function sumOf(rows: readonly UsageSums[]): UsageSums {
  const sums = noSums();
  for (const row of rows) for (const name of SUM_NAMES) sums[name] += row[name];
  return sums;
}

const METRICS: readonly UsageMetric[] = ['cost', 'tokens', 'requests', 'use'];

/** The largest groups and the rest, of a report on the same that has every row. */
async function agreeOnLargest({ report, byHours, start, books }: Reports, runs: number): Promise<void> {
  const choice = fc.record({ metric: fc.constantFrom(...METRICS), count: fc.integer({ min: 1, max: 4 }) });
  await fc.assert(
    fc.asyncProperty(queries(start, books.clock.wall()), choice, async (query, { metric, count }) => {
      const all = await byHours.report(query);
      const { rows, totals, groups } = await report.top(query, { metric, count });
      expect(totals).toEqual(all.totals);
      const { idOf, order } = standingsOf(all.rows, query, metric);
      expect(groups).toBe(order.length);
      // Which of equal ones is among them is not said: these are.
      const named = new Set(rows.filter(({ others }) => !others).map(idOf));
      const weights = (ids: Iterable<string>) =>
        [...ids].map((id) => order.find(([one]) => one === id)?.[1]).sort();
      expect(weights(named)).toEqual(weights(order.slice(0, count).map(([id]) => id)));
      for (const row of all.rows.filter((one) => named.has(idOf(one)))) expect(rows).toContainEqual(row);
      for (const at of new Set(all.rows.map((row) => row.start))) {
        const others = all.rows.filter((row) => row.start === at && !named.has(idOf(row)));
        const told = rows.filter((row) => row.start === at && row.others);
        expect(told).toEqual(others.length === 0 ? [] : [{ start: at, others: true, ...sumOf(others) }]);
      }
      const whole = await byHours.report({ ...query, step: 'total' }, undefined, metric);
      const page = { metric, offset: count - 1, limit: count };
      const part = await report.largest(query, page);
      expect(part.totals).toEqual(all.totals);
      expect(part.total).toBe(whole.rows.length);
      expect(part.rows).toEqual(whole.rows.slice(page.offset, page.offset + page.limit));
    }),
    { numRuns: runs },
  );
}

describe('sums of days', () => {
  it('tell what sums of hours tell, whatever the time zone, the groups and the filters', async () => {
    const reports = await openReports();
    await ask(reports.books, 400);
    await reports.books.rollUpAll();
    await ask(reports.books, 20, 10);
    await agree(reports, 400);
    await agreeOnLargest(reports, 200);
  });

  it('do so where rows of long ago settle late, and where the clock was set back', async () => {
    const reports = await openReports();
    const { books } = reports;
    await ask(books, 60);
    const late = await books.log.open(books.facts({ model: 'c' }), used({}));
    await ask(books, 60, 10);
    await books.rollUpAll();
    await books.log.settle(late, outcome(used({ inputTokens: 77 })));
    books.clock.now -= 6 * DAY;
    await ask(books, 10, 11);
    books.clock.now += 8 * DAY;
    await books.rollUpAll();
    await agree(reports, 150);
    await agreeOnLargest(reports, 60);
  });

  it('do so before, during and after an upgrade has caught up', async () => {
    const reports = await openReports();
    const { books } = reports;
    await ask(books, 150);
    await books.rollUpAll();
    const { db } = books.store;
    db.exec('DELETE FROM usage_sums; DELETE FROM usage_months;');
    const newest = db.prepare<[], number>('SELECT max(hour) FROM usage_hours').pluck().get() ?? 0;
    books.settings.set('sums_from', newest + HOUR);
    books.settings.set('months_from', Math.ceil((newest + HOUR) / DAY) * DAY);
    await agree(reports, 60);
    await agreeOnLargest(reports, 30);
    await ask(books, 30, 12);
    for (let count = 0; count < 30; count++) await books.rollUp.slice();
    expect(books.settings.get('sums_from')).toBeGreaterThan(0);
    await agree(reports, 60);
    while (books.settings.get('sums_from') > 0) await books.rollUp.slice();
    await ask(books, 30, 13);
    for (let count = 0; count < 12; count++) await books.rollUp.slice();
    expect(books.settings.get('months_from')).toBeGreaterThan(0);
    await agree(reports, 60);
    await agreeOnLargest(reports, 30);
    await books.rollUpAll();
    expect(books.settings.get('months_from')).toBe(0);
    await agree(reports, 60);
    await agreeOnLargest(reports, 30);
  });

  it('are what reports over long spans read', async () => {
    const { books, report, start } = await openReports();
    await ask(books, 200);
    await books.rollUpAll();
    books.clock.now += 2 * DAY;
    const long = {
      from: start - DAY,
      to: books.clock.wall(),
      groupBy: ['model'],
      timeZoneOffsetMinutes: 120,
    } as const;
    const before = await report.report({ ...long, step: 'day' });
    books.store.db.exec('DELETE FROM usage_hours WHERE hour > (SELECT min(hour) FROM usage_hours)');
    const after = await report.report({ ...long, step: 'day' });
    expect(before.totals.requests).toBeGreaterThan(100);
    expect(after.rows.length).toBeGreaterThan(before.rows.length / 2);
  });
});
