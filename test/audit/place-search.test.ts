import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditRow } from '../../gateway/audit/audit-row.ts';
import { type RequestFilter, RequestQuery } from '../../gateway/audit/request-query.ts';
import { RollUp } from '../../gateway/audit/roll-up.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';
import { seeded } from '../support/seeded.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ROWS = 300;

async function openQuery(): Promise<{ books: Books; query: RequestQuery }> {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  return { books, query: new RequestQuery(books.store.db, books.names, books.marks()) };
}

const ENDINGS = [
  { status: 200, code: null, counts: 'everywhere' },
  { status: 200, code: null, counts: 'everywhere' },
  { status: 502, code: 'upstream_error', counts: 'minute' },
  { status: 499, code: 'client_closed', counts: 'everywhere' },
] as const;

/** Requests over some days, most of them of few values; the clock is set back now and then. */
async function ask(books: Books, count: number, seed = 5): Promise<void> {
  const random = seeded(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() ** 3 * items.length)] as Item;
  for (let index = 0; index < count; index++) {
    books.clock.now += random() < 0.03 ? -3 * HOUR : Math.floor(random() * 40 * MINUTE);
    const keyId = pick([1, 2, 3, null]);
    const facts = books.facts({
      ...{ keyId, memberId: keyId === null ? null : 1 + (keyId % 2), model: pick(['a', 'b', 'c', null]) },
      ...{ tool: pick(['x', 'y', 'z']), endpoint: pick(['chat', 'messages', 'embeddings'] as const) },
      ...{ address: pick(['10.0.0.1', '10.0.0.2', '10.0.0.3']), streamed: random() < 0.5 },
    });
    if (random() < 0.1) {
      await books.log.refused(facts, { status: 429, code: 'quota_day', latencyMs: 1 });
      continue;
    }
    const row = await books.log.open(facts, used({}));
    const { counts, ...ending } = pick(ENDINGS);
    await books.log.settle(row, outcome(used({}), counts, { ...ending, providerId: pick([1, 2, 3]) }));
  }
}

async function all(query: RequestQuery, filter: RequestFilter = {}): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const some of query.export(filter)) rows.push(...some);
  return rows;
}

/** What a look at every row finds. */
function matching(rows: readonly AuditRow[], filter: RequestFilter): AuditRow[] {
  const { from = 0, to = Number.POSITIVE_INFINITY, outcome: wanted, ...same } = filter;
  return rows.filter((row) => {
    const at = Date.parse(row.at);
    const ended = row.status < 400 ? 'ok' : row.attempts === 0 ? 'refused' : 'failed';
    return (
      at >= from &&
      at < to &&
      (wanted === undefined || wanted === ended) &&
      Object.entries(same).every(
        ([name, value]) => value === undefined || String(row[name as 'tool']) === String(value),
      )
    );
  });
}

const filters = (rows: readonly AuditRow[]) => {
  const at = fc.constantFrom(...rows.map((row) => Date.parse(row.at)));
  return fc.record(
    {
      ...{
        memberId: fc.constantFrom(1, 2),
        keyId: fc.constantFrom(1, 2, 3, 9),
        model: fc.constantFrom('a', 'b', 'c', 'd'),
      },
      ...{ providerId: fc.constantFrom(1, 2, 3), tool: fc.constantFrom('x', 'y', 'z') },
      ...{
        endpoint: fc.constantFrom('chat', 'messages', 'embeddings'),
        address: fc.constantFrom('10.0.0.1', '10.0.0.3'),
      },
      ...{ status: fc.constantFrom(200, 429, 502, 499), code: fc.constantFrom('quota_day', 'client_closed') },
      ...{ outcome: fc.constantFrom('ok', 'refused', 'failed'), streamed: fc.boolean(), from: at, to: at },
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<RequestFilter>;
};

async function findsAsALookThroughAllRows(query: RequestQuery, runs: number): Promise<void> {
  const rows = await all(query);
  await fc.assert(
    fc.asyncProperty(filters(rows), fc.nat(40), async (filter, offset) => {
      const expected = matching(rows, filter).map(({ id }) => id);
      const found = await query.list(filter, { limit: 9, offset });
      expect(found.rows.map(({ id }) => id)).toEqual(expected.slice(offset, offset + 9));
      expect(found).toMatchObject({ total: expected.length, capped: false });
    }),
    { numRuns: runs },
  );
}

describe('a search by the hours that hold something', () => {
  it('finds and counts what a look through all rows does, half of them summed up', async () => {
    const { books, query } = await openQuery();
    await ask(books, ROWS);
    await books.rollUpAll();
    await ask(books, 40, 6);
    await findsAsALookThroughAllRows(query, 300);
  });

  it('does so while a request of long ago still runs', async () => {
    const { books, query } = await openQuery();
    await ask(books, 60);
    const running = await books.log.open(books.facts({ model: 'a' }), used({}));
    await ask(books, 60, 6);
    await books.rollUpAll();
    expect(books.settings.get('rolled_up_to')).toBe(60);
    await books.log.settle(running, outcome(used({})));
    await findsAsALookThroughAllRows(query, 100);
  });

  it('counts no rows that were deleted, and lets go of their hours', async () => {
    const { books, query } = await openQuery();
    books.settings.set('retention_days', 3_000);
    await ask(books, ROWS);
    await books.rollUpAll();
    const hours = () =>
      books.store.db.prepare<[], number>('SELECT count(*) FROM request_hours').pluck().get() ?? 0;
    const before = hours();
    books.settings.set('retention_days', 1);
    await books.rollUpAll();
    expect((await all(query)).length).toBeLessThan(ROWS * 0.8);
    expect(hours()).toBeLessThan(before);
    await findsAsALookThroughAllRows(query, 100);
  });

  it('works before, during and after an upgrade has caught up', async () => {
    const { books, query } = await openQuery();
    await ask(books, ROWS);
    await books.rollUpAll();
    const { db } = books.store;
    const settings = [
      ['located_after', books.settings.get('rolled_up_to')],
      ['located_since', 1 + (db.prepare<[], number>('SELECT max(at) FROM requests').pluck().get() ?? 0)],
    ] as const;
    db.exec('DELETE FROM request_hours; DELETE FROM failed_calls');
    for (const [name, value] of settings) books.settings.set(name, value);
    await findsAsALookThroughAllRows(query, 60);
    books.clock.now += 5 * HOUR;
    await ask(books, 40, 6);
    await books.rollUp.slice();
    await findsAsALookThroughAllRows(query, 60);
    await books.rollUpAll();
    expect(books.settings.get('located_after')).toBe(0);
    await findsAsALookThroughAllRows(query, 60);
  });

  it('counts a common value by its hours, without a look at the rows', async () => {
    const { books, query } = await openQuery();
    const tool = books.names.id('x');
    const insert = books.store.db.prepare(
      `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, status, counted)
       VALUES (?, ?, x'00', 1, 1, ${tool}, ${tool}, ${tool}, 200, 1)`,
    );
    const [rows, start] = [10_000, books.clock.wall()];
    books.store.db.transaction(() => {
      for (let id = 1; id <= rows; id++) insert.run(id, start + id * 5_000);
    })();
    const log = { settledBelow: rows + 1 };
    const rollUp = new RollUp(books.store, log, books.settings, () => books.clock.wall());
    while (await rollUp.slice());
    books.clock.now += DAY;
    const first = { limit: 1, offset: 0 };
    expect(await query.list({ tool: 'x' }, first)).toMatchObject({ total: rows, capped: false });
    // A row that is of another tool now would be missed by a look at it.
    books.store.db.prepare('UPDATE requests SET tool = 0 WHERE id = 1000').run();
    expect((await query.list({ tool: 'x' }, first)).total).toBe(rows);
    expect((await all(query, { tool: 'x' })).length).toBe(rows - 1);
  });
});
