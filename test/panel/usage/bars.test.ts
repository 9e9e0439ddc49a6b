import { describe, expect, it } from 'vitest';
import type { UsageRow } from '../../../gateway/doors/admin/contract.ts';
import { barsOf } from '../../../renderer/pages/usage/bars.ts';
import { groupsOf } from '../../../renderer/pages/usage/groups.ts';
import { averageMoney, money, tickWords } from '../../../renderer/pages/usage/metric-words.ts';
import { ownSpan } from '../../../renderer/pages/usage/span.ts';

const UTC = { offsetMinutes: 0 };
const NOW = Date.parse('2026-11-19T20:42:07Z');

function row(day: number, model: string | null, sums: Partial<UsageRow>): UsageRow {
  const start = `2026-11-${day}T00:00:00.000Z`;
  const none = { requests: 0, refused: 0, failed: 0, inputTokens: 0, outputTokens: 0 };
  return {
    ...none,
    cachedTokens: 0,
    reasoningTokens: 0,
    costMicros: 0,
    chargedTokens: 0,
    start,
    model,
    ...sums,
  };
}

/** Each model's total, the largest first, as the gateway puts them in order. */
const TOTALS = [
  row(10, 'f', { requests: 3, costMicros: 650 }),
  ...['e', 'd', 'c', 'b', 'a'].map((model, index) =>
    row(10, model, { requests: 1, costMicros: 500 - 100 * index, outputTokens: 20 + 10 * index }),
  ),
  row(10, null, { refused: 7 }),
];
const WHOLE = row(10, null, { requests: 8, refused: 7, costMicros: 2_150, outputTokens: 200 });

/** The four that are coloured, and all others together. */
const ROWS = [
  ...['c', 'd', 'e', 'f'].map((model, index) =>
    row(10, model, { requests: 1, costMicros: 300 + 100 * index }),
  ),
  { ...row(10, null, { requests: 2, costMicros: 300 }), others: true as const },
  row(12, 'f', { requests: 2, costMicros: 50 }),
  { ...row(12, null, { refused: 7 }), others: true as const },
];

const BY_COST = { dimension: 'model', metric: 'cost' } as const;

describe('groups', () => {
  it('are the ones that had requests, of which the four largest get a shade', () => {
    const groups = groupsOf(TOTALS, WHOLE, BY_COST);
    expect(groups.map(({ name, value, shade }) => [name, value, shade])).toEqual([
      ['f', 650, 'c1'],
      ['e', 500, 'c2'],
      ['d', 400, 'c3'],
      ['c', 300, 'c4'],
      ['b', 200, 'rest'],
      ['a', 100, 'rest'],
    ]);
    expect(groups.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });

  it('have their share of everything, listed or not', () => {
    const [first, ...others] = groupsOf(TOTALS.slice(0, 1), WHOLE, { ...BY_COST, metric: 'requests' });
    expect(first).toMatchObject({ name: 'f', value: 3, share: 3 / 8 });
    expect(others).toEqual([]);
  });
});

describe('bars', () => {
  it('add up to what the groups do, and stand for empty days too', () => {
    const span = ownSpan('2026-11-10', '2026-11-19', UTC, NOW);
    if (span === null) throw new Error('no span');
    const groups = groupsOf(TOTALS, WHOLE, BY_COST);
    const bars = barsOf(ROWS, groups, { ...BY_COST, span, clock: UTC });
    expect(bars).toHaveLength(10);
    expect(bars[0]).toMatchObject({ c1: 600, c2: 500, c3: 400, c4: 300, rest: 300, total: 2_100 });
    expect(bars[1]).toMatchObject({ total: 0 });
    expect(bars[2]).toMatchObject({ c1: 50, total: 50 });
  });

  it('of weeks gather the days they are made of', () => {
    const span = ownSpan('2026-03-01', '2026-11-19', UTC, NOW);
    if (span === null) throw new Error('no span');
    const asked = { dimension: 'model', metric: 'requests' } as const;
    const bars = barsOf(ROWS, groupsOf(TOTALS, WHOLE, asked), { ...asked, span, clock: UTC });
    expect(bars.filter(({ total }) => total > 0).map(({ total }) => total)).toEqual([8]);
  });

  it('put what is not coloured with the rest, also where the order has changed meanwhile', () => {
    const span = ownSpan('2026-11-10', '2026-11-19', UTC, NOW);
    if (span === null) throw new Error('no span');
    const rows = [row(10, 'a', { costMicros: 900 }), ...ROWS];
    const bars = barsOf(rows, groupsOf(TOTALS, WHOLE, BY_COST), { ...BY_COST, span, clock: UTC });
    expect(bars[0]).toMatchObject({ rest: 1_200, total: 3_000 });
  });
});

describe('money', () => {
  it('keeps what is less than a cent', () => {
    expect([money(0), money(4_200), money(557_090_000)]).toEqual(['$0.00', '$0.0042', '$557.09']);
    expect([tickWords(0, 'cost'), tickWords(500_000, 'cost'), tickWords(45_000_000, 'cost')]).toEqual([
      '$0',
      '$0.50',
      '$45',
    ]);
  });

  it('of an average request is told in cents up to a dollar', () => {
    expect(averageMoney(1_003_640_000, 56_975)).toEqual({ value: '1.76', unit: '¢' });
    expect(averageMoney(2_480_000, 2)).toEqual({ value: '$1.24' });
    expect(averageMoney(0, 0)).toEqual({ value: '–' });
  });
});
