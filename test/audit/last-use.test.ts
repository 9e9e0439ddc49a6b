import { expect, it, onTestFinished } from 'vitest';
import { Keys } from '../../gateway/accounts/keys.ts';
import { LastUse } from '../../gateway/audit/last-use.ts';
import { Names } from '../../gateway/audit/names.ts';
import { RequestLog } from '../../gateway/audit/request-log.ts';
import { RollUp } from '../../gateway/audit/roll-up.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

async function open(dir = tempDir()) {
  const books = await Books.open(dir);
  const { db } = books.store;
  db.exec(
    "INSERT OR IGNORE INTO members (id, name, status, plan_id, created_at) VALUES (1, 'a', 'active', 'pro', 1)",
  );
  const keys = new Keys(db);
  while (keys.list().length < 3)
    keys.create({ memberId: 1, name: 'k', kind: 'standard', expiresAt: null, now: 1 });
  const lastUse = new LastUse(db, new Names(db), books.settings.get('rolled_up_to'));
  const log = new RequestLog(books.store, books.names, undefined, (facts) => lastUse.note(facts));
  const answered = async (keyId: number, address: string) => {
    const row = await log.open(books.facts({ keyId, address }), used({}));
    await log.settle(row, outcome(used({})));
    return books.clock.wall();
  };
  const rollUp = new RollUp(books.store, log, books.settings, () => books.clock.wall());
  const rollUpAll = async () => {
    while (await rollUp.slice());
  };
  return { dir, books, lastUse, log, answered, rollUpAll };
}

it('is told at once, of refused requests too, and never of a key nobody sent', async () => {
  const { books, lastUse, log, answered } = await open();
  onTestFinished(() => books.close());
  const first = await answered(1, '10.0.0.1');
  books.clock.now += 5_000;
  const refused = books.facts({ keyId: 2, address: '10.0.0.2' });
  await log.refused(refused, { status: 429, code: 'quota_day', latencyMs: 1 });
  await log.refused(books.facts({ keyId: null }), { status: 401, code: 'invalid_key', latencyMs: 1 });
  expect(lastUse.of(1)).toEqual({ at: first, address: '10.0.0.1' });
  expect(lastUse.of(2)).toEqual({ at: refused.at, address: '10.0.0.2' });
  expect(lastUse.of(3)).toBeUndefined();
  expect(lastUse.latest([{ id: 1 }, { id: 2 }, { id: 3 }])).toBe(refused.at);
  expect(lastUse.latest([{ id: 3 }])).toBeNull();
});

it('is known after a start, rolled up or not, and after the rows are gone', async () => {
  const first = await open();
  const one = await first.answered(1, '10.0.0.1');
  first.books.clock.now += 1_000;
  const two = await first.answered(2, '10.0.0.2');
  await first.rollUpAll();
  first.books.clock.now += 1_000;
  const three = await first.answered(1, '10.0.0.3');
  await first.books.close();

  const second = await open(first.dir);
  expect(second.lastUse.of(1)).toEqual({ at: three, address: '10.0.0.3' });
  expect(second.lastUse.of(2)).toEqual({ at: two, address: '10.0.0.2' });
  expect(one).toBeLessThan(three);
  await second.rollUpAll();
  second.books.store.db.exec('DELETE FROM requests');
  await second.books.close();

  const third = await open(first.dir);
  onTestFinished(() => third.books.close());
  expect(third.lastUse.of(1)).toEqual({ at: three, address: '10.0.0.3' });
});

it('follows the order of requests, not a clock that was set back', async () => {
  const one = await open();
  await one.answered(1, '10.0.0.1');
  one.books.clock.ahead = 3_600_000;
  const later = await one.answered(1, '10.0.0.2');
  expect(one.lastUse.of(1)).toEqual({ at: later, address: '10.0.0.2' });
  await one.rollUpAll();
  await one.books.close();
  const next = await open(one.dir);
  onTestFinished(() => next.books.close());
  expect(next.lastUse.of(1)).toEqual({ at: later, address: '10.0.0.2' });
});
