import type { AuditRow, UsageRow } from '../../../gateway/doors/admin/contract.ts';
import { type AuditQuery, outcomeOf } from './audit-query.ts';

/** One bar: what was admitted and what was refused from `at` on, for as long as the strip's step. */
export interface TrafficBar {
  at: number;
  admitted: number;
  refused: number;
}

export interface Traffic {
  bars: readonly TrafficBar[];
  stepMs: number;
  /** Sums over all bars. */
  admitted: number;
  refused: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A strip is some hundred bars wide at most. */
const MOST_BARS = 200;

/** By the hour while that fits, else by the day. */
export function summedStep(from: number, to: number): 'hour' | 'day' {
  return (to - from) / HOUR_MS <= MOST_BARS ? 'hour' : 'day';
}

export const STEP_MS = { hour: HOUR_MS, day: DAY_MS };

/** What one bar stands for. */
export function stepWords(stepMs: number): string {
  if (stepMs === HOUR_MS) return 'an hour';
  if (stepMs === DAY_MS) return 'a day';
  return `${stepMs / MINUTE_MS} min`;
}

/** Finer than sums are kept, for rows that are all here: 2 minutes of an hour, 10 of a day. */
export function fineStep(from: number, to: number): number | null {
  const length = to - from;
  if (length <= 2 * HOUR_MS) return 2 * MINUTE_MS;
  if (length <= 26 * HOUR_MS) return 10 * MINUTE_MS;
  return null;
}

export function trafficOfRows(
  rows: readonly AuditRow[],
  span: { from: number; to: number; stepMs: number },
): Traffic {
  const bars = emptyBars(span);
  for (const row of rows) {
    const bar = barAt(bars, span, Date.parse(row.at));
    if (bar === undefined) continue;
    if (outcomeOf(row) === 'refused') bar.refused += 1;
    else bar.admitted += 1;
  }
  return summed(bars, span.stepMs);
}

/** @param outcome of which only is told; sums tell all of them apart but for what runs still */
export function trafficOfSums(
  rows: readonly UsageRow[],
  span: { from: number; to: number; stepMs: number },
  outcome: string | undefined,
): Traffic {
  const bars = emptyBars(span);
  for (const row of rows) {
    const bar = barAt(bars, span, Date.parse(row.start));
    if (bar === undefined) continue;
    const wanted = {
      ok: [row.requests - row.failed, 0],
      failed: [row.failed, 0],
      refused: [0, row.refused],
    }[outcome ?? ''] ?? [row.requests, row.refused];
    bar.admitted += wanted[0] ?? 0;
    bar.refused += wanted[1] ?? 0;
  }
  return summed(bars, span.stepMs);
}

/** Whether sums are kept by all that these filters ask about. */
export function areSummed(query: AuditQuery): boolean {
  const { startDate, endDate, memberId, keyId, model, providerId, tool, outcome, ...others } = query;
  return outcome !== 'running' && Object.values(others).every((value) => value === undefined);
}

function emptyBars({ from, to, stepMs }: { from: number; to: number; stepMs: number }): TrafficBar[] {
  const amount = Math.max(1, Math.ceil((to - from) / stepMs));
  return Array.from({ length: amount }, (_, index) => ({
    ...{ at: from + index * stepMs, admitted: 0, refused: 0 },
  }));
}

function barAt(
  bars: readonly TrafficBar[],
  { from, stepMs }: { from: number; stepMs: number },
  at: number,
): TrafficBar | undefined {
  return bars[Math.max(0, Math.floor((at - from) / stepMs))];
}

function summed(bars: readonly TrafficBar[], stepMs: number): Traffic {
  const sum = (name: 'admitted' | 'refused') => bars.reduce((total, bar) => total + bar[name], 0);
  return { bars, stepMs, admitted: sum('admitted'), refused: sum('refused') };
}
