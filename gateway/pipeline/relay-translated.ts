import type { CanonicalEvent } from '../protocols/canonical/answer.ts';
import type { StreamDecoder } from '../protocols/canonical/codec.ts';
import { type JsonObject, parseObject } from '../protocols/json.ts';
import { EventReader, SseSplitter } from '../protocols/sse.ts';
import type { AnswerTranslation, HttpTranslation } from '../protocols/translation.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { nameOf, uselessAnswer } from './attempts.ts';
import { drain } from './drain.ts';
import { EventRelay, type StreamEnd } from './event-relay.ts';
import type { Metered } from './metered.ts';
import { asBrokenOff, asUseless, BrokenOff, type StreamSink } from './relay-stream.ts';
import type { Route } from './route.ts';

const BLANK_LINE = Buffer.from('\n\n');

/**
 * Puts a provider's stream into the caller's protocol, event by event as they come. The end of the stream is
 * returned: it goes out once the request is settled.
 * @throws AttemptFailed when the provider told of an error, or the stream broke, before anything was sent
 * @throws BrokenOff when that happened later
 */
export async function relayTranslated(
  translation: HttpTranslation,
  route: Route,
  answer: UpstreamAnswer,
  sink: StreamSink,
  metered: Metered,
): Promise<Buffer> {
  const clean = (event: Buffer) => answer.withoutCredential?.(event) ?? event;
  const cleanText = (text: string) => clean(Buffer.from(text)).toString('utf8');
  const relay = new EventRelay(translation.answer.encodeStream(), route, metered, cleanText);
  const source = new StreamSource(translation.decodeStream(), relay, route);
  const chunks = answer.body[Symbol.asyncIterator]();
  return pump(relay, route, chunks, sink, clean, (chunk) => {
    if (chunk === null) source.endOfBytes();
    else source.read(chunk);
  });
}

/** The same for a provider whose events are canonical already. */
export async function relayCanonical(
  answer: AnswerTranslation,
  route: Route,
  events: AsyncIterator<readonly CanonicalEvent[]>,
  sink: StreamSink,
  metered: Metered,
): Promise<Buffer> {
  const relay = new EventRelay(answer.encodeStream(), route, metered);
  return pump(
    relay,
    route,
    events,
    sink,
    (event) => event,
    (some) => relay.push(some ?? []),
  );
}

/** @param read takes what came; null for the end */
async function pump<Chunk>(
  relay: EventRelay,
  route: Route,
  chunks: AsyncIterator<Chunk>,
  sink: StreamSink,
  clean: (event: Buffer) => Buffer,
  read: (chunk: Chunk | null) => void,
): Promise<Buffer> {
  try {
    for (;;) {
      const { done, value } = await chunks.next();
      read(done ? null : value);
      const text = relay.take();
      if (text !== '') await sink.write(Buffer.from(text));
      if (relay.last !== undefined) {
        if (!done) void drain(chunks);
        return ended(relay.last, route, clean);
      }
      if (done) throw uselessAnswer(route, 'cut', 'ended the stream before the answer was complete.');
    }
  } catch (error) {
    void chunks.return?.();
    if (sink.begun) throw inCallersWords(asBrokenOff(error, route), relay);
    throw asUseless(error, route);
  }
}

/** The caller's protocol numbers its events and names its answer: the end must go on from there. */
function inCallersWords(error: unknown, relay: EventRelay): unknown {
  if (!(error instanceof BrokenOff) || error.event !== null) return error;
  return new BrokenOff(error.message, relay.failed(error.message), error.failure.reason);
}

function ended(last: StreamEnd, route: Route, clean: (event: Buffer) => Buffer): Buffer {
  if (last.meaning === 'end') return last.event;
  throw new BrokenOff(`${nameOf(route)} ended the stream with an error.`, clean(last.event));
}

/** Reads the events of a stream into a relay. */
class StreamSource {
  readonly #decoder: StreamDecoder;
  readonly #relay: EventRelay;
  readonly #route: Route;
  readonly #splitter = new SseSplitter();
  readonly #reader = new EventReader();

  constructor(decoder: StreamDecoder, relay: EventRelay, route: Route) {
    this.#decoder = decoder;
    this.#relay = relay;
    this.#route = route;
  }

  /** @throws AttemptFailed for junk */
  read(chunk: Buffer): void {
    const { bytes, ends } = this.#splitter.push(chunk);
    let start = 0;
    for (const end of ends) {
      this.#event(bytes.subarray(start, end));
      start = end;
      if (this.#relay.last !== undefined) return;
    }
  }

  endOfBytes(): void {
    const { rest } = this.#splitter;
    // Some servers leave out the blank line behind their last event.
    if (rest.length > 0) this.#event(Buffer.concat([rest, BLANK_LINE]));
    if (this.#relay.last === undefined) this.#relay.push(this.#decoder.end());
  }

  #event(event: Buffer): void {
    const data = this.#reader.data(event);
    if (data !== '') this.#relay.push(this.#decoder.push(this.#parsed(data)));
  }

  #parsed(data: string): JsonObject | '[DONE]' {
    const parsed = data.trim() === '[DONE]' ? '[DONE]' : parseObject(data);
    if (parsed === undefined)
      throw uselessAnswer(this.#route, 'junk', 'sent a stream that is not of its protocol.');
    return parsed;
  }
}
