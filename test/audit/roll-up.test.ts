import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Refusals } from '../../gateway/audit/refusals.ts';
import { RollUp } from '../../gateway/audit/roll-up.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { ManualClock } from '../quotas/manual-clock.ts';
import { tempDir } from '../store/support.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let books: Books | undefined;

afterEach(async () => {
  await books?.close();
  books = undefined;
});

async function open(dir: string, clock?: ManualClock): Promise<Books> {
  books = await Books.open(dir, clock);
  return books;
}

interface Hour {
  requests: number;
  refused: number;
  failed: number;
  input: number;
  output: number;
  cached: number;
  cost: number;
  charged: number;
  counted: number;
}

const SUMS = `SELECT sum(requests) AS requests, sum(refused) AS refused, sum(failed) AS failed, sum(input_tokens) AS input,
  sum(output_tokens) AS output, sum(cached_tokens) AS cached, sum(cost_micros) AS cost, sum(charged_tokens) AS charged,
  sum(counted) AS counted FROM usage_hours`;

function rolledUp({ store }: Books): Hour | undefined {
  return store.db.prepare<[], Hour>(SUMS).get();
}

function rowCount({ store }: Books): number {
  return store.db.prepare<[], number>('SELECT count(*) FROM requests').pluck().get() ?? 0;
}

const request = fc.record({
  member: fc.constantFrom(1, 2, null),
  key: fc.constantFrom(1, 2),
  model: fc.constantFrom('a', 'b', null),
  tool: fc.constantFrom('x', 'y'),
  end: fc.constantFrom('answered', 'failed', 'refused', 'left'),
  input: fc.nat(1_000),
  output: fc.nat(1_000),
  gap: fc.oneof(fc.nat(5_000), fc.nat(5 * HOUR)),
});

/** Many rows at once, in the form that the log would have given them. */
function insertRows({ store, names, clock }: Books, count: number): void {
  const tool = names.id('curl');
  const model = names.id('m');
  const insert = store.db.prepare(
    `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, status, input_tokens, counted)
     VALUES (?, ?, x'00', 1, 1, ?, ?, ?, ?, 200, 1, 1)`,
  );
  store.db.transaction(() => {
    for (let id = 1; id <= count; id++) insert.run(id, clock.wall() + id, tool, tool, tool, model);
  })();
}

describe('the roll-up', () => {
  it('sums to what the rows sum to', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 40 }), fc.nat(40), async (requests, sliceAt) => {
        const one = await open(tempDir());
        const sum: Hour = {
          requests: 0,
          refused: 0,
          failed: 0,
          input: 0,
          output: 0,
          cached: 0,
          cost: 0,
          charged: 0,
          counted: 0,
        };
        for (const [index, { member, key, model, tool, end, input, output, gap }] of requests.entries()) {
          one.clock.now += gap;
          if (index === sliceAt) await one.rollUpAll();
          const admitted = end !== 'refused' && member !== null && model !== null;
          const facts = one.facts({ memberId: member, keyId: member === null ? null : key, model, tool });
          if (!admitted) {
            await one.log.refused(facts, { status: 429, code: 'quota_day', latencyMs: 1 });
            sum.refused++;
            continue;
          }
          const row = await one.log.open(facts, used({ inputTokens: 9, outputTokens: 9 }));
          const usage = used({
            inputTokens: input,
            outputTokens: output,
            cachedTokens: 3,
            costMicros: input,
            chargedTokens: output,
          });
          const status = { answered: 200, failed: 502, left: 499 }[end] ?? 0;
          await one.log.settle(row, outcome(usage, end === 'failed' ? 'minute' : 'everywhere', { status }));
          sum.requests++;
          if (status >= 400) sum.failed++;
          if (end !== 'failed') sum.counted++;
          sum.input += input;
          sum.output += output;
          sum.cached += 3;
          sum.cost += input;
          sum.charged += output;
        }
        await one.rollUpAll();
        const found = rolledUp(one);
        if (requests.length > 0) expect(found).toEqual(sum);
        expect(one.settings.get('rolled_up_to')).toBe(requests.length);
        await one.close();
        books = undefined;
      }),
      { numRuns: 15 },
    );
  });

  it('takes each row once, even when the gateway is killed between two slices', async () => {
    const dir = tempDir();
    const clock = new ManualClock();
    const before = await open(dir, clock);
    insertRows(before, 1_800);
    await before.close();
    let slices = 0;
    let more = true;
    while (more) {
      const next = await open(dir, clock);
      more = await next.rollUp.slice();
      slices++;
      await next.close();
    }
    const after = await open(dir, clock);
    expect(slices).toBeGreaterThan(2);
    expect(rolledUp(after)).toMatchObject({ requests: 1_800, input: 1_800, counted: 1_800 });
    expect(after.store.db.prepare('SELECT sum(requests) FROM usage_minutes').pluck().get()).toBe(1_800);
  });

  it('takes each row once when two slices are asked for at a time', async () => {
    const dir = tempDir();
    const before = await open(dir);
    insertRows(before, 250);
    await before.close();
    const one = await open(dir, before.clock);
    await Promise.all([one.rollUp.slice(), one.rollUp.slice(), one.rollUp.slice()]);
    // A slice ends by time: on a slow machine there is more to do.
    await one.rollUpAll();
    expect(rolledUp(one)).toMatchObject({ requests: 250 });
  });

  it('waits for the oldest request that still runs', async () => {
    const one = await open(tempDir());
    const running = await one.log.open(one.facts(), used({ inputTokens: 5 }));
    const later = await one.log.open(one.facts(), used({ inputTokens: 5 }));
    await one.log.settle(later, outcome(used({ inputTokens: 7 })));
    await one.rollUpAll();
    expect(one.settings.get('rolled_up_to')).toBe(0);
    await one.log.settle(running, outcome(used({ inputTokens: 7 })));
    await one.rollUpAll();
    expect(one.settings.get('rolled_up_to')).toBe(later);
    expect(rolledUp(one)).toMatchObject({ requests: 2, input: 14 });
  });

  it('deletes rows that are rolled up and past their retention, and no other', async () => {
    const one = await open(tempDir());
    one.settings.set('retention_days', 2);
    const settle = async (row: number) =>
      one.log.settle(row, outcome(used({}), 'everywhere', { failedAttempts: [failed] }));
    const failed = { providerId: 1, upstreamModel: 'u', status: 500, reason: 'failed', latencyMs: 1 };
    const old = await one.log.open(one.facts(), used({}));
    await settle(old);
    const running = await one.log.open(one.facts(), used({}));
    const behind = await one.log.open(one.facts(), used({}));
    await settle(behind);
    one.clock.now += 2 * DAY + 1;
    const young = await one.log.open(one.facts(), used({}));
    await settle(young);

    const ids = () => one.store.db.prepare('SELECT id FROM requests ORDER BY id').pluck().all();
    const attempts = () => one.store.db.prepare('SELECT request FROM attempts ORDER BY 1').pluck().all();
    await one.rollUpAll();
    expect(ids()).toEqual([running, behind, young]);
    expect(attempts()).toEqual([behind, young]);
    await settle(running);
    await one.rollUpAll();
    expect(ids()).toEqual([young]);
    expect(attempts()).toEqual([young]);
    expect(rolledUp(one)).toMatchObject({ requests: 4 });
  });

  it('gives the space of deleted rows back to the file system', async () => {
    const dataDir = tempDir();
    const one = await open(dataDir);
    const { db } = one.store;
    const rows = 4_000;
    const insert = db.prepare(
      `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, status, counted)
       VALUES (?, ?, zeroblob(16), 1, 1, 1, 1, 1, 200, 1)`,
    );
    db.transaction(() => {
      for (let id = 1; id <= rows; id++) insert.run(id, one.clock.wall() + id);
    })();
    const fileBytes = () => {
      db.pragma('wal_checkpoint(TRUNCATE)');
      return statSync(join(dataDir, 'ntl.db')).size;
    };
    const full = fileBytes();
    one.clock.now += 400 * DAY;
    const log = { settledBelow: rows + 1 };
    const rollUp = new RollUp(one.store, log, one.settings, () => one.clock.wall());
    while (await rollUp.slice());
    expect(rowCount(one)).toBe(0);
    expect(db.pragma('freelist_count', { simple: true })).toBeLessThan(10);
    expect(fileBytes()).toBeLessThan(full - rows * 50);
  });

  it('forgets the attempts of the last row with it', async () => {
    const one = await open(tempDir());
    const failed = { providerId: 1, upstreamModel: 'u', status: 500, reason: 'failed', latencyMs: 1 };
    const row = await one.log.open(one.facts(), used({}));
    await one.log.settle(row, outcome(used({}), 'everywhere', { failedAttempts: [failed] }));
    one.clock.now += 400 * DAY;
    await one.rollUpAll();
    expect(rowCount(one)).toBe(0);
    expect(one.store.db.prepare('SELECT count(*) FROM attempts').pluck().get()).toBe(0);
  });

  it('forgets with a row what refused it', async () => {
    const one = await open(tempDir());
    const limit = { scope: 'plan' as const, subjectId: 'pro', model: 'm', metric: 'requests' as const };
    const figures = { windowSeconds: 60 as const, amount: 1, used: 1, needed: 1, passesAt: 5 };
    const byLimit = { kind: 'limit' as const, ...limit, ...figures };
    const none = { tokens: 0, micros: 0 };
    const byBalance = { kind: 'balance' as const, ...none, held: none, needed: { tokens: 9, micros: 1 } };
    const outcome429 = { status: 429, code: 'rate_limit_minute', latencyMs: 1 };
    const first = await one.log.refused(one.facts(), outcome429, byLimit);
    await one.log.refused(one.facts(), outcome429, byBalance);
    one.clock.now += 400 * DAY;
    const young = await one.log.refused(one.facts(), outcome429, byBalance);
    const refusals = new Refusals(one.store.db, one.names);
    expect(refusals.of(first)).toEqual(byLimit);
    await one.rollUpAll();
    expect([first, first + 1, young].map((row) => refusals.of(row))).toEqual([
      undefined,
      undefined,
      byBalance,
    ]);
  });

  it('keeps minutes as long as a day can need them', async () => {
    const one = await open(tempDir());
    const row = await one.log.open(one.facts(), used({ inputTokens: 8 }));
    await one.log.settle(row, outcome(used({ inputTokens: 8 })));
    const minutes = () => one.store.db.prepare('SELECT sum(tokens) FROM usage_minutes').pluck().get();
    one.clock.now += DAY + 120_000;
    await one.rollUpAll();
    expect(minutes()).toBe(8);
    one.clock.now += HOUR;
    await one.rollUpAll();
    expect(minutes()).toBeNull();
    expect(rolledUp(one)).toMatchObject({ requests: 1, input: 8 });
  });

  it("keeps everybody's minutes as long as the day before can need them", async () => {
    const one = await open(tempDir());
    const row = await one.log.open(one.facts(), used({ inputTokens: 8 }));
    await one.log.settle(row, outcome(used({ inputTokens: 8, costMicros: 3 })));
    await one.log.refused(one.facts(), { status: 429, code: 'quota_day', latencyMs: 1 });
    const totals = () =>
      one.store.db
        .prepare('SELECT requests, refused, failed, tokens, cost_micros AS cost FROM total_minutes')
        .all();
    one.clock.now += 2 * DAY;
    await one.rollUpAll();
    expect(totals()).toEqual([{ requests: 1, refused: 1, failed: 0, tokens: 8, cost: 3 }]);
    one.clock.now += HOUR + 60_000;
    await one.rollUpAll();
    expect(totals()).toEqual([]);
  });
});
