import type { CanonicalEvent, OpenedPart } from '../canonical/answer.ts';
import type { StreamEncoder } from '../canonical/codec.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import { type AnswerTimes, answerHead, doneReason, ending } from './answer-words.ts';
import { brokenCall, toolCall } from './tool-call.ts';

export interface OllamaContext {
  form: 'chat' | 'generate';
  /** As the caller named it. */
  model: string;
  /** Wall-clock ms. */
  wall(): number;
  /** Ms of a clock that runs evenly. */
  steady(): number;
  /** When the request came, on the same clock. */
  begun: number;
}

/** A call that is not whole yet. */
interface OpenCall {
  id: string;
  name: string;
  input: string;
}

/** Makes the lines of a stream: JSON objects, each with its line end (NDJSON). Calls are told whole. */
export class OllamaStreamEncoder implements StreamEncoder {
  readonly #context: OllamaContext;
  readonly #parts = new Map<number, OpenedPart['type']>();
  readonly #calls = new Map<number, OpenCall>();
  #told = 0;
  #first: number | null = null;
  #ended = false;

  constructor(context: OllamaContext) {
    this.#context = context;
  }

  /** @param more members of the last object */
  push(event: CanonicalEvent, more: JsonObject = {}): string {
    if (this.#ended) return '';
    switch (event.type) {
      case 'part_start':
        return this.#begin(event.index, event.part);
      case 'delta':
        return this.#goOn(event.index, event.text);
      case 'part_end':
        return this.#tellCall(event.index);
      case 'finish':
        return this.#finish(doneReason(event.finish.reason), event.usage, more);
      case 'error':
        return this.fail(event.error.message);
      default:
        return '';
    }
  }

  /** Nothing follows: a stream that broke off has no end. */
  fail(message: string): string {
    if (this.#ended) return '';
    this.#ended = true;
    return `${JSON.stringify({ error: message })}\n`;
  }

  #begin(index: number, part: OpenedPart): string {
    this.#parts.set(index, part.type);
    if (part.type === 'tool_call') {
      this.#first ??= this.#context.steady();
      this.#calls.set(index, { id: part.id, name: part.name, input: '' });
    }
    return '';
  }

  #goOn(index: number, text: string): string {
    this.#first ??= this.#context.steady();
    const call = this.#calls.get(index);
    if (call !== undefined) {
      call.input += text;
      return '';
    }
    switch (this.#parts.get(index)) {
      case 'reasoning':
        return this.#piece({ thinking: text });
      case 'text':
      case 'refusal':
        return this.#piece({ text });
      default:
        return '';
    }
  }

  #tellCall(index: number): string {
    const call = this.#calls.get(index);
    if (call === undefined) return '';
    this.#calls.delete(index);
    const told = toolCall(call, this.#told++);
    return told === undefined ? this.fail(brokenCall(call)) : this.#piece({ calls: [told] });
  }

  #finish(reason: string, usage: TokenUsage | null, more: JsonObject): string {
    const calls = [...this.#calls.keys()].map((index) => this.#tellCall(index)).join('');
    if (this.#ended) return calls;
    this.#ended = true;
    return calls + this.#line({ ...this.#said({}), ...ending(reason, this.#times(), usage), ...more });
  }

  #piece(said: Said): string {
    return this.#line({ ...this.#said(said), done: false });
  }

  #said(said: Said): JsonObject {
    return saidMembers(this.#context.form, said);
  }

  #times(): AnswerTimes {
    const { begun, steady } = this.#context;
    return { begun, first: this.#first, now: steady() };
  }

  #line(members: JsonObject): string {
    const { model, wall } = this.#context;
    return `${JSON.stringify({ ...answerHead(model, wall()), ...members })}\n`;
  }
}

export interface Said {
  text?: string;
  thinking?: string;
  calls?: JsonObject[];
}

/** `/api/chat` says it in a message, `/api/generate` in the object itself. */
export function saidMembers(form: OllamaContext['form'], { text = '', thinking, calls }: Said): JsonObject {
  const more = {
    ...(thinking === undefined ? {} : { thinking }),
    ...(calls === undefined ? {} : { tool_calls: calls }),
  };
  return form === 'chat'
    ? { message: { role: 'assistant', content: text, ...more } }
    : { response: text, ...more };
}
