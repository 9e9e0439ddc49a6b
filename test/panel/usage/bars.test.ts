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

const ROWS = [
  ...['a', 'b', 'c', 'd', 'e', 'f'].map((model, index) =>
    row(10, model, { requests: 1, costMicros: 100 * (index + 1), outputTokens: 60 - 10 * index }),
  ),
  row(12, 'f', { requests: 2, costMicros: 50 }),
  row(12, null, { refused: 7 }),
];

describe('groups', () => {
  it('are the ones that had requests, the largest first, of which four get a shade', () => {
    const groups = groupsOf(ROWS, 'model', 'cost');
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

  it('stand in another order by another metric', () => {
    expect(groupsOf(ROWS, 'model', 'tokens')[0]?.name).toBe('a');
    expect(groupsOf(ROWS, 'model', 'requests')[0]).toMatchObject({ name: 'f', value: 3 });
  });
});

describe('bars', () => {
  it('add up to what the groups do, and stand for empty days too', () => {
    const span = ownSpan('2026-11-10', '2026-11-19', UTC, NOW);
    if (span === null) throw new Error('no span');
    const groups = groupsOf(ROWS, 'model', 'cost');
    const bars = barsOf(ROWS, groups, { dimension: 'model', metric: 'cost', span, clock: UTC });
    expect(bars).toHaveLength(10);
    expect(bars[0]).toMatchObject({ c1: 600, c2: 500, c3: 400, c4: 300, rest: 300, total: 2_100 });
    expect(bars[1]).toMatchObject({ total: 0 });
    expect(bars[2]).toMatchObject({ c1: 50, total: 50 });
  });

  it('of weeks gather the days they are made of', () => {
    const span = ownSpan('2026-03-01', '2026-11-19', UTC, NOW);
    if (span === null) throw new Error('no span');
    const bars = barsOf(ROWS, groupsOf(ROWS, 'model', 'requests'), {
      ...{ dimension: 'model', metric: 'requests', span, clock: UTC },
    });
    expect(bars.filter(({ total }) => total > 0).map(({ total }) => total)).toEqual([8]);
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
