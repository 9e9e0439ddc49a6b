import { expect, it, onTestFinished } from 'vitest';
import { Changes } from '../../gateway/audit/changes.ts';
import { type LiveEvent, LiveEvents } from '../../gateway/audit/events.ts';
import { openStore } from '../../gateway/store/store.ts';
import { ManualClock } from '../quotas/manual-clock.ts';
import { tempDir } from '../store/support.ts';

async function openChanges() {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  const clock = new ManualClock();
  const events = new LiveEvents();
  const told: LiveEvent[] = [];
  events.subscribe((event) => told.push(event));
  return { changes: new Changes(store.db, () => clock.wall(), events), clock, told };
}

const ALL = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 10, offset: 0 };

it('keeps what was there before and what is now, and tells it live', async () => {
  const { changes, clock, told } = await openChanges();
  const made = changes.record({
    actor: 'token',
    action: 'plan.update',
    subject: 'plan:pro',
    before: { a: 1 },
    after: { a: 2 },
  });
  expect(changes.list(ALL)).toEqual({ changes: [made], total: 1 });
  expect(made).toMatchObject({ id: 1, at: clock.wall(), before: { a: 1 }, after: { a: 2 } });
  expect(told).toEqual([{ type: 'change', data: made }]);
});

it('lists the newest first, in pages and spans', async () => {
  const { changes, clock } = await openChanges();
  const start = clock.wall();
  for (const subject of ['a', 'b', 'c']) {
    changes.record({ actor: 'window', action: 'x', subject });
    clock.now += 1_000;
  }
  const subjects = (page: Partial<typeof ALL>) =>
    changes.list({ ...ALL, ...page }).changes.map(({ subject }) => subject);
  expect(subjects({})).toEqual(['c', 'b', 'a']);
  expect(subjects({ limit: 1, offset: 1 })).toEqual(['b']);
  expect(subjects({ from: start + 1, to: start + 2_000 })).toEqual(['b']);
  expect(changes.list({ ...ALL, limit: 1 }).total).toBe(3);
  expect(changes.list(ALL).changes[0]).toMatchObject({ before: null, after: null });
});
