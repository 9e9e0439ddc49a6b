import { getHeapStatistics } from 'node:v8';
import { BODY_LIMIT } from './read-body.ts';

/** What is shorter is most of all that is sent, and takes no room. */
const SMALL_BYTES = 1024 * 1024;

/** Of the heap. Parsed and put into another protocol, a body takes two to three times its bytes. */
const SHARE = 1 / 4;

/**
 * Room for the large bodies of requests that run: some dozen with many pictures, all at once, would otherwise take
 * more of V8's heap than there is, and the process with it. Whoever finds no room waits for its turn.
 */
export class BodyRoom {
  #free: number;
  readonly #waiting: { bytes: number; enter: () => void }[] = [];

  /** @param bytes at least as much as one body may have */
  constructor(bytes = Math.max(BODY_LIMIT, getHeapStatistics().heap_size_limit * SHARE)) {
    this.#free = bytes;
  }

  seat(): BodySeat {
    return new BodySeat(this);
  }

  /** @returns a promise where there is no room yet */
  enter(bytes: number): Promise<void> | undefined {
    if (this.#waiting.length === 0 && bytes <= this.#free) {
      this.#free -= bytes;
      return undefined;
    }
    return new Promise((enter) => this.#waiting.push({ bytes, enter }));
  }

  leave(bytes: number): void {
    this.#free += bytes;
    for (
      let next = this.#waiting[0];
      next !== undefined && next.bytes <= this.#free;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift();
      this.#free -= next.bytes;
      next.enter();
    }
  }
}

/** One request's part of the room. */
export class BodySeat {
  readonly #room: BodyRoom;
  #bytes = 0;

  constructor(room: BodyRoom) {
    this.#room = room;
  }

  /** To be called once. @returns a promise where there is no room yet */
  take(bytes: number): Promise<void> | undefined {
    if (bytes < SMALL_BYTES) return undefined;
    this.#bytes = bytes;
    return this.#room.enter(bytes);
  }

  leave(): void {
    if (this.#bytes > 0) this.#room.leave(this.#bytes);
    this.#bytes = 0;
  }
}
