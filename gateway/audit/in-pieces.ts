import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Span } from './usage-buckets.ts';

/** What a reading may hold the gateway's thread, ms; below the other more is read in one go. */
const LONG = 3;
const SHORT = 1;

/** Lets other work pass once some milliseconds were worked. */
export class Pace {
  #since = performance.now();

  async pass(): Promise<void> {
    if (performance.now() - this.#since < SHORT) return;
    await nextTurn();
    this.#since = performance.now();
  }
}

/**
 * Reads a span some units at a time, as many as take a few milliseconds; other work passes in between.
 * @param units how long one is, ms, and how many are read in one go at first and at most
 * @param pace of all that is read for one question
 */
export async function* inPieces<Found>(
  span: Span,
  units: { ms: number; first: number; most: number },
  pace: Pace,
  read: (piece: Span) => Found,
): AsyncGenerator<Found, void, undefined> {
  let count = units.first;
  for (let from = span.from; from < span.to; ) {
    const to = Math.min(span.to, from + count * units.ms);
    const begun = performance.now();
    yield read({ from, to });
    const took = performance.now() - begun;
    if (took > LONG) count = Math.max(1, count >> 1);
    else if (took < SHORT) count = Math.min(units.most, count * 2);
    from = to;
    await pace.pass();
  }
}
