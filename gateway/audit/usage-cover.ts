import { monthStart, type Span } from './usage-buckets.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Level = 'hour' | 'day' | 'month';

/** Sums of one level from `from` on, before `to`: added, or taken off again. */
export interface Part extends Span {
  level: Level;
  sign: 1 | -1;
}

/** Where sums are whole: every hour in it is summed, and no roll-up changes any of them. */
export interface Reach extends Span {
  /** Months that begin no earlier are summed. */
  monthsFrom: number;
}

/**
 * Puts a span together from as few sums as possible: months, and days and hours at its edges. Where the edge lies
 * late in a day or month, all of that is taken and what is before the edge taken off.
 * @param span whole hours within the reach
 */
export function coverOf(span: Span, reach: Reach): Part[] {
  if (span.from >= span.to) return [];
  return coarser('hour', span, {
    ...{ from: nearest(span.from, dayStart, reach), to: nearest(span.to, dayStart, reach) },
    within: (days) =>
      coarser('day', days, {
        from: nearest(days.from, monthStart, { ...reach, from: Math.max(reach.from, reach.monthsFrom) }),
        to: nearest(days.to, monthStart, { ...reach, from: Math.max(reach.from, reach.monthsFrom) }),
        within: (months) => [{ level: 'month', ...months, sign: 1 }],
      }),
  });
}

/** @param inner the span in the next level's units, and what covers it */
function coarser(level: Level, span: Span, inner: Span & { within: (span: Span) => Part[] }): Part[] {
  const { from, to, within } = inner;
  const edges = Math.abs(from - span.from) + Math.abs(to - span.to);
  if (!(from < to) || edges >= span.to - span.from) return [{ level, ...span, sign: 1 }];
  return [...edge(level, span.from, from), ...within({ from, to }), ...edge(level, to, span.to)];
}

/** What lies between two moments: forwards it is added, backwards taken off. */
function edge(level: Level, from: number, to: number): Part[] {
  if (from === to) return [];
  return from < to ? [{ level, from, to, sign: 1 }] : [{ level, from: to, to: from, sign: -1 }];
}

/** The start of a unit next to a moment, of those that may be read to; NaN for none. */
function nearest(at: number, startOf: (at: number, later?: number) => number, reach: Span): number {
  const fit = [startOf(at), startOf(at, startOf(at) === at ? 0 : 1)].filter(
    (start) => start >= reach.from && start <= reach.to,
  );
  const [first = Number.NaN, second = first] = fit;
  return at - first <= second - at ? first : second;
}

function dayStart(at: number, later = 0): number {
  return (Math.floor(at / DAY_MS) + later) * DAY_MS;
}
