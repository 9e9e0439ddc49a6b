import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WatchedBody } from '../../gateway/providers/watched-body.ts';

/** A body, and what it asked of its source. */
function watch(idleMs = 60_000) {
  const asked: string[] = [];
  const source = {
    pause: () => asked.push('pause'),
    resume: () => asked.push('resume'),
    abort: () => asked.push('abort'),
  };
  const onSilence = () => new Error('silence');
  const onFailure = (error: unknown) => new Error(`failed: ${(error as Error).message}`);
  return { asked, body: new WatchedBody(source, idleMs, onSilence, onFailure) };
}

function fakeTimers(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
}

describe('WatchedBody', () => {
  it('counts only the time in which somebody waits', async () => {
    fakeTimers();
    const { asked, body } = watch(1_000);
    body.push(Buffer.from('first'));
    expect((await body.next()).value?.toString()).toBe('first');
    vi.advanceTimersByTime(60_000);
    body.push(Buffer.from('second'));
    expect((await body.next()).value?.toString()).toBe('second');
    const third = body.next();
    await nextTurn();
    vi.advanceTimersByTime(999);
    body.push(Buffer.from('third'));
    expect((await third).value?.toString()).toBe('third');
    const fourth = body.next();
    await nextTurn();
    vi.advanceTimersByTime(1_000);
    await expect(fourth).rejects.toThrow('silence');
    expect(asked).toEqual(['abort']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives all that came, then ends', async () => {
    const { body } = watch();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const chunk of body) seen.push(String(chunk));
    })();
    for (const word of ['one', 'two', 'three']) {
      body.push(Buffer.from(word));
      await nextTurn();
    }
    body.push(Buffer.from('four'));
    body.end();
    await reading;
    expect(seen).toEqual(['one', 'two', 'three', 'four']);
  });

  it.each([0, 1])('holds on to a failure until it is read, behind %i chunks', async (chunks) => {
    const { body } = watch();
    if (chunks > 0) body.push(Buffer.from('x'));
    body.fail(new Error('reset'));
    await nextTurn();
    if (chunks > 0) expect((await body.next()).value?.toString()).toBe('x');
    await expect(body.next()).rejects.toThrow('failed: reset');
  });

  it('lets the source wait while the reader is behind, and go on once it has caught up', async () => {
    const { asked, body } = watch();
    for (let index = 0; index < 3; index++) body.push(Buffer.alloc(40_000));
    expect(asked).toEqual(['pause']);
    expect((await body.next()).value).toHaveLength(120_000);
    expect(asked).toEqual(['pause', 'resume']);
  });

  it('ends the call when the reader leaves, even one that waits', async () => {
    fakeTimers();
    const { asked, body } = watch();
    const waiting = body.next();
    await nextTurn();
    await body.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(asked).toEqual(['abort']);
    expect(vi.getTimerCount()).toBe(0);
    // undici tells of the end it was asked for.
    body.fail(new Error('aborted'));
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });

  it('leaves a call alone that has ended by itself', async () => {
    const { asked, body } = watch();
    body.push(Buffer.from('all'));
    body.end();
    await body.return();
    expect(asked).toEqual([]);
  });
});
