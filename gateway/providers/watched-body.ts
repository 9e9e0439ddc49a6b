/** Where a body comes from: undici's `DispatchController`. */
export interface BodySource {
  pause(): void;
  resume(): void;
  /** Ends the call, and with it the connection. */
  abort(reason: Error): void;
}

/** What arrives while the reader is busy is held up to here; then the source has to wait. */
const HELD_BYTES = 64 * 1024;

/**
 * A body that is read chunk by chunk as it arrives. Ending the iteration early ends the call, even while a chunk is
 * waited for. Time in which the reader is busy does not count as silence. A Readable stream does the same in
 * several promises and events a chunk; this takes one promise.
 */
export class WatchedBody implements AsyncIterableIterator<Buffer, undefined> {
  readonly #source: BodySource;
  readonly #idleMs: number;
  readonly #onSilence: () => Error;
  readonly #onFailure: (error: unknown) => Error;
  #chunks: Buffer[] = [];
  #held = 0;
  #paused = false;
  #over = false;
  #failure: (() => Error) | undefined;
  #wake: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param idleMs longest silence before `onSilence` is thrown
   * @param onFailure turns what the source failed with into what the reader shall meet
   */
  constructor(
    source: BodySource,
    idleMs: number,
    onSilence: () => Error,
    onFailure: (error: unknown) => Error,
  ) {
    this.#source = source;
    this.#idleMs = idleMs;
    this.#onSilence = onSilence;
    this.#onFailure = onFailure;
  }

  push(chunk: Buffer): void {
    if (this.#over) return;
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held > HELD_BYTES && !this.#paused) {
      this.#paused = true;
      this.#source.pause();
    }
    this.#look();
  }

  /** The last chunk has come. */
  end(): void {
    this.#over = true;
    this.#finish();
  }

  /** What came before it is still read. */
  fail(error: unknown): void {
    this.#failWith(() => this.#onFailure(error));
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      const chunk = this.#take();
      if (chunk !== undefined) return { done: false, value: chunk };
      if (this.#over) return { done: true, value: undefined };
      if (this.#failure !== undefined) throw this.#failure();
      await this.#nextChange();
    }
  }

  async return(): Promise<IteratorResult<Buffer, undefined>> {
    const running = !this.#over && this.#failure === undefined;
    this.#chunks = [];
    this.end();
    if (running) this.#source.abort(new Error('the reader left'));
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** All that came while the reader was busy, in one piece: each costs it some work. */
  #take(): Buffer | undefined {
    const [first] = this.#chunks;
    if (first === undefined) return undefined;
    const all = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks, this.#held);
    this.#chunks = [];
    this.#held = 0;
    if (this.#paused) {
      this.#paused = false;
      this.#source.resume();
    }
    return all;
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#timer ??= setTimeout(() => this.#silent(), this.#idleMs);
      this.#timer.refresh();
    });
  }

  /** Where the process stood still, the timer comes before what has arrived meanwhile: that is looked for first. */
  #silent(): void {
    const waiting = this.#wake;
    if (waiting === undefined) return;
    setImmediate(() => {
      if (this.#wake !== waiting) return;
      this.#failWith(this.#onSilence);
      this.#source.abort(new Error('the source fell silent'));
    });
  }

  #failWith(how: () => Error): void {
    if (this.#over) return;
    this.#failure ??= how;
    this.#finish();
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#look();
  }

  #look(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
