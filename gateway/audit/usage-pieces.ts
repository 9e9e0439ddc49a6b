import type { Database } from '../store/store.ts';
import { inPieces, type Pace } from './in-pieces.ts';
import type { Span } from './usage-buckets.ts';
import type { Bindings, Cell, UsageDimension } from './usage-cells.ts';
import { COLUMNS, dimensionColumns, MATCHING, sumColumns } from './usage-columns.ts';
import type { Part } from './usage-cover.ts';
import type { UsageMonths } from './usage-months.ts';
import { GROUPINGS, KEPT, STEPS } from './usage-sums.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Where a part of a span of days is read from. */
type Piece =
  /** Hours one after the other. */
  | { from: 'hours'; span: Span }
  /** Whole days of some time zone: days in UTC from `first` on, each moved by `shift` with the hours on its edges. */
  | { from: 'days'; first: number; count: number; shift: number };

/** @returns the smallest grouping that tells of all these dimensions; null: only `usage_hours` does */
export function groupingFor(dimensions: readonly UsageDimension[]): number | null {
  const needed = dimensions.reduce((mask, dimension) => mask | KEPT[dimension], 0);
  return GROUPINGS.find((mask) => (mask & needed) === needed) ?? null;
}

/**
 * Cuts a span into pieces so that local days are read from as little as possible. Sums are kept of days in UTC: a day
 * of another time zone is the one in UTC that begins next to it, without the hours on one edge and with those on the
 * other.
 * @param span whole hours that are summed, none of which a roll-up may still change
 * @param ahead how local time is ahead of UTC, ms
 */
export function localDaysOf({ from, to }: Span, ahead: number): Piece[] {
  const hours = (start: number, end: number): Piece[] =>
    start < end ? [{ from: 'hours', span: { from: start, to: end } }] : [];
  const shift = shiftOf(ahead);
  // The day in UTC and the one that is meant both lie in the span.
  const first = Math.ceil(Math.max(from, from - shift) / DAY_MS) * DAY_MS;
  const count = Math.floor((Math.min(to, to - shift) - first) / DAY_MS);
  if (count <= 0) return hours(from, to);
  const start = first + shift;
  return [...hours(from, start), { from: 'days', first, count, shift }, ...hours(start + count * DAY_MS, to)];
}

/** From a day in UTC to the local day that begins nearest to it, in whole hours, as hours are told apart. */
function shiftOf(ahead: number): number {
  const behind = (((-ahead % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS;
  const shift = Math.ceil(behind) % 24;
  return (shift > 12 ? shift - 24 : shift) * HOUR_MS;
}

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
  sums: 'usage_sums u WHERE u.step = @level AND u.kept = @kept AND u.start >= @from AND u.start < @to',
  localDays: `(${LOCAL_DAYS}) u WHERE true`,
};
const STARTS = { sums: 'u.start', localDays: 'u.base' };
const SIGNED = {
  sums: (column: string) => `CAST(@sign AS INTEGER) * sum(${column})`,
  localDays: (column: string) => `sum(CAST(u.sign AS INTEGER) * ${column})`,
};

type Source = keyof typeof SOURCES;
type SumBindings = Bindings & {
  level: number;
  kept: number;
  days: string;
  low: number;
  high: number;
  sign: number;
};

const NO_EDGES = { days: '[]', low: 0, high: 0 };

/** How long what is summed is, ms; and how many are read in one go at first and at most. */
export const UNITS = {
  hour: { ms: HOUR_MS, first: 6, most: 3_072 },
  day: { ms: DAY_MS, first: 2, most: 128 },
} as const;

/** What is asked for of each piece. */
export interface Asked {
  groupBy: readonly UsageDimension[];
  kept: number;
  bindings: Bindings;
  pace: Pace;
}

/** Reads pieces of a span from the tables of sums. */
export class UsagePieces {
  readonly #db: Database;
  readonly #months: UsageMonths;
  readonly #statements = new Map<string, ReturnType<typeof prepareSource>>();

  constructor(db: Database, months: UsageMonths) {
    this.#db = db;
    this.#months = months;
  }

  /** A span by the hour. */
  hours(span: Span, asked: Asked): AsyncGenerator<Cell[], void, undefined> {
    return this.#sums('hour', span, 1, asked, true);
  }

  /** A part of a step, put down to that step's start. */
  async *part(
    { level, sign, ...span }: Part,
    start: number,
    asked: Asked,
  ): AsyncGenerator<Cell[], void, undefined> {
    const found =
      level === 'month' ? this.#months.cells(span, asked) : this.#sums(level, span, sign, asked, false);
    for await (const cells of found) {
      for (const cell of cells) cell.hour = start;
      yield cells;
    }
  }

  #sums(
    step: keyof typeof STEPS,
    span: Span,
    sign: Part['sign'],
    { groupBy, kept, bindings, pace }: Asked,
    byStart: boolean,
  ) {
    const statement = this.#statement('sums', groupBy, byStart);
    const facts = { ...bindings, ...NO_EDGES, level: STEPS[step], kept, sign };
    return inPieces(span, UNITS[step], pace, (piece) => statement.all({ ...facts, ...piece }));
  }

  /** A span by local days; a group of the day in UTC that is not of the local one comes to nothing. */
  async *localDays(span: Span, asked: Asked): AsyncGenerator<Cell[], void, undefined> {
    for (const piece of localDaysOf(span, asked.bindings.ahead)) {
      if (piece.from === 'hours') {
        yield* this.hours(piece.span, asked);
        continue;
      }
      const { first, count, shift } = piece;
      const days = { from: first, to: first + count * DAY_MS };
      yield* inPieces(days, UNITS.day, asked.pace, (some) => this.#someDays(some, shift, asked));
    }
  }

  #someDays({ from, to }: Span, shift: number, { groupBy, kept, bindings }: Asked): Cell[] {
    const whole = { ...bindings, ...NO_EDGES, from, to, level: STEPS.day, kept, sign: 1 };
    if (shift === 0) return this.#statement('sums', groupBy, true).all(whole);
    const starts = Array.from({ length: (to - from) / DAY_MS }, (_, index) => from + index * DAY_MS);
    // The hours before the day in UTC are taken along and those at its end left out, or the other way round.
    const edges = { low: Math.min(0, shift), high: Math.max(0, shift), sign: shift < 0 ? 1 : -1 };
    const statement = this.#statement('localDays', groupBy, true);
    const found = statement.all({ ...whole, days: JSON.stringify(starts), ...edges });
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
  const start = STARTS[source];
  const groups = [...(byStart ? [start] : []), ...groupBy.map((dimension) => COLUMNS[dimension])];
  return db.prepare<SumBindings, Cell>(
    `SELECT ifnull(min(${start}), 0) AS hour, ${dimensionColumns(groupBy)}, ${sumColumns(SIGNED[source])}
     FROM ${SOURCES[source]} AND ${MATCHING}
     ${groups.length === 0 ? 'HAVING count(*) > 0' : `GROUP BY ${groups.join(', ')}`}`,
  );
}
