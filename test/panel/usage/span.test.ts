import { describe, expect, it } from 'vitest';
import { bucketName, bucketStarts, ownSpan, rollingSpan } from '../../../renderer/pages/usage/span.ts';

/** Half an hour off whole hours, and far from UTC. */
const INDIA = { offsetMinutes: 330 };
const UTC = { offsetMinutes: 0 };
const NOW = Date.parse('2026-11-19T20:42:07Z');
const iso = (at: number) => new Date(at).toISOString();

describe('a rolling span', () => {
  it('of days holds today and begins at local midnight', () => {
    const span = rollingSpan('7d', INDIA, NOW);
    // It is the 20th there already.
    expect([iso(span.from), iso(span.to)]).toEqual(['2026-11-13T18:30:00.000Z', '2026-11-20T18:30:00.000Z']);
    expect(span).toMatchObject({ bucket: 'day', label: '7 days', dates: '14 Nov to 20 Nov' });
    expect(bucketStarts(span, INDIA)).toHaveLength(7);
  });

  it('of 24 hours ends with the hour that runs', () => {
    const span = rollingSpan('24h', UTC, NOW);
    expect([iso(span.from), iso(span.to)]).toEqual(['2026-11-18T21:00:00.000Z', '2026-11-19T21:00:00.000Z']);
    expect(bucketStarts(span, UTC)).toHaveLength(24);
  });

  it('of a year is told by weeks, of which the last may be short', () => {
    const span = rollingSpan('1y', UTC, NOW);
    const starts = bucketStarts(span, UTC);
    expect(span.bucket).toBe('week');
    expect(starts).toHaveLength(53);
    expect(bucketName(starts.at(-1) ?? 0, span, UTC, NOW)).toBe('19 Nov');
    expect(bucketName(starts[0] ?? 0, span, UTC, NOW)).toBe('20 Nov 2025 to 26 Nov 2025');
  });
});

describe('a span of own dates', () => {
  it('of one day is told by its hours', () => {
    const span = ownSpan('2026-11-18', '2026-11-18', INDIA, NOW);
    expect(span).toMatchObject({ bucket: 'hour', dates: '18 Nov' });
    const starts = span === null ? [] : bucketStarts(span, INDIA);
    expect(starts).toHaveLength(24);
    expect(span && bucketName(starts[23] ?? 0, span, INDIA, NOW)).toBe('18 Nov, 23:00 to 00:00');
  });

  it('of many years is told by months', () => {
    const span = ownSpan('2022-01-15', '2026-11-19', UTC, NOW);
    expect(span?.bucket).toBe('month');
    expect(span && bucketStarts(span, UTC).slice(0, 2).map(iso)).toEqual([
      '2022-01-15T00:00:00.000Z',
      '2022-02-01T00:00:00.000Z',
    ]);
  });

  it.each([
    ['2026-11-19', '2026-11-18'],
    ['', '2026-11-18'],
    ['19.11.2026', '20.11.2026'],
  ])('from “%s” to “%s” is none', (first, last) => {
    expect(ownSpan(first, last, UTC, NOW)).toBeNull();
  });
});
