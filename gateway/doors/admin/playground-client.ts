import type { Writable } from 'node:stream';
import type { ClientConnection } from '../../pipeline/call.ts';
import type { CanonicalEvent, ProviderError } from '../../protocols/canonical/answer.ts';
import { CODECS } from '../../protocols/codecs.ts';
import { parseObject } from '../../protocols/json.ts';
import { wordFor } from '../../protocols/openai-chat/finish-reason.ts';
import { EventReader, SseSplitter } from '../../protocols/sse.ts';
import { drained } from '../drained.ts';
import type { PlaygroundEvent } from './contract.ts';

/** What an answer came to. */
export type PlaygroundEnd = { finishReason: string } | { error: ProviderError };

const NO_ANSWER: ProviderError = {
  ...{ message: 'The provider answered without an answer.', type: 'upstream_error', code: 'upstream_error' },
};

/** The pipeline's client in the playground's place: reads a chat stream, and tells the panel what is said in it. */
export class PlaygroundClient implements ClientConnection {
  readonly #out: Writable;
  readonly #splitter = new SseSplitter();
  readonly #reader = new EventReader();
  readonly #decoder = CODECS['openai-chat'].decodeStream({ providerId: '' });
  /** Parts that hold reasoning. */
  readonly #reasoning = new Set<number>();
  /** 0 until something came. */
  #status = 0;
  /** An answer in one piece. */
  #whole: Buffer[] = [];
  #end: PlaygroundEnd | undefined;

  /** @param out a reader who leaves closes it */
  constructor(out: Writable) {
    this.#out = out;
  }

  get gone(): boolean {
    return this.#out.closed && !this.#out.writableFinished;
  }

  whenGone(listener: () => void): void {
    if (this.#out.closed) listener();
    else this.#out.once('close', listener);
  }

  get started(): boolean {
    return this.#status !== 0;
  }

  start(status: number): void {
    this.#status = status;
  }

  write(chunk: Buffer): Promise<void> | undefined {
    if (this.#out.destroyed || this.#end !== undefined) return undefined;
    if (this.#read(chunk)) return undefined;
    return drained(this.#out);
  }

  end(chunk?: Buffer): void {
    if (chunk !== undefined) this.#read(chunk);
  }

  /** @returns what the panel is told last; asked once the pipeline has run */
  result(): PlaygroundEnd {
    if (this.#end === undefined) this.#tell(this.#decoder.end());
    return this.#end ?? { error: this.#refusal() ?? NO_ANSWER };
  }

  /** @returns false while the reader is slower than the provider */
  send({ event, data }: PlaygroundEvent): boolean {
    if (this.#out.destroyed || this.#out.writableEnded) return true;
    return this.#out.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** An error has a status of its own, and its body comes whole. */
  #read(chunk: Buffer): boolean {
    if (this.#status >= 300) {
      this.#whole.push(chunk);
      return true;
    }
    const { bytes, ends } = this.#splitter.push(chunk);
    let fast = true;
    let start = 0;
    for (const end of ends) {
      const data = this.#reader.data(bytes.subarray(start, end));
      fast = (data === '' ? this.#keepAlive() : this.#event(data)) && fast;
      start = end;
    }
    return fast;
  }

  #event(data: string): boolean {
    const parsed = data.trim() === '[DONE]' ? '[DONE]' : parseObject(data);
    return parsed === undefined || this.#tell(this.#decoder.push(parsed));
  }

  #keepAlive(): boolean {
    return this.#out.destroyed || this.#out.writableEnded || this.#out.write(': keep-alive\n\n');
  }

  #tell(events: readonly CanonicalEvent[]): boolean {
    return events.map((event) => this.#tellOne(event)).every(Boolean);
  }

  #tellOne(event: CanonicalEvent): boolean {
    switch (event.type) {
      case 'part_start':
        if (event.part.type === 'reasoning') this.#reasoning.add(event.index);
        return true;
      case 'delta':
        return this.send({
          event: this.#reasoning.has(event.index) ? 'reasoning' : 'delta',
          data: { text: event.text },
        });
      case 'finish':
        this.#end ??= { finishReason: wordFor(event.finish.reason, false) };
        return true;
      case 'error':
        this.#end ??= { error: event.error };
        return true;
      default:
        return true;
    }
  }

  #refusal(): ProviderError | undefined {
    const json = parseObject(Buffer.concat(this.#whole).toString('utf8'));
    return json && CODECS['openai-chat'].decodeError(json);
  }
}
