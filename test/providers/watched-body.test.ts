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

  const watch = (source: PassThrough, idleMs = 60_000) =>
    watchedBody(
      source,
      idleMs,
      () => new Error('silence'),
      (error) => new Error(`failed: ${(error as Error).message}`),
    );

  it('gives all that came, then ends', async () => {
    const source = new PassThrough();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of watch(source)) seen.push(String(chunk));
    })();
    for (const word of ['one', 'two', 'three']) {
      source.write(word);
      await nextTurn();
    }
    source.end('four');
    await reading;
    expect(seen.join(' ')).toBe('one two three four');
  });

  it.each([0, 1])('holds on to a failure until it is read, %i chunks later', async (chunks) => {
    const source = new PassThrough();
    const body = watch(source);
    if (chunks > 0) {
      source.write('x');
      await body.next();
    }
    source.destroy(new Error('reset'));
    await nextTurn();
    await expect(body.next()).rejects.toThrow('failed: reset');
  });

  it('takes a body that closes before its end for a failure', async () => {
    const source = new PassThrough();
    const next = watch(source).next();
    source.destroy();
    await expect(next).rejects.toThrow('failed: The body was closed before its end.');
  });

  it('destroys the body when the reader leaves, even one that waits', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const source = new PassThrough();
    const body = watch(source);
    const waiting = body.next();
    await nextTurn();
    await body.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(source.destroyed).toBe(true);
    await nextTurn();
    expect(vi.getTimerCount()).toBe(0);
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });
});
