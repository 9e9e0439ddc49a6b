import type { Database } from '../store/store.ts';

const DAY_MS = 86_400_000;
/** Newest rows that are looked at: a few milliseconds, once. */
const ROWS = 2_000;

/** Of each provider the newest row, if it was answered. Rows of a kill have no latency. */
const NEWEST = `
  SELECT provider_id AS id FROM (
    SELECT max(id), provider_id, status FROM (
      SELECT id, provider_id, status FROM requests WHERE at >= ? ORDER BY id DESC LIMIT ${ROWS})
    WHERE provider_id IS NOT NULL GROUP BY provider_id)
  WHERE status < 400`;

/**
 * The providers that answered their last request within the day before, by the newest audit rows: so that after a
 * start nobody takes all of them for untested.
 * @param now wall-clock ms
 */
export function answeredBefore(db: Database, now: number): Set<number> {
  const rows = db.prepare<[number], { id: number }>(NEWEST).all(now - DAY_MS);
  return new Set(rows.map(({ id }) => id));
}
