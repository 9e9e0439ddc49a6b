import type { Settings } from '../catalogue/settings.ts';
import type { Store } from '../store/store.ts';
import { asUnavailable } from '../store/store-errors.ts';
import type { RequestLog } from './request-log.ts';
import { RequestPlaces } from './request-places.ts';
import { NOTE_TOOL_USE } from './tool-use.ts';
import { UsageSumsTable } from './usage-sums.ts';

/** Rows a slice deletes: two or three milliseconds of the gateway's thread. */
const SLICE_ROWS = 250;
/** Rows a slice sums up at first, at least and at most. */
const FIRST_SUMMED = 100;
const LEAST_SUMMED = 50;
const MOST_SUMMED = 2_000;
/**
 * What such a slice may take of the gateway's thread, ms; below the other the next takes more rows. Most of it is for
 * each group that the rows make, and where few people ask for few models, a thousand rows make hardly more than ten.
 */
const LONG_MS = 3;
const SHORT_MS = 1.5;
/** Pages given back to the file system after a slice was deleted: more than it freed, so that none pile up. */
const GIVEN_BACK_PAGES = 64;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** The 24 h window and one of its steps, with room for a clock that was set. */
const MINUTES_KEPT_MS = 25 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
/** Two days, whatever the time zone, and the minute under way. */
const TOTALS_KEPT_MS = 49 * HOUR_MS;

const ADD_MINUTES = `
  INSERT INTO usage_minutes (member_id, minute, key_id, model, requests, tokens, images, cost)
  SELECT member_id, at / ${MINUTE_MS} * ${MINUTE_MS}, key_id, model, count(*), sum(input_tokens + output_tokens), sum(images), sum(cost_micros)
  FROM requests WHERE id > @from AND id <= @to AND counted = 1 AND member_id IS NOT NULL AND key_id IS NOT NULL AND model IS NOT NULL
  GROUP BY 1, 2, 3, 4
  ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, tokens = tokens + excluded.tokens,
    images = images + excluded.images, cost = cost + excluded.cost`;

const ADD_HOURS = `
  INSERT INTO usage_hours (member_id, hour, key_id, model, provider_id, tool, counted, counted_tokens, counted_images, counted_cost,
    requests, refused, failed, input_tokens, output_tokens, cached_tokens, reasoning_tokens, cost_micros, charged_tokens)
  SELECT ifnull(member_id, 0), at / ${HOUR_MS} * ${HOUR_MS}, ifnull(key_id, 0), ifnull(model, 0), ifnull(provider_id, 0), tool,
    sum(counted = 1), sum(iif(counted = 1, input_tokens + output_tokens, 0)), sum(iif(counted = 1, images, 0)),
    sum(iif(counted = 1, cost_micros, 0)), sum(counted > 0), sum(counted = 0), sum(counted > 0 AND status >= 400),
    sum(input_tokens), sum(output_tokens), sum(cached_tokens), sum(reasoning_tokens), sum(cost_micros), sum(charged_tokens)
  FROM requests WHERE id > @from AND id <= @to
  GROUP BY 1, 2, 3, 4, 5, 6
  ON CONFLICT DO UPDATE SET counted = counted + excluded.counted, counted_tokens = counted_tokens + excluded.counted_tokens,
    counted_images = counted_images + excluded.counted_images, counted_cost = counted_cost + excluded.counted_cost,
    requests = requests + excluded.requests, refused = refused + excluded.refused, failed = failed + excluded.failed,
    input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
    cached_tokens = cached_tokens + excluded.cached_tokens, reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
    cost_micros = cost_micros + excluded.cost_micros, charged_tokens = charged_tokens + excluded.charged_tokens`;

const ADD_TOTALS = `
  INSERT INTO total_minutes (minute, requests, refused, failed, tokens, cost_micros)
  SELECT at / ${MINUTE_MS} * ${MINUTE_MS}, sum(counted > 0), sum(counted = 0), sum(counted > 0 AND status >= 400),
    sum(input_tokens + output_tokens), sum(cost_micros)
  FROM requests WHERE id > @from AND id <= @to
  GROUP BY 1
  ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, refused = refused + excluded.refused,
    failed = failed + excluded.failed, tokens = tokens + excluded.tokens, cost_micros = cost_micros + excluded.cost_micros`;

/** The last in order of admission: the wall clock may have been set. */
const NOTE_LAST_USE = `
  UPDATE api_keys SET last_used_at = last.at, last_address = last.address
  FROM (SELECT key_id, max(id), at, address FROM requests WHERE id > @from AND id <= @to AND key_id IS NOT NULL GROUP BY key_id) AS last
  WHERE api_keys.id = last.key_id`;

/**
 * Adds settled rows to the tables of sums and places and deletes what is past its retention, a slice at a time.
 * Rows are taken in order of admission up to the oldest that still runs, each exactly once: the sums and the
 * mark `rolled_up_to` move in one transaction.
 */
export class RollUp {
  readonly #store: Store;
  readonly #log: Pick<RequestLog, 'settledBelow'>;
  readonly #settings: Settings;
  readonly #wall: () => number;
  readonly #addMinutes;
  readonly #addHours;
  readonly #addTotals;
  readonly #noteLastUse;
  readonly #noteToolUse;
  readonly #lastOfSlice;
  readonly #sums: UsageSumsTable;
  readonly #places: RequestPlaces;
  readonly #pruneMinutes;
  readonly #pruneTotals;
  readonly #pruneRequests;
  readonly #pruneBeside;
  #summedRows = FIRST_SUMMED;

  constructor(store: Store, log: Pick<RequestLog, 'settledBelow'>, settings: Settings, wall: () => number) {
    this.#store = store;
    this.#log = log;
    this.#settings = settings;
    this.#wall = wall;
    const { db } = store;
    this.#addMinutes = db.prepare<{ from: number; to: number }>(ADD_MINUTES);
    this.#addHours = db.prepare<{ from: number; to: number }>(ADD_HOURS);
    this.#addTotals = db.prepare<{ from: number; to: number }>(ADD_TOTALS);
    this.#noteLastUse = db.prepare<{ from: number; to: number }>(NOTE_LAST_USE);
    this.#noteToolUse = db.prepare<{ from: number; to: number }>(NOTE_TOOL_USE);
    this.#sums = new UsageSumsTable(db);
    this.#places = new RequestPlaces(db);
    this.#lastOfSlice = db.prepare<[number, number, number], { last: number | null }>(
      'SELECT max(id) AS last FROM (SELECT id FROM requests WHERE id > ? AND id < ? ORDER BY id LIMIT ?)',
    );
    this.#pruneMinutes = db.prepare<[number]>(
      // Member by member, along the key: by minutes alone the whole table would be looked through.
      `WITH RECURSIVE who (id) AS (
         SELECT min(member_id) FROM usage_minutes
         UNION ALL SELECT (SELECT min(member_id) FROM usage_minutes WHERE member_id > who.id) FROM who WHERE who.id IS NOT NULL)
       DELETE FROM usage_minutes WHERE (member_id, minute, key_id, model) IN
         (SELECT u.member_id, u.minute, u.key_id, u.model
          FROM who CROSS JOIN usage_minutes u ON u.member_id = who.id AND u.minute < ? LIMIT ${SLICE_ROWS})`,
    );
    this.#pruneTotals = db.prepare<[number]>('DELETE FROM total_minutes WHERE minute < ?');
    this.#pruneRequests = db.prepare<[number, number]>(
      `DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE at < ? AND id <= ? ORDER BY at LIMIT ${SLICE_ROWS})`,
    );
    this.#pruneBeside = ['attempts', 'limit_refusals', 'balance_refusals'].map((table) =>
      db.prepare<[number]>(
        `DELETE FROM ${table} WHERE request < (SELECT ifnull(min(id), ? + 1) FROM requests)`,
      ),
    );
  }

  /** The last row the tables hold; the rows behind it are read one by one. */
  get rolledUpTo(): number {
    return this.#settings.get('rolled_up_to');
  }

  /** One slice of each job. @returns whether more waits */
  async slice(): Promise<boolean> {
    const added = this.#addSlice() || this.#catchUp();
    const pruned = await this.#pruneSlice();
    return added || pruned;
  }

  /**
   * Reads, sums and moves the mark in one synchronous step: whoever reads tables and mark in between would
   * count rows twice, or not at all.
   */
  #addSlice(): boolean {
    const from = this.rolledUpTo;
    const last = this.#lastOfSlice.get(from, this.#log.settledBelow, this.#summedRows)?.last ?? null;
    if (last === null) return false;
    const begun = performance.now();
    this.#commitNow(() => {
      this.#addMinutes.run({ from, to: last });
      this.#addHours.run({ from, to: last });
      this.#addTotals.run({ from, to: last });
      this.#noteLastUse.run({ from, to: last });
      this.#noteToolUse.run({ from, to: last });
      const summedFrom = {
        hours: this.#settings.get('sums_from'),
        months: this.#settings.get('months_from'),
      };
      this.#sums.addRows(from, last, summedFrom);
      this.#places.addRows(from, last);
      this.#settings.write('rolled_up_to', last);
    });
    this.#settings.remember('rolled_up_to', last);
    this.#summedRows = nextSize(this.#summedRows, performance.now() - begun);
    return last + 1 < this.#log.settledBelow;
  }

  /** After an upgrade: a slice of what the tables of sums and places lack. @returns whether more waits */
  #catchUp(): boolean {
    const summedFrom = this.#settings.get('sums_from');
    if (summedFrom > 0) this.#move('sums_from', () => this.#sums.addHourBefore(summedFrom));
    // Months are added up from the sums of hours, so those come first.
    const monthsFrom = this.#settings.get('months_from');
    if (summedFrom === 0 && monthsFrom > 0) {
      this.#move('months_from', () => this.#sums.addMonthHourBefore(monthsFrom));
    }
    const locatedAfter = this.#settings.get('located_after');
    if (locatedAfter > 0) {
      this.#move('located_after', () => {
        const after = Math.max(0, locatedAfter - FIRST_SUMMED);
        this.#places.addRows(after, locatedAfter);
        return after;
      });
    }
    return summedFrom > 0 || monthsFrom > 0 || locatedAfter > 0;
  }

  /** @param work returns where the mark goes, in the same transaction */
  #move(mark: 'sums_from' | 'months_from' | 'located_after', work: () => number): void {
    let to = 0;
    this.#commitNow(() => {
      to = work();
      this.#settings.write(mark, to);
    });
    this.#settings.remember(mark, to);
  }

  /** A transaction of its own, not shared with those that wait. @throws StoreUnavailable */
  #commitNow(work: () => void): void {
    try {
      this.#store.db.transaction(work).immediate();
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async #pruneSlice(): Promise<boolean> {
    const now = this.#wall();
    const { rolledUpTo } = this;
    const retentionMs = this.#settings.get('retention_days') * DAY_MS;
    let removed = 0;
    await this.#store.commits.commit(() => {
      removed = this.#pruneMinutes.run(now - MINUTES_KEPT_MS).changes;
      this.#pruneTotals.run(now - TOTALS_KEPT_MS);
      const rows = this.#pruneRequests.run(now - retentionMs, rolledUpTo).changes;
      if (rows > 0) for (const prune of this.#pruneBeside) prune.run(rolledUpTo);
      removed += rows;
    });
    const tidying = this.#places.tidySlice(floorTo(now - retentionMs, DAY_MS));
    if (removed > 0) this.#store.db.pragma(`incremental_vacuum(${GIVEN_BACK_PAGES})`);
    return removed >= SLICE_ROWS || tidying;
  }
}

function nextSize(rows: number, tookMs: number): number {
  if (tookMs > LONG_MS) return Math.max(LEAST_SUMMED, Math.floor(rows / 2));
  return tookMs < SHORT_MS ? Math.min(MOST_SUMMED, rows * 2) : rows;
}

function floorTo(value: number, step: number): number {
  return Math.floor(value / step) * step;
}
