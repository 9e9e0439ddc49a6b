import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '../store/store.ts';

/** Half-open span of wall-clock milliseconds. */
interface Span {
  from: number;
  to: number;
}

interface Position {
  at: number;
  id: number;
}

interface Row extends Position {
  providerId: number | null;
  status: number;
  ttfbMs: number | null;
}

/** Rows looked at in one go: about a millisecond of the gateway's thread. */
const SLICE_ROWS = 1_000;

const NEWEST_FIRST = `
  SELECT at, id, provider_id AS providerId, status, ttfb_ms AS ttfbMs FROM requests INDEXED BY requests_at
  WHERE at >= @from AND (at, id) < (@at, @id) ORDER BY at DESC, id DESC LIMIT ${SLICE_ROWS}`;

/**
 * Medians of the time to first byte. They are taken over the latest answers of a span, found by a walk from its
 * newest row back, some rows at a time: a database of millions of rows is not read for them.
 */
export class FirstBytes {
  readonly #rows;

  constructor(db: Database) {
    this.#rows = db.prepare<Span & Position, Row>(NEWEST_FIRST);
  }

  /**
   * Over the latest 1,000 answers, found among the latest 5,000 rows.
   * @returns ms; null where nothing was answered
   */
  async median(span: Span, signal?: AbortSignal): Promise<number | null> {
    const times: number[] = [];
    for await (const answers of this.#answers(span, 5_000, signal)) {
      times.push(...answers.slice(0, 1_000 - times.length).map(({ ttfbMs }) => ttfbMs));
      if (times.length === 1_000) break;
    }
    return medianOf(times);
  }

  /** Of each provider, over its latest 300 answers, found among the latest 20,000 rows. */
  async byProvider(
    span: Span,
    providerIds: readonly number[],
    signal?: AbortSignal,
  ): Promise<Map<number, number | null>> {
    const times = new Map(providerIds.map((id) => [id, [] as number[]]));
    for await (const answers of this.#answers(span, 20_000, signal)) {
      for (const { providerId, ttfbMs } of answers) {
        const found = times.get(providerId ?? 0);
        if (found !== undefined && found.length < 300) found.push(ttfbMs);
      }
      if ([...times.values()].every(({ length }) => length === 300)) break;
    }
    return new Map([...times].map(([id, found]) => [id, medianOf(found)]));
  }

  async *#answers(
    { from, to }: Span,
    mostRows: number,
    signal?: AbortSignal,
  ): AsyncGenerator<(Row & { ttfbMs: number })[], void, undefined> {
    let before: Position = { at: to, id: 0 };
    for (let seen = 0; seen < mostRows; seen += SLICE_ROWS) {
      signal?.throwIfAborted();
      const rows = this.#rows.all({ from, to, ...before });
      yield rows.filter(isAnswer);
      const last = rows.at(-1);
      if (last === undefined || rows.length < SLICE_ROWS) return;
      before = last;
      await nextTurn();
    }
  }
}

function isAnswer(row: Row): row is Row & { ttfbMs: number } {
  return row.ttfbMs !== null && row.status > 0 && row.status < 400;
}

function medianOf(times: number[]): number | null {
  if (times.length === 0) return null;
  times.sort((a, b) => a - b);
  const middle = times.length >> 1;
  const upper = times[middle] as number;
  return times.length % 2 === 1 ? upper : Math.round((upper + (times[middle - 1] as number)) / 2);
}
