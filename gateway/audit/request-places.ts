import type { Database } from '../store/store.ts';

/** Fields whose values `request_hours` knows by the hour. */
export const FIELDS = {
  ...{ key: 1, model: 2, provider: 3, tool: 4, endpoint: 5, address: 6, code: 7, status: 8 },
} as const;
export type Field = keyof typeof FIELDS;

const HOUR_MS = 3_600_000;

/** Reason of an attempt that came to no call. */
export const UNFIT = 'unfit';

/** In the order of the numbers of `FIELDS`. */
const ROWS = `
  SELECT id, at, key_id, model, provider_id, tool, endpoint, address, code, iif(status >= 400, status, NULL)
  FROM requests WHERE id > ? AND id <= ?`;

const ADD_PLACE = `
  INSERT INTO request_hours (field, value, hour, rows, first_id, last_id) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET rows = rows + excluded.rows, first_id = min(first_id, excluded.first_id),
    last_id = max(last_id, excluded.last_id)`;

const ADD_FAILED_CALLS = `
  INSERT INTO failed_calls (hour, provider_id, failed, unanswered)
  SELECT r.at / ${HOUR_MS} * ${HOUR_MS}, a.provider_id,
    sum(a.reason IS NOT (SELECT id FROM names WHERE text = '${UNFIT}')), sum(a.number = r.attempts)
  FROM attempts a CROSS JOIN requests r ON r.id = a.request
  WHERE a.request > @from AND a.request <= @to AND a.provider_id IS NOT NULL GROUP BY 1, 2
  ON CONFLICT DO UPDATE SET failed = failed + excluded.failed, unanswered = unanswered + excluded.unanswered`;

/** Values looked at in one slice of tidying up. */
const SLICE_VALUES = 25;

/** Keeps `request_hours`, by which searches skip what holds nothing of theirs, and `failed_calls`. */
export class RequestPlaces {
  readonly #rows;
  readonly #addPlace;
  readonly #addFailedCalls;
  readonly #nextValue;
  readonly #prune;
  #tidied = { before: 0, field: 0, value: 0 };

  constructor(db: Database) {
    this.#rows = db.prepare<[number, number], (number | null)[]>(ROWS).raw();
    this.#addPlace = db.prepare<number[]>(ADD_PLACE);
    this.#addFailedCalls = db.prepare<{ from: number; to: number }>(ADD_FAILED_CALLS);
    this.#nextValue = db.prepare<[number, number], { field: number; value: number }>(
      'SELECT field, value FROM request_hours WHERE (field, value) > (?, ?) ORDER BY field, value LIMIT 1',
    );
    this.#prune = db.prepare<[number, number, number]>(
      'DELETE FROM request_hours WHERE field = ? AND value = ? AND hour < ?',
    );
  }

  /** Adds rows with ids in (from, to]. To be called in the transaction that moves the mark over them. */
  addRows(from: number, to: number): void {
    const places = new Map<string, Place>();
    // Neighbouring rows mostly say the same: the place of the row before is looked at first.
    const before: (Place | undefined)[] = [];
    for (const row of this.#rows.all(from, to)) {
      const [id, at] = row as [number, number];
      const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
      for (let field = 1; field < row.length - 1; field++) {
        const value = row[field + 1];
        if (value === null || value === undefined) continue;
        let place = before[field];
        if (place?.value !== value || place.hour !== hour) {
          place = placeOf(places, field, value, hour, id);
          before[field] = place;
        }
        place.rows++;
        place.last = id;
      }
    }
    for (const { field, value, hour, rows, first, last } of places.values())
      this.#addPlace.run(field, value, hour, rows, first, last);
    this.#addFailedCalls.run({ from, to });
  }

  /**
   * Lets go of hours whose rows are gone, some values at a time; once all are done, not again for the same moment.
   * @returns whether more wait
   */
  tidySlice(before: number): boolean {
    const tidied = this.#tidied;
    if (before <= tidied.before) return false;
    for (let count = 0; count < SLICE_VALUES; count++) {
      const next = this.#nextValue.get(tidied.field, tidied.value);
      if (next === undefined) {
        this.#tidied = { before, field: 0, value: 0 };
        return false;
      }
      this.#prune.run(next.field, next.value, before);
      Object.assign(tidied, next);
    }
    return true;
  }
}

/** Rows in which a field has a value, of one hour: how many, and between which ids. */
interface Place {
  field: number;
  value: number;
  hour: number;
  rows: number;
  first: number;
  last: number;
}

function placeOf(places: Map<string, Place>, field: number, value: number, hour: number, id: number): Place {
  const name = `${field} ${value} ${hour}`;
  const known = places.get(name);
  if (known !== undefined) return known;
  const place = { field, value, hour, rows: 0, first: id, last: id };
  places.set(name, place);
  return place;
}
