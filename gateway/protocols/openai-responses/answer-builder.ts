import type { CanonicalEvent, Finish, OpenedPart, ProviderError } from '../canonical/answer.ts';
import type { AnswerContext } from '../canonical/codec.ts';
import type { Replay } from '../canonical/replay.ts';
import type { JsonObject } from '../json.ts';
import type { TokenUsage } from '../usage.ts';
import { endingOf, errorJson } from './answer-ending.ts';
import {
  CallWriter,
  type ItemStatus,
  type ItemWriter,
  MessageWriter,
  OpaqueWriter,
  ReasoningWriter,
  type Step,
} from './answer-items.ts';
import { AnswerIds, responseHead, usageJson } from './response-object.ts';

/**
 * Builds an answer event by event, as the service streams it: an item is added, filled, done. An item stays open
 * until the next begins or the answer ends, as only then is it known whether it is whole.
 */
export class AnswerBuilder {
  readonly #ids: AnswerIds;
  readonly #head: JsonObject;
  readonly #output: JsonObject[] = [];
  /** Text or reasoning that has begun and said nothing yet; it may stay so. */
  #waiting: OpenedPart | null = null;
  #item: ItemWriter | null = null;
  /** Whether a part of the item is being written. */
  #isWriting = false;
  #usage: TokenUsage | null = null;
  #refused = false;
  #begun = false;
  #response: JsonObject;

  constructor(context: AnswerContext) {
    this.#ids = new AnswerIds(context.requestId);
    this.#head = responseHead(context, this.#ids);
    this.#response = this.#with({ status: 'in_progress' });
  }

  /** As it stands. */
  get response(): JsonObject {
    return this.#response;
  }

  /** @returns the events that follow, without their numbers */
  push(event: CanonicalEvent): Step[] {
    switch (event.type) {
      case 'start':
        return this.#begin();
      case 'part_start':
        return [...this.#begin(), ...this.#open(event.part)];
      case 'delta': {
        const opened = this.#settle();
        return [...opened, ...this.#placed((item) => item.append(event.text))];
      }
      case 'citation': {
        const opened = this.#settle();
        if (this.#isWriting) this.#item?.cite(event.citation);
        return opened;
      }
      case 'part_end':
        return this.#endPart(event.replay ?? null);
      case 'usage':
        this.#usage = event.usage;
        return [];
      case 'finish':
        return [...this.#begin(), ...this.#finish(event.finish, event.usage)];
      case 'error':
        return [...this.#begin(), ...this.#fail(event.error)];
    }
  }

  #begin(): Step[] {
    if (this.#begun) return [];
    this.#begun = true;
    return [
      { type: 'response.created', response: this.#response },
      { type: 'response.in_progress', response: this.#response },
    ];
  }

  #open(part: OpenedPart): Step[] {
    this.#waiting = null;
    this.#isWriting = false;
    if (part.type === 'tool_call') return this.#add(new CallWriter(this.#callId(part.kind), part));
    if (part.type !== 'opaque') {
      this.#waiting = part;
      return [];
    }
    // What another protocol alone knows has no form here.
    if (part.protocol !== 'openai-responses') return [];
    return this.#add(new OpaqueWriter(this.#ids.item('item'), part));
  }

  #callId(kind: 'function' | 'custom'): string {
    return this.#ids.item(kind === 'custom' ? 'ctc' : 'fc');
  }

  /** A part that waited has something to say. */
  #settle(): Step[] {
    const part = this.#waiting;
    this.#waiting = null;
    if (part?.type === 'reasoning') return this.#add(new ReasoningWriter(this.#ids.item('rs')));
    if (part?.type !== 'text' && part?.type !== 'refusal') return [];
    this.#refused ||= part.type === 'refusal';
    const kind = part.type;
    const added =
      this.#item instanceof MessageWriter ? [] : this.#add(new MessageWriter(this.#ids.item('msg')));
    this.#isWriting = true;
    return [...added, ...this.#placed((item) => (item instanceof MessageWriter ? item.openPart(kind) : []))];
  }

  #endPart(replay: Replay | null): Step[] {
    const opened = this.#waiting?.type === 'reasoning' && replay !== null ? this.#settle() : [];
    const steps = this.#placed((item) => item.endPart(replay));
    this.#waiting = null;
    this.#isWriting = false;
    return [...opened, ...steps];
  }

  #add(item: ItemWriter): Step[] {
    const done = this.#close('completed');
    this.#item = item;
    this.#isWriting = true;
    const added = { output_index: this.#output.length, item: item.json('in_progress') };
    return [...done, { type: 'response.output_item.added', ...added }];
  }

  #close(status: ItemStatus): Step[] {
    if (this.#item === null) return [];
    const item = this.#item.json(status);
    this.#item = null;
    this.#output.push(item);
    return [{ type: 'response.output_item.done', output_index: this.#output.length - 1, item }];
  }

  /** @returns what the item at work brings, with its id and place; nothing where no part of it is open */
  #placed(write: (item: ItemWriter) => Step[]): Step[] {
    const item = this.#item;
    if (item === null || !this.#isWriting) return [];
    const place = { item_id: item.id, output_index: this.#output.length };
    return write(item).map((step) => ({ ...step, ...place }));
  }

  #finish(finish: Finish, usage: TokenUsage | null): Step[] {
    const ending = endingOf(finish, this.#refused);
    const closed = this.#close(ending.status);
    this.#response = this.#with({ ...ending, usage: usageJson(usage ?? this.#usage) });
    return [...closed, { type: `response.${ending.status}`, response: this.#response }];
  }

  /**
   * The item at work is not done and stays so: a client must not act upon half a call. Both events are sent, as
   * the service does: the openai SDK raises the first and takes the second for an answer, Codex the other way.
   */
  #fail(error: ProviderError): Step[] {
    this.#response = this.#with({
      status: 'failed',
      error: errorJson(error),
      usage: usageJson(this.#usage),
    });
    const { code, message } = errorJson(error);
    return [
      { type: 'error', code, message, param: null },
      { type: 'response.failed', response: this.#response },
    ];
  }

  #with(fields: JsonObject): JsonObject {
    const plain = { error: null, incomplete_details: null, usage: null };
    return { ...this.#head, ...plain, output: [...this.#output], ...fields };
  }
}
