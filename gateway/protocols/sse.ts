import { createParser } from 'eventsource-parser';
import { sprawls } from './json-sprawl.ts';

/** Larger than any event a provider sends; past it the stream is junk. */
const MAX_EVENT_BYTES = 64 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;

/** Whole events as they came, byte for byte, each with the blank line that ends it. */
export interface EventBlock {
  bytes: Buffer;
  /** One past the last byte of each event, in order. */
  ends: number[];
}

/**
 * Cuts a byte stream into server-sent events without changing a byte
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html, "parsing an event stream").
 * Forwarding whole events, and no halves, keeps room for a keep-alive or an error event between them.
 */
export class SseSplitter {
  /** Room for what is not complete yet. Events are given out as parts of it, so a byte once written stays. */
  #room: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  /** Where in `#room` the search for the end of an event goes on. */
  #search = 0;
  #hasCr = false;

  /** @returns the events that are complete now */
  push(chunk: Buffer): EventBlock {
    this.#hasCr = (this.#hasCr && this.#end > this.#start) || chunk.includes(CR);
    this.#append(chunk);
    const bytes = this.#room.subarray(0, this.#end);
    const nextEnd = this.#hasCr ? eventEnd : eventEndWithoutCr;
    const begin = this.#start;
    const ends: number[] = [];
    for (let end = nextEnd(bytes, this.#search); end !== -1; end = nextEnd(bytes, end)) {
      if (sprawls(bytes, this.#start, end)) {
        throw new RangeError('A server-sent event holds more than a million objects and members.');
      }
      ends.push(end - begin);
      this.#start = end;
    }
    if (this.#end - this.#start > MAX_EVENT_BYTES) {
      throw new RangeError('A server-sent event is larger than 64 MiB.');
    }
    // A blank line of up to four bytes may have begun.
    this.#search = Math.max(this.#start, this.#end - 3);
    return { bytes: bytes.subarray(begin, this.#start), ends };
  }

  /** What came after the last complete event. */
  get rest(): Buffer {
    return this.#room.subarray(this.#start, this.#end);
  }

  /** Room grows twofold, so that an event in many small chunks is not copied once for each. */
  #append(chunk: Buffer): void {
    const { rest } = this;
    if (rest.length === 0) {
      // The usual case: whole events, of which nothing is copied.
      this.#move(chunk, 0);
    } else if (this.#room.length - this.#end < chunk.length) {
      const room = Buffer.allocUnsafe(2 * (rest.length + chunk.length));
      rest.copy(room);
      this.#move(room, rest.length);
    }
    if (this.#room !== chunk) chunk.copy(this.#room, this.#end);
    this.#end += chunk.length;
  }

  #move(room: Buffer, filled: number): void {
    this.#search -= this.#start;
    this.#start = 0;
    this.#end = filled;
    this.#room = room;
  }
}

/** The usual case, where every line ends in LF alone. @returns one past the blank line, or -1 */
function eventEndWithoutCr(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(LF, from); at !== -1; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return at + 2;
  }
  return -1;
}

/** @returns one past the blank line that follows `from`, or -1 */
function eventEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
    if (at === bytes.length) return -1;
    let next = at + 1;
    if (bytes[at] === CR) {
      // A CR that ends the chunk may yet turn out to be the first half of CRLF.
      if (next === bytes.length) return -1;
      if (bytes[next] === LF) next++;
    }
    if (bytes[next] === LF) return next + 1;
    if (bytes[next] === CR) {
      if (next + 1 === bytes.length) return -1;
      return bytes[next + 1] === LF ? next + 2 : next + 1;
    }
    at = next;
  }
}

/** Reads the data of events that SseSplitter cut. */
export class EventReader {
  #data = '';
  readonly #parser = createParser({
    onEvent: ({ data }) => {
      this.#data = data;
    },
  });

  /** @returns '' for a comment or an event without data */
  data(event: Buffer): string {
    this.#data = '';
    this.#parser.feed(event.toString('utf8'));
    return this.#data;
  }
}

/** The event with other data; its further lines, and how they end, stay. @param data JSON */
export function withData(event: Buffer, data: string): Buffer {
  // Line ends outside of strings are mere space in JSON, and inside they are escaped.
  const line = `data: ${data.replaceAll(/\r\n|\r|\n/g, ' ')}`;
  let isPlaced = false;
  const lines = event.toString('utf8').match(/[^\r\n]*(?:\r\n|\r|\n)/gy) ?? [];
  const changed = lines.map((old) => {
    if (!/^data(?::|[\r\n])/.test(old)) return old;
    if (isPlaced) return '';
    isPlaced = true;
    return line + old.slice(old.search(/[\r\n]/));
  });
  return Buffer.from(changed.join(''));
}
