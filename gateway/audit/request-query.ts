import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse as parseUuid } from 'uuid';
import type { Database } from '../store/store.ts';
import { type AttemptRow, type AuditRow, AuditRows } from './audit-row.ts';
import type { Names } from './names.ts';
import { Refusals, type RequestRefusal } from './refusals.ts';

/** How a request ended: `refused` never reached a provider, `failed` did and ended in an error. */
type Outcome = 'ok' | 'refused' | 'failed' | 'running';

/** What a row must match; whatever is left out matches all. Times are wall-clock ms, `to` is exclusive. */
export interface RequestFilter {
  memberId?: number | undefined;
  keyId?: number | undefined;
  model?: string | undefined;
  providerId?: number | undefined;
  tool?: string | undefined;
  endpoint?: string | undefined;
  address?: string | undefined;
  status?: number | undefined;
  code?: string | undefined;
  outcome?: Outcome | undefined;
  keyPrefix?: string | undefined;
  streamed?: boolean | undefined;
  /** UUID version 7. */
  requestId?: string | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

export interface RequestPage {
  rows: AuditRow[];
  /** Exact unless `capped`. */
  total: number;
  /** More may match than were counted. */
  capped: boolean;
}

/** Matches are counted up to here; nobody pages further. */
export const COUNT_CAP = 100_000;

/** Where every row must be looked at, so many are for the count: some tenths of a second. */
const LOOKED_AT = 200_000;

/** Rows looked at in one go: about a millisecond of the gateway's thread. */
const SLICE_ROWS = 1_000;
/** Rows counted in one go: looked at row by row, or in the index alone where that tells enough. */
const COUNTED_ROWS = { byRow: 2_000, byIndex: 20_000 };
/** Rows shaped in one go. */
const READ_ROWS = 250;
/** A request id holds its own time; the row's may differ by a little, or by what the clock was set back. */
const ID_TIME_SLACK_MS = 10 * 60_000;

/** Beyond any time: the newest end. */
const NEWEST = Number.MAX_SAFE_INTEGER;

interface Position {
  at: number;
  id: number;
}

interface Search {
  member: number | null;
  key: number | null;
  model: number | null;
  provider: number | null;
  tool: number | null;
  endpoint: number | null;
  address: number | null;
  status: number | null;
  code: number | null;
  outcome: Outcome | null;
  keyPrefix: string | null;
  streamed: number | null;
  requestId: Uint8Array | null;
  from: number;
  to: number;
}

const OUTCOME = `CASE WHEN status = 0 THEN 'running' WHEN status < 400 THEN 'ok' WHEN counted = 0 THEN 'refused' ELSE 'failed' END`;

/** The member stands here too: not every way through the table is its own. */
const MATCHES = `(@member IS NULL OR member_id = @member) AND (@key IS NULL OR key_id = @key) AND (@model IS NULL OR model = @model)
  AND (@provider IS NULL OR provider_id = @provider) AND (@tool IS NULL OR tool = @tool)
  AND (@endpoint IS NULL OR endpoint = @endpoint) AND (@address IS NULL OR address = @address)
  AND (@status IS NULL OR status = @status) AND (@code IS NULL OR code = @code)
  AND (@streamed IS NULL OR streamed = @streamed)
  AND (@keyPrefix IS NULL OR key_id IN (SELECT id FROM api_keys WHERE prefix = @keyPrefix))
  AND (@outcome IS NULL OR ${OUTCOME} = @outcome) AND (@requestId IS NULL OR request_id = @requestId)`;

/** The ways through the table, each along an index, newest first. */
const WAYS = {
  all: 'requests INDEXED BY requests_at WHERE',
  failures: 'requests INDEXED BY requests_failures WHERE status >= 400 AND',
  member: 'requests INDEXED BY requests_member_at WHERE member_id = @member AND',
};

/**
 * Finds audit rows. The walk goes from the newest row back in small slices and lets other work pass between
 * them, so that even a search through ten million rows never holds the gateway's thread.
 */
export class RequestQuery {
  readonly #rows: AuditRows;
  readonly #refusals: Refusals;
  readonly #names: Names;
  readonly #ways;
  readonly #exists;

  constructor(db: Database, names: Names) {
    this.#names = names;
    this.#rows = new AuditRows(db, names);
    this.#refusals = new Refusals(db, names);
    this.#ways = {
      all: prepareWalk(db, WAYS.all),
      failures: prepareWalk(db, WAYS.failures),
      member: prepareWalk(db, WAYS.member),
    };
    this.#exists = db.prepare<[number], { id: number }>('SELECT id FROM requests WHERE id = ?');
  }

  /** One page, newest first. @param signal stops a search nobody waits for any more */
  async list(
    filter: RequestFilter,
    page: { limit: number; offset: number },
    signal?: AbortSignal,
  ): Promise<RequestPage> {
    const walk = this.#walk(filter);
    const end = page.offset + page.limit;
    const wanted: number[] = [];
    let total = 0;
    while (!walk.ended && total < end) {
      const ids = walk.matches();
      wanted.push(...ids.slice(Math.max(0, page.offset - total), Math.max(0, end - total)));
      total += ids.length;
      await nextTurn();
      signal?.throwIfAborted();
    }
    while (!walk.ended && total <= COUNT_CAP && walk.counted < LOOKED_AT) {
      total += walk.count();
      await nextTurn();
      signal?.throwIfAborted();
    }
    const rows: AuditRow[] = [];
    for await (const some of this.#read(wanted)) rows.push(...some);
    return { rows, total: Math.min(total, COUNT_CAP), capped: !walk.ended };
  }

  /** Every matching row, newest first, some hundreds at a time: memory stays flat however many there are. */
  async *export(filter: RequestFilter): AsyncGenerator<AuditRow[], void, undefined> {
    const walk = this.#walk(filter);
    while (!walk.ended) {
      yield* this.#read(walk.matches());
      await nextTurn();
    }
  }

  /** One row; undefined when there is none. */
  row(id: number): AuditRow | undefined {
    return this.#rows.read([id])[0];
  }

  /** The row's calls to providers that failed. */
  failedAttempts(id: number): AttemptRow[] {
    return this.#exists.get(id) === undefined ? [] : this.#rows.attempts(id);
  }

  /** The limit or balance that refused it; undefined where neither did. */
  refusal(id: number): RequestRefusal | undefined {
    return this.#exists.get(id) === undefined ? undefined : this.#refusals.of(id);
  }

  async *#read(ids: readonly number[]): AsyncGenerator<AuditRow[], void, undefined> {
    for (let at = 0; at < ids.length; at += READ_ROWS) {
      if (at > 0) await nextTurn();
      yield this.#rows.read(ids.slice(at, at + READ_ROWS));
    }
  }

  #walk(filter: RequestFilter): Walk {
    const search = this.#search(filter);
    if (search !== null && isFailure(search)) return new Walk(this.#ways.failures, search, 'byRow');
    const countBy = search !== null && needsRows(search) ? 'byRow' : 'byIndex';
    return new Walk(search?.member == null ? this.#ways.all : this.#ways.member, search, countBy);
  }

  /** @returns null when nothing can match, as for a text that stands on no row */
  #search(filter: RequestFilter): Search | null {
    const texts = {
      model: this.#textId(filter.model),
      tool: this.#textId(filter.tool),
      endpoint: this.#textId(filter.endpoint),
      address: this.#textId(filter.address),
      code: this.#textId(filter.code),
    };
    if (Object.values(texts).includes(undefined)) return null;
    const { model = null, tool = null, endpoint = null, address = null, code = null } = texts;
    const near = filter.requestId === undefined ? null : timeOfUuid(filter.requestId);
    return {
      ...{ model, tool, endpoint, address, code },
      member: filter.memberId ?? null,
      key: filter.keyId ?? null,
      provider: filter.providerId ?? null,
      status: filter.status ?? null,
      outcome: filter.outcome ?? null,
      keyPrefix: filter.keyPrefix ?? null,
      streamed: filter.streamed === undefined ? null : Number(filter.streamed),
      requestId: filter.requestId === undefined ? null : parseUuid(filter.requestId),
      from: Math.max(filter.from ?? 0, near === null ? 0 : near - ID_TIME_SLACK_MS),
      to: Math.min(filter.to ?? NEWEST, near === null ? NEWEST : near + ID_TIME_SLACK_MS),
    };
  }

  /** null: any; undefined: no row has it. */
  #textId(text: string | undefined): number | null | undefined {
    return text === undefined ? null : this.#names.find(text);
  }
}

/** From the newest row to the oldest, a slice at a time. */
class Walk {
  ended: boolean;
  readonly #way: ReturnType<typeof prepareWalk>;
  readonly #search: Search;
  /** Rows looked at for the count alone. */
  counted = 0;
  readonly #countBy: keyof typeof COUNTED_ROWS;
  #before: Position;

  /** @param search null when nothing can match */
  constructor(
    way: ReturnType<typeof prepareWalk>,
    search: Search | null,
    countBy: keyof typeof COUNTED_ROWS,
  ) {
    this.#way = way;
    this.ended = search === null;
    this.#search = search ?? NO_SEARCH;
    this.#countBy = countBy;
    this.#before = { at: this.#search.to, id: 0 };
  }

  /** Ids of the next slice's rows that match. */
  matches(): number[] {
    return this.#way.matches.all(this.#slice(SLICE_ROWS)).map(({ id }) => id);
  }

  /** How many rows of the next slice match. */
  count(): number {
    const rows = COUNTED_ROWS[this.#countBy];
    this.counted += rows;
    return this.#way[this.#countBy].get(this.#slice(rows))?.count ?? 0;
  }

  /** Goes on by so many rows. */
  #slice(rows: number) {
    const from = { ...this.#search, ...this.#before };
    const last = this.#way.boundary.get({ ...from, rows: rows - 1 });
    if (last === undefined) this.ended = true;
    else this.#before = last;
    return { ...from, lowAt: last?.at ?? this.#search.from, lowId: last?.id ?? 0 };
  }
}

const NO_SEARCH: Search = {
  ...{ member: null, key: null, model: null, provider: null, tool: null, endpoint: null, address: null },
  ...{ status: null, code: null, outcome: null, keyPrefix: null, streamed: null, requestId: null },
  ...{ from: 0, to: 0 },
};

/** Whatever has a code, or ended so, has a status from 400 on. */
function isFailure({ status, outcome, code }: Search): boolean {
  return (status ?? 0) >= 400 || outcome === 'refused' || outcome === 'failed' || code !== null;
}

/** Member and time are in the indexes; whatever else is asked for stands on the rows alone. */
function needsRows({ from: _from, to: _to, member: _member, ...others }: Search): boolean {
  return Object.values(others).some((value) => value !== null);
}

type Slice = Search & Position & { lowAt: number; lowId: number };

function prepareWalk(db: Database, way: string) {
  const slice = `${way} (at, id) >= (@lowAt, @lowId) AND (at, id) < (@at, @id)`;
  return {
    /** The last row of the next slice, read from the index alone. */
    boundary: db.prepare<Search & Position & { rows: number }, Position>(
      `SELECT at, id FROM ${way} at >= @from AND (at, id) < (@at, @id) ORDER BY at DESC, id DESC LIMIT 1 OFFSET @rows`,
    ),
    matches: db.prepare<Slice, { id: number }>(
      `SELECT id FROM ${slice} AND ${MATCHES} ORDER BY at DESC, id DESC LIMIT ${SLICE_ROWS}`,
    ),
    byRow: db.prepare<Slice, { count: number }>(`SELECT count(*) AS count FROM ${slice} AND ${MATCHES}`),
    byIndex: db.prepare<Slice, { count: number }>(`SELECT count(*) AS count FROM ${slice}`),
  };
}

/** The first 48 bits of a version 7 UUID are milliseconds since 1970 (RFC 9562 §5.7). */
function timeOfUuid(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}
