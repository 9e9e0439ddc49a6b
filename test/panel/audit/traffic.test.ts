import { describe, expect, it } from 'vitest';
import type { UsageRow } from '../../../gateway/doors/admin/contract.ts';
import {
  areSummed,
  fineStep,
  summedStep,
  trafficOfRows,
  trafficOfSums,
} from '../../../renderer/pages/audit/traffic.ts';
import { auditRow } from './row.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const from = Date.parse('2026-11-19T16:00:00Z');

describe('the strip', () => {
  it('counts rows by ten minutes, refused ones apart', () => {
    const rows = [
      auditRow({ at: '2026-11-19T16:09:59.999Z' }),
      auditRow({ at: '2026-11-19T16:10:00.000Z' }),
      auditRow({ at: '2026-11-19T16:10:30.000Z', status: 429, code: 'quota_day', attempts: 0 }),
    ];
    const { bars, admitted, refused } = trafficOfRows(rows, { from, to: from + HOUR, stepMs: 10 * MINUTE });
    expect(bars.map((bar) => [bar.admitted, bar.refused])).toEqual([
      [1, 0],
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect([admitted, refused]).toEqual([2, 1]);
  });

  it('tells of sums what the outcome that is looked for asks', () => {
    const sums = { requests: 10, refused: 3, failed: 2 } as UsageRow;
    const rows = [{ ...sums, start: '2026-11-19T17:00:00.000Z' }];
    const of = (outcome?: string) => {
      const traffic = trafficOfSums(rows, { from, to: from + 2 * HOUR, stepMs: HOUR }, outcome);
      return [traffic.bars[1]?.admitted, traffic.bars[1]?.refused];
    };
    expect([of(), of('ok'), of('failed'), of('refused')]).toEqual([
      [10, 3],
      [8, 0],
      [2, 0],
      [0, 3],
    ]);
  });

  it('is as fine as its span allows', () => {
    expect([fineStep(0, HOUR), fineStep(0, 24 * HOUR), fineStep(0, 7 * 24 * HOUR)]).toEqual([
      2 * MINUTE,
      10 * MINUTE,
      null,
    ]);
    expect([summedStep(0, 7 * 24 * HOUR), summedStep(0, 30 * 24 * HOUR)]).toEqual(['hour', 'day']);
  });

  it('knows which filters sums are not kept by', () => {
    expect(areSummed({ memberId: '2', outcome: 'refused', startDate: 'x' })).toBe(true);
    for (const query of [
      { address: '127.0.0.1' },
      { code: 'quota_day' },
      { streamed: 'true' },
      { outcome: 'running' },
    ])
      expect(areSummed(query)).toBe(false);
  });
});
