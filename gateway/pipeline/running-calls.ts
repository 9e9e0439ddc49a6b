/** What runs: a shutdown waits for it, and stops it when it has waited long enough. */
export class RunningCalls {
  #running = 0;
  #waiting: (() => void)[] = [];
  #stopping = false;
  readonly #callsToProviders = new Set<AbortController>();

  get count(): number {
    return this.#running;
  }

  /** The gateway has drained long enough. */
  get stopping(): boolean {
    return this.#stopping;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      if (this.#running === 0) for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Resolves once nothing runs. */
  idle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Does what calls a provider, with what stops it should the gateway stop before its end. */
  async untilStopped<T>(calling: AbortController, work: () => Promise<T>): Promise<T> {
    if (this.#stopping) calling.abort();
    this.#callsToProviders.add(calling);
    try {
      return await work();
    } finally {
      this.#callsToProviders.delete(calling);
    }
  }

  /** Ends every call to a provider. What runs tells its client, settles its row, and ends. */
  stop(): void {
    this.#stopping = true;
    for (const calling of this.#callsToProviders) calling.abort();
  }
}
