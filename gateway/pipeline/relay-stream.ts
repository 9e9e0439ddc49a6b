import { GatewayError } from '../errors.ts';
import type { ProviderError } from '../protocols/canonical/answer.ts';
import { CODECS, isHubProtocol } from '../protocols/codecs.ts';
import { ENDPOINTS, type Endpoint } from '../protocols/endpoint.ts';
import { parseObject } from '../protocols/json.ts';
import { EventReader } from '../protocols/sse.ts';
import type { UpstreamAnswer } from '../providers/upstream.ts';
import { UpstreamFailure } from '../providers/upstream.ts';
import { AttemptFailed, errorAtStart, nameOf, uselessAnswer } from './attempts.ts';
import { drain } from './drain.ts';
import type { Metered } from './metered.ts';
import type { Route } from './route.ts';
import { StreamReader, type UsageTelling } from './stream-reader.ts';

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
 * @throws AttemptFailed, RefusedInStream when the provider told of an error, or the stream broke, before anything
 *   was sent
 * @throws BrokenOff when that happened later
 */
export async function relayStream(
  endpoint: Endpoint,
  route: Route,
  answer: UpstreamAnswer,
  sink: StreamSink,
  metered: Metered,
  usage: UsageTelling,
): Promise<Buffer> {
  const reader = new StreamReader(endpoint, usage);
  let last: Buffer | undefined;
  try {
    last = await relay(endpoint, reader, route, answer, sink);
    return last;
  } catch (error) {
    throw sink.begun ? asBrokenOff(error, route) : asUseless(error, route);
  } finally {
    reader.tell(metered, last !== undefined);
  }
}

async function relay(
  endpoint: Endpoint,
  reader: StreamReader,
  route: Route,
  answer: UpstreamAnswer,
  sink: StreamSink,
): Promise<Buffer> {
  const chunks = answer.body[Symbol.asyncIterator]();
  // What comes before the answer's first event may be junk: it waits, so that another target can be tried.
  let waiting: Buffer[] = [];
  try {
    for (;;) {
      const { done, value } = await chunks.next();
      if (done) break;
      const { forward, first, last } = reader.read(value, sink.begun);
      waiting.push(...forward);
      if (!sink.begun) {
        if (first === 'junk')
          throw uselessAnswer(route, 'junk', 'sent a stream that is not of its protocol.');
        if (first === 'error') throw errorAtStart(route, errorIn(endpoint, last?.event, answer));
        if (first === undefined) continue;
      }
      if (waiting.length > 0) await sink.write(oneBuffer(waiting));
      waiting = [];
      if (last === undefined) continue;
      if (last.meaning === 'error') {
        const event = answer.withoutCredential?.(last.event) ?? last.event;
        throw new BrokenOff(`${nameOf(route)} ended the stream with an error.`, event);
      }
      void drain(chunks);
      return last.event;
    }
  } catch (error) {
    void chunks.return?.();
    throw error;
  }
  const end = reader.endOfBytes();
  if (end === null) throw uselessAnswer(route, 'cut', 'ended the stream before the answer was complete.');
  return end;
}

/** What an error event says, without the credential. */
function errorIn(endpoint: Endpoint, event: Buffer | undefined, answer: UpstreamAnswer): ProviderError {
  const silent = { message: 'the provider gave no reason.', type: null, code: null };
  const { protocol } = ENDPOINTS[endpoint];
  if (event === undefined || !isHubProtocol(protocol)) return silent;
  const clean = answer.withoutCredential?.(event) ?? event;
  const json = parseObject(new EventReader().data(clean));
  const events = json === undefined ? [] : CODECS[protocol].decodeStream({ providerId: '' }).push(json);
  return events.find((told) => told.type === 'error')?.error ?? silent;
}

/** Nothing has been sent: another target may be asked in the place of one that sends what cannot be read. */
export function asUseless(error: unknown, route: Route): unknown {
  if (!(error instanceof RangeError)) return error;
  return uselessAnswer(route, 'junk', 'sent an event that is too large or nested too deep.');
}

export function asBrokenOff(error: unknown, route: Route): unknown {
  if (error instanceof BrokenOff) return error;
  if (error instanceof AttemptFailed) return new BrokenOff(error.message, null);
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
  /** What ends the stream for the caller; null where the protocol's usual error event does. */
  readonly event: Buffer | null;

  constructor(message: string, event: Buffer | null, reason = event === null ? 'cut' : 'error_event') {
    super({
      status: null,
      reason,
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
