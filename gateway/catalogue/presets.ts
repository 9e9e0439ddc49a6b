import { isDeepStrictEqual } from 'node:util';
import type { DefaultParameters } from '../protocols/defaults/parameters.ts';
import type { Database } from '../store/store.ts';

/** A route prefix for one tool, `/claudecode/v1/messages` and the like, and what requests on it get. */
export interface Preset {
  /** First segment of the path. */
  id: string;
  label: string;
  /** Placed before the caller's own. */
  systemPrompt: string | null;
  /** What `auto` stands for; null takes the settings' choice. */
  defaultModel: string | null;
  /** For what the body does not say. */
  parameters: DefaultParameters;
}

/** Presets that come with the product. The owner may change them, and have them back as they came. */
const BUILT_IN: ReadonlyMap<string, Preset> = new Map(
  [
    ['claudecode', 'Claude Code'] as const,
    ['cline', 'Cline'] as const,
    ['cursor', 'Cursor'] as const,
    ['roocode', 'Roo Code'] as const,
  ].map(([id, label]) => [id, untouched(id, label)]),
);

/** Changes nothing of a request. */
export function untouched(id: string, label: string): Preset {
  return { id, label, systemPrompt: null, defaultModel: null, parameters: {} };
}

export function isBuiltIn(id: string): boolean {
  return BUILT_IN.has(id);
}

type Row = Omit<Preset, 'parameters'> & { parameters: string };

/** Presets: held in memory, written through. A built-in one has a row only once it was changed. */
export class Presets {
  readonly #stored = new Map<string, Preset>();
  readonly #put;
  readonly #delete;

  constructor(db: Database) {
    this.#put = db.prepare<Row>(
      `INSERT INTO presets (id, label, system_prompt, default_model, parameters)
       VALUES (@id, @label, @systemPrompt, @defaultModel, @parameters)
       ON CONFLICT DO UPDATE SET label = excluded.label, system_prompt = excluded.system_prompt,
         default_model = excluded.default_model, parameters = excluded.parameters`,
    );
    this.#delete = db.prepare<[string]>('DELETE FROM presets WHERE id = ?');
    const rows = db
      .prepare<[], Row>(
        `SELECT id, label, system_prompt AS systemPrompt, default_model AS defaultModel, parameters
         FROM presets ORDER BY id`,
      )
      .all();
    for (const row of rows) this.#stored.set(row.id, { ...row, parameters: JSON.parse(row.parameters) });
  }

  get(id: string): Preset | undefined {
    return this.#stored.get(id) ?? BUILT_IN.get(id);
  }

  /** Built-in ones first, in their order; then the owner's, by id. */
  list(): Preset[] {
    const own = [...this.#stored.values()].filter(({ id }) => !isBuiltIn(id));
    own.sort((a, b) => (a.id < b.id ? -1 : 1));
    return [...[...BUILT_IN.values()].map((preset) => this.#stored.get(preset.id) ?? preset), ...own];
  }

  /** Whether it is not as it came; true for the owner's own. */
  isChanged(id: string): boolean {
    const preset = this.#stored.get(id);
    return preset !== undefined && !isDeepStrictEqual(preset, BUILT_IN.get(id));
  }

  /** Adds a preset or replaces one. */
  put(preset: Preset): void {
    this.#put.run({ ...preset, parameters: JSON.stringify(preset.parameters) });
    this.#stored.set(preset.id, preset);
  }

  /** A built-in one is as it came from then on; one of the owner's is gone. */
  remove(id: string): void {
    this.#delete.run(id);
    this.#stored.delete(id);
  }

  /** Follows the model's new name; null where it is gone. */
  renameModel(from: string, to: string | null): void {
    for (const preset of this.list()) {
      if (preset.defaultModel === from) this.put({ ...preset, defaultModel: to });
    }
  }
}
