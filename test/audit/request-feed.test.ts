import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { AuditRow } from '../../gateway/audit/audit-row.ts';
import { type LiveEvent, LiveEvents } from '../../gateway/audit/events.ts';
import { RequestFeed } from '../../gateway/audit/request-feed.ts';

let read = 0;
let told: LiveEvent[] = [];
let events: LiveEvents;
let feed: RequestFeed;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  read = 0;
  told = [];
  events = new LiveEvents();
  feed = new RequestFeed(events, (id) => {
    read += 1;
    return { id: String(id) } as AuditRow;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

const ids = () => told.flatMap((event) => (event.type === 'request' ? [Number(event.data.id)] : []));
const skipped = () => told.flatMap((event) => (event.type === 'skipped' ? [event.data.requests] : []));

test('a single request is told at once', () => {
  events.subscribe((event) => told.push(event));
  feed.note(1);
  vi.advanceTimersByTime(0);
  expect(ids()).toEqual([1]);
  expect(skipped()).toEqual([]);
});

test('of a flood the newest are told and the others counted: none is lost', () => {
  events.subscribe((event) => told.push(event));
  for (let id = 1; id <= 5_000; id += 1) feed.note(id);
  vi.advanceTimersByTime(0);
  expect(ids()).toEqual(Array.from({ length: 20 }, (_, index) => 4_981 + index));
  expect(skipped()).toEqual([4_980]);
  expect(read).toBe(20);
});

test('what is read stays bounded while the flood goes on', () => {
  events.subscribe((event) => told.push(event));
  for (let ms = 0; ms < 1_000; ms += 1) {
    for (let request = 0; request < 3; request += 1) feed.note(ms * 3 + request);
    vi.advanceTimersByTime(1);
  }
  vi.advanceTimersByTime(1_000);
  expect(read).toBeLessThanOrEqual(6 * 20 + 20);
  expect(ids().length + skipped().reduce((sum, count) => sum + count, 0)).toBe(3_000);
});

test('nothing is read while nobody watches', () => {
  feed.note(1);
  vi.advanceTimersByTime(1_000);
  const end = events.subscribe((event) => told.push(event));
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([]);
  feed.note(2);
  end?.();
  vi.advanceTimersByTime(1_000);
  expect(told).toEqual([]);
  expect(read).toBeLessThanOrEqual(1);
});

test('nothing is read once the last who watched has left', () => {
  const end = events.subscribe((event) => told.push(event));
  feed.note(1);
  vi.advanceTimersByTime(0);
  feed.note(2);
  end?.();
  vi.advanceTimersByTime(1_000);
  expect(read).toBe(1);
});
