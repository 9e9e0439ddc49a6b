import { describe, expect, it } from 'vitest';
import { matches, outcomeOf } from '../../../renderer/pages/audit/audit-query.ts';
import { NO_TAIL, received, released } from '../../../renderer/pages/audit/live-tail.ts';
import { auditRow } from './row.ts';

const at = (id: number, second: number) =>
  auditRow({ id: String(id), at: `2026-11-19T16:41:${String(second).padStart(2, '0')}.000Z` });
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).join(' ');

describe('rows that come', () => {
  it('stand by their time: a long answer ends after shorter ones that began later', () => {
    const first = received(NO_TAIL, { known: [], fresh: [at(3, 30), at(4, 40)] }, false);
    const then = received(first, { known: [], fresh: [at(1, 35)] }, false);
    expect(ids(then.shown)).toBe('4 1 3');
  });

  it('wait while they are held, and come all at once', () => {
    const held = received(NO_TAIL, { known: [], fresh: [at(1, 1)] }, true);
    const more = received(held, { known: [], fresh: [at(2, 2)] }, true);
    expect([ids(more.shown), ids(more.waiting)]).toEqual(['', '2 1']);
    expect([ids(released(more).shown), ids(released(more).waiting)]).toEqual(['2 1', '']);
  });

  it('change in their place where they stand already', () => {
    const shown = received(NO_TAIL, { known: [], fresh: [auditRow({ id: '7', status: 0 })] }, false);
    const ended = received(shown, { known: [auditRow({ id: '7' })], fresh: [] }, true);
    expect(ids(ended.shown)).toBe('7');
    expect(ended.changed.get('7')?.status).toBe(200);
  });

  it('are not gathered without end', () => {
    const flood = Array.from({ length: 1_500 }, (_, index) => at(index, index % 60));
    const tail = received(NO_TAIL, { known: [], fresh: flood }, true);
    expect(tail.waiting).toHaveLength(1_000);
    expect(tail.overflown).toBe(true);
  });
});

describe('a filter', () => {
  it('lets through what the list would hold', () => {
    const row = auditRow({ code: 'quota_day', status: 429, attempts: 0 });
    expect(outcomeOf(row)).toBe('refused');
    expect(matches(row, { outcome: 'refused', memberId: '2', streamed: 'true', status: '429' })).toBe(true);
    expect(matches(row, { startDate: '2026-11-19T16:41:18.000Z' })).toBe(false);
    expect(matches(row, { endDate: '2026-11-19T16:41:17.000Z' })).toBe(false);
    for (const other of [{ outcome: 'failed' }, { keyPrefix: 'ntl_live_other1' }, { address: '127.0.0.1' }])
      expect(matches(row, other)).toBe(false);
  });

  it('tells failed from refused as the gateway does, where no provider was called', () => {
    expect(outcomeOf(auditRow({ code: 'upstream_error', status: 502, attempts: 0 }))).toBe('failed');
    expect(outcomeOf(auditRow({ code: null, status: 400, attempts: 1 }))).toBe('failed');
    expect(outcomeOf(auditRow({ status: 0 }))).toBe('running');
  });
});
