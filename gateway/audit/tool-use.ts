import type { Database } from '../store/store.ts';
import type { Names } from './names.ts';
import type { RequestFacts } from './request-log.ts';

/** For the roll-up: the last in order of admission, since the wall clock may have been set. */
export const NOTE_TOOL_USE = `
  INSERT INTO tool_uses (tool, last_used_at)
  SELECT tool, at FROM (
    SELECT tool, max(id), at FROM requests WHERE id > @from AND id <= @to AND key_id IS NOT NULL GROUP BY tool) WHERE true
  ON CONFLICT DO UPDATE SET last_used_at = excluded.last_used_at`;

/**
 * When each client tool last sent a request with a key that is known, admitted or refused. What the roll-up has
 * not kept yet is read from the rows at the start, and noted in memory from then on.
 */
export class ToolUse {
  readonly #byTool = new Map<string, number>();

  /** @param rolledUpTo last audit row that the roll-ups hold */
  constructor(db: Database, names: Names, rolledUpTo: number) {
    const uses = db.prepare<[number], { tool: number; at: number }>(
      `SELECT tool, last_used_at AS at FROM tool_uses
       UNION ALL
       SELECT tool, at FROM (
         SELECT tool, max(id), at FROM requests NOT INDEXED
         WHERE id > ? AND key_id IS NOT NULL GROUP BY tool)`,
    );
    for (const { tool, at } of uses.all(rolledUpTo)) {
      const name = names.text(tool);
      if (name !== null) this.#byTool.set(name, at);
    }
  }

  /** A request was written to the log. */
  note({ tool, keyId, at }: Pick<RequestFacts, 'tool' | 'keyId' | 'at'>): void {
    if (keyId !== null) this.#byTool.set(tool, at);
  }

  /** The latest among names of one tool. @returns wall-clock ms; null where it never came */
  latest(tools: readonly string[]): number | null {
    const times = tools.map((tool) => this.#byTool.get(tool)).filter((at) => at !== undefined);
    return times.length === 0 ? null : Math.max(...times);
  }
}
