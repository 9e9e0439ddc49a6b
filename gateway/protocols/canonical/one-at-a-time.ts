/**
 * Puts the parts of a stream in a row: the first that is open goes on as it comes, others wait until it ends.
 * Clients break on parts that take turns (the openai SDK's `.stream()` with strict tools among them), and
 * providers do interleave parallel calls.
 */
import type { CanonicalEvent } from './answer.ts';

type PartEvent = Extract<CanonicalEvent, { index: number }>;

export class OneAtATime {
  /** Events of each part that is not over, the one that goes on first. */
  readonly #open = new Map<number, { events: PartEvent[]; ended: boolean }>();

  push(event: CanonicalEvent): CanonicalEvent[] {
    if (!('index' in event)) return event.type === 'finish' ? [...this.#endAll(), event] : [event];
    if (event.type === 'part_start') this.#open.set(event.index, { events: [], ended: false });
    const part = this.#open.get(event.index);
    // A delta of a part that never began, or is over: nobody could tell whose it is.
    if (part === undefined) return [];
    part.events.push(event);
    if (event.type === 'part_end') part.ended = true;
    return this.#flow();
  }

  /** Lets out what the first part has brought, and those behind it once it is over. */
  #flow(): CanonicalEvent[] {
    const out: CanonicalEvent[] = [];
    for (const [index, part] of this.#open) {
      out.push(...part.events.splice(0));
      if (!part.ended) break;
      this.#open.delete(index);
    }
    return out;
  }

  /** Some servers end a stream without ending its parts. */
  #endAll(): CanonicalEvent[] {
    for (const [index, part] of this.#open) {
      if (part.ended) continue;
      part.events.push({ type: 'part_end', index });
      part.ended = true;
    }
    return this.#flow();
  }
}
