/** Reads a provider's stream (https://developers.openai.com/api/reference/resources/responses/streaming-events). */
import { type CanonicalEvent, finishedBy, type ProviderError } from '../canonical/answer.ts';
import type { Origin, StreamDecoder } from '../canonical/codec.ts';
import { asNumber, isObject, type JsonObject, objectsIn } from '../json.ts';
import { readUsage } from '../usage.ts';
import { errorOf } from './decode-error.ts';
import { failureOf, finishReason } from './decode-output.ts';
import { ItemDirectory } from './item-directory.ts';
import { PartNumbers } from './part-writer.ts';
import { CallItem, ReasoningItem, textOf } from './stream-items.ts';
import { MessageItem, type Spoken } from './stream-message.ts';

export class ResponsesStreamDecoder implements StreamDecoder {
  readonly #items: ItemDirectory;
  readonly #has = { call: false, refusal: false };
  #started = false;
  #over = false;

  constructor({ providerId }: Origin) {
    this.#items = new ItemDirectory(new PartNumbers(), providerId);
  }

  push(data: JsonObject | '[DONE]'): CanonicalEvent[] {
    if (this.#over || data === '[DONE]') return [];
    const type = textOf(data.type);
    const events = this.#read(type, data);
    for (const event of events) this.#note(event);
    const isNews = type.startsWith('response.') || events.length > 0;
    // An error that comes first ends an answer that has not begun.
    if (this.#started || !isNews || events.at(-1)?.type === 'error') return events;
    this.#started = true;
    return [{ type: 'start' }, ...events];
  }

  /** The protocol has a last event; a stream without it was cut. */
  end(): CanonicalEvent[] {
    return [];
  }

  #read(type: string, data: JsonObject): CanonicalEvent[] {
    switch (type) {
      case 'response.output_item.added':
        return isObject(data.item) ? this.#items.added(data, data.item) : [];
      case 'response.output_item.done':
        return isObject(data.item) ? this.#items.done(data, data.item) : [];
      case 'response.completed':
      case 'response.incomplete':
      case 'response.done':
        return this.#ended(isObject(data.response) ? data.response : {});
      case 'response.failed':
      case 'response.cancelled': {
        const response = isObject(data.response) ? data.response : {};
        return this.#failed(
          failureOf(response) ?? errorOf({ message: `The provider sent ${type}.` }),
          response,
        );
      }
      case 'error':
        return this.#failed(
          isObject(data.error) ? errorOf(data.error) : errorOf({ ...data, type: null }),
          {},
        );
      case '':
        return isObject(data.error) ? this.#failed(errorOf(data.error), {}) : [];
      default:
        return this.#readWithin(type, data);
    }
  }

  /** Events of an item. Those that are not known are left out. */
  #readWithin(type: string, data: JsonObject): CanonicalEvent[] {
    switch (type) {
      case 'response.content_part.added':
      case 'response.content_part.done':
        return this.#contentPart(type, data);
      case 'response.output_text.delta':
      case 'response.output_text.done':
        return this.#spoken(data, 'text', data.text);
      case 'response.refusal.delta':
      case 'response.refusal.done':
        return this.#spoken(data, 'refusal', data.refusal);
      case 'response.output_text.annotation.added':
        return this.#annotation(data);
      case 'response.function_call_arguments.delta':
      case 'response.function_call_arguments.done':
        return this.#input(data, 'function_call', data.arguments);
      case 'response.custom_tool_call_input.delta':
      case 'response.custom_tool_call_input.done':
        return this.#input(data, 'custom_tool_call', data.input);
      default:
        return type.startsWith('response.reasoning') ? this.#reasoning(type, data) : [];
    }
  }

  #contentPart(type: string, data: JsonObject): CanonicalEvent[] {
    const item = this.#items.open('message', data);
    if (!(item instanceof MessageItem) || !isObject(data.part)) return [];
    if (type.endsWith('.done')) return item.endPart(at(data), data.part);
    return item.announce(at(data), data.part.type === 'refusal' ? 'refusal' : 'text');
  }

  #spoken(data: JsonObject, kind: Spoken, whole: unknown): CanonicalEvent[] {
    const item = this.#items.openOrNew('message', data);
    if (!(item instanceof MessageItem)) return [];
    return typeof whole === 'string'
      ? item.whole(at(data), kind, whole)
      : item.append(at(data), kind, textOf(data.delta));
  }

  #annotation(data: JsonObject): CanonicalEvent[] {
    const item = this.#items.open('message', data);
    if (!(item instanceof MessageItem) || !isObject(data.annotation)) return [];
    return item.annotate(at(data), data.annotation);
  }

  #input(data: JsonObject, type: string, whole: unknown): CanonicalEvent[] {
    const item = this.#items.openOrNew(type, data);
    if (!(item instanceof CallItem)) return [];
    return typeof whole === 'string' ? item.inputWhole(whole) : item.input(textOf(data.delta));
  }

  /** `response.reasoning.*` is an older name of `response.reasoning_text.*`. */
  #reasoning(type: string, data: JsonObject): CanonicalEvent[] {
    const item = this.#items.openOrNew('reasoning', data);
    if (!(item instanceof ReasoningItem)) return [];
    const index = asNumber(data.summary_index) ?? 0;
    switch (type) {
      case 'response.reasoning_summary_text.delta':
        return item.summary(index, textOf(data.delta));
      case 'response.reasoning_summary_text.done':
        return item.summaryPart(index, textOf(data.text));
      case 'response.reasoning_text.delta':
      case 'response.reasoning.delta':
        return item.raw(textOf(data.delta));
      case 'response.reasoning_text.done':
      case 'response.reasoning.done':
        return item.rawWhole(textOf(data.text));
      default:
        return [];
    }
  }

  #ended(response: JsonObject): CanonicalEvent[] {
    const failure = failureOf(response);
    if (failure !== undefined) return this.#failed(failure, response);
    this.#over = true;
    const events = this.#items.end(objectsIn(response.output));
    for (const event of events) this.#note(event);
    const finish = finishedBy(finishReason(response, this.#has));
    const usage = readUsage('openai-responses', response.usage, null);
    return [...events, { type: 'finish', finish, usage }];
  }

  #failed(error: ProviderError, response: JsonObject): CanonicalEvent[] {
    this.#over = true;
    const usage = readUsage('openai-responses', response.usage, null);
    return [
      ...(usage === null ? [] : [{ type: 'usage', usage } as const]),
      ...this.#items.end([]),
      { type: 'error', error },
    ];
  }

  #note(event: CanonicalEvent): void {
    if (event.type !== 'part_start') return;
    if (event.part.type === 'tool_call') this.#has.call = true;
    if (event.part.type === 'refusal') this.#has.refusal = true;
  }
}

function at(data: JsonObject): number {
  return asNumber(data.content_index) ?? 0;
}
