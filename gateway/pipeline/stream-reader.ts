import type { Endpoint } from '../protocols/endpoint.ts';
import { OutputEstimate } from '../protocols/output-estimate.ts';
import { type EventBlock, SseSplitter } from '../protocols/sse.ts';
import { type EventMeaning, StreamMeter } from '../protocols/stream-meter.ts';
import { endMark } from '../protocols/stream-words.ts';
import type { Metered } from './metered.ts';

const BLANK_LINE = Buffer.from('\n\n');

/** What some bytes of a stream have brought. */
export interface Sorted {
  /** To be sent on now. Events that follow each other are one piece. */
  forward: Buffer[];
  /** Meaning of the first event that has one; told until the answer has begun. */
  first: Exclude<EventMeaning, 'blank'> | undefined;
  /** The event that ends the stream. What comes after it is no part of the answer. */
  last?: { event: Buffer; meaning: 'end' | 'error' };
}

/** How a stream's usage is told to the client. */
export interface UsageTelling {
  /** Nothing of the chunk that tells usage alone: the client did not ask for it. */
  hideChunk: boolean;
  /** The event that tells it waits for the end of the stream, so that it can also tell what was charged. */
  keepForEnd: boolean;
}

/** Reads a provider's stream from the side, and says which of its events go on to the client. */
export class StreamReader {
  readonly #endpoint: Endpoint;
  readonly #usage: UsageTelling;
  readonly #splitter = new SseSplitter();
  readonly #meter: StreamMeter;
  readonly #output: OutputEstimate;
  /** The event that tells usage, and what came after it that is no more of the answer. */
  #kept: Buffer[] = [];

  constructor(endpoint: Endpoint, usage: UsageTelling) {
    this.#endpoint = endpoint;
    this.#usage = usage;
    this.#meter = new StreamMeter(endpoint);
    this.#output = new OutputEstimate(endpoint);
  }

  /** @param begun whether events have been sent on; until then each is looked at, as it may be junk */
  read(chunk: Buffer, begun: boolean): Sorted {
    const block = this.#splitter.push(chunk);
    this.#output.add(block.bytes);
    return this.#sort(block, begun);
  }

  /**
   * To be asked when the provider sent its last byte without an event that ends the stream.
   * @returns the end of the stream, or null where the answer was cut
   */
  endOfBytes(): Buffer | null {
    // Some servers leave out the blank line behind their last event.
    if (this.#splitter.rest.length > 0) {
      const last = Buffer.concat([this.#splitter.rest, BLANK_LINE]);
      this.#output.add(last);
      if (this.#meter.see(last) === 'end') return this.#withKept(last);
      if (this.#usage.keepForEnd && this.#meter.brings === 'usage') this.#kept.push(last);
    }
    // OpenAI-like servers may tell a finish reason and leave [DONE] out; any other end is none.
    const mark = this.#meter.finished ? endMark(this.#endpoint) : null;
    return mark === null ? null : this.#withKept(mark);
  }

  /** @param whole the answer came to its end */
  tell(metered: Metered, whole: boolean): void {
    metered.usage = this.#meter.usage;
    // A whole answer whose usage was told needs no estimate, which takes the reading of every event.
    if (!whole || metered.usage === null) metered.outputBytes = this.#output.textBytes;
  }

  #sort({ bytes, ends }: EventBlock, begun: boolean): Sorted {
    const forward: Buffer[] = [];
    const forwardPiece = (from: number, to: number) => {
      if (to > from) forward.push(bytes.subarray(from, to));
    };
    const text = bytes.toString('latin1');
    let telling = this.#meter.nextTelling(text, 0);
    let first: Sorted['first'];
    let pieceStart = 0;
    let start = 0;
    for (const end of ends) {
      const eventStart = start;
      start = end;
      const keeps = this.#kept.length > 0;
      if (telling >= end && !keeps && (begun || first !== undefined)) continue;
      const event = bytes.subarray(eventStart, end);
      const meaning = this.#meter.see(event);
      if (telling < end) telling = this.#meter.nextTelling(text, end);
      if (meaning !== 'blank') first ??= meaning;
      if (meaning === 'end' || meaning === 'error') {
        forwardPiece(pieceStart, eventStart);
        return { forward, first, last: { event: this.#withKept(event), meaning } };
      }
      if (keeps && this.#meter.brings === 'answer') {
        forward.push(...this.#kept);
        this.#kept = [];
      }
      const isHidden = meaning === 'usage' && this.#usage.hideChunk;
      const isKept = this.#kept.length > 0 || (this.#usage.keepForEnd && this.#meter.brings === 'usage');
      if (isHidden || isKept) {
        forwardPiece(pieceStart, eventStart);
        pieceStart = end;
      }
      if (isKept && !isHidden) this.#kept.push(event);
    }
    forwardPiece(pieceStart, bytes.length);
    return { forward, first };
  }

  #withKept(event: Buffer): Buffer {
    return this.#kept.length === 0 ? event : Buffer.concat([...this.#kept, event]);
  }
}
