import type { Database } from '../store/store.ts';
import { FIELDS, type Field } from './request-places.ts';

/** What must be in an hour, by the fields that are known by the hour. */
export type Wanted = Partial<Record<Field, number>>;

/** An hour that may hold what is looked for. */
export interface Place {
  hour: number;
  /** Rows in it that have the first wanted field's value; in it is all that is wanted where that is one field. */
  rows: number;
  firstId: number;
  lastId: number;
}

/** Rare ones first: the hours of the first are gone through, and looked up for the others. */
const BY_RARITY: readonly Field[] = [
  'code',
  'status',
  'address',
  'key',
  'model',
  'endpoint',
  'tool',
  'provider',
];

/** Hours read in one go. */
const SLICE_HOURS = 500;

export function isPlaced(wanted: Wanted): boolean {
  return Object.keys(wanted).length > 0;
}

/** Finds the hours that rows of something are in. */
export class PlaceSearch {
  readonly #db: Database;
  readonly #statements = new Map<string, ReturnType<typeof prepareHours>>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Newest first, those in [from, to) in ms, some hundreds at a time. */
  *hours(wanted: Wanted, { from, to }: { from: number; to: number }): Generator<Place, void, undefined> {
    const fields = BY_RARITY.filter((field) => wanted[field] !== undefined);
    const id = fields.join(' ');
    const statement = this.#statements.get(id) ?? prepareHours(this.#db, fields);
    this.#statements.set(id, statement);
    for (let before = to; ; ) {
      const slice = statement.all({ ...wanted, from, before });
      yield* slice;
      const last = slice.at(-1);
      if (last === undefined || slice.length < SLICE_HOURS) return;
      before = last.hour;
    }
  }
}

function prepareHours(db: Database, [first = 'key', ...others]: readonly Field[]) {
  const also = others.map(
    (field) =>
      `AND EXISTS (SELECT 1 FROM request_hours o WHERE o.field = ${FIELDS[field]} AND o.value = @${field} AND o.hour = u.hour)`,
  );
  return db.prepare<Wanted & { from: number; before: number }, Place>(
    `SELECT u.hour, u.rows, u.first_id AS firstId, u.last_id AS lastId FROM request_hours u
     WHERE u.field = ${FIELDS[first]} AND u.value = @${first} AND u.hour >= @from AND u.hour < @before ${also.join(' ')}
     ORDER BY u.hour DESC LIMIT ${SLICE_HOURS}`,
  );
}
