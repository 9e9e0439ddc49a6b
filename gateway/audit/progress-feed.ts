import type { LiveEvents, ProgressEvent } from './events.ts';

/** So many requests are told of in one go, and no oftener than this: watching costs the same, however much is asked. */
const MOST_AT_ONCE = 20;
const EVERY_MS = 200;

/**
 * Tells those who watch which requests run and which of them are being answered. What has ended before it could
 * be told is left out, and so are the oldest of a flood.
 */
export class ProgressFeed {
  readonly #events: LiveEvents;
  /** By audit row, the latest word on each. */
  readonly #waiting = new Map<number, () => ProgressEvent>();
  #timer: NodeJS.Timeout | undefined;

  constructor(events: LiveEvents) {
    this.#events = events;
  }

  /** @param progress put together only when it is told */
  note(row: number, progress: () => ProgressEvent): void {
    if (!this.#events.watched) return;
    // The newest word stands last.
    this.#waiting.delete(row);
    this.#waiting.set(row, progress);
    if (this.#waiting.size > MOST_AT_ONCE) {
      const [oldest] = this.#waiting.keys();
      if (oldest !== undefined) this.#waiting.delete(oldest);
    }
    this.#timer ??= setTimeout(() => this.#tell(), EVERY_MS).unref();
  }

  /** The request's row is final, and told by itself. */
  ended(row: number): void {
    this.#waiting.delete(row);
  }

  #tell(): void {
    this.#timer = undefined;
    const told = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const progress of told) this.#events.emit({ type: 'progress', data: progress() });
  }
}
