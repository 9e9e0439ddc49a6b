import type { AuditRow } from './audit-row.ts';
import type { LiveEvents } from './events.ts';

/** So many rows are told in one go, and no oftener than this: watching costs the same, however much is asked. */
const MOST_AT_ONCE = 20;
const EVERY_MS = 200;

/**
 * Tells those who watch which requests have ended. Of a flood only the newest rows are read and told one by one;
 * of the others their number.
 */
export class RequestFeed {
  readonly #events: LiveEvents;
  readonly #read: (id: number) => AuditRow | undefined;
  #waiting: number[] = [];
  #skipped = 0;
  #timer: NodeJS.Timeout | undefined;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(events: LiveEvents, read: (id: number) => AuditRow | undefined) {
    this.#events = events;
    this.#read = read;
  }

  /** A row was settled. */
  note(id: number): void {
    if (!this.#events.watched) return;
    if (this.#waiting.length === MOST_AT_ONCE) {
      this.#waiting.shift();
      this.#skipped += 1;
    }
    this.#waiting.push(id);
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#toldAt + EVERY_MS - performance.now());
    this.#timer = setTimeout(() => this.#tell(), wait).unref();
  }

  #tell(): void {
    const ids = this.#waiting;
    const skipped = this.#skipped;
    this.#waiting = [];
    this.#skipped = 0;
    this.#timer = undefined;
    this.#toldAt = performance.now();
    // Also at the end of the gateway, when there is nothing left to read from.
    if (!this.#events.watched) return;
    if (skipped > 0) this.#events.emit({ type: 'skipped', data: { requests: skipped } });
    for (const id of ids) {
      const row = this.#read(id);
      if (row !== undefined) this.#events.emit({ type: 'request', data: row });
    }
  }
}
