import type { UsageRow } from '../../../gateway/doors/admin/contract.ts';
import { amountOf, type Dimension, type Group, groupId, type Metric, type Shade } from './groups.ts';
import type { LocalClock } from './local-clock.ts';
import { bucketStarts, type Span } from './span.ts';

/** One bar, by shade; `rest` is all but the four largest. */
export interface Bar extends Record<Shade, number> {
  at: number;
  total: number;
}

/**
 * @param rows of the coloured groups and of all others together
 * @returns a bar for each bucket of the span, the empty ones too
 */
export function barsOf(
  rows: readonly UsageRow[],
  groups: readonly Group[],
  facts: { dimension: Dimension; metric: Metric; span: Span; clock: LocalClock },
): Bar[] {
  const { dimension, metric, span, clock } = facts;
  const shades = new Map(groups.map(({ id, shade }) => [id, shade]));
  const bars = bucketStarts(span, clock).map((at): Bar => ({ ...NONE, at }));
  for (const row of rows) {
    const bar = bars[bucketOf(bars, Date.parse(row.start))];
    if (bar === undefined) continue;
    const shade = (row.others ? undefined : shades.get(groupId(row, dimension))) ?? 'rest';
    const value = amountOf(row, metric);
    bar[shade] += value;
    bar.total += value;
  }
  return bars;
}

const NONE = { c1: 0, c2: 0, c3: 0, c4: 0, rest: 0, total: 0 } as const;

/** The last bar that begins no later. What lies a little before the first belongs to it. */
function bucketOf(bars: readonly Bar[], at: number): number {
  let [low, high] = [0, bars.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((bars[middle]?.at ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}
