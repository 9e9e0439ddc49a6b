import { beforeEach, expect, it, vi } from 'vitest';
import { type LiveEvent, LiveEvents, type ProgressEvent } from '../../gateway/audit/events.ts';
import { ProgressFeed } from '../../gateway/audit/progress-feed.ts';

let events: LiveEvents;
let feed: ProgressFeed;
let told: { id: number; ttfbMs: number | null }[];

beforeEach(() => {
  vi.useFakeTimers();
  events = new LiveEvents();
  feed = new ProgressFeed(events);
  told = [];
  events.subscribe((event: LiveEvent) => {
    if (event.type === 'progress') told.push({ id: event.data.id, ttfbMs: event.data.ttfbMs });
  });
  return () => vi.useRealTimers();
});

const progress = (id: number, ttfbMs: number | null = null): ProgressEvent => ({
  ...{ id, at: 0, requestId: '', memberId: 1, keyId: 1, tool: 'curl', endpoint: 'chat', model: 'm' },
  ...{ streamed: true, inputTokens: 5, providerId: null, ttfbMs },
});

it('tells the latest word on each request that still runs', () => {
  feed.note(1, () => progress(1));
  feed.note(2, () => progress(2));
  feed.note(1, () => progress(1, 40));
  feed.note(3, () => progress(3));
  feed.ended(2);
  expect(told).toEqual([]);
  vi.runAllTimers();
  expect(told).toEqual([
    { id: 1, ttfbMs: 40 },
    { id: 3, ttfbMs: null },
  ]);
  vi.runAllTimers();
  expect(told).toHaveLength(2);
});

it('tells the newest of a flood', () => {
  for (let id = 1; id <= 1_000; id++) feed.note(id, () => progress(id));
  vi.runAllTimers();
  expect(told.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_, index) => 981 + index));
});

it('puts nothing together while nobody watches', () => {
  const unwatched = new ProgressFeed(new LiveEvents());
  const put = vi.fn(() => progress(1));
  unwatched.note(1, put);
  vi.runAllTimers();
  expect(put).not.toHaveBeenCalled();
});
