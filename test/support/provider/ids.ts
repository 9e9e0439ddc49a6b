/** Ids of an answer's parts: the same for the same request, and none that its history holds already. */
import type { Body } from './refusal.ts';

export class Ids {
  readonly #history: string;
  readonly #given = new Set<string>();

  constructor(body: Body) {
    this.#history = JSON.stringify(body);
  }

  /** `call` and 1 make `call_1`; numbers go on behind those in the history. */
  numbered(prefix: string, index: number): string {
    const used = [...this.#history.matchAll(new RegExp(`"${prefix}_(\\d+)"`, 'g'))].map((match) =>
      Number(match[1]),
    );
    return `${prefix}_${Math.max(-1, ...used) + 1 + index}`;
  }

  /** `rs` makes `rs_scripted`, then `rs_scripted_1`, … */
  named(prefix: string): string {
    for (let number = 0; ; number += 1) {
      const id = `${prefix}_scripted${number === 0 ? '' : `_${number}`}`;
      if (this.#given.has(id) || this.#history.includes(`"${id}"`)) continue;
      this.#given.add(id);
      return id;
    }
  }
}
