import { setTimeout as pause } from 'node:timers/promises';
import { median } from './figures.ts';
import type { Seen, WatchedGateway } from './gateway.ts';
import { adminQueries } from './queries.ts';

const ROUNDS = 5;
/** What takes this long is asked once more and no oftener. */
const TOO_LONG_MS = 2_000;
/** Requests a second that go on meanwhile. */
const LOAD = 5;

/** All in ms but for the bytes. */
export interface Measured {
  name: string;
  /** The first answer. */
  firstMs: number;
  /** The middle of the others, and the shortest: on a machine that others use too, the shortest says most. */
  ms: number;
  shortestMs: number;
  /** What the gateway's thread worked for it: the least of all rounds. */
  busyMs: number;
  /** The longest turn of its event loop: the shortest of all rounds, since other programs only ever make it longer. */
  longestMs: number;
  /** The longest stall: the middle of all rounds. */
  stallMs: number;
  bytes: number;
}

/** Asks everything the panel and the admin API ask, some times each, while a few requests a second come in. */
export async function measureQueries(
  gateway: WatchedGateway,
  dataDir: string,
  key: string,
  model: string,
  tell: (found: Measured) => void,
): Promise<void> {
  const stopped = new AbortController();
  const load = keepAsking(gateway, key, model, stopped.signal);
  for (const [name, path] of adminQueries(dataDir)) {
    const times: number[] = [];
    const seen: Seen[] = [];
    let bytes = 0;
    for (let round = 0; round <= (sum(times) > TOO_LONG_MS ? 1 : ROUNDS); round++) {
      await gateway.watch();
      const answer = await gateway.admin(path);
      seen.push(await gateway.look());
      times.push(answer.ms);
      bytes = answer.bytes;
    }
    const [firstMs = Number.NaN, ...others] = times;
    tell({
      ...{ name, firstMs, bytes, ms: median(others), shortestMs: Math.min(...times) },
      busyMs: Math.min(...seen.map(({ busyMs }) => busyMs)),
      longestMs: Math.min(...seen.map(({ longestMs }) => longestMs)),
      stallMs: median(seen.map(({ stallMs }) => stallMs)),
    });
  }
  stopped.abort();
  await load;
}

async function keepAsking(
  gateway: WatchedGateway,
  key: string,
  model: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await gateway.infer(key, model);
    await pause(1_000 / LOAD, undefined, { signal }).catch(() => undefined);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((whole, value) => whole + value, 0);
}
