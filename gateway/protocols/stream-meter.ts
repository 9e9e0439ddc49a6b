import { ENDPOINTS, type Endpoint } from './endpoint.ts';
import { isObject } from './json.ts';
import { EventReader } from './sse.ts';
import { readUsage, type TokenUsage } from './usage.ts';

/**
 * What one event means to the gateway; its bytes are forwarded whatever it means.
 * `content` belongs to the answer; `usage` is a chat or completions chunk that tells usage alone; `end` is the
 * last of a whole answer; `error` ends the stream with a failure; `blank` is a comment or has no data; `junk`
 * has data that is of none of the protocols.
 */
export type EventMeaning = 'content' | 'usage' | 'end' | 'error' | 'blank' | 'junk';

/**
 * What an event must hold to mean more than content, or to tell usage or a finish reason. It finds too many
 * rather than too few: whatever it finds is read whole. Names are looked for as every provider writes them;
 * JSON would also allow `\u` escapes in them. Letters in the text of an answer cannot be taken for a name, as
 * their quotes are escaped.
 */
const TELLING = {
  chat: /"(?:usage|error|finish_reason)"(?!\s*:\s*null)|\[DONE\]/g,
  messages: /"(?:message_start|message_delta|message_stop|error)"|\[DONE\]/g,
  responses: /"(?:response\.(?:completed|incomplete|failed)|error)"|\[DONE\]/g,
};

/**
 * Reads usage and the end of a stream from the side, event by event. Unknown events and fields mean nothing
 * and are no fault.
 */
export class StreamMeter {
  readonly #endpoint: Endpoint;
  readonly #reader = new EventReader();
  readonly #telling: RegExp;
  /** As last told; null while the provider has told none. */
  usage: TokenUsage | null = null;
  /** The answer is whole but for its end mark: a `finish_reason` was sent. */
  finished = false;
  /** What the event seen last brings: usage that may be the answer's last, more of the answer, or neither. */
  brings: 'usage' | 'answer' | null = null;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#telling = endpoint === 'messages' || endpoint === 'responses' ? TELLING[endpoint] : TELLING.chat;
  }

  /**
   * Finds the next event that must be seen; those before it are content or blank, and nothing else follows
   * from them. Most of a stream need not be parsed that way.
   * @param events whole events, one character a byte (latin1)
   * @returns a place inside the event, or Infinity
   */
  nextTelling(events: string, from: number): number {
    this.#telling.lastIndex = from;
    return this.#telling.exec(events)?.index ?? Number.POSITIVE_INFINITY;
  }

  /** Reads one event. */
  see(raw: Buffer): EventMeaning {
    this.brings = null;
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
    const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
    for (const choice of choices) {
      if (!isObject(choice)) continue;
      if (typeof choice.finish_reason === 'string') this.finished = true;
    }
    // Some tell with every chunk what was used so far.
    if (choices.length > 0) this.brings = isObject(chunk.usage) && this.finished ? 'usage' : 'answer';
    else if (isObject(chunk.usage)) this.brings = 'usage';
    return Array.isArray(chunk.choices) && choices.length === 0 && isObject(chunk.usage)
      ? 'usage'
      : 'content';
  }

  #seeMessages(event: Record<string, unknown>): EventMeaning {
    switch (event.type) {
      case 'message_start':
        if (isObject(event.message)) this.#take(event.message.usage);
        return 'content';
      case 'message_delta':
        this.#take(event.usage);
        this.brings = 'usage';
        return 'content';
      case 'message_stop':
        return 'end';
      case 'error':
        return 'error';
      case 'content_block_start':
      case 'content_block_delta':
      case 'content_block_stop':
        this.brings = 'answer';
        return 'content';
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
        return 'content';
    }
  }

  #take(usage: unknown): void {
    this.usage = readUsage(ENDPOINTS[this.#endpoint].protocol, usage, this.usage);
  }
}

function parsed(data: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
