import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import type { Bindings, Cell, UsageDimension } from './usage-cells.ts';
import { GROUPINGS, KEPT } from './usage-sums.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Span {
  from: number;
  to: number;
}

/** Where a part of a span is read from. */
export type Piece =
  /** Hours one after the other; `kept` null: from `usage_hours`. */
  | { from: 'hours'; span: Span; kept: number | null }
  /** Whole days of some time zone: days in UTC from `first` on, each moved by `shift` with the hours on its edges. */
  | { from: 'days'; first: number; count: number; shift: number; kept: number };

/** @returns the smallest grouping that tells of all these dimensions; null: only `usage_hours` does */
export function groupingFor(dimensions: readonly UsageDimension[]): number | null {
  const needed = dimensions.reduce((mask, dimension) => mask | KEPT[dimension], 0);
  return GROUPINGS.find((mask) => (mask & needed) === needed) ?? null;
}

export interface Plan {
  kept: number | null;
  /** Whole hours, none of which a roll-up may still change. */
  span: Span;
  /** Sums are there from this hour on. */
  summedFrom: number;
  /** How local time is ahead of UTC, ms. */
  ahead: number;
  step: 'hour' | 'day' | 'total';
}

/**
 * Cuts a span into pieces so that as little as possible is read. Sums are kept of days in UTC: a day of another time
 * zone is the one in UTC that begins next to it, without the hours on one edge and with those on the other.
 */
export function piecesOf({ span, summedFrom, ahead, step, kept }: Plan): Piece[] {
  const { from, to } = span;
  const summed = Math.min(Math.max(from, summedFrom), to);
  const hours = (start: number, end: number, grouping = kept): Piece[] =>
    start < end ? [{ from: 'hours', span: { from: start, to: end }, kept: grouping }] : [];
  const unsummed = hours(from, summed, null);
  const shift = step === 'day' ? shiftOf(ahead) : 0;
  if (step === 'hour' || kept === null) return [...unsummed, ...hours(summed, to)];
  // The day in UTC and the one that is meant both lie in what is summed and closed.
  const first = Math.ceil(Math.max(summed, summed - shift) / DAY_MS) * DAY_MS;
  const count = Math.floor((Math.min(to, to - shift) - first) / DAY_MS);
  if (count <= 0) return [...unsummed, ...hours(summed, to)];
  const start = first + shift;
  return [
    ...unsummed,
    ...hours(summed, start),
    { from: 'days', first, count, shift, kept },
    ...hours(start + count * DAY_MS, to),
  ];
}

/** From a day in UTC to the local day that begins nearest to it, in whole hours, as hours are told apart. */
function shiftOf(ahead: number): number {
  const behind = (((-ahead % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
  const shift = Math.ceil(behind) % 24;
  return (shift > 12 ? shift - 24 : shift) * HOUR_MS;
}

const COLUMNS: Readonly<Record<UsageDimension, string>> = {
  ...{ model: 'u.model', member: 'u.member_id', key: 'u.key_id', provider: 'u.provider_id', tool: 'u.tool' },
};
const DIMENSIONS = Object.keys(COLUMNS) as UsageDimension[];

const sums = (sign: string) =>
  Object.entries({
    ...{ requests: 'requests', refused: 'refused', failed: 'failed', inputTokens: 'input_tokens' },
    ...{ outputTokens: 'output_tokens', cachedTokens: 'cached_tokens', reasoningTokens: 'reasoning_tokens' },
    ...{ costMicros: 'cost_micros', chargedTokens: 'charged_tokens' },
  })
    .map(([name, column]) => `sum(${sign}u.${column}) AS ${name}`)
    .join(', ');

const FILTERS = `(@key IS NULL OR u.key_id = @key) AND (@model IS NULL OR u.model = @model)
  AND (@provider IS NULL OR u.provider_id = @provider) AND (@tool IS NULL OR u.tool = @tool)`;
/** Where the sums of a key are read, its member is known but not kept. */
const OF_MEMBER = `(@member IS NULL OR u.kept & ${KEPT.member} = 0 OR u.member_id = @member)`;

/** A day in UTC, and the hours on both of its edges: those of one are added, those of the other taken off. */
const OF_SUMS = `${Object.values(COLUMNS).join(', ')}, u.kept, u.requests, u.refused, u.failed, u.input_tokens, u.output_tokens,
  u.cached_tokens, u.reasoning_tokens, u.cost_micros, u.charged_tokens`;
const edge = (sign: string, start: string) => `
  SELECT d.value AS base, ${sign} AS sign, ${OF_SUMS} FROM json_each(@days) AS d CROSS JOIN usage_sums u
  ON u.step = 0 AND u.kept = @kept AND u.start >= ${start} + @low AND u.start < ${start} + @high`;
const LOCAL_DAYS = `
  SELECT u.start AS base, 1 AS sign, ${OF_SUMS} FROM usage_sums u
  WHERE u.step = 1 AND u.kept = @kept AND u.start >= @from AND u.start < @to
  UNION ALL ${edge('@sign', 'd.value')}
  UNION ALL ${edge('-@sign', `d.value + ${DAY_MS}`)}`;

const SOURCES = {
  hours: 'usage_sums u WHERE u.step = 0 AND u.kept = @kept AND u.start >= @from AND u.start < @to',
  days: 'usage_sums u WHERE u.step = 1 AND u.kept = @kept AND u.start >= @from AND u.start < @to',
  localDays: `(${LOCAL_DAYS}) u WHERE true`,
};
const STARTS = { hours: 'u.start', days: 'u.start', localDays: 'u.base' };

type Source = keyof typeof SOURCES;
type SumBindings = Bindings & { kept: number | null; days: string; low: number; high: number; sign: number };

const NO_EDGES = { days: '[]', low: 0, high: 0, sign: 0 };

/** Hours and days read in one go at first, and at most. */
const FIRST_HOURS = 6;
const FIRST_DAYS = 2;
const MOST_DAYS = 128;
/** What a reading may hold the gateway's thread, ms; below the other more is read in one go. */
const LONG = 3;
const SHORT = 1;

/** Reads pieces of a span from the table of sums. */
export class UsagePieces {
  readonly #db: Database;
  readonly #statements = new Map<string, ReturnType<typeof prepareSource>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Hours of a grouping, by the hour or all together. */
  async *hours(
    piece: Piece & { from: 'hours' },
    groupBy: readonly UsageDimension[],
    bindings: Bindings,
    byHour: boolean,
  ): AsyncGenerator<Cell[], void, undefined> {
    const { span, kept } = piece;
    let hours = FIRST_HOURS;
    for (let start = span.from; start < span.to; ) {
      const end = Math.min(span.to, start + hours * HOUR_MS);
      const begun = performance.now();
      yield this.#statement('hours', groupBy, byHour).all({
        ...bindings,
        from: start,
        to: end,
        kept,
        ...NO_EDGES,
      });
      hours = nextCount(hours, performance.now() - begun, 24 * MOST_DAYS);
      start = end;
      await nextTurn();
    }
  }

  /** Days of a grouping with their edges; a group of the day in UTC that is not of the local one comes to nothing. */
  async *days(
    piece: Piece & { from: 'days' },
    groupBy: readonly UsageDimension[],
    bindings: Bindings,
    byDay: boolean,
  ): AsyncGenerator<Cell[], void, undefined> {
    let days = FIRST_DAYS;
    for (let done = 0; done < piece.count; ) {
      const count = Math.min(days, piece.count - done);
      const begun = performance.now();
      yield this.#someDays({ ...piece, first: piece.first + done * DAY_MS, count }, groupBy, bindings, byDay);
      days = nextCount(days, performance.now() - begun, MOST_DAYS);
      done += count;
      await nextTurn();
    }
  }

  #someDays(
    { first, count, shift, kept }: Piece & { from: 'days' },
    groupBy: readonly UsageDimension[],
    bindings: Bindings,
    byDay: boolean,
  ): Cell[] {
    const whole = { ...bindings, from: first, to: first + count * DAY_MS, kept, ...NO_EDGES };
    if (shift === 0) return this.#statement('days', groupBy, byDay).all(whole);
    const days = JSON.stringify(Array.from({ length: count }, (_, index) => first + index * DAY_MS));
    // The hours before the day in UTC are taken along and those at its end left out, or the other way round.
    const edges = { low: Math.min(0, shift), high: Math.max(0, shift), sign: shift < 0 ? 1 : -1 };
    const found = this.#statement('localDays', groupBy, byDay).all({ ...whole, days, ...edges });
    for (const cell of found) cell.hour += shift;
    return found;
  }

  #statement(source: Source, groupBy: readonly UsageDimension[], byStart: boolean) {
    const id = [source, byStart, ...groupBy].join(' ');
    const known = this.#statements.get(id) ?? prepareSource(this.#db, source, groupBy, byStart);
    this.#statements.set(id, known);
    return known;
  }
}

function prepareSource(db: Database, source: Source, groupBy: readonly UsageDimension[], byStart: boolean) {
  const dimensions = DIMENSIONS.map((dimension) =>
    groupBy.includes(dimension) ? `${COLUMNS[dimension]} AS ${dimension}` : `0 AS ${dimension}`,
  );
  const start = STARTS[source];
  const groups = [...(byStart ? [start] : []), ...groupBy.map((dimension) => COLUMNS[dimension])];
  return db.prepare<SumBindings, Cell>(
    `SELECT ifnull(min(${start}), 0) AS hour, ${dimensions.join(', ')}, ${sums(source === 'localDays' ? 'CAST(u.sign AS INTEGER) * ' : '')}
     FROM ${SOURCES[source]} AND ${OF_MEMBER} AND ${FILTERS}
     ${groups.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${groups.join(', ')}`}`,
  );
}

function nextCount(count: number, tookMs: number, most: number): number {
  if (tookMs > LONG) return Math.max(1, count >> 1);
  return tookMs < SHORT ? Math.min(most, count * 2) : count;
}
