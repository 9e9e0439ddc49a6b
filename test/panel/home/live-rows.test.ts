import { beforeEach, expect, test } from 'vitest';
import type { AuditRow, RequestProgress } from '../../../gateway/doors/admin/contract.ts';
import { LiveBook } from '../../../renderer/pages/home/live-rows.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const at = (seconds: number) => new Date(NOON + seconds * 1_000).toISOString();

let book: LiveBook;
beforeEach(() => {
  book = new LiveBook();
});

const row = (id: string, seconds: number, facts: Partial<AuditRow> = {}) =>
  ({
    id,
    requestId: `r${id}`,
    at: at(seconds),
    status: 200,
    latencyMs: 1_000,
    tool: 'curl',
    ...facts,
  }) as AuditRow;
const progress = (id: string, seconds: number, ttfbMs: number | null = null) =>
  ({ id, requestId: `r${id}`, at: at(seconds), ttfbMs, tool: 'curl', streamed: true }) as RequestProgress;
const begins = (id: string, seconds: number, ttfbMs: number | null = null) =>
  book.hear({ type: 'progress', data: progress(id, seconds, ttfbMs) });
const ends = (told: AuditRow) => book.hear({ type: 'request', data: told });
const running = () => book.rows().running.map(({ id, stage }) => `${id} ${stage}`);
const done = () => book.rows().done.map(({ id }) => id);

test('a request goes from its admission to its answer to its end', () => {
  begins('1', 0);
  expect(running()).toEqual(['1 admitted']);
  begins('1', 0, 40);
  expect(running()).toEqual(['1 answering']);
  ends(row('1', 0));
  expect([running(), done()]).toEqual([[], ['1']]);
});

test('what comes out of order takes nothing back', () => {
  begins('1', 0, 40);
  begins('1', 0);
  expect(running()).toEqual(['1 answering']);
  ends(row('1', 0));
  begins('1', 0, 40);
  book.read([], [row('1', 0, { status: 0, latencyMs: null })], NOON);
  expect(running()).toEqual([]);
});

test('what was read tells of what ran before, and of ends that were not told', () => {
  begins('1', 0);
  begins('2', 60);
  book.read([row('1', 0)], [row('0', -60, { status: 0, latencyMs: null })], NOON + 30_000);
  // The second began after the lists were asked for: it is not missing in them.
  expect(running()).toEqual(['2 admitted', '0 unknown']);
  expect(done()).toEqual(['1']);
});

test('the newest come first: those that run by their start, the others by their end', () => {
  begins('1', 0);
  begins('2', 5);
  ends(row('3', 1, { latencyMs: 60_000 }));
  ends(row('4', 10, { latencyMs: 500 }));
  expect(running()).toEqual(['2 admitted', '1 admitted']);
  expect(done()).toEqual(['3', '4']);
});

test('it keeps no more than it may show', () => {
  for (let id = 1; id <= 1_000; id++) ends(row(String(id), id));
  expect(done().length).toBeLessThanOrEqual(80);
  expect(done()[0]).toBe('1000');
});
