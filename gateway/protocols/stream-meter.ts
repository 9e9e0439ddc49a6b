import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { parseEvent } from './sse.ts';
import { isObject, readUsage, type TokenUsage } from './usage.ts';

/** What one event means to the gateway; its bytes are forwarded whatever it means. */
export interface EventMeaning {
  /** The stream is over, well or in an error of the protocol. */
  terminal: boolean;
  /** The provider tells of a failure. */
  error: boolean;
  /** A Chat Completions or Completions chunk that tells usage and nothing else. */
  usageOnly: boolean;
}

const PLAIN: EventMeaning = { terminal: false, error: false, usageOnly: false };
const TERMINAL: EventMeaning = { terminal: true, error: false, usageOnly: false };
const ERROR: EventMeaning = { terminal: true, error: true, usageOnly: false };
const USAGE_ONLY: EventMeaning = { terminal: false, error: false, usageOnly: true };

/**
 * Reads usage and the end of a stream from the side, event by event. Unknown events and fields mean nothing
 * and are no fault.
 */
export class StreamMeter {
  readonly #endpoint: Endpoint;
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
    const { data } = parseEvent(raw);
    if (data === '') return PLAIN;
    if (data === '[DONE]') return TERMINAL;
    const event = parsed(data);
    if (event === undefined) return PLAIN;
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
    if (isObject(chunk.error) || typeof chunk.error === 'string') return ERROR;
    this.#take(chunk.usage);
    if (!Array.isArray(chunk.choices)) return PLAIN;
    if (chunk.choices.length === 0) return isObject(chunk.usage) ? USAGE_ONLY : PLAIN;
    for (const choice of chunk.choices) {
      if (!isObject(choice)) continue;
      if (typeof choice.finish_reason === 'string') this.finished = true;
      this.#emitted(choice.delta ?? choice.text);
    }
    return PLAIN;
  }

  #seeMessages(event: Record<string, unknown>): EventMeaning {
    switch (event.type) {
      case 'message_start':
        if (isObject(event.message)) this.#take(event.message.usage);
        return PLAIN;
      case 'content_block_start':
        this.#emitted(event.content_block);
        return PLAIN;
      case 'content_block_delta':
        this.#emitted(event.delta);
        return PLAIN;
      case 'message_delta':
        this.#take(event.usage);
        return PLAIN;
      case 'message_stop':
        return TERMINAL;
      case 'error':
        return ERROR;
      default:
        return PLAIN;
    }
  }

  #seeResponses(event: Record<string, unknown>): EventMeaning {
    const response = isObject(event.response) ? event.response : {};
    switch (event.type) {
      case 'response.completed':
      case 'response.incomplete':
        this.#take(response.usage);
        return TERMINAL;
      case 'response.failed':
        this.#take(response.usage);
        return ERROR;
      case 'error':
        return ERROR;
      default:
        if (typeof event.delta === 'string') this.#emitted(event.delta);
        return PLAIN;
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
