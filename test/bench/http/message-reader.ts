/**
 * Reads HTTP/1.1 messages from a socket, requests or responses: where the head ends, where the body does. Only what
 * a benchmark meets: bodies with `content-length` or in chunks, no upgrade, no body that ends with the connection
 * (RFC 9112, sections 6 and 7).
 */

export interface MessageParts {
  /** First line and header fields, without the empty line. */
  head(text: string): void;
  /** Bytes of the body, without the framing of chunks. The buffer is the socket's: copy what you keep. */
  body(bytes: Buffer): void;
  end(): void;
}

type Place = 'head' | 'body' | 'chunk size' | 'chunk' | 'chunk end' | 'trailer';

const LONGEST_HEAD = 65_536;
const LF = 10;

export class MessageReader {
  readonly #parts: MessageParts;
  #place: Place = 'head';
  /** Bytes still to come of a body, or of its present chunk. */
  #left = 0;
  /** The beginning of a head or a line whose end is in a later read. */
  #begun = '';
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(parts: MessageParts) {
    this.#parts = parts;
  }

  /** True between two messages. */
  get idle(): boolean {
    return this.#place === 'head' && this.#begun === '';
  }

  /** @throws Error where the bytes are no message as described above */
  push(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length) this.#step();
  }

  #step(): void {
    if (this.#place === 'head') {
      const head = this.#readHead();
      if (head !== null) this.#begin(head);
    } else if (this.#place === 'body') {
      if (this.#readData()) this.#finish();
    } else if (this.#place === 'chunk') {
      if (this.#readData()) this.#place = 'chunk end';
    } else {
      const line = this.#readLine();
      if (line !== null) this.#frame(line);
    }
  }

  /** @returns without the empty line; null where its end is still to come */
  #readHead(): string | null {
    const before = this.#begun;
    const end = before === '' ? this.#bytes.indexOf('\r\n\r\n', this.#at, 'latin1') : -1;
    if (end >= 0) {
      const head = this.#bytes.toString('latin1', this.#at, end);
      this.#at = end + 4;
      return head;
    }
    // The end itself may lie across two reads.
    const text = before + this.#bytes.toString('latin1', this.#at);
    const found = text.indexOf('\r\n\r\n', Math.max(0, before.length - 3));
    if (found >= 0) {
      this.#begun = '';
      this.#at += found + 4 - before.length;
      return text.slice(0, found);
    }
    if (text.length > LONGEST_HEAD) throw new Error('The head of a message does not end.');
    this.#begun = text;
    this.#at = this.#bytes.length;
    return null;
  }

  #begin(head: string): void {
    this.#parts.head(head);
    if (/^transfer-encoding:[ \t]*chunked[ \t]*$/im.test(head)) {
      this.#place = 'chunk size';
      return;
    }
    const length = /^content-length:[ \t]*(\d+)[ \t]*$/im.exec(head)?.[1];
    if (length === undefined && !head.startsWith('GET ')) {
      throw new Error(`A message does not tell where it ends:\n${head}`);
    }
    this.#left = Number(length ?? 0);
    this.#place = 'body';
    if (this.#left === 0) this.#finish();
  }

  /** @returns whether all of it is there */
  #readData(): boolean {
    const end = Math.min(this.#at + this.#left, this.#bytes.length);
    this.#left -= end - this.#at;
    this.#parts.body(this.#bytes.subarray(this.#at, end));
    this.#at = end;
    return this.#left === 0;
  }

  #frame(line: string): void {
    if (this.#place === 'trailer') {
      if (line === '') this.#finish();
    } else if (this.#place === 'chunk end') {
      if (line !== '') throw new Error('A chunk is longer than it says.');
      this.#place = 'chunk size';
    } else {
      const size = /^([\da-f]{1,8})(?:[ \t]*;.*)?$/i.exec(line)?.[1];
      if (size === undefined)
        throw new Error(`A chunk begins with "${line.slice(0, 40)}", not with its size.`);
      this.#left = Number.parseInt(size, 16);
      this.#place = this.#left === 0 ? 'trailer' : 'chunk';
    }
  }

  /** @returns without its end; null where that is still to come */
  #readLine(): string | null {
    let end = this.#at;
    while (end < this.#bytes.length && this.#bytes[end] !== LF) end += 1;
    const text = this.#begun + this.#bytes.toString('latin1', this.#at, end);
    if (text.length > LONGEST_HEAD) throw new Error('A line between chunks does not end.');
    if (end === this.#bytes.length) {
      this.#begun = text;
      this.#at = end;
      return null;
    }
    this.#begun = '';
    this.#at = end + 1;
    if (!text.endsWith('\r')) throw new Error('A line ends without CR.');
    return text.slice(0, -1);
  }

  #finish(): void {
    this.#place = 'head';
    this.#parts.end();
  }
}
