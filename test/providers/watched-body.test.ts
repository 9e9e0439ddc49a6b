import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchedBody } from '../../gateway/providers/watched-body.ts';

describe('watchedBody', () => {
  it('counts only the time in which somebody waits', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const source = new PassThrough();
    const chunks = watchedBody(
      source,
      1_000,
      () => new Error('silence'),
      (error) => error as Error,
    );
    source.write('first');
    expect((await chunks.next()).value?.toString()).toBe('first');
    vi.advanceTimersByTime(60_000);
    source.write('second');
    expect((await chunks.next()).value?.toString()).toBe('second');
    const third = chunks.next();
    await nextTurn();
    vi.advanceTimersByTime(999);
    source.write('third');
    expect((await third).value?.toString()).toBe('third');
    const fourth = chunks.next();
    const closed = once(source, 'close').catch(() => {});
    await nextTurn();
    vi.advanceTimersByTime(1_000);
    await expect(fourth).rejects.toThrow('silence');
    await closed;
    expect(vi.getTimerCount()).toBe(0);
  });
});
