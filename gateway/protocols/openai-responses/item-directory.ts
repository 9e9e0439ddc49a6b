import type { CanonicalEvent } from '../canonical/answer.ts';
import { asNumber, asText, type JsonObject } from '../json.ts';
import type { PartNumbers } from './part-writer.ts';
import { CallItem, type StreamItem, streamItem } from './stream-items.ts';

interface Entry {
  type: string;
  /** `output_index`; null where the server tells none. */
  at: number | null;
  id: string | null;
  callId: string | null;
  item: StreamItem;
  isOver: boolean;
}

/**
 * Finds the item that an event belongs to. By its id first, then by its place: one server gives each event of an
 * item another id (https://github.com/BerriAI/litellm/pull/30072), others leave the place out
 * (https://github.com/lemonade-sdk/lemonade/issues/3607) or give several items the same one.
 */
export class ItemDirectory {
  readonly #numbers: PartNumbers;
  readonly #providerId: string;
  readonly #entries: Entry[] = [];

  constructor(numbers: PartNumbers, providerId: string) {
    this.#numbers = numbers;
    this.#providerId = providerId;
  }

  added(event: JsonObject, item: JsonObject): CanonicalEvent[] {
    const type = asText(item.type) ?? '';
    const known = this.#openOf(type).find((open) => isOfId(open, item));
    const entry = known ?? this.#new(type, event, item);
    return entry.item instanceof CallItem ? entry.item.describe(item) : [];
  }

  done(event: JsonObject, item: JsonObject): CanonicalEvent[] {
    const type = asText(item.type) ?? '';
    const entry = this.#ofItem(type, event, item) ?? this.#new(type, event, item);
    entry.isOver = true;
    return entry.item.complete(item);
  }

  /** @returns undefined where no item of the type is open */
  open(type: string, event: JsonObject): StreamItem | undefined {
    return this.#ofEvent(type, event)?.item;
  }

  openOrNew(type: string, event: JsonObject): StreamItem {
    return (this.#ofEvent(type, event) ?? this.#new(type, event, { id: event.item_id })).item;
  }

  /** @param output of the last response: what never came before comes out of it now */
  end(output: readonly JsonObject[]): CanonicalEvent[] {
    const unclaimed = new Set(this.#entries);
    const events = output.flatMap((item, at) => {
      const type = asText(item.type) ?? '';
      const same = [...unclaimed].filter((entry) => entry.type === type);
      const entry =
        same.find((candidate) => isOfId(candidate, item)) ??
        same.find((candidate) => candidate.at === at && !isOtherCall(candidate, item)) ??
        same.find((candidate) => !isOtherCall(candidate, item));
      if (entry === undefined) return this.#new(type, { output_index: at }, item).item.complete(item);
      unclaimed.delete(entry);
      if (entry.isOver) return [];
      entry.isOver = true;
      return entry.item.complete(item);
    });
    return [...events, ...[...unclaimed].flatMap(({ item }) => item.end())];
  }

  #ofEvent(type: string, event: JsonObject): Entry | undefined {
    const open = this.#openOf(type);
    const at = asNumber(event.output_index);
    return (
      open.find(({ id, callId }) =>
        [id, callId].some((known) => known !== null && known === event.item_id),
      ) ??
      open.find((entry) => at !== null && entry.at === at) ??
      (at === null ? open[0] : undefined)
    );
  }

  #ofItem(type: string, event: JsonObject, item: JsonObject): Entry | undefined {
    const open = this.#openOf(type);
    const at = asNumber(event.output_index);
    return (
      open.find((entry) => isOfId(entry, item)) ??
      open.find((entry) => at !== null && entry.at === at && !isOtherCall(entry, item)) ??
      open.find((entry) => at === null && !isOtherCall(entry, item))
    );
  }

  /** The newest first. */
  #openOf(type: string): Entry[] {
    return this.#entries.filter((entry) => entry.type === type && !entry.isOver).reverse();
  }

  #new(type: string, event: JsonObject, item: JsonObject): Entry {
    const entry: Entry = {
      type,
      at: asNumber(event.output_index),
      id: asText(item.id),
      callId: asText(item.call_id),
      item: streamItem(type, this.#numbers, this.#providerId),
      isOver: false,
    };
    this.#entries.push(entry);
    return entry;
  }
}

function isOfId({ id, callId }: Entry, item: JsonObject): boolean {
  return (callId !== null && callId === item.call_id) || (id !== null && id === item.id);
}

function isOtherCall({ callId }: Entry, item: JsonObject): boolean {
  return callId !== null && typeof item.call_id === 'string' && callId !== item.call_id;
}
