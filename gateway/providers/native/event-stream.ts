import type { CanonicalEvent } from '../../protocols/canonical/answer.ts';
import { UpstreamFailure } from '../upstream.ts';
import type { NativeStreamReader } from './from-stream.ts';
import type { StreamPart } from './sdk.ts';
import { underneath } from './underneath.ts';

/**
 * Events as the provider's parts arrive. What cannot be read ends it as a cut does.
 * @param first events that are there already
 */
export function eventStream(
  parts: ReadableStreamDefaultReader<StreamPart>,
  reader: NativeStreamReader,
  first: CanonicalEvent[],
): AsyncIterableIterator<CanonicalEvent[], undefined> {
  let waiting = first;

  async function nextEvents(): Promise<CanonicalEvent[] | undefined> {
    while (waiting.length === 0) {
      if (reader.over) {
        await stop();
        return undefined;
      }
      const { done, value } = await parts.read();
      if (done) return undefined;
      waiting = reader.push(value);
    }
    const events = waiting;
    waiting = [];
    return events;
  }

  async function stop(): Promise<void> {
    // The stream may have failed already.
    await parts.cancel().catch(() => undefined);
  }

  return {
    async next() {
      try {
        const value = await nextEvents();
        return value === undefined ? { done: true, value } : { done: false, value };
      } catch (error) {
        const cause = underneath(error);
        if (cause instanceof UpstreamFailure) throw cause;
        return { done: true, value: undefined };
      }
    },

    async return() {
      await stop();
      return { done: true, value: undefined };
    },

    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
