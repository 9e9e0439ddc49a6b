import type { Database } from '../store/store.ts';
import { inPieces, Pace } from './in-pieces.ts';
import type { Names } from './names.ts';
import { type Span, UsageBuckets } from './usage-buckets.ts';
import { COLUMNS, DIMENSIONS, dimensionColumns, sumColumns } from './usage-columns.ts';
import { coverOf, type Reach } from './usage-cover.ts';
import type { UsageMonths } from './usage-months.ts';
import { groupingFor, UsagePieces } from './usage-pieces.ts';

export type UsageDimension = 'model' | 'member' | 'key' | 'provider' | 'tool';
/** A week is seven local days, the first of them that in which the span begins; a month is one of the calendar. */
type UsageStep = 'hour' | 'day' | 'week' | 'month' | 'total';

export interface UsageSums {
  /** Admitted. */
  requests: number;
  refused: number;
  /** Admitted, ended in an error. */
  failed: number;
  inputTokens: number;
  outputTokens: number;
  cachedTokens: number;
  reasoningTokens: number;
  costMicros: number;
  chargedTokens: number;
}

export interface UsageQuery {
  /** Wall-clock ms; widened to whole hours, the finest step that is kept for ever. */
  from: number;
  /** Exclusive. */
  to: number;
  step: UsageStep;
  groupBy: readonly UsageDimension[];
  /** Minutes to add to UTC for the local time whose days are meant. */
  timeZoneOffsetMinutes: number;
  memberId?: number | undefined;
  keyId?: number | undefined;
  model?: string | undefined;
  providerId?: number | undefined;
  tool?: string | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** What rows are summed by as they are read: weeks and months are put together from days. */
const STEPS_MS = { hour: HOUR_MS, day: DAY_MS, week: DAY_MS, month: DAY_MS, total: Number.MAX_SAFE_INTEGER };

/** Old hours that are read in one go at first and at most. */
const HOURS_AT_ONCE = { ms: HOUR_MS, first: 3, most: 32 * 24 };

/** Ids are 0 where nobody or nothing was identified. */
export interface Cell extends UsageSums {
  hour: number;
  member: number;
  key: number;
  model: number;
  provider: number;
  tool: number;
}

export type Bindings = Record<'from' | 'to' | 'rolledUpTo' | 'ahead' | 'step', number> &
  Record<UsageDimension, number | null>;

/**
 * `usage_hours` begins with the member, so a span is read member by member; 0 is nobody. SQLite sums what the report
 * would put together anyway: a cell is worth more than ten of its rows. Numbers are bound as REAL, hence the casts.
 */
function hoursBy(groupBy: readonly UsageDimension[]): string {
  const group = groupBy.map((dimension) => COLUMNS[dimension]);
  return `
  SELECT min(u.hour) AS hour, ${dimensionColumns(groupBy)}, ${sumColumns((column) => `sum(${column})`)}
  FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who
    CROSS JOIN usage_hours u ON u.member_id = who.id AND u.hour >= @from AND u.hour < @to
  WHERE (@member IS NULL OR who.id = @member) AND (@key IS NULL OR u.key_id = @key) AND (@model IS NULL OR u.model = @model)
    AND (@provider IS NULL OR u.provider_id = @provider) AND (@tool IS NULL OR u.tool = @tool)
  GROUP BY ${[`(u.hour + CAST(@ahead AS INTEGER)) / CAST(@step AS INTEGER)`, ...group].join(', ')}`;
}

function prepareHours(db: Database, groupBy: readonly UsageDimension[]) {
  return db.prepare<Bindings, Cell>(hoursBy(groupBy));
}

type HoursStatement = ReturnType<typeof prepareHours>;

/** Rows the roll-ups do not hold yet, summed as the roll-up will sum them. */
const BEHIND = `
  SELECT at / ${HOUR_MS} * ${HOUR_MS} AS hour, ifnull(member_id, 0) AS member, ifnull(key_id, 0) AS key, ifnull(model, 0) AS model,
    ifnull(provider_id, 0) AS provider, tool, sum(counted > 0) AS requests, sum(counted = 0) AS refused,
    sum(counted > 0 AND status >= 400) AS failed, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
    sum(cached_tokens) AS cachedTokens, sum(reasoning_tokens) AS reasoningTokens, sum(cost_micros) AS costMicros,
    sum(charged_tokens) AS chargedTokens
  FROM requests NOT INDEXED WHERE id > @rolledUpTo AND at >= @from AND at < @to
    AND (@member IS NULL OR member_id = @member) AND (@key IS NULL OR key_id = @key) AND (@model IS NULL OR model = @model)
    AND (@provider IS NULL OR provider_id = @provider) AND (@tool IS NULL OR tool = @tool)
  GROUP BY 1, 2, 3, 4, 5, 6`;

/** How far the roll-up has come, and an upgrade's catching up. */
export interface UsageMarks {
  /** The last row that is rolled up. */
  rolledUpTo: () => number;
  /** Hours from here on are in the table of sums, ms. */
  sumsFrom: () => number;
  /** Hours from here on are in the sums of months, ms. */
  monthsFrom: () => number;
}

/** What is read for a question, and from where. */
export interface UsagePlan {
  bindings: Bindings;
  /** Dimensions that are filtered by. */
  filters: readonly UsageDimension[];
  /** The grouping of the table of sums that tells of all that is asked; null: none does. */
  kept: number | null;
  /** Hours that no roll-up changes any more; those from its end on may still change. */
  closed: Span;
  /** Sums are whole within it. */
  reach: Reach;
  buckets: UsageBuckets;
}

/** Reads what was used, from the sums of months, days and hours, the hourly roll-ups, and the rows behind them. */
export class UsageCells {
  readonly #names: Names;
  readonly #marks: UsageMarks;
  readonly #wall: () => number;
  readonly #hours = new Map<string, HoursStatement>();
  readonly #db: Database;
  readonly #behind;
  readonly #oldestBehind;
  readonly #oldestHour;
  readonly #memberOf;
  readonly #pieces: UsagePieces;

  constructor(db: Database, names: Names, marks: UsageMarks, wall: () => number, months: UsageMonths) {
    this.#pieces = new UsagePieces(db, months);
    this.#names = names;
    this.#marks = marks;
    this.#wall = wall;
    this.#db = db;
    this.#behind = db.prepare<Bindings, Cell>(BEHIND);
    this.#oldestBehind = db.prepare<[number], { at: number | null }>(
      'SELECT min(at) AS at FROM requests NOT INDEXED WHERE id > ?',
    );
    this.#memberOf = db.prepare<[number], { memberId: number }>(
      'SELECT member_id AS memberId FROM api_keys WHERE id = ?',
    );
    this.#oldestHour = db.prepare<[], { hour: number | null }>(
      `SELECT min((SELECT hour FROM usage_hours WHERE member_id = who.id ORDER BY hour LIMIT 1)) AS hour
       FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who`,
    );
  }

  /**
   * Old hours are read some at a time, as many as take a few milliseconds, and other work passes in between. The
   * hours that a roll-up may still change are read last, in one go with the rows behind the mark: so no request is
   * missed or counted twice.
   */
  async *read(query: UsageQuery): AsyncGenerator<Cell[], void, undefined> {
    const plan = this.plan(query);
    if (plan === null) return;
    yield* this.#closed(query, plan);
    yield this.open(query, plan);
  }

  /** @returns null when nothing can match */
  plan(query: UsageQuery): UsagePlan | null {
    const bindings = this.#bindings(query);
    if (bindings === null) return null;
    const firstOpen = this.#firstOpenHour();
    const to = Math.min(bindings.to, firstOpen);
    const from = Math.min(Math.max(bindings.from, this.#firstHour(firstOpen)), to);
    const filters = DIMENSIONS.filter((dimension) => bindings[dimension] !== null);
    // A key is its member's alone: what else is asked of the member adds nothing.
    const told = bindings.key === null ? filters : filters.filter((dimension) => dimension !== 'member');
    return {
      ...{ bindings, filters, kept: groupingFor([...query.groupBy, ...told]) },
      closed: { from, to },
      reach: { from: this.#marks.sumsFrom(), to: firstOpen, monthsFrom: this.#marks.monthsFrom() },
      buckets: new UsageBuckets(query),
    };
  }

  /** What a roll-up may still change: to be read in one go. */
  open({ groupBy }: UsageQuery, { bindings, closed }: UsagePlan): Cell[] {
    const from = Math.max(bindings.from, closed.to);
    const open = { ...bindings, from, rolledUpTo: this.#marks.rolledUpTo() };
    return [...this.#hoursBy(groupBy).all(open), ...this.#behind.all(open)];
  }

  async *#closed({ step, groupBy }: UsageQuery, plan: UsagePlan): AsyncGenerator<Cell[], void, undefined> {
    const { bindings, kept, closed, reach, buckets } = plan;
    const pace = new Pace();
    const hourly = (span: Span) =>
      inPieces(span, HOURS_AT_ONCE, pace, (piece) => this.#hoursBy(groupBy).all({ ...bindings, ...piece }));
    if (kept === null) {
      yield* hourly(closed);
      return;
    }
    const summed = { from: Math.min(Math.max(closed.from, reach.from), closed.to), to: closed.to };
    yield* hourly({ from: closed.from, to: summed.from });
    const asked = { groupBy, kept, bindings, pace };
    if (step === 'hour') yield* this.#pieces.hours(summed, asked);
    else if (step === 'day') yield* this.#pieces.localDays(summed, asked);
    else {
      for (const bucket of buckets.cut(summed)) {
        for (const part of coverOf(bucket, reach)) yield* this.#pieces.part(part, bucket.from, asked);
      }
    }
  }

  #hoursBy(groupBy: readonly UsageDimension[]): HoursStatement {
    const id = groupBy.join(' ');
    const known = this.#hours.get(id) ?? prepareHours(this.#db, groupBy);
    this.#hours.set(id, known);
    return known;
  }

  /** The first hour anything is known of. */
  #firstHour(firstOpen: number): number {
    return Math.min(this.#oldestHour.get()?.hour ?? firstOpen, firstOpen);
  }

  /** The hour of the oldest row that is not rolled up. */
  #firstOpenHour(): number {
    const oldest = this.#oldestBehind.get(this.#marks.rolledUpTo())?.at ?? this.#wall();
    return floorTo(Math.min(oldest, this.#wall()), HOUR_MS);
  }

  /** @returns null when nothing can match */
  #bindings(query: UsageQuery): Bindings | null {
    const model = query.model === undefined ? null : this.#names.find(query.model);
    const tool = query.tool === undefined ? null : this.#names.find(query.tool);
    if (model === undefined || tool === undefined) return null;
    const ofKey = query.keyId === undefined ? undefined : this.#memberOf.get(query.keyId)?.memberId;
    const { memberId = ofKey } = query;
    if (ofKey !== undefined && memberId !== ofKey) return null;
    return {
      from: floorTo(query.from, HOUR_MS),
      to: floorTo(query.to + HOUR_MS - 1, HOUR_MS),
      rolledUpTo: 0,
      ahead: query.step !== 'hour' && query.step !== 'total' ? query.timeZoneOffsetMinutes * MINUTE_MS : 0,
      step: STEPS_MS[query.step],
      member: memberId ?? null,
      key: query.keyId ?? null,
      provider: query.providerId ?? null,
      model,
      tool,
    };
  }
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
