import type { Readable } from 'node:stream';

/**
 * Reads a body chunk by chunk as it arrives. Ending the iteration early destroys the body, and with it the
 * connection. Time in which the reader is busy does not count as silence.
 * @param idleMs longest silence before `onSilence` is thrown
 * @param onFailure turns what the stream threw into what the reader shall meet
 */
export async function* watchedBody(
  body: Readable,
  idleMs: number,
  onSilence: () => Error,
  onFailure: (error: unknown) => Error,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = body[Symbol.asyncIterator]();
  let waiting = false;
  let silence: Error | undefined;
  const timer = setTimeout(() => {
    if (!waiting) return;
    silence = onSilence();
    body.destroy(silence);
  }, idleMs);

  try {
    for (;;) {
      waiting = true;
      timer.refresh();
      const { value, done } = await chunks.next();
      waiting = false;
      if (done === true) return;
      yield value;
    }
  } catch (error) {
    throw silence ?? onFailure(error);
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}
