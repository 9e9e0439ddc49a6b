import { connect, type Socket } from 'node:net';
import { MessageReader } from '../http/message-reader.ts';
import { type Expected, LENGTH_TOLERANCE } from './check-answer.ts';

/** Times of one answer, in milliseconds on the clock of `performance.now()`. */
export type Record = (startedAt: number, firstByteAt: number, endedAt: number) => void;

/** Enough to hold the last event of a stream. */
const TAIL = 48;
const READ_BYTES = 65_536;

/**
 * One client: asks the same again as soon as the last answer has ended, on one connection. Every answer must be 200,
 * of the expected length and end as expected, else `run` rejects.
 */
export class Connection {
  readonly #port: number;
  readonly #request: Buffer;
  readonly #expected: Expected;
  readonly #record: Record;
  readonly #tail = Buffer.alloc(TAIL);
  #socket: Socket | undefined;
  #bytes = 0;
  #startedAt = 0;
  #firstByteAt = 0;
  #until = 0;
  #done: () => void = () => undefined;
  #fail: (error: Error) => void = () => undefined;

  constructor(port: number, request: Buffer, expected: Expected, record: Record) {
    this.#port = port;
    this.#request = request;
    this.#expected = expected;
    this.#record = record;
  }

  open(): Promise<void> {
    const reader = new MessageReader({
      head: (text) => this.#head(text),
      body: (bytes) => this.#body(bytes),
      end: () => this.#end(),
    });
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      this.#socket = connect({
        port: this.#port,
        host: '127.0.0.1',
        noDelay: true,
        onread: {
          buffer: Buffer.allocUnsafe(READ_BYTES),
          callback: (length, buffer) => {
            try {
              reader.push((buffer as Buffer).subarray(0, length));
            } catch (error) {
              this.#failed(error as Error);
            }
            return true;
          },
        },
      });
      this.#socket.once('connect', resolve);
      this.#socket.on('error', (error) => this.#failed(error));
      this.#socket.on('end', () =>
        this.#failed(new Error('The connection was closed before the answer ended.')),
      );
    });
  }

  /** @returns once the answer has ended during which `until` passed, and with it the connection */
  run(until: number): Promise<void> {
    this.#until = until;
    return new Promise((resolve, reject) => {
      this.#done = resolve;
      this.#fail = reject;
      this.#ask();
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #ask(): void {
    this.#bytes = 0;
    this.#firstByteAt = 0;
    this.#startedAt = performance.now();
    this.#socket?.write(this.#request);
  }

  #head(text: string): void {
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(`Answered ${text.split('\r\n', 1)[0]}`);
  }

  #body(bytes: Buffer): void {
    const { length } = bytes;
    if (this.#bytes === 0) this.#firstByteAt = performance.now();
    this.#bytes += length;
    if (length < TAIL) {
      this.#tail.copyWithin(0, length);
      bytes.copy(this.#tail, TAIL - length);
    } else {
      bytes.copy(this.#tail, 0, length - TAIL);
    }
  }

  #end(): void {
    const endedAt = performance.now();
    const { bytes, ending } = this.#expected;
    if (
      Math.abs(this.#bytes - bytes) > LENGTH_TOLERANCE ||
      !this.#tail.toString('latin1').trimEnd().endsWith(ending)
    ) {
      const tail = this.#tail.toString();
      throw new Error(`Answered ${this.#bytes} bytes where ${bytes} were expected; the last are "${tail}".`);
    }
    this.#record(this.#startedAt, this.#firstByteAt, endedAt);
    if (endedAt < this.#until) {
      this.#ask();
    } else {
      this.#socket?.destroy();
      this.#done();
    }
  }

  #failed(error: Error): void {
    this.#socket?.destroy();
    this.#fail(error);
  }
}
