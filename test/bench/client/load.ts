import { percentile } from '../measures/statistics.ts';
import type { Expected } from './check-answer.ts';
import { Connection } from './connection.ts';

export interface Load {
  /** How many answers came, those that ended after the time was up included. */
  answers: number;
  /** Answers a second. One that was under way when the time was up counts with the part that lies before. */
  rate: number;
  /** Of the whole answer, in milliseconds. */
  p50: number;
  p99: number;
  /** Median time to the first byte of the body, in milliseconds. */
  firstByte: number;
}

export interface Target {
  port: number;
  request: Buffer;
  expected: Expected;
}

const GRACE_MS = 60_000;

/**
 * Asks from many connections at once, each one request after the other, for `ms` milliseconds.
 * @param begin called when all connections are open, right before the first request
 * @throws Error at the first answer that is not as expected, and where answers fail to come
 */
export async function load(
  { port, request, expected }: Target,
  connections: number,
  ms: number,
  begin: () => void = () => undefined,
): Promise<Load> {
  const latencies: number[] = [];
  const firstBytes: number[] = [];
  let work = 0;
  let until = 0;
  const clients = Array.from(
    { length: connections },
    () =>
      new Connection(port, request, expected, (startedAt, firstByteAt, endedAt) => {
        latencies.push(endedAt - startedAt);
        firstBytes.push(firstByteAt - startedAt);
        work += endedAt <= until ? 1 : (until - startedAt) / (endedAt - startedAt);
      }),
  );
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`No answer within ${GRACE_MS} ms.`)), ms + GRACE_MS);
  try {
    await Promise.all(clients.map((client) => client.open()));
    begin();
    until = performance.now() + ms;
    await Promise.race([late.promise, Promise.all(clients.map((client) => client.run(until)))]);
  } finally {
    clearTimeout(timer);
    for (const client of clients) client.close();
  }
  return {
    answers: latencies.length,
    rate: (work * 1_000) / ms,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    firstByte: percentile(firstBytes, 0.5),
  };
}
