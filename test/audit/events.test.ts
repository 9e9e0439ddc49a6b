import { expect, it } from 'vitest';
import { type LiveEvent, LiveEvents } from '../../gateway/audit/events.ts';

const draining: LiveEvent = { type: 'state', data: { state: 'draining' } };
const provider: LiveEvent = {
  type: 'provider',
  data: { providerId: 1, state: 'open', message: null, openUntil: null },
};

it('tells each subscriber what it asked for, until it leaves', () => {
  const events = new LiveEvents();
  const all: LiveEvent[] = [];
  const states: LiveEvent[] = [];
  const leave = events.subscribe((event) => all.push(event));
  events.subscribe((event) => states.push(event), ['state', 'alert']);
  events.emit(provider);
  events.emit(draining);
  leave?.();
  events.emit(draining);
  expect(all).toEqual([provider, draining]);
  expect(states).toEqual([draining, draining]);
});

it('is watched while somebody wants to hear of requests', () => {
  const events = new LiveEvents();
  events.subscribe(() => undefined, ['alert']);
  expect(events.watched).toBe(false);
  const leaves = [events.subscribe(() => undefined), events.subscribe(() => undefined, ['request'])];
  expect(events.watched).toBe(true);
  leaves[0]?.();
  leaves[0]?.();
  expect(events.watched).toBe(true);
  leaves[1]?.();
  expect(events.watched).toBe(false);
});
