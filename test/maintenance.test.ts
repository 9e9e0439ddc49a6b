import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startMaintenance } from '../gateway/maintenance.ts';
import { openAdmin } from './doors/admin/admin-app.ts';

const TEN_MINUTES = 600_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function maintain(refreshListings: (signal: AbortSignal) => Promise<void>) {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => lines.push(line) });
  const { parts } = await openAdmin();
  return { lines, ...startMaintenance({ rollUp: parts.rollUp, log, tidy: [], refreshListings }) };
}

it('refreshes model listings now and then, one at a time, and goes on after a failure', async () => {
  let asked = 0;
  let answer = Promise.withResolvers<void>();
  const { lines, stop } = await maintain(() => {
    asked += 1;
    return answer.promise;
  });
  expect(asked).toBe(0);
  await vi.advanceTimersByTimeAsync(3 * TEN_MINUTES);
  expect(asked).toBe(1);
  const failed = answer;
  answer = Promise.withResolvers<void>();
  failed.reject(new Error('no such table'));
  await expect.poll(() => asked).toBe(2);
  expect(lines.join('')).toContain('model listings could not be refreshed');
  answer.resolve();
  await stop();
});

it('waits at the end for a listing that it has told to stop', async () => {
  let signal: AbortSignal | undefined;
  const { stop } = await maintain(async (stopping) => {
    signal = stopping;
    await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  });
  await vi.advanceTimersByTimeAsync(TEN_MINUTES);
  expect(signal?.aborted).toBe(false);
  await stop();
  expect(signal?.aborted).toBe(true);
});

it('does after a sleep what was due meanwhile, once the network may be back', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearInterval'] });
  let asked = 0;
  const { wake, stop } = await maintain(async () => {
    asked += 1;
  });
  wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toBe(1);
  await stop();
});
