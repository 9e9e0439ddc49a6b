import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuditRow } from '../../gateway/audit/audit-row.ts';
import type { RequestFacts } from '../../gateway/audit/request-log.ts';
import { COUNT_CAP, type RequestFilter, RequestQuery } from '../../gateway/audit/request-query.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

async function openQuery(): Promise<{ books: Books; query: RequestQuery }> {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  return { books, query: new RequestQuery(books.store.db, books.names, books.marks()) };
}

const FIRST = { limit: 100, offset: 0 };

/** Fills the table quickly with plain rows, a second apart. Every `every`th one is of tool `rare`. */
function fill({ store, names, clock }: Books, count: number, every = Number.POSITIVE_INFINITY): void {
  const [tool, rare] = [names.id('curl'), names.id('rare')];
  const insert = store.db.prepare(
    `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, status, counted)
     VALUES (?, ?, ?, ?, 1, ?, ?, ?, 200, 1)`,
  );
  store.db.transaction(() => {
    for (let id = 1; id <= count; id++) {
      insert.run(
        id,
        clock.wall() + id,
        Buffer.alloc(16),
        1 + (id % 2),
        tool,
        id % every === 0 ? rare : tool,
        tool,
      );
    }
  })();
}

async function exported(query: RequestQuery, filter: RequestFilter = {}): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const some of query.export(filter)) rows.push(...some);
  return rows;
}

describe('a row', () => {
  it('has text ids, ISO times, and the request id as it was answered', async () => {
    const { books, query } = await openQuery();
    const facts = books.facts({ requestId: uuidv7(), tool: 'codex', streamed: true, multiplier: 3 });
    const id = await books.log.open(facts, used({ inputTokens: 5 }));
    expect(query.row(id)).toMatchObject({ status: 0, latencyMs: null, inputTokens: 5 });
    await books.log.settle(
      id,
      outcome(used({ inputTokens: 10, outputTokens: 2, estimated: true, costMicros: 9 })),
    );
    expect(query.row(id)).toEqual({
      ...{
        id: '1',
        at: new Date(facts.at).toISOString(),
        requestId: facts.requestId,
        memberId: '1',
        keyId: '1',
      },
      ...{
        keyPrefix: null,
        address: '127.0.0.1',
        tool: 'codex',
        endpoint: 'chat',
        model: 'm',
        providerId: '1',
      },
      ...{
        upstreamModel: 'up',
        attempts: 1,
        status: 200,
        code: null,
        streamed: true,
        latencyMs: 5,
        ttfbMs: 2,
      },
      ...{
        inputTokens: 10,
        outputTokens: 2,
        cachedTokens: 0,
        reasoningTokens: 0,
        estimated: true,
        costMicros: 9,
      },
      ...{ multiplier: 3, chargedTokens: 0, dropped: null, memberName: null, providerName: null },
    });
    expect(query.row(99)).toBeUndefined();
    expect(query.failedAttempts(99)).toEqual([]);
  });
});

describe('a list', () => {
  it('is the newest first by time, also where the clock was set back', async () => {
    const { books, query } = await openQuery();
    for (const step of [0, 5_000, -20_000, 1]) {
      books.clock.now += step;
      await books.log.open(books.facts(), used({}));
    }
    const { rows } = await query.list({}, FIRST);
    expect(rows.map(({ id }) => id)).toEqual(['2', '1', '4', '3']);
  });

  it('finds what a plain look through all rows finds', async () => {
    const { books, query } = await openQuery();
    const all: { facts: RequestFacts; end: string; id: number }[] = [];
    const kinds = ['ok', 'refused', 'failed', 'running'] as const;
    for (let count = 0; count < 60; count++) {
      books.clock.now += (count % 7) * 1_000;
      const facts = books.facts({
        ...{
          memberId: [1, 2, null][count % 3] ?? null,
          keyId: [1, 2][count % 2] ?? null,
          model: ['a', 'b', null][count % 3] ?? null,
        },
        ...{ tool: ['x', 'y'][count % 2] ?? '', requestId: uuidv7({ msecs: books.clock.wall() }) },
      });
      const end = kinds[count % 4] ?? 'ok';
      let id: number;
      if (end === 'refused')
        id = await books.log.refused(facts, { status: 401, code: 'invalid_key', latencyMs: 1 });
      else id = await books.log.open(facts, used({}));
      if (end === 'ok') await books.log.settle(id, outcome(used({})));
      if (end === 'failed') await books.log.settle(id, outcome(used({}), 'minute'));
      all.push({ facts, end, id });
    }
    const at = fc.integer({ min: 0, max: 59 }).map((index) => all[index]?.facts.at);
    const filters = fc.record(
      {
        memberId: fc.constantFrom(1, 2, 3),
        keyId: fc.constantFrom(1, 2),
        model: fc.constantFrom('a', 'b', 'nobody'),
        tool: fc.constantFrom('x', 'y'),
        outcome: fc.constantFrom(...kinds),
        status: fc.constantFrom(200, 401, 502),
        requestId: fc.integer({ min: 0, max: 59 }).map((index) => all[index]?.facts.requestId),
        from: at,
        to: at,
      },
      { requiredKeys: [] },
    );
    const statusOf = { ok: 200, refused: 401, failed: 502, running: 0 };
    await fc.assert(
      fc.asyncProperty(filters, fc.nat(5), async (filter: RequestFilter, offset) => {
        const expected = all
          .filter(({ facts, end }) => {
            const { from = 0, to = Number.POSITIVE_INFINITY, outcome: wanted, status, ...same } = filter;
            return (
              facts.at >= from &&
              facts.at < to &&
              (wanted === undefined || wanted === end) &&
              (status === undefined || status === statusOf[end as 'ok']) &&
              Object.entries(same).every(
                ([name, value]) => value === undefined || facts[name as 'tool'] === value,
              )
            );
          })
          .map(({ id }) => String(id))
          .reverse();
        const found = await query.list(filter, { limit: 7, offset });
        expect(found.rows.map(({ id }) => id)).toEqual(expected.slice(offset, offset + 7));
        expect(found).toMatchObject({ total: expected.length, capped: false });
        expect((await exported(query, filter)).map(({ id }) => id)).toEqual(expected);
      }),
    );
  });

  it('pages exactly over many slices', async () => {
    const { books, query } = await openQuery();
    fill(books, 12_345, 100);
    const far = await query.list({}, { limit: 3, offset: 12_343 });
    expect(far.rows.map(({ id }) => id)).toEqual(['2', '1']);
    expect(far.total).toBe(12_345);
    const rare = await query.list({ tool: 'rare' }, { limit: 1, offset: 122 });
    expect(rare).toMatchObject({ total: 123, rows: [{ id: '100' }] });
    const member = await query.list({ memberId: 2 }, { limit: 2, offset: 6_171 });
    expect(member).toMatchObject({ total: 6_173, rows: [{ id: '3' }, { id: '1' }] });
  });

  it('counts up to its cap, and pages beyond it', async () => {
    const { books, query } = await openQuery();
    fill(books, COUNT_CAP + 5_000);
    expect(await query.list({}, { limit: 1, offset: 0 })).toMatchObject({ total: COUNT_CAP, capped: true });
    const beyond = await query.list({}, { limit: 10, offset: COUNT_CAP + 4_999 });
    expect(beyond.rows.map(({ id }) => id)).toEqual(['1']);
  });

  it('stops when nobody waits for it', async () => {
    const { books, query } = await openQuery();
    fill(books, 20_000);
    await expect(query.list({ tool: 'rare' }, FIRST, AbortSignal.abort())).rejects.toThrow();
  });

  it('lets other work pass while it looks through a large table', async () => {
    const { books, query } = await openQuery();
    fill(books, 60_000);
    let turns = 0;
    let counting = true;
    const count = () => {
      turns++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    await query.list({ tool: 'rare' }, FIRST);
    counting = false;
    expect(turns).toBeGreaterThan(50);
  });
});

describe('an export', () => {
  it('comes in small parts', async () => {
    const { books, query } = await openQuery();
    fill(books, 3_210);
    const sizes: number[] = [];
    for await (const rows of query.export({})) sizes.push(rows.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(250);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(3_210);
  });
});
