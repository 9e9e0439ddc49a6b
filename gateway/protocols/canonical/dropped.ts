/** Longest list told: it travels in a header. */
const MOST_NAMES = 32;

/** RFC 9110 tokens, with the marks of paths; names come from bodies, so anything may stand in them. */
const FIT_FOR_HEADER = /[^\w.:\-[\]]/g;

/** What a target could not take, by the names of the caller's protocol. */
export class Dropped {
  readonly #names = new Set<string>();

  add(...names: readonly string[]): void {
    for (const name of names) this.#names.add(name.replace(FIT_FOR_HEADER, '_').slice(0, 64));
  }

  /** In order of the alphabet, so that equal losses read equal; null for none. */
  get text(): string | null {
    if (this.#names.size === 0) return null;
    const names = [...this.#names].sort();
    const shown = names.slice(0, MOST_NAMES).join(', ');
    return names.length > MOST_NAMES ? `${shown}, and ${names.length - MOST_NAMES} more` : shown;
  }
}
