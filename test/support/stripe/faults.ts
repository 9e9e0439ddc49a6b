import type { Refusal } from './refusal.ts';

/**
 * What goes wrong with one call:
 * `lost request` the connection ends before anything was done; `lost reply` it was done, the connection ends before
 * the answer; `silence` nothing is done and nothing comes; a Refusal is answered, and nothing is done.
 */
export type Fault = 'lost request' | 'lost reply' | 'silence' | Refusal | Gate;

/** Holds one call back until it is let go. */
export class Gate {
  readonly #when: 'before' | 'after';
  readonly #arrived = Promise.withResolvers<void>();
  readonly #opened = Promise.withResolvers<boolean>();

  /** @param when before it is done, or after that and before the answer */
  constructor(when: 'before' | 'after') {
    this.#when = when;
  }

  /** Resolves once the call is here. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  open(): void {
    this.#opened.resolve(true);
  }

  /** The call goes no further. */
  drop(): void {
    this.#opened.resolve(false);
  }

  /** @returns whether it goes on */
  async pass(point: 'before' | 'after'): Promise<boolean> {
    if (point !== this.#when) return true;
    this.#arrived.resolve();
    return this.#opened.promise;
  }
}
