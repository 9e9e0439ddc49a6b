import type { Database } from '../store/store.ts';

/** How much of the audit log there is. */
export interface RequestExtent {
  rows: number;
  /** Wall-clock ms; null where there are none. */
  oldestAt: number | null;
}

/**
 * @returns what tells how far the audit log reaches. Rows are numbered one by one and deleted from the oldest on, so
 *   the first and the last number tell how many there are; counting millions would hold the gateway up.
 */
export function requestExtent(db: Database): () => RequestExtent {
  const read = db.prepare<[], { first: number | null; last: number | null; oldestAt: number | null }>(
    `SELECT (SELECT min(id) FROM requests) AS first, (SELECT max(id) FROM requests) AS last,
       (SELECT min(at) FROM requests) AS oldestAt`,
  );
  return () => {
    const { first = null, last = null, oldestAt = null } = read.get() ?? {};
    return { rows: first === null || last === null ? 0 : last - first + 1, oldestAt };
  };
}
