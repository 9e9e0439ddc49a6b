import { GatewayError } from '../errors.ts';
import type { Endpoint } from '../protocols/endpoint.ts';
import { SseSplitter } from '../protocols/sse.ts';
import { type EventMeaning, StreamMeter } from '../protocols/stream-meter.ts';
import { endMark } from '../protocols/stream-words.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { UpstreamFailure } from '../providers/upstream.ts';
import { AttemptFailed, nameOf, uselessAnswer } from './attempts.ts';
import { drain } from './drain.ts';
import type { Metered } from './metered.ts';
import type { Route } from './route.ts';

const BLANK_LINE = Buffer.from('\n\n');

/** Where the relay's events go. */
export interface StreamSink {
  /** Sends events as they came. */
  write(events: Buffer): Promise<void> | undefined;
  /** Whether any event has been sent; keep-alives are none. */
  readonly begun: boolean;
}

/**
 * Forwards a provider's stream event by event, untouched, and reads usage from the side. Stops before the
 * event that ends the stream and returns it: it goes out once the request is settled.
 * @param hideUsageChunk the client did not ask for the chunk that tells usage alone
 * @param abort ends the call to the provider
 * @throws AttemptFailed when the provider told of an error, or the stream broke, before anything was sent
 * @throws BrokenOff when that happened later
 */
export async function relayStream(
  endpoint: Endpoint,
  route: Route,
  answer: UpstreamAnswer,
  sink: StreamSink,
  metered: Metered,
  hideUsageChunk: boolean,
  abort: () => void,
): Promise<Buffer> {
  const splitter = new SseSplitter();
  const meter = new StreamMeter(endpoint);
  const chunks = answer.body[Symbol.asyncIterator]();
  // What comes before the answer's first event may be junk: it waits, so that another target can be tried.
  let waiting: Buffer[] = [];
  try {
    for (;;) {
      const { done, value } = await chunks.next();
      if (done) break;
      const { forward, first, last } = sort(splitter.push(value), meter, hideUsageChunk);
      take(meter, metered);
      waiting.push(...forward);
      if (!sink.begun) {
        if (first === 'junk')
          throw uselessAnswer(route, 'junk', 'sent a stream that is not of its protocol.');
        if (first === 'error') throw uselessAnswer(route, 'error_event', 'ended the stream before it began.');
        if (first === undefined) continue;
      }
      if (waiting.length > 0) await sink.write(oneBuffer(waiting));
      waiting = [];
      if (last === undefined) continue;
      if (last.meaning === 'error') {
        const event = answer.withoutCredential?.(last.event) ?? last.event;
        throw new BrokenOff(`${nameOf(route)} ended the stream with an error.`, event);
      }
      void drain(chunks, abort);
      return last.event;
    }
  } catch (error) {
    void chunks.return?.();
    throw sink.begun ? asBrokenOff(error, route) : error;
  }
  return endOfBytes(endpoint, route, splitter, meter, metered, sink);
}

/** The provider sent its last byte without an event that ends the stream. */
function endOfBytes(
  endpoint: Endpoint,
  route: Route,
  splitter: SseSplitter,
  meter: StreamMeter,
  metered: Metered,
  sink: StreamSink,
): Buffer {
  // Some servers leave out the blank line behind their last event.
  if (splitter.rest.length > 0) {
    const last = Buffer.concat([splitter.rest, BLANK_LINE]);
    const meaning = meter.see(last);
    take(meter, metered);
    if (meaning === 'end') return last;
  }
  // OpenAI-like servers may tell a finish reason and leave [DONE] out; any other end is none.
  const mark = endMark(endpoint);
  if (meter.finished && mark !== null) return mark;
  const cut = uselessAnswer(route, 'cut', 'ended the stream before the answer was complete.');
  throw sink.begun ? new BrokenOff(cut.message, null) : cut;
}

function asBrokenOff(error: unknown, route: Route): unknown {
  if (error instanceof UpstreamFailure && error.reason !== 'aborted')
    return new BrokenOff(error.message, null);
  if (error instanceof RangeError) return new BrokenOff(`${nameOf(route)} sent junk.`, null);
  return error;
}

function oneBuffer(events: Buffer[]): Buffer {
  return events.length === 1 ? (events[0] as Buffer) : Buffer.concat(events);
}

/** A stream that ended in the middle of an answer. */
export class BrokenOff extends AttemptFailed {
  /** The provider's own error event, to be sent on as it came; null where it sent none. */
  readonly event: Buffer | null;

  constructor(message: string, event: Buffer | null) {
    super({
      status: null,
      reason: event === null ? 'cut' : 'error_event',
      message,
      retryAfterMs: null,
      wholeProvider: false,
    });
    this.event = event;
  }

  toGatewayError(): GatewayError {
    return new GatewayError('upstream_error', this.message);
  }
}

interface Sorted {
  /** To be sent on now. */
  forward: Buffer[];
  /** Meaning of the first event that has one. */
  first: Exclude<EventMeaning, 'blank'> | undefined;
  /** The event that ends the stream. What comes after it is no part of the answer. */
  last?: { event: Buffer; meaning: 'end' | 'error' };
}

function sort(events: readonly Buffer[], meter: StreamMeter, hideUsageChunk: boolean): Sorted {
  const forward: Buffer[] = [];
  let first: Sorted['first'];
  for (const event of events) {
    const meaning = meter.see(event);
    if (meaning !== 'blank') first ??= meaning;
    if (meaning === 'end' || meaning === 'error') return { forward, first, last: { event, meaning } };
    if (!(meaning === 'usage' && hideUsageChunk)) forward.push(event);
  }
  return { forward, first };
}

function take(meter: StreamMeter, metered: Metered): void {
  metered.usage = meter.usage;
  metered.outputBytes = meter.outputBytes;
}
