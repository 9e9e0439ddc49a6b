/** Runs jobs strictly one after the other, in the order given. A failed job does not stop the next. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what the job returns, or its error, once its turn has come and gone */
  run<T>(job: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(job);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
