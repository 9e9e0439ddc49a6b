import type { Database } from '../store/store.ts';

/** Longer texts are cut: names come from callers, too (a model nobody published). */
const MAX_LENGTH = 200;

/**
 * Texts that repeat on audit rows, each stored once and named by a number. A new text is written at once, in
 * a transaction of its own, so a row that fails to commit never leaves a number without its text.
 */
export class Names {
  readonly #ids = new Map<string, number>();
  readonly #texts = new Map<number, string>();
  readonly #insert;
  readonly #byText;
  readonly #byId;

  constructor(db: Database) {
    this.#insert = db.prepare<[string]>('INSERT INTO names (text) VALUES (?)');
    this.#byText = db.prepare<[string], { id: number }>('SELECT id FROM names WHERE text = ?');
    this.#byId = db.prepare<[number], { text: string }>('SELECT text FROM names WHERE id = ?');
  }

  /** The text's number, given out if it has none. */
  id(text: string): number {
    const cut = shortened(text);
    const remembered = this.#ids.get(cut);
    if (remembered !== undefined) return remembered;
    const id = this.#byText.get(cut)?.id ?? Number(this.#insert.run(cut).lastInsertRowid);
    this.#remember(id, cut);
    return id;
  }

  /** The text's number if it has one: for looking rows up. */
  find(text: string): number | undefined {
    const cut = shortened(text);
    return this.#ids.get(cut) ?? this.#byText.get(cut)?.id;
  }

  text(id: number | null): string | null {
    if (id === null) return null;
    const remembered = this.#texts.get(id);
    if (remembered !== undefined) return remembered;
    const text = this.#byId.get(id)?.text;
    if (text !== undefined) this.#remember(id, text);
    return text ?? null;
  }

  #remember(id: number, text: string): void {
    if (this.#ids.size > 20_000) {
      this.#ids.clear();
      this.#texts.clear();
    }
    this.#ids.set(text, id);
    this.#texts.set(id, text);
  }
}

function shortened(text: string): string {
  return text.slice(0, MAX_LENGTH);
}
