import type { AuditRow } from '../../../gateway/doors/admin/contract.ts';

/** Rows that came after the list was read. */
export interface Tail {
  /** Above the list, newest first. */
  shown: readonly AuditRow[];
  /** Held back so that nothing moves under the reader's eyes. Newest first. */
  waiting: readonly AuditRow[];
  /** More came than are kept: the list must be read anew to show them. */
  overflown: boolean;
  /** Rows of the list that have gone on since, by id: those that were running have ended. */
  changed: ReadonlyMap<string, AuditRow>;
}

export const NO_TAIL: Tail = { shown: [], waiting: [], overflown: false, changed: new Map() };

/** Beyond this many the list is read anew rather than held here. */
const MOST_KEPT = 1_000;

export interface Came {
  /** Rows that stand in the list, or above it, already. */
  known: readonly AuditRow[];
  /** Rows that are new and match the filters. */
  fresh: readonly AuditRow[];
}

/** @param hold whether new rows wait */
export function received(tail: Tail, { known, fresh }: Came, hold: boolean): Tail {
  if (known.length === 0 && fresh.length === 0) return tail;
  const changed = known.length === 0 ? tail.changed : new Map(tail.changed);
  for (const row of known) (changed as Map<string, AuditRow>).set(row.id, row);
  const next = { ...tail, changed, waiting: merged(tail.waiting, fresh) };
  if (next.waiting.length > MOST_KEPT) {
    return { ...next, waiting: next.waiting.slice(0, MOST_KEPT), overflown: true };
  }
  return hold ? next : released(next);
}

/** Shows what waited. */
export function released(tail: Tail): Tail {
  if (tail.waiting.length === 0) return tail;
  const shown = merged(tail.shown, tail.waiting);
  return { ...tail, shown, waiting: [], overflown: tail.overflown || shown.length > MOST_KEPT };
}

/** By time: a long answer ends after shorter ones that began later. */
function merged(rows: readonly AuditRow[], fresh: readonly AuditRow[]): readonly AuditRow[] {
  if (fresh.length === 0) return rows;
  const ids = new Set(fresh.map(({ id }) => id));
  return [...fresh, ...rows.filter(({ id }) => !ids.has(id))].sort(
    (a, b) => b.at.localeCompare(a.at) || Number(b.id) - Number(a.id),
  );
}
