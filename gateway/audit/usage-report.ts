import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';

export type UsageDimension = 'model' | 'member' | 'key' | 'provider' | 'tool';
type UsageStep = 'hour' | 'day' | 'total';

interface UsageSums {
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

/** Sums of one step and group. Of the group only what was asked for is there; null: nobody or nothing was identified. */
export interface UsageRow extends UsageSums {
  /** Start of the step, ISO 8601 in UTC. */
  start: string;
  model?: string | null;
  memberId?: string | null;
  memberName?: string | null;
  keyId?: string | null;
  keyName?: string | null;
  keyPrefix?: string | null;
  providerId?: string | null;
  providerName?: string | null;
  tool?: string | null;
}

export interface UsageAnswer {
  /** By start, then the most used first. */
  rows: UsageRow[];
  totals: UsageSums;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

const STEPS_MS = { hour: HOUR_MS, day: DAY_MS, total: Number.MAX_SAFE_INTEGER };

/** Old hours that are read in one go at first. */
const FIRST_STEP_MS = 6 * HOUR_MS;
const LONGEST_STEP_MS = 32 * DAY_MS;
/** What a step may hold the gateway's thread, ms; below the other a longer one is tried. */
const LONG = 3;
const SHORT = 1;
/** Rows put together in one go: about a millisecond. */
const SHAPED_ROWS = 500;

/** Ids are 0 where nobody or nothing was identified. */
interface Cell extends UsageSums {
  hour: number;
  member: number;
  key: number;
  model: number;
  provider: number;
  tool: number;
}

type Bindings = Record<'from' | 'to' | 'rolledUpTo' | 'ahead' | 'step', number> &
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
 * would put together anyway: a cell is worth more than ten of its rows.
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
  GROUP BY ${[`(u.hour + @ahead) / @step`, ...group].join(', ')}`;
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

/** Reports what was used, from the hourly roll-ups and the rows behind them. */
export class UsageReport {
  readonly #names: Names;
  readonly #rolledUpTo: () => number;
  readonly #wall: () => number;
  readonly #hours = new Map<string, HoursStatement>();
  readonly #db: Database;
  readonly #behind;
  readonly #oldestBehind;
  readonly #oldestHour;
  readonly #member;
  readonly #key;
  readonly #provider;

  constructor(db: Database, names: Names, rolledUpTo: () => number, wall: () => number) {
    this.#names = names;
    this.#rolledUpTo = rolledUpTo;
    this.#wall = wall;
    this.#db = db;
    this.#behind = db.prepare<Bindings, Cell>(BEHIND);
    this.#oldestBehind = db.prepare<[number], { at: number | null }>(
      'SELECT min(at) AS at FROM requests NOT INDEXED WHERE id > ?',
    );
    this.#oldestHour = db.prepare<[], { hour: number | null }>(
      `SELECT min((SELECT hour FROM usage_hours WHERE member_id = who.id ORDER BY hour LIMIT 1)) AS hour
       FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who`,
    );
    this.#member = db.prepare<[number], { name: string }>('SELECT name FROM members WHERE id = ?');
    this.#key = db.prepare<[number], { name: string; prefix: string }>(
      'SELECT name, prefix FROM api_keys WHERE id = ?',
    );
    this.#provider = db.prepare<[number], { name: string }>('SELECT name FROM providers WHERE id = ?');
  }

  /** @param signal stops a report nobody waits for any more */
  async report(query: UsageQuery, signal?: AbortSignal): Promise<UsageAnswer> {
    const table = new SumTable(query);
    for await (const cells of this.#cells(query)) {
      signal?.throwIfAborted();
      for (const cell of cells) table.add(cell);
    }
    return { rows: await this.#rows(table, query.groupBy, signal), totals: table.totals };
  }

  async #rows(
    table: SumTable,
    groupBy: readonly UsageDimension[],
    signal?: AbortSignal,
  ): Promise<UsageRow[]> {
    const rows: UsageRow[] = [];
    const named = this.#naming(groupBy);
    let sinceTurn = 0;
    for (const { start, groups } of table.byStart()) {
      for (const { cell, sums } of groups) {
        rows.push({ start: new Date(start).toISOString(), ...named(cell), ...sums });
        if (++sinceTurn < SHAPED_ROWS) continue;
        sinceTurn = 0;
        await nextTurn();
        signal?.throwIfAborted();
      }
    }
    return rows;
  }

  /**
   * Old hours are read some at a time, as many as take a few milliseconds, and other work passes in between. The
   * hours that a roll-up may still change are read last, in one go with the rows behind the mark: so no request is
   * missed or counted twice.
   */
  async *#cells(query: UsageQuery): AsyncGenerator<Cell[], void, undefined> {
    const bindings = this.#bindings(query);
    if (bindings === null) return;
    const hours = this.#hoursBy(query.groupBy);
    const firstOpen = this.#firstOpenHour();
    const closed = Math.min(bindings.to, firstOpen);
    let start = Math.max(bindings.from, this.#firstHour(firstOpen));
    for (let step = FIRST_STEP_MS; start < closed; ) {
      const end = Math.min(start + step, closed);
      const begun = performance.now();
      yield hours.all({ ...bindings, from: start, to: end });
      step = nextStep(step, performance.now() - begun);
      start = end;
      await nextTurn();
    }
    const open = { ...bindings, from: start, rolledUpTo: this.#rolledUpTo() };
    yield [...hours.all(open), ...this.#behind.all(open)];
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
    return {
      from: floorTo(query.from, HOUR_MS),
      to: floorTo(query.to + HOUR_MS - 1, HOUR_MS),
      rolledUpTo: 0,
      ahead: query.step === 'day' ? query.timeZoneOffsetMinutes * MINUTE_MS : 0,
      step: STEPS_MS[query.step],
      member: query.memberId ?? null,
      key: query.keyId ?? null,
      provider: query.providerId ?? null,
      model,
      tool,
    };
  }

  /** Names what cells are of; each name is looked up once a report. */
  #naming(groupBy: readonly UsageDimension[]): (cell: Cell) => Partial<UsageRow> {
    const known = new Map(groupBy.map((dimension) => [dimension, new Map<number, Partial<UsageRow>>()]));
    const nameOf = (dimension: UsageDimension, id: number) => {
      const name = known.get(dimension)?.get(id) ?? this.#namedAs[dimension](id);
      known.get(dimension)?.set(id, name);
      return name;
    };
    return (cell) => Object.assign({}, ...groupBy.map((dimension) => nameOf(dimension, cell[dimension])));
  }

  readonly #namedAs: Record<UsageDimension, (id: number) => Partial<UsageRow>> = {
    model: (id) => ({ model: this.#names.text(id || null) }),
    tool: (id) => ({ tool: this.#names.text(id || null) }),
    member: (id) => ({ memberId: idText(id), memberName: this.#member.get(id)?.name ?? null }),
    key: (id) => {
      const key = this.#key.get(id);
      return { keyId: idText(id), keyName: key?.name ?? null, keyPrefix: key?.prefix ?? null };
    },
    provider: (id) => ({ providerId: idText(id), providerName: this.#provider.get(id)?.name ?? null }),
  };
}

interface Group {
  /** One of those it is the sum of. */
  cell: Cell;
  sums: UsageSums;
}

/** Adds cells up by step and group. */
class SumTable {
  readonly #query: UsageQuery;
  readonly #groups = new Map<number, Map<string, Group>>();
  readonly totals: UsageSums = noSums();

  constructor(query: UsageQuery) {
    this.#query = query;
  }

  add(cell: Cell): void {
    const start = this.#startOf(cell.hour);
    const id = this.#query.groupBy.map((dimension) => cell[dimension]).join(' ');
    let groups = this.#groups.get(start);
    if (groups === undefined) {
      groups = new Map();
      this.#groups.set(start, groups);
    }
    let group = groups.get(id);
    if (group === undefined) {
      group = { cell, sums: noSums() };
      groups.set(id, group);
    }
    for (const name of SUM_NAMES) {
      group.sums[name] += cell[name];
      this.totals[name] += cell[name];
    }
  }

  /** In order of time; of each step the most used group first. */
  *byStart(): Generator<{ start: number; groups: Group[] }, void, undefined> {
    const weight = ({ sums }: Group) => sums.inputTokens + sums.outputTokens + sums.requests + sums.refused;
    for (const start of [...this.#groups.keys()].sort((a, b) => a - b)) {
      const groups = [...(this.#groups.get(start)?.values() ?? [])];
      yield { start, groups: groups.sort((a, b) => weight(b) - weight(a)) };
    }
  }

  #startOf(hour: number): number {
    const { step, from, timeZoneOffsetMinutes } = this.#query;
    if (step === 'total') return floorTo(from, HOUR_MS);
    if (step === 'hour') return hour;
    const ahead = timeZoneOffsetMinutes * MINUTE_MS;
    return floorTo(hour + ahead, DAY_MS) - ahead;
  }
}

const SUM_NAMES = Object.keys(noSums()) as (keyof UsageSums)[];

function noSums(): UsageSums {
  return {
    requests: 0,
    refused: 0,
    failed: 0,
    inputTokens: 0,
    outputTokens: 0,
    cachedTokens: 0,
    reasoningTokens: 0,
    costMicros: 0,
    chargedTokens: 0,
  };
}

/** A step that fits how long the last one took: members and their hours may be few or many. */
function nextStep(step: number, tookMs: number): number {
  if (tookMs > LONG) return Math.max(HOUR_MS, floorTo(step / 2, HOUR_MS));
  return tookMs < SHORT ? Math.min(LONGEST_STEP_MS, step * 2) : step;
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function idText(id: number): string | null {
  return id === 0 ? null : String(id);
}
