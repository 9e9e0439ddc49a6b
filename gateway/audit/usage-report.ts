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

/** Ids are 0 where nobody or nothing was identified. */
interface Cell extends UsageSums {
  hour: number;
  member: number;
  key: number;
  model: number;
  provider: number;
  tool: number;
}

type Bindings = Record<'from' | 'to' | 'rolledUpTo', number> & Record<UsageDimension, number | null>;

/** `usage_hours` begins with the member, so a span is read member by member; 0 is nobody. */
const HOURS = `
  SELECT u.hour, u.member_id AS member, u.key_id AS key, u.model, u.provider_id AS provider, u.tool, u.requests, u.refused, u.failed,
    u.input_tokens AS inputTokens, u.output_tokens AS outputTokens, u.cached_tokens AS cachedTokens,
    u.reasoning_tokens AS reasoningTokens, u.cost_micros AS costMicros, u.charged_tokens AS chargedTokens
  FROM (SELECT 0 AS id UNION ALL SELECT id FROM members) AS who
    CROSS JOIN usage_hours u ON u.member_id = who.id AND u.hour >= @from AND u.hour < @to
  WHERE (@member IS NULL OR who.id = @member) AND (@key IS NULL OR u.key_id = @key) AND (@model IS NULL OR u.model = @model)
    AND (@provider IS NULL OR u.provider_id = @provider) AND (@tool IS NULL OR u.tool = @tool)`;

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
  readonly #hours;
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
    this.#hours = db.prepare<Bindings, Cell>(HOURS);
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
    for await (const cell of this.#cells(query)) {
      signal?.throwIfAborted();
      table.add(cell);
    }
    return { rows: table.rows((cell) => this.#named(cell, query.groupBy)), totals: table.totals };
  }

  /**
   * Old hours are read a day at a time, and other work passes in between. The hours that a roll-up may still
   * change are read last, in one go with the rows behind the mark: so no request is missed or counted twice.
   */
  async *#cells(query: UsageQuery): AsyncGenerator<Cell, void, undefined> {
    const bindings = this.#bindings(query);
    if (bindings === null) return;
    const { to } = bindings;
    let start = Math.max(bindings.from, this.#firstHour());
    for (; start + DAY_MS <= Math.min(to, this.#firstOpenHour()); start += DAY_MS) {
      yield* this.#hours.all({ ...bindings, from: start, to: start + DAY_MS });
      await nextTurn();
    }
    const open = { ...bindings, from: start, rolledUpTo: this.#rolledUpTo() };
    yield* [...this.#hours.all(open), ...this.#behind.all(open)];
  }

  /** The first hour anything is known of. */
  #firstHour(): number {
    const open = this.#firstOpenHour();
    return Math.min(this.#oldestHour.get()?.hour ?? open, open);
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
      member: query.memberId ?? null,
      key: query.keyId ?? null,
      provider: query.providerId ?? null,
      model,
      tool,
    };
  }

  #named(cell: Cell, groupBy: readonly UsageDimension[]): Partial<UsageRow> {
    const group: Partial<UsageRow> = {};
    for (const dimension of groupBy) Object.assign(group, this.#namedAs[dimension](cell[dimension]));
    return group;
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

/** Adds cells up by step and group. */
class SumTable {
  readonly #query: UsageQuery;
  readonly #groups = new Map<string, { start: number; cell: Cell; sums: UsageSums }>();
  readonly totals: UsageSums = noSums();

  constructor(query: UsageQuery) {
    this.#query = query;
  }

  add(cell: Cell): void {
    const start = this.#startOf(cell.hour);
    const id = [start, ...this.#query.groupBy.map((dimension) => cell[dimension])].join(' ');
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = { start, cell, sums: noSums() };
      this.#groups.set(id, group);
    }
    for (const name of SUM_NAMES) {
      group.sums[name] += cell[name];
      this.totals[name] += cell[name];
    }
  }

  rows(named: (cell: Cell) => Partial<UsageRow>): UsageRow[] {
    const weight = (sums: UsageSums) => sums.inputTokens + sums.outputTokens + sums.requests + sums.refused;
    return [...this.#groups.values()]
      .sort((a, b) => a.start - b.start || weight(b.sums) - weight(a.sums))
      .map(({ start, cell, sums }) => ({ start: new Date(start).toISOString(), ...named(cell), ...sums }));
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

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}

function idText(id: number): string | null {
  return id === 0 ? null : String(id);
}
