import { setImmediate as nextTurn } from 'node:timers/promises';
import { parse as parseUuid } from 'uuid';
import type { Database } from '../store/store.ts';
import { type AttemptRow, type AuditRow, AuditRows } from './audit-row.ts';
import type { Names } from './names.ts';
import { isPlaced, type Place, PlaceSearch, type Wanted } from './place-search.ts';
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

/** Where every row must be looked at, so many are for the count: some hundredths of a second. */
const LOOKED_AT = { byRow: 10_000, byIndex: 200_000 };
/** Rows between the first and the last of an hour's matches that are looked at in one go; else along the index. */
const NEAR_ROWS = 4_000;
/** What reading an hour's place, and a walk over part of an hour, weighs beside such rows. */
const KNOWN_PLACE = 10;
const SHORT_WALK = 500;
/** The same where the index of failures leads past the others. */
const NEAR_FAILURES = 200;
const HOUR_MS = 3_600_000;

/** What tells how far `request_hours` reaches. */
export interface PlaceMarks {
  /** Last row that is summed up. */
  rolledUpTo: () => number;
  /** Rows behind this one are placed, once it is 0 all are. */
  locatedAfter: () => number;
  /** Rows from this moment on are placed in any case, ms. */
  locatedSince: () => number;
}

/** Rows looked at in one go: about a millisecond of the gateway's thread. */
const SLICE_ROWS = 1_000;
/** Rows counted in one go: looked at row by row, or in the index alone where that tells enough. */
const COUNTED_ROWS = { byRow: 1_000, byIndex: 10_000 };
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
  running: 'requests INDEXED BY requests_running WHERE status = 0 AND',
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
  readonly #places: PlaceSearch;
  readonly #marks: PlaceMarks;
  readonly #near;
  readonly #oldestBehind;
  readonly #oldest;
  readonly #keysOf;

  constructor(db: Database, names: Names, marks: PlaceMarks) {
    this.#names = names;
    this.#marks = marks;
    this.#places = new PlaceSearch(db);
    this.#near = db.prepare<Near, { id: number }>(NEAR);
    this.#oldestBehind = db.prepare<[number], { at: number | null }>(
      'SELECT min(at) AS at FROM requests NOT INDEXED WHERE id > ?',
    );
    this.#oldest = db.prepare<[], { at: number | null }>('SELECT min(at) AS at FROM requests');
    this.#keysOf = db.prepare<[string], { id: number }>('SELECT id FROM api_keys WHERE prefix = ? LIMIT 2');
    this.#rows = new AuditRows(db, names);
    this.#refusals = new Refusals(db, names);
    this.#ways = {
      all: prepareWalk(db, WAYS.all),
      failures: prepareWalk(db, WAYS.failures),
      member: prepareWalk(db, WAYS.member),
      running: prepareWalk(db, WAYS.running),
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
    while (!walk.ended && total <= COUNT_CAP && walk.counted < LOOKED_AT[walk.countBy]) {
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

  #walk(filter: RequestFilter): Walk | PlacedWalk {
    const search = this.#search(filter);
    if (search?.status === 0 || search?.outcome === 'running')
      return new Walk(this.#ways.running, search, 'byRow');
    const wanted = search === null ? {} : wantedOf(search);
    if (search === null || !isPlaced(wanted)) return this.#plainWalk(search);
    const placedBefore = this.#placedBefore();
    const { from, to } = search;
    if (placedBefore <= from) return this.#plainWalk(search);
    const until = Math.min(to, placedBefore);
    const rest = this.#unplacedTo(until, from);
    return new PlacedWalk({
      newest: this.#plainWalk({ ...search, from: until }),
      places: this.#places.hours(wanted, { from: floorToHour(Math.max(from, rest)), to: until }),
      search: { ...search, from: Math.max(from, rest), to: until },
      open: (within) => this.#plainWalk(within),
      near: this.#near,
      nearRows: isFailure(search) ? NEAR_FAILURES : NEAR_ROWS,
      countsAlone: onlyPlaced(search) && Object.keys(wanted).length === 1,
      wholeFrom: this.#oldest.get()?.at ?? Number.MAX_SAFE_INTEGER,
      oldest: rest > from ? this.#plainWalk({ ...search, to: Math.min(rest, until) }) : null,
    });
  }

  #plainWalk(search: Search | null): Walk {
    if (search !== null && isFailure(search)) return new Walk(this.#ways.failures, search, 'byRow');
    const countBy = search !== null && needsRows(search) ? 'byRow' : 'byIndex';
    return new Walk(search?.member == null ? this.#ways.all : this.#ways.member, search, countBy);
  }

  /** The hour of the oldest row behind the mark: what is older is placed, what is newer may not be. */
  #placedBefore(): number {
    const at = this.#oldestBehind.get(this.#marks.rolledUpTo())?.at;
    return at == null ? Number.MAX_SAFE_INTEGER : floorToHour(at);
  }

  /** After an upgrade older rows are not placed until all are. @returns up to where, `from` where all are */
  #unplacedTo(to: number, from: number): number {
    if (this.#marks.locatedAfter() === 0) return from;
    return Math.min(to, floorToHour(this.#marks.locatedSince()) + HOUR_MS);
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
    const ofPrefix = filter.keyPrefix === undefined ? [] : this.#keysOf.all(filter.keyPrefix);
    if (filter.keyPrefix !== undefined && ofPrefix.length === 0) return null;
    const key = filter.keyId ?? (ofPrefix.length === 1 ? ofPrefix[0]?.id : undefined);
    return {
      ...{ model, tool, endpoint, address, code },
      member: filter.memberId ?? null,
      key: key ?? null,
      provider: filter.providerId ?? null,
      status: filter.status ?? null,
      outcome: filter.outcome ?? null,
      // One key is looked for as such.
      keyPrefix: key === undefined || filter.keyId !== undefined ? (filter.keyPrefix ?? null) : null,
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
  readonly countBy: keyof typeof COUNTED_ROWS;
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
    this.countBy = countBy;
    this.#before = { at: this.#search.to, id: 0 };
  }

  /** Whether all that is looked through is an hour at most. */
  get isShort(): boolean {
    return this.#search.to - this.#search.from <= HOUR_MS;
  }

  /** Ids of the next slice's rows that match. */
  matches(): number[] {
    return this.#way.matches.all(this.#slice(SLICE_ROWS)).map(({ id }) => id);
  }

  /** How many rows of the next slice match. */
  count(): number {
    const rows = COUNTED_ROWS[this.countBy];
    this.counted += rows;
    return this.#way[this.countBy].get(this.#slice(rows))?.count ?? 0;
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

interface PlacedParts {
  /** Rows that may not be placed yet. */
  newest: Walk;
  places: Iterator<Place>;
  search: Search;
  open: (search: Search) => Walk;
  near: { all(bindings: Near): { id: number }[] };
  /** So near to each other are rows for that. */
  nearRows: number;
  /** Whether a place tells by itself how many rows match. */
  countsAlone: boolean;
  /** Hours behind this moment have all of their rows yet. */
  wholeFrom: number;
  /** Rows of before an upgrade; null where all are placed. */
  oldest: Walk | null;
}

/** The same walk, but it goes through those hours alone that hold something of what is looked for. */
class PlacedWalk {
  ended = false;
  counted = 0;
  readonly countBy = 'byRow';
  readonly #parts: PlacedParts;
  #walk: Walk | null;
  #placesLeft = true;

  constructor(parts: PlacedParts) {
    this.#parts = parts;
    this.#walk = parts.newest;
  }

  /** Ids of matching rows further on: those of some hours, or of a slice of one. */
  matches(): number[] {
    const ids: number[] = [];
    const along = (walk: Walk) => {
      ids.push(...walk.matches());
      return walk.isShort ? SHORT_WALK : NEAR_ROWS;
    };
    const near = (bindings: Near) => {
      for (const { id } of this.#parts.near.all(bindings)) ids.push(id);
    };
    this.#step(along, near, () => false);
    return ids;
  }

  /** How many rows match further on. */
  count(): number {
    let count = 0;
    const along = (walk: Walk) => {
      const before = walk.counted;
      count += walk.count();
      this.counted += walk.counted - before;
      return walk.isShort ? SHORT_WALK : NEAR_ROWS;
    };
    const near = (bindings: Near) => {
      count += this.#parts.near.all(bindings).length;
      this.counted += bindings.lastId - bindings.firstId + 1;
    };
    this.#step(along, near, (place) => {
      const isWhole = this.#isWhole(place);
      if (isWhole) count += place.rows;
      return isWhole;
    });
    return count;
  }

  /** Goes on until about so much is looked at as one turn of the event loop may take. */
  #step(
    along: (walk: Walk) => number,
    near: (bindings: Near) => void,
    isKnown: (place: Place) => boolean,
  ): void {
    for (let looked = 0; looked < NEAR_ROWS && !this.ended; ) {
      const walk = this.#walk;
      if (walk !== null) {
        if (!walk.ended) looked += along(walk);
        if (walk.ended) this.#endWalk();
        continue;
      }
      const place = this.#nextPlace();
      if (place === null) continue;
      looked += KNOWN_PLACE;
      if (isKnown(place)) continue;
      const bindings = this.#within(place);
      if (this.#isNear(place)) {
        near({ ...bindings, firstId: place.firstId, lastId: place.lastId });
        looked += place.lastId - place.firstId + 1;
      } else this.#walk = this.#parts.open(bindings);
    }
  }

  #endWalk(): void {
    this.#walk = null;
    if (!this.#placesLeft) this.ended = true;
  }

  #nextPlace(): Place | null {
    const { value, done } = this.#parts.places.next();
    if (!done) return value;
    this.#placesLeft = false;
    this.#walk = this.#parts.oldest;
    this.ended = this.#walk === null;
    return null;
  }

  /** Nothing but what the place counts is asked for, in all of its hour, and none of it was deleted. */
  #isWhole({ hour }: Place): boolean {
    const { search, countsAlone, wholeFrom } = this.#parts;
    return countsAlone && hour >= search.from && hour + HOUR_MS <= search.to && hour > wholeFrom;
  }

  #isNear({ firstId, lastId }: Place): boolean {
    return lastId - firstId < this.#parts.nearRows;
  }

  #within({ hour }: Place): Search {
    const { search } = this.#parts;
    return { ...search, from: Math.max(search.from, hour), to: Math.min(search.to, hour + HOUR_MS) };
  }
}

function floorToHour(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/** What of a search is known by the hour. */
function wantedOf({ key, model, provider, tool, endpoint, address, code, status }: Search): Wanted {
  const placed = {
    key,
    model,
    provider,
    tool,
    endpoint,
    address,
    code,
    status: (status ?? 0) >= 400 ? status : null,
  };
  return Object.fromEntries(Object.entries(placed).filter(([, value]) => value !== null));
}

/** Whether nothing but that and time is asked for. */
function onlyPlaced({ member, outcome, keyPrefix, streamed, requestId, status }: Search): boolean {
  const others = [
    member,
    outcome,
    keyPrefix,
    streamed,
    requestId,
    status !== null && status < 400 ? status : null,
  ];
  return others.every((value) => value === null);
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

type Near = Search & Pick<Place, 'firstId' | 'lastId'>;

/** Rows that lie near each other, in the order of their numbers: no index is faster. */
const NEAR = `
  SELECT id FROM requests NOT INDEXED WHERE id >= @firstId AND id <= @lastId AND at >= @from AND at < @to AND ${MATCHES}
  ORDER BY at DESC, id DESC`;

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
