import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { EventReader } from './sse.ts';
import { isObject, readUsage, type TokenUsage } from './usage.ts';

/**
 * What one event means to the gateway; its bytes are forwarded whatever it means.
 * `content` belongs to the answer; `usage` is a chat or completions chunk that tells usage alone; `end` is the
 * last of a whole answer; `error` ends the stream with a failure; `blank` is a comment or has no data; `junk`
 * has data that is of none of the protocols.
 */
export type EventMeaning = 'content' | 'usage' | 'end' | 'error' | 'blank' | 'junk';

/**
 * Reads usage and the end of a stream from the side, event by event. Unknown events and fields mean nothing
 * and are no fault.
 */
export class StreamMeter {
  readonly #endpoint: Endpoint;
  readonly #reader = new EventReader();
  /** As last told; null while the provider has told none. */
  usage: TokenUsage | null = null;
  /** UTF-8 bytes of text, reasoning and tool arguments sent so far, for an estimate. */
  outputBytes = 0;
  /** The answer is whole but for its end mark: a `finish_reason` was sent. */
  finished = false;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  see(raw: Buffer): EventMeaning {
    const data = this.#reader.data(raw);
    if (data === '') return 'blank';
    if (data === '[DONE]') return 'end';
    const event = parsed(data);
    if (event === undefined) return 'junk';
    switch (this.#endpoint) {
      case 'messages':
        return this.#seeMessages(event);
      case 'responses':
        return this.#seeResponses(event);
      default:
        return this.#seeChat(event);
    }
  }

  #seeChat(chunk: Record<string, unknown>): EventMeaning {
    if (isObject(chunk.error) || typeof chunk.error === 'string') return 'error';
    this.#take(chunk.usage);
    if (!Array.isArray(chunk.choices)) return 'content';
    if (chunk.choices.length === 0) return isObject(chunk.usage) ? 'usage' : 'content';
    for (const choice of chunk.choices) {
      if (!isObject(choice)) continue;
      if (typeof choice.finish_reason === 'string') this.finished = true;
      this.#emitted(choice.delta ?? choice.text);
    }
    return 'content';
  }

  #seeMessages(event: Record<string, unknown>): EventMeaning {
    switch (event.type) {
      case 'message_start':
        if (isObject(event.message)) this.#take(event.message.usage);
        return 'content';
      case 'content_block_start':
        this.#emitted(event.content_block);
        return 'content';
      case 'content_block_delta':
        this.#emitted(event.delta);
        return 'content';
      case 'message_delta':
        this.#take(event.usage);
        return 'content';
      case 'message_stop':
        return 'end';
      case 'error':
        return 'error';
      default:
        return 'content';
    }
  }

  #seeResponses(event: Record<string, unknown>): EventMeaning {
    const response = isObject(event.response) ? event.response : {};
    switch (event.type) {
      case 'response.completed':
      case 'response.incomplete':
        this.#take(response.usage);
        return 'end';
      case 'response.failed':
        this.#take(response.usage);
        return 'error';
      case 'error':
        return 'error';
      default:
        if (typeof event.delta === 'string') this.#emitted(event.delta);
        return 'content';
    }
  }

  #take(usage: unknown): void {
    this.usage = readUsage(ENDPOINTS[this.#endpoint].protocol, usage, this.usage);
  }

  /** Counts every text in a delta but its labels. Walks without recursion: a delta may be as deep as it is long. */
  #emitted(delta: unknown): void {
    const waiting: unknown[] = [delta];
    while (waiting.length > 0) {
      const value = waiting.pop();
      if (typeof value === 'string') this.outputBytes += Buffer.byteLength(value);
      else if (Array.isArray(value)) for (const item of value) waiting.push(item);
      else if (isObject(value)) {
        for (const [key, field] of Object.entries(value)) if (!LABELS.has(key)) waiting.push(field);
      }
    }
  }
}

const LABELS = new Set(['type', 'role', 'id', 'signature']);

function parsed(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
