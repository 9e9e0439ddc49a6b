import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DayReport } from '../../gateway/audit/day-report.ts';
import { Books, outcome, used } from '../quotas/books.ts';
import { ManualClock } from '../quotas/manual-clock.ts';
import { tempDir } from '../store/support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

async function open(now: string) {
  const books = await Books.open(tempDir(), new ManualClock(Date.parse(now)));
  onTestFinished(() => books.close());
  const rolledUpTo = () => books.settings.get('rolled_up_to');
  return { books, report: new DayReport(books.store.db, rolledUpTo, () => books.clock.wall()) };
}

interface Request {
  end: 'answered' | 'failed' | 'refused';
  tokens: number;
}

async function send(books: Books, { end, tokens }: Request, ttfbMs: number | null = 5): Promise<void> {
  if (end === 'refused') {
    await books.log.refused(books.facts(), { status: 429, code: 'quota_day', latencyMs: 1 });
    return;
  }
  const row = await books.log.open(books.facts(), used({ inputTokens: 99 }));
  const usage = used({ inputTokens: tokens, outputTokens: 1, costMicros: 3 });
  const counts = end === 'failed' ? 'minute' : 'everywhere';
  await books.log.settle(row, outcome(usage, counts, { ttfbMs: end === 'failed' ? null : ttfbMs }));
}

describe('a day beside the one before', () => {
  it('is what the rows sum to, in every time zone, however much is rolled up', async () => {
    const { books, report } = await open('2027-03-08T10:00:00Z');
    const request = fc.record({
      end: fc.constantFrom('answered', 'failed', 'refused'),
      tokens: fc.nat(1_000),
      gap: fc.oneof(fc.nat(90_000), fc.nat(50 * MINUTE)),
    });
    const rows: (Request & { at: number })[] = [];
    for (const [index, { gap, ...facts }] of fc.sample(request, { numRuns: 320, seed: 11 }).entries()) {
      books.clock.now += gap;
      rows.push({ at: books.clock.wall(), ...facts });
      await send(books, facts);
      if (index === 250) await books.rollUpAll();
    }
    const now = books.clock.wall();
    expect(now - (rows[0]?.at ?? now)).toBeGreaterThan(2 * DAY);

    const figures = (from: number, to: number) => {
      const span = rows.filter(({ at }) => at >= from && at < to);
      const admitted = span.filter(({ end }) => end !== 'refused');
      return {
        requests: admitted.length,
        refused: span.length - admitted.length,
        failed: span.filter(({ end }) => end === 'failed').length,
        tokens: admitted.reduce((sum, { tokens }) => sum + tokens + 1, 0),
        costMicros: 3 * admitted.length,
      };
    };
    const check = async (offset: number) => {
      const ahead = offset * MINUTE;
      const midnight = Math.floor((now + ahead) / DAY) * DAY - ahead;
      const answer = await report.report(offset);
      expect(answer.today).toMatchObject(figures(midnight, now + 1));
      const sameMinute = Math.floor((now - DAY) / MINUTE) * MINUTE + MINUTE;
      expect(answer.yesterday).toMatchObject(figures(midnight - DAY, sameMinute));
      expect(answer.hours).toEqual(
        Array.from({ length: 24 }, (_, hour) => {
          const start = midnight + hour * HOUR;
          const requests = start > now ? null : figures(start, start + HOUR).requests;
          return { start, requests, yesterday: figures(start - DAY, start - DAY + HOUR).requests };
        }),
      );
    };
    const offsets = [0, 60, -480, 330, 345, -210, 840];
    for (const offset of offsets) await check(offset);
    await books.rollUpAll();
    for (const offset of offsets) await check(offset);
  });

  it('counts nothing twice while the roll-up goes on', async () => {
    const { books, report } = await open('2027-03-08T00:00:00Z');
    for (let count = 0; count < 60; count++) {
      books.clock.now += 10 * MINUTE;
      await send(books, { end: 'answered', tokens: 1 });
    }
    const rolling = books.rollUpAll();
    const [during] = await Promise.all([report.report(0), rolling]);
    expect(during.today).toMatchObject({ requests: 60, tokens: 120 });
  });

  it('goes up to the same minute of the day before, and not further', async () => {
    const { books, report } = await open('2027-03-08T16:42:59.999Z');
    await send(books, { end: 'answered', tokens: 1 });
    books.clock.now += 1;
    await send(books, { end: 'answered', tokens: 1 });
    books.clock.now = Date.parse('2027-03-09T16:42:00Z');
    expect((await report.report(0)).yesterday.requests).toBe(1);
    books.clock.now += MINUTE;
    expect((await report.report(0)).yesterday.requests).toBe(2);
    await books.rollUpAll();
    expect((await report.report(0)).yesterday.requests).toBe(2);
    expect((await report.report(0)).hours[16]).toMatchObject({ requests: 0, yesterday: 2 });
    expect((await report.report(0)).hours[17]).toMatchObject({ requests: null, yesterday: 0 });
  });

  it('tells the median first byte of each, without refusals, failures and what still runs', async () => {
    const { books, report } = await open('2027-03-08T10:00:00Z');
    expect((await report.report(0)).today.firstByteMs).toBeNull();
    for (const ttfb of [500, 10, 30]) await send(books, { end: 'answered', tokens: 1 }, ttfb);
    books.clock.now += DAY;
    for (const ttfb of [100, 40]) await send(books, { end: 'answered', tokens: 1 }, ttfb);
    await send(books, { end: 'failed', tokens: 1 });
    await send(books, { end: 'refused', tokens: 1 });
    await books.log.open(books.facts(), used({}));
    const { today, yesterday } = await report.report(0);
    expect([today.firstByteMs, yesterday.firstByteMs]).toEqual([70, 30]);
  });
});
