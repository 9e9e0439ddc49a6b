import { afterAll, beforeAll, expect, it } from 'vitest';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';
import { sized } from './size.ts';
import { CALLS, expectServed, GOOD, type Subject, startSubject } from './subject.ts';
import { query } from './support.ts';

/** Time that does not pass as it should, while requests run. */

const DAY_MS = 86_400_000;
const IDLE_MS = 1_000;

let subject: Subject;
beforeAll(async () => {
  subject = await startSubject({ timeouts: { idleMs: IDLE_MS } });
});
afterAll(() => subject[Symbol.asyncDispose]());

interface Times {
  at: number;
  latency: number;
  ttfb: number;
}

it('a clock that jumps while requests run neither ends them nor shows in what they took', async () => {
  const begun = Date.now();
  const jumps = [2 * DAY_MS, -2 * DAY_MS, 300 * DAY_MS, -300 * DAY_MS, 0];
  for (const jump of jumps.flatMap((one) => Array.from({ length: sized(1, 5) }, () => one))) {
    subject.good.script(reply.gated(reply.text('while the clock is set')));
    const before = subject.good.requests.length;
    const running = CALLS.map((call) => subject.ask(GOOD, call));
    await until('the calls', () => subject.good.requests.length - before === CALLS.length);
    await subject.gateway.setClock(jump);
    for (const request of subject.good.requests.slice(before)) request.releaseAll();
    for (const [index, call] of CALLS.entries())
      expectServed((await running[index]) as never, call, `a jump by ${jump / DAY_MS} days`);
    subject.good.script(reply.text('ok'));
    await subject.expectSound(`a jump by ${jump / DAY_MS} days`);
  }
  const rows = query<Times>(
    subject.dataDir,
    'SELECT at, latency_ms AS latency, ttfb_ms AS ttfb FROM requests WHERE status = 200',
  );
  for (const { latency, ttfb } of rows) {
    expect(latency).toBeGreaterThanOrEqual(0);
    expect(latency).toBeLessThanOrEqual(Date.now() - begun);
    expect(ttfb).toBeLessThanOrEqual(latency);
  }
});

it.skipIf(process.platform === 'win32')(
  'a process that was frozen goes on with what came meanwhile',
  async () => {
    const { process: gateway } = subject.gateway;
    subject.good.script(reply.gated(reply.text('while nobody listens')));
    const before = subject.good.requests.length;
    const running = CALLS.map((call) => subject.ask(GOOD, call));
    await until('the calls', () => subject.good.requests.length - before === CALLS.length);
    const requests = subject.good.requests.slice(before);
    // Streams have begun: the watch on their silence runs.
    for (const request of requests) void request.release(2);
    await until('the first events', () => requests.every(({ piecesSent }) => piecesSent > 0));
    gateway.kill('SIGSTOP');
    const frozen = performance.now();
    for (const request of requests) request.releaseAll();
    await until('the watch to run out', () => performance.now() - frozen > 2 * IDLE_MS);
    gateway.kill('SIGCONT');
    for (const [index, call] of CALLS.entries())
      expectServed((await running[index]) as never, call, 'a frozen process');
    subject.good.script(reply.text('ok'));
    await subject.expectSound('a frozen process');
  },
);
