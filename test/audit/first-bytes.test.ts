import { expect, it, onTestFinished } from 'vitest';
import { FirstBytes } from '../../gateway/audit/first-bytes.ts';
import { Books } from '../quotas/books.ts';
import { tempDir } from '../store/support.ts';

const EVER = { from: 0, to: Number.MAX_SAFE_INTEGER };

async function open() {
  const books = await Books.open(tempDir());
  onTestFinished(() => books.close());
  const { db } = books.store;
  const insert = db.prepare(
    `INSERT INTO requests (id, at, request_id, address, tool, endpoint, provider_id, status, ttfb_ms, counted)
     VALUES (?, ?, x'00', 1, 1, 1, ?, 200, ?, 1)`,
  );
  /** One row a millisecond, from the oldest on. */
  const add = (rows: { provider: number; ttfb: number | null }[]) =>
    db.transaction(() => {
      const first = (db.prepare('SELECT ifnull(max(id), 0) FROM requests').pluck().get() as number) + 1;
      for (const [index, { provider, ttfb }] of rows.entries()) {
        insert.run(first + index, first + index, provider, ttfb);
      }
    })();
  return { add, firstBytes: new FirstBytes(db) };
}

const rows = (count: number, provider: number, ttfb: number | null) =>
  Array.from({ length: count }, () => ({ provider, ttfb }));

it('are those of the latest 1,000 answers', async () => {
  const { add, firstBytes } = await open();
  add([...rows(1_500, 1, 900), ...rows(600, 1, 20), ...rows(400, 1, 30), ...rows(700, 1, null)]);
  expect(await firstBytes.median(EVER)).toBe(20);
  expect(await firstBytes.median({ from: 2_101, to: EVER.to })).toBe(30);
  expect(await firstBytes.median({ from: 0, to: 1_501 })).toBe(900);
  expect(await firstBytes.median({ from: 2_501, to: EVER.to })).toBeNull();
});

it('are looked for among the latest rows alone', async () => {
  const { add, firstBytes } = await open();
  add([...rows(10, 1, 900), ...rows(5_000, 1, null)]);
  expect(await firstBytes.median(EVER)).toBeNull();
});

it('are told for each provider, a rare one too', async () => {
  const { add, firstBytes } = await open();
  add([...rows(3, 2, 70), ...rows(500, 1, 900), ...rows(4_000, 1, 40), ...rows(200, 1, 50)]);
  const medians = await firstBytes.byProvider(EVER, [1, 2, 3]);
  expect([...medians]).toEqual([
    [1, 50],
    [2, 70],
    [3, null],
  ]);
});
