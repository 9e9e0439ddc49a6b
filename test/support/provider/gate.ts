/** Lets pieces of an answer out one at a time, when the test says so. */

export class Gate {
  #allowed = 0;
  #written = 0;
  #ended = false;
  #waiting: (() => void)[] = [];

  /** Lets `count` more pieces out. Resolves once they are written, or the answer has ended before. */
  async release(count = 1): Promise<void> {
    this.#allowed += count;
    const target = this.#allowed;
    this.#wake();
    while (this.#written < target && !this.#ended) await this.#change();
  }

  /** Waits for leave to write one piece. */
  async pass(): Promise<void> {
    while (this.#allowed <= this.#written && !this.#ended) await this.#change();
  }

  /** Tells that a piece was written. */
  wrote(): void {
    this.#written += 1;
    this.#wake();
  }

  /** Tells that nothing more will be written. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
