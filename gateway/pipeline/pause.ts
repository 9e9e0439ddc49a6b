import type { LiveEvents } from '../audit/events.ts';
import { GatewayError } from '../errors.ts';

/** The owner's switch: while it is off, inference is refused. Streams that run go on. A start is never paused. */
export class Pause {
  readonly #events: LiveEvents;
  #paused = false;

  constructor(events: LiveEvents) {
    this.#events = events;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** @returns whether that changed anything */
  set(paused: boolean): boolean {
    if (paused === this.#paused) return false;
    this.#paused = paused;
    this.#events.emit({ type: 'state', data: { state: paused ? 'paused' : 'running' } });
    return true;
  }

  /** @throws GatewayError `paused`. Trying again soon is of no use: a person paused it. */
  refuse(): void {
    if (!this.#paused) return;
    throw new GatewayError(
      'paused',
      'The gateway is paused by its owner, so it serves nothing now; try again once it is resumed.',
      { headers: { 'x-should-retry': 'false' } },
    );
  }
}
