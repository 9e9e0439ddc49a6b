/**
 * Output items while they come in. What `.done` events and the last response tell whole is compared with what
 * came in pieces, and only the rest goes on: servers leave out deltas, and others leave out the end.
 */
import type { CanonicalEvent } from '../canonical/answer.ts';
import { asText, type JsonObject } from '../json.ts';
import { opaqueParts } from './decode-answer.ts';
import { callHead, inputOf } from './decode-output.ts';
import { reasoningText, replayIn, SUMMARY_BREAK } from './decode-reasoning.ts';
import { type PartNumbers, PartWriter } from './part-writer.ts';
import { MessageItem } from './stream-message.ts';

export interface StreamItem {
  /** The item is known whole now, and over. */
  complete(item: JsonObject): CanonicalEvent[];
  /** Nothing more comes of it. */
  end(): CanonicalEvent[];
}

export function streamItem(type: string, numbers: PartNumbers, providerId: string): StreamItem {
  switch (type) {
    case 'message':
      return new MessageItem(numbers);
    case 'reasoning':
      return new ReasoningItem(numbers, providerId);
    case 'function_call':
    case 'custom_tool_call':
      return new CallItem(numbers);
    default:
      return new OpaqueItem(numbers);
  }
}

/** Shows the summary, or what was thought itself where that comes: whichever comes first. */
export class ReasoningItem implements StreamItem {
  readonly #part: PartWriter;
  readonly #providerId: string;
  /** Texts of the summary's parts so far, by their index. */
  readonly #summary = new Map<number, string>();

  constructor(numbers: PartNumbers, providerId: string) {
    this.#part = new PartWriter(numbers, { type: 'reasoning' });
    this.#providerId = providerId;
  }

  summary(index: number, text: string): CanonicalEvent[] {
    const isRaw = this.#summary.size === 0 && this.#part.written !== '';
    if (text === '' || isRaw) return [];
    const before = this.#summary.get(index);
    this.#summary.set(index, (before ?? '') + text);
    const isNewPart = before === undefined && this.#part.written !== '';
    return this.#part.append(isNewPart ? SUMMARY_BREAK + text : text);
  }

  summaryPart(index: number, whole: string): CanonicalEvent[] {
    const before = this.#summary.get(index) ?? '';
    return whole.startsWith(before) ? this.summary(index, whole.slice(before.length)) : [];
  }

  raw(text: string): CanonicalEvent[] {
    return this.#summary.size > 0 ? [] : this.#part.append(text);
  }

  rawWhole(whole: string): CanonicalEvent[] {
    return this.#summary.size > 0 ? [] : this.#part.complete(whole);
  }

  complete(item: JsonObject): CanonicalEvent[] {
    const replay = replayIn(item, this.#providerId) ?? null;
    return [
      ...this.#part.complete(reasoningText(item)),
      ...(replay === null ? [] : this.#part.begin()),
      ...this.#part.end(replay),
    ];
  }

  end(): CanonicalEvent[] {
    return this.#part.end(null);
  }
}

/** A call begins once its name and id are known; input that comes before waits. */
export class CallItem implements StreamItem {
  readonly #numbers: PartNumbers;
  #part: PartWriter | null = null;
  #waiting = '';

  constructor(numbers: PartNumbers) {
    this.#numbers = numbers;
  }

  describe(item: JsonObject): CanonicalEvent[] {
    const head = callHead(item);
    if (this.#part !== null || head === undefined) return [];
    this.#part = new PartWriter(this.#numbers, { type: 'tool_call', ...head });
    return [...this.#part.begin(), ...this.#part.append(this.#waiting)];
  }

  input(text: string): CanonicalEvent[] {
    if (this.#part !== null) return this.#part.append(text);
    this.#waiting += text;
    return [];
  }

  inputWhole(whole: string): CanonicalEvent[] {
    if (this.#part !== null) return this.#part.complete(whole);
    this.#waiting = whole;
    return [];
  }

  complete(item: JsonObject): CanonicalEvent[] {
    const begun = this.describe(item);
    if (this.#part === null) return opaqueEvents(item, this.#numbers);
    return [...begun, ...this.#part.complete(inputOf(item)), ...this.#part.end()];
  }

  end(): CanonicalEvent[] {
    return this.#part?.end() ?? [];
  }
}

/** What only this protocol knows comes whole, or not at all. */
class OpaqueItem implements StreamItem {
  readonly #numbers: PartNumbers;

  constructor(numbers: PartNumbers) {
    this.#numbers = numbers;
  }

  complete(item: JsonObject): CanonicalEvent[] {
    return opaqueEvents(item, this.#numbers);
  }

  end(): CanonicalEvent[] {
    return [];
  }
}

function opaqueEvents(item: JsonObject, numbers: PartNumbers): CanonicalEvent[] {
  return opaqueParts(item).flatMap((opened) => {
    const part = new PartWriter(numbers, opened);
    return [...part.begin(), ...part.end()];
  });
}

/** @returns the text of an event's field; '' for none */
export function textOf(value: unknown): string {
  return asText(value) ?? '';
}
