import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { UNKNOWN_FACTS } from '../../gateway/protocols/model-facts.ts';
import { Reservation } from '../../gateway/quotas/admission.ts';
import type { Amounts, WindowSeconds } from '../../gateway/quotas/sliding-window.ts';
import type { CounterId, UsageCounters } from '../../gateway/quotas/usage-counters.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { ManualClock } from '../quotas/manual-clock.ts';
import { tempDir } from '../store/support.ts';

const SECONDS: WindowSeconds[] = [60, 86_400, 2_592_000];
const DAY = 86_400_000;

/** Every counter that the requests of these tests can concern. */
const IDS: CounterId[] = SECONDS.flatMap((windowSeconds) =>
  [1, 2].flatMap((memberId) =>
    [null, 'm', 'alias', 'n'].flatMap((model) => [
      { countedFor: 'member' as const, memberId, keyId: memberId * 10, model, windowSeconds },
      { countedFor: 'key' as const, memberId, keyId: memberId * 10, model, windowSeconds },
      { countedFor: 'key' as const, memberId, keyId: memberId * 10 + 1, model, windowSeconds },
    ]),
  ),
);

function figures(counters: UsageCounters, now: number): Record<string, number[]> {
  return Object.fromEntries(
    IDS.map((id) => {
      const window = counters.window(id);
      const name = `${id.windowSeconds} s, ${id.countedFor} ${id.memberId}/${id.keyId}, ${id.model}`;
      return [
        name,
        (['requests', 'tokens', 'images', 'cost'] as const).map((metric) => window.used(metric, now)),
      ];
    }),
  );
}

const MODEL_IDS: Record<string, string[]> = { m: ['m'], n: ['n'], alias: ['alias', 'm'] };

interface Running {
  row: number;
  reservation: Reservation;
}

let books: Books | undefined;

afterEach(async () => {
  await books?.close();
  books = undefined;
});

async function openBooks(dir: string, clock?: ManualClock): Promise<Books> {
  books = await Books.open(dir, clock);
  return books;
}

function putModels({ models }: Books): void {
  const model = (id: string, aliasOf: string | null) => ({
    id,
    targets: [],
    aliasOf,
    multiplier: 1,
    price: null,
    facts: UNKNOWN_FACTS,
    enabled: true,
    createdAt: 1,
  });
  for (const one of [model('m', null), model('n', null), model('alias', 'm')]) models.put(one);
}

async function start(
  open: Books,
  counters: UsageCounters,
  ask: { memberId: number; keyId: number; model: string; amount: number },
): Promise<Running> {
  const { memberId, keyId, model, amount } = ask;
  const amounts: Amounts = { requests: 1, tokens: 2 * amount, images: amount % 3, cost: amount * 7 };
  const subject = { memberId, keyId, models: MODEL_IDS[model] as string[] };
  const reservation = new Reservation(counters, subject, open.clock.steady(), amounts);
  const usage = used({
    inputTokens: amount,
    outputTokens: amount,
    images: amounts.images,
    costMicros: amounts.cost,
  });
  return { row: await open.log.open(open.facts({ memberId, keyId, model }), usage), reservation };
}

async function end(open: Books, running: Running, how: 'settle' | 'fail', tokens: number): Promise<void> {
  const usage = used({ inputTokens: tokens, outputTokens: 1, images: 1, costMicros: tokens });
  if (how === 'settle') running.reservation.settle({ tokens: tokens + 1, images: 1, cost: tokens });
  else running.reservation.giveBack();
  // What a failed provider told of its use stands on the row, but counts nowhere.
  await open.log.settle(running.row, outcome(usage, how === 'settle' ? 'everywhere' : 'minute'));
}

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('start' as const),
      memberId: fc.integer({ min: 1, max: 2 }),
      second: fc.boolean(),
      model: fc.constantFrom('m', 'n', 'alias'),
      amount: fc.nat(500),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('settle' as const, 'fail' as const),
      which: fc.nat(),
      tokens: fc.nat(900),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refuse' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(30_000), fc.nat(4_000_000), fc.nat(2 * DAY), fc.nat(12 * DAY)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('roll up' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
);

describe('counters made from the store', () => {
  it('hold what those in memory held, whatever was rolled up, given back or still runs', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.boolean(),
        async (steps, shortRetention) => {
          const dir = tempDir();
          const clock = new ManualClock();
          let open = await openBooks(dir, clock);
          putModels(open);
          if (shortRetention) open.settings.set('retention_days', 1);
          const counters = open.newCounters();
          figures(counters, clock.now);
          const running: Running[] = [];
          for (const one of steps) {
            if (one.kind === 'wait') clock.now += one.ms;
            else if (one.kind === 'roll up') await open.rollUpAll();
            else if (one.kind === 'look')
              expect(figures(open.newCounters(), clock.now)).toEqual(figures(counters, clock.now));
            else if (one.kind === 'refuse')
              await open.log.refused(open.facts(), { status: 429, code: 'quota_day', latencyMs: 1 });
            else if (one.kind === 'start') {
              running.push(
                await start(open, counters, { ...one, keyId: one.memberId * 10 + (one.second ? 1 : 0) }),
              );
            } else if (running.length > 0) {
              const [ended] = running.splice(one.which % running.length, 1);
              await end(open, ended as Running, one.kind, one.tokens);
            }
          }
          await open.close();
          open = await openBooks(dir, clock);
          expect(figures(open.newCounters(), clock.now)).toEqual(figures(counters, clock.now));
          await open.rollUpAll();
          expect(figures(open.newCounters(), clock.now)).toEqual(figures(counters, clock.now));
          await open.close();
          books = undefined;
          rmSync(dir, { recursive: true, force: true });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leave out what a balance alone meters, rolled up or not', async () => {
    const open = await openBooks(tempDir());
    putModels(open);
    open.store.db.exec(`
      INSERT INTO members (id, name, status, plan_id, created_at) VALUES (1, 'a', 'active', 'pro', 1);
      INSERT INTO api_keys (id, member_id, name, kind, hash, prefix, created_at)
      VALUES (10, 1, 'a', 'standard', 'a', 'a', 1), (11, 1, 'b', 'pay_per_token', 'b', 'b', 1)`);
    for (const keyId of [10, 11]) {
      const usage = used({ inputTokens: keyId });
      const row = await open.log.open(open.facts({ keyId }), usage);
      await open.log.settle(row, outcome(usage));
    }
    const counted = () =>
      SECONDS.map((windowSeconds) =>
        open
          .newCounters()
          .window({ countedFor: 'member', memberId: 1, keyId: 0, model: null, windowSeconds })
          .used('tokens', open.clock.now),
      );
    expect(counted()).toEqual([10, 10, 10]);
    await open.rollUpAll();
    expect(counted()).toEqual([10, 10, 10]);
  });

  it('see a row that waits to be committed', async () => {
    const open = await openBooks(tempDir());
    putModels(open);
    const opened = open.log.open(open.facts({ keyId: 10 }), used({ inputTokens: 30 }));
    const window = open
      .newCounters()
      .window({ countedFor: 'key', memberId: 1, keyId: 10, model: 'm', windowSeconds: 60 });
    expect(window.used('tokens', open.clock.now)).toBe(30);
    await opened;
  });

  it('count a row once while its roll-up waits to be committed', async () => {
    const open = await openBooks(tempDir());
    putModels(open);
    const row = await open.log.open(open.facts({ keyId: 10 }), used({ inputTokens: 30 }));
    await open.log.settle(row, outcome(used({ inputTokens: 30 })));
    const slice = open.rollUp.slice();
    const during = figures(open.newCounters(), open.clock.now);
    await slice;
    expect(during).toEqual(figures(open.newCounters(), open.clock.now));
  });

  it('still hold the limit when the clock was set back a day between two runs', async () => {
    const dir = tempDir();
    const clock = new ManualClock();
    const before = await openBooks(dir, clock);
    putModels(before);
    const counters = before.newCounters();
    figures(counters, clock.now);
    for (let times = 0; times < 5; times++) {
      const running = await start(before, counters, { memberId: 1, keyId: 10, model: 'm', amount: 100 });
      await end(before, running, 'settle', 50);
      if (times === 2) await before.rollUpAll();
      clock.now += 7_000;
    }
    const held = figures(counters, clock.now);
    await before.close();

    const setBack = new ManualClock(clock.now - DAY);
    const after = await openBooks(dir, setBack);
    expect(figures(after.newCounters(), setBack.now)).toEqual(held);
  });
});

it('is the same from many rows behind the roll-up as from few', async () => {
  const one = await openBooks(tempDir());
  putModels(one);
  const model = one.names.id('m');
  const insert = one.store.db.prepare(
    `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, status, input_tokens, cost_micros, counted)
     VALUES (?, ?, x'00', ?, ?, 1, 1, 1, ?, 200, 3, 2, ?)`,
  );
  const now = one.clock.wall();
  const add = (from: number, to: number) =>
    one.store.db.transaction(() => {
      for (let id = from; id <= to; id++) {
        const member = 1 + (id % 2);
        insert.run(id, now - (to - id) * 1_000, member, member * 10, model, id % 5 === 0 ? 2 : 1);
      }
    })();
  const rolledUpTo = (id: number) => one.settings.set('rolled_up_to', id);
  add(1, 900);
  const few = figures(one.newCounters(), one.clock.now);
  expect(few['86400 s, member 1/10, null']).toEqual([360, 1_080, 0, 720]);
  // As many rows again that nobody asks for: they count for a member of their own.
  one.store.db.exec(`UPDATE requests SET id = id + 2000`);
  one.store.db.exec(`INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, counted)
    SELECT id - 2000, at, request_id, 9, 90, 1, 1, 1, 1 FROM requests`);
  expect(figures(one.newCounters(), one.clock.now)).toEqual(few);
  rolledUpTo(2_000);
  expect(figures(one.newCounters(), one.clock.now)).toEqual(few);
});
