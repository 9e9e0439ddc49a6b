import type { Readable } from 'node:stream';

/**
 * Reads a body chunk by chunk as it arrives. Ending the iteration early destroys the body, and with it the
 * connection, even while a chunk is waited for. Time in which the reader is busy does not count as silence.
 * The body's own iterator does the same in several promises a chunk; this takes one.
 * @param idleMs longest silence before `onSilence` is thrown
 * @param onFailure turns what the stream threw into what the reader shall meet
 */
export function watchedBody(
  body: Readable,
  idleMs: number,
  onSilence: () => Error,
  onFailure: (error: unknown) => Error,
): AsyncIterableIterator<Buffer, undefined> {
  let over = false;
  let failure: (() => Error) | undefined;
  let wake: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    wake?.();
    wake = undefined;
  }

  function fail(how: () => Error): void {
    failure ??= how;
    look();
  }

  function end(): void {
    over = true;
    look();
  }

  function silent(): void {
    if (wake === undefined) return;
    fail(onSilence);
    body.destroy();
  }

  function nextChange(): Promise<void> {
    return new Promise((resolve) => {
      wake = resolve;
      timer ??= setTimeout(silent, idleMs);
      timer.refresh();
    });
  }

  body.on('readable', look);
  body.on('end', end);
  body.on('error', (error) => fail(() => onFailure(error)));
  body.on('close', () => {
    clearTimeout(timer);
    fail(() => onFailure(new Error('The body was closed before its end.')));
  });

  return {
    async next() {
      for (;;) {
        const chunk: Buffer | null = body.destroyed ? null : body.read();
        if (chunk !== null) return { done: false, value: chunk };
        if (over) return { done: true, value: undefined };
        if (failure !== undefined) throw failure();
        await nextChange();
      }
    },

    async return() {
      end();
      body.destroy();
      return { done: true, value: undefined };
    },

    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
