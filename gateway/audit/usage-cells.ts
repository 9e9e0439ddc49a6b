import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';
import { groupingFor, piecesOf, UsagePieces } from './usage-pieces.ts';

export type UsageDimension = 'model' | 'member' | 'key' | 'provider' | 'tool';
type UsageStep = 'hour' | 'day' | 'total';

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

const STEPS_MS = { hour: HOUR_MS, day: DAY_MS, total: Number.MAX_SAFE_INTEGER };

/** Old hours that are read in one go at first. */
const FIRST_STEP_MS = 3 * HOUR_MS;
const LONGEST_STEP_MS = 32 * DAY_MS;
/** What a step may hold the gateway's thread, ms; below the other a longer one is tried. */
const LONG = 3;
const SHORT = 1;
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

const COLUMNS: Readonly<Record<UsageDimension, string>> = {
  model: 'u.model',
  member: 'u.member_id',
  key: 'u.key_id',
  provider: 'u.provider_id',
  tool: 'u.tool',
};

/**
 * `usage_hours` begins with the member, so a span is read member by member; 0 is nobody. SQLite sums what the report
 * would put together anyway: a cell is worth more than ten of its rows. Numbers are bound as REAL, hence the casts.
 */
function hoursBy(groupBy: readonly UsageDimension[]): string {
  const group = groupBy.map((dimension) => COLUMNS[dimension]);
  const dimensions = Object.entries(COLUMNS).map(([dimension, column]) =>
    group.includes(column) ? `${column} AS ${dimension}` : `0 AS ${dimension}`,
  );
  return `
  SELECT min(u.hour) AS hour, ${dimensions.join(', ')}, sum(u.requests) AS requests, sum(u.refused) AS refused,
    sum(u.failed) AS failed, sum(u.input_tokens) AS inputTokens, sum(u.output_tokens) AS outputTokens,
    sum(u.cached_tokens) AS cachedTokens, sum(u.reasoning_tokens) AS reasoningTokens, sum(u.cost_micros) AS costMicros,
    sum(u.charged_tokens) AS chargedTokens
  FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who
    CROSS JOIN usage_hours u ON u.member_id = who.id AND u.hour >= @from AND u.hour < @to
  WHERE (@member IS NULL OR who.id = @member) AND (@key IS NULL OR u.key_id = @key) AND (@model IS NULL OR u.model = @model)
    AND (@provider IS NULL OR u.provider_id = @provider) AND (@tool IS NULL OR u.tool = @tool)
  GROUP BY ${[`(u.hour + CAST(@ahead AS INTEGER)) / CAST(@step AS INTEGER)`, ...group].join(', ')}`;
}

function prepareHours(db: Database, groupBy: readonly UsageDimension[]) {
  return db.prepare<Bindings, Cell>(hoursBy(groupBy));
}

const DIMENSIONS = Object.keys(COLUMNS) as UsageDimension[];

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

/** Reads what was used, from the sums of days and hours, the hourly roll-ups, and the rows behind them. */
export class UsageCells {
  readonly #names: Names;
  readonly #rolledUpTo: () => number;
  readonly #wall: () => number;
  readonly #hours = new Map<string, HoursStatement>();
  readonly #db: Database;
  readonly #behind;
  readonly #oldestBehind;
  readonly #oldestHour;
  readonly #memberOf;
  readonly #pieces: UsagePieces;
  readonly #sumsFrom: () => number;

  /** @param sumsFrom hours from here on are in the table of sums, ms */
  constructor(
    db: Database,
    names: Names,
    rolledUpTo: () => number,
    wall: () => number,
    sumsFrom: () => number,
  ) {
    this.#pieces = new UsagePieces(db);
    this.#sumsFrom = sumsFrom;
    this.#names = names;
    this.#rolledUpTo = rolledUpTo;
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
    const bindings = this.#bindings(query);
    if (bindings === null) return;
    const firstOpen = this.#firstOpenHour();
    const closed = Math.min(bindings.to, firstOpen);
    const start = Math.min(Math.max(bindings.from, this.#firstHour(firstOpen)), closed);
    yield* this.#closed(query, { ...bindings, from: start, to: closed });
    const open = { ...bindings, from: Math.max(bindings.from, closed), rolledUpTo: this.#rolledUpTo() };
    yield [...this.#hoursBy(query.groupBy).all(open), ...this.#behind.all(open)];
  }

  /** Hours that no roll-up changes any more. */
  async *#closed(query: UsageQuery, bindings: Bindings): AsyncGenerator<Cell[], void, undefined> {
    const { step, groupBy } = query;
    const filters = DIMENSIONS.filter((dimension) => bindings[dimension] !== null);
    // A key is its member's alone: what else is asked of the member adds nothing.
    const told = bindings.key === null ? filters : filters.filter((dimension) => dimension !== 'member');
    const pieces = piecesOf({
      kept: groupingFor([...groupBy, ...told]),
      span: { from: bindings.from, to: bindings.to },
      summedFrom: this.#sumsFrom(),
      ahead: bindings.ahead,
      step,
    });
    for (const piece of pieces) {
      if (piece.from === 'days') yield* this.#pieces.days(piece, groupBy, bindings, step === 'day');
      else if (piece.kept === null) yield* this.#hourly(query, { ...bindings, ...piece.span });
      else yield* this.#pieces.hours(piece, groupBy, bindings, step !== 'total');
    }
  }

  async *#hourly(query: UsageQuery, bindings: Bindings): AsyncGenerator<Cell[], void, undefined> {
    const hours = this.#hoursBy(query.groupBy);
    let start = bindings.from;
    for (let step = FIRST_STEP_MS; start < bindings.to; ) {
      const end = Math.min(start + step, bindings.to);
      const begun = performance.now();
      yield hours.all({ ...bindings, from: start, to: end });
      step = nextStep(step, performance.now() - begun);
      start = end;
      await nextTurn();
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
    const oldest = this.#oldestBehind.get(this.#rolledUpTo())?.at ?? this.#wall();
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
      ahead: query.step === 'day' ? query.timeZoneOffsetMinutes * MINUTE_MS : 0,
      step: STEPS_MS[query.step],
      member: memberId ?? null,
      key: query.keyId ?? null,
      provider: query.providerId ?? null,
      model,
      tool,
    };
  }
}

/** A step that fits how long the last one took: members and their hours may be few or many. */
function nextStep(step: number, tookMs: number): number {
  if (tookMs > LONG) return Math.max(HOUR_MS, floorTo(step / 2, HOUR_MS));
  return tookMs < SHORT ? Math.min(LONGEST_STEP_MS, step * 2) : step;
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
