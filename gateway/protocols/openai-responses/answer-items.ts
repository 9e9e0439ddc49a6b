/** Output items while they are written: the events that build each one, and what it is when done. */
import { type Replay, wrapReplay } from '../canonical/replay.ts';
import type { Citation, OpaquePart } from '../canonical/request.ts';
import type { JsonObject } from '../json.ts';
import { annotationsOf } from './annotations.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An event without the item's id and place, which are the same for all of its events. */
export interface Step {
  type: string;
  [field: string]: unknown;
}

export interface ItemWriter {
  readonly id: string;
  /** The item as it stands, for `output_item.added` and `.done`. */
  json(status: ItemStatus): JsonObject;
  append(text: string): Step[];
  cite(citation: Citation): void;
  /** The part is over; the item is, too, unless it is a message. */
  endPart(replay: Replay | null): Step[];
}

interface Content {
  kind: 'text' | 'refusal';
  text: string;
  citations: Citation[];
}

/** Texts and refusals that follow each other are contents of one message. */
export class MessageWriter implements ItemWriter {
  readonly id: string;
  readonly #contents: Content[] = [];

  constructor(id: string) {
    this.id = id;
  }

  json(status: ItemStatus): JsonObject {
    const content = this.#contents.map(contentJson);
    return { id: this.id, type: 'message', role: 'assistant', status, content };
  }

  openPart(kind: Content['kind']): Step[] {
    const content: Content = { kind, text: '', citations: [] };
    this.#contents.push(content);
    return [this.#step('content_part.added', { part: contentJson(content) })];
  }

  append(text: string): Step[] {
    const content = this.#contents.at(-1);
    if (content === undefined) return [];
    content.text += text;
    return [
      content.kind === 'text'
        ? this.#step('output_text.delta', { delta: text, logprobs: [] })
        : this.#step('refusal.delta', { delta: text }),
    ];
  }

  cite(citation: Citation): void {
    this.#contents.at(-1)?.citations.push(citation);
  }

  /** Annotations come last: what they cover is known only now. */
  endPart(): Step[] {
    const content = this.#contents.at(-1);
    if (content === undefined) return [];
    const done = this.#step('content_part.done', { part: contentJson(content) });
    if (content.kind === 'refusal') return [this.#step('refusal.done', { refusal: content.text }), done];
    return [
      ...annotationsOf(content).map((annotation, annotation_index) =>
        this.#step('output_text.annotation.added', { annotation_index, annotation }),
      ),
      this.#step('output_text.done', { text: content.text, logprobs: [] }),
      done,
    ];
  }

  #step(name: string, fields: JsonObject): Step {
    return { type: `response.${name}`, content_index: this.#contents.length - 1, ...fields };
  }
}

function contentJson(content: Content): JsonObject {
  return content.kind === 'text'
    ? { type: 'output_text', text: content.text, annotations: annotationsOf(content), logprobs: [] }
    : { type: 'refusal', refusal: content.text };
}

/**
 * Shows reasoning as a summary, which every client shows, in one part, so that it comes back as it went.
 * `encrypted_content` comes unasked, as the service has it (`ResponseReasoningItem`).
 */
export class ReasoningWriter implements ItemWriter {
  readonly id: string;
  #text = '';
  #encrypted: string | null = null;

  constructor(id: string) {
    this.id = id;
  }

  json(): JsonObject {
    const summary = this.#text === '' ? [] : [this.#part(this.#text)];
    return { id: this.id, type: 'reasoning', summary, encrypted_content: this.#encrypted };
  }

  append(text: string): Step[] {
    const opening =
      this.#text === '' ? [this.#step('reasoning_summary_part.added', { part: this.#part('') })] : [];
    this.#text += text;
    return [...opening, this.#step('reasoning_summary_text.delta', { delta: text })];
  }

  cite(): void {}

  endPart(replay: Replay | null): Step[] {
    this.#encrypted = replay === null ? null : wrapReplay(replay);
    if (this.#text === '') return [];
    return [
      this.#step('reasoning_summary_text.done', { text: this.#text }),
      this.#step('reasoning_summary_part.done', { part: this.#part(this.#text) }),
    ];
  }

  #part(text: string): JsonObject {
    return { type: 'summary_text', text };
  }

  #step(name: string, fields: JsonObject): Step {
    return { type: `response.${name}`, summary_index: 0, ...fields };
  }
}

export interface CalledTool {
  id: string;
  name: string;
  namespace?: string | undefined;
  kind: 'function' | 'custom';
}

export class CallWriter implements ItemWriter {
  readonly id: string;
  readonly #tool: CalledTool;
  #input = '';

  constructor(id: string, tool: CalledTool) {
    this.id = id;
    this.#tool = tool;
  }

  json(status: ItemStatus): JsonObject {
    const { kind, id: call_id, name, namespace } = this.#tool;
    const head = { id: this.id, status, call_id, name, ...(namespace === undefined ? {} : { namespace }) };
    return kind === 'custom'
      ? { ...head, type: 'custom_tool_call', input: this.#input }
      : { ...head, type: 'function_call', arguments: this.#input };
  }

  append(delta: string): Step[] {
    this.#input += delta;
    return [{ type: `response.${this.#field}.delta`, delta }];
  }

  cite(): void {}

  /** A call without arguments has an empty object for clients, who all parse them. */
  endPart(): Step[] {
    if (this.#tool.kind === 'custom') {
      return [{ type: `response.${this.#field}.done`, input: this.#input }];
    }
    const empty = this.#input.trim() === '' ? this.append('{}') : [];
    return [...empty, { type: `response.${this.#field}.done`, arguments: this.#input }];
  }

  get #field(): string {
    return this.#tool.kind === 'custom' ? 'custom_tool_call_input' : 'function_call_arguments';
  }
}

/** An item of this protocol that came from a provider of the same. */
export class OpaqueWriter implements ItemWriter {
  readonly id: string;
  readonly #raw: JsonObject;

  constructor(id: string, { raw }: OpaquePart) {
    this.id = typeof raw.id === 'string' && raw.id !== '' ? raw.id : id;
    this.#raw = { ...raw, id: this.id };
  }

  json(): JsonObject {
    return this.#raw;
  }

  append(): Step[] {
    return [];
  }

  cite(): void {}

  endPart(): Step[] {
    return [];
  }
}
