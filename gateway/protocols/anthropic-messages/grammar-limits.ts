import type { Grammar } from './grammar.ts';

/** What one request may hold, all its schemas together ("Schema complexity limits" on the page that `grammar.ts` names). */
const MOST = { tools: 20, optional: 24, unions: 16 } as const;

export class GrammarLimits {
  #tools = 0;
  #optional = 0;
  #unions = 0;

  /** @returns whether there is room for it, which it has then */
  take({ optional, unions }: Grammar, use: 'tool' | 'format'): boolean {
    const tools = this.#tools + (use === 'tool' ? 1 : 0);
    const fits =
      tools <= MOST.tools &&
      this.#optional + optional <= MOST.optional &&
      this.#unions + unions <= MOST.unions;
    if (!fits) return false;
    this.#tools = tools;
    this.#optional += optional;
    this.#unions += unions;
    return true;
  }
}
