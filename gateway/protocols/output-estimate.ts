import { createParser } from 'eventsource-parser';
import type { Endpoint } from './endpoint.ts';
import { isObject } from './json.ts';

/** Some four hundred tokens of a stream that sends each in an event of its own. */
const KEPT_BYTES = 64 * 1024;

/** Not two: of events that alternate, those that stay would all be of one kind. */
const THINNING = 3;

/**
 * Measures what a stream has brought, for answers whose provider tells no usage or that broke off. Hardly any
 * stream is asked, so nothing is read until one is. Events are kept for that; past 64 KiB every third of them,
 * then every ninth and so on, spread evenly over the stream, and text makes the same part of the whole as of
 * what is kept.
 */
export class OutputEstimate {
  readonly #endpoint: Endpoint;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #allBytes = 0;
  /** One block of so many is kept. */
  #every = 1;
  #blocks = 0;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** @param events whole ones, a block as it came; it is kept, so nobody may write to it */
  add(events: Buffer): void {
    if (events.length === 0) return;
    this.#allBytes += events.length;
    if (this.#blocks++ % this.#every !== 0) return;
    this.#kept.push(events);
    this.#keptBytes += events.length;
    if (this.#keptBytes > KEPT_BYTES) this.#thin();
  }

  #thin(): void {
    this.#kept = this.#kept.filter((_, index) => index % THINNING === 0);
    this.#keptBytes = this.#kept.reduce((sum, { length }) => sum + length, 0);
    this.#every *= THINNING;
  }

  /** UTF-8 bytes of text, reasoning and tool arguments. Exact for streams of up to 64 KiB; reads what is kept. */
  get textBytes(): number {
    let bytes = 0;
    const parser = createParser({
      onEvent: ({ data }) => {
        bytes += textBytesOf(emittedBy(this.#endpoint, data));
      },
    });
    for (const events of this.#kept) parser.feed(events.toString('utf8'));
    return this.#keptBytes === 0 ? 0 : Math.round((bytes * this.#allBytes) / this.#keptBytes);
  }
}

/** The part of an event that the model wrote. */
function emittedBy(endpoint: Endpoint, data: string): unknown {
  const event = parsed(data);
  switch (endpoint) {
    case 'messages':
      if (event.type === 'content_block_start') return event.content_block;
      return event.type === 'content_block_delta' ? event.delta : undefined;
    case 'responses':
      return typeof event.delta === 'string' ? event.delta : undefined;
    default:
      return Array.isArray(event.choices)
        ? event.choices.map((choice) => (isObject(choice) ? (choice.delta ?? choice.text) : undefined))
        : undefined;
  }
}

function parsed(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Counts every text but labels. Walks without recursion: a delta may be as deep as it is long. */
function textBytesOf(emitted: unknown): number {
  let bytes = 0;
  const waiting: unknown[] = [emitted];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
    else if (Array.isArray(value)) for (const item of value) waiting.push(item);
    else if (isObject(value)) {
      for (const [key, field] of Object.entries(value)) if (!LABELS.has(key)) waiting.push(field);
    }
  }
  return bytes;
}

const LABELS = new Set(['type', 'role', 'id', 'signature']);
