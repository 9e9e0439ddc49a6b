/** The parts of an answer that stand in a row: text, reasoning, refusals. One is open at a time. */
import type { CanonicalEvent } from '../canonical/answer.ts';
import type { OpaquePart, ReasoningPart } from '../canonical/request.ts';
import { asText, type JsonObject } from '../json.ts';
import { readAnnotations } from './citations.ts';
import {
  chatReplay,
  goesOnWith,
  isOpenDetail,
  isWrapped,
  textOfDetail,
  withPiece,
} from './reasoning-details.ts';

type Kind = 'text' | 'reasoning' | 'refusal';

interface OpenPart {
  index: number;
  kind: Kind;
  /** Of reasoning: what its detail has brought but for its text; null for text alone. */
  detail: JsonObject | null;
  isEmpty: boolean;
}

export class StreamParts {
  readonly #providerId: string;
  readonly #said = new Set<Kind>();
  #open: OpenPart | null = null;
  #next = 0;

  constructor(providerId: string) {
    this.#providerId = providerId;
  }

  /** The index of a new part, also of one that is not kept here. */
  nextIndex(): number {
    return this.#next++;
  }

  get isEmpty(): boolean {
    return this.#next === 0;
  }

  has(kind: Kind): boolean {
    return this.#said.has(kind);
  }

  say(kind: Kind, text: string): CanonicalEvent[] {
    if (text === '') return [];
    const goesOn = this.#open?.kind === kind && !this.#isSealed;
    const begun = goesOn ? [] : this.#begin(kind, null);
    return [...begun, ...this.#delta(text)];
  }

  /**
   * Reasoning as text alone, or as details; services that give details give their text twice, and once counts.
   * @param plain text that came outside of details
   */
  think(plain: string, details: readonly JsonObject[]): CanonicalEvent[] {
    const isTold = details.some((detail) => textOfDetail(detail) !== '');
    return [
      ...(isTold ? [] : this.say('reasoning', plain)),
      ...details.flatMap((detail) => this.#thinkDetail(detail)),
    ];
  }

  /** A gateway of this kind told all of a thought; what follows is the next one. */
  get #isSealed(): boolean {
    return this.#open?.detail != null && isWrapped(this.#open.detail);
  }

  #thinkDetail(detail: JsonObject): CanonicalEvent[] {
    const goesOn = this.#continues(detail);
    const isRepeated = goesOn && this.#open?.detail === null && isWrapped(detail);
    const text = isRepeated ? '' : textOfDetail(detail);
    const isNothing = text === '' && chatReplay(detail, false, null).data === '';
    if (isNothing && !goesOn) return [];
    const begun = goesOn ? [] : this.#begin('reasoning', detail);
    if (this.#open !== null) this.#open.detail = withPiece(this.#open.detail ?? {}, detail);
    return [...begun, ...(text === '' ? [] : this.#delta(text))];
  }

  /** A signature may come by itself, behind text that came alone. */
  #continues(detail: JsonObject): boolean {
    if (this.#open?.kind !== 'reasoning' || !isOpenDetail(detail)) return false;
    return this.#open.detail === null || goesOnWith(this.#open.detail, detail);
  }

  /** Sources belong to the text that is open; before any text, to the one that follows. */
  cite(annotations: unknown): CanonicalEvent[] {
    const citations = readAnnotations(annotations);
    if (citations.length === 0) return [];
    const isOpen = this.#open?.kind === 'text';
    if (!isOpen && this.#said.has('text')) return [];
    const begun = isOpen ? [] : this.#begin('text', null);
    const index = this.#open?.index ?? 0;
    return [
      ...begun,
      ...citations.map((citation): CanonicalEvent => ({ type: 'citation', index, citation })),
    ];
  }

  /** A part that comes whole. */
  whole(part: OpaquePart | ReasoningPart): CanonicalEvent[] {
    const closed = this.close();
    const index = this.nextIndex();
    const opened = part.type === 'opaque' ? part : ({ type: 'reasoning' } as const);
    const replay = part.type === 'reasoning' ? { replay: part.replay } : {};
    return [...closed, { type: 'part_start', index, part: opened }, { type: 'part_end', index, ...replay }];
  }

  /** Ends the open part. */
  close(): CanonicalEvent[] {
    if (this.#open === null) return [];
    const { index, kind, detail, isEmpty } = this.#open;
    this.#open = null;
    if (kind !== 'reasoning') return [{ type: 'part_end', index }];
    const replay = chatReplay(detail, !isEmpty, this.#providerId);
    return [{ type: 'part_end', index, replay }];
  }

  #begin(kind: Kind, detail: JsonObject | null): CanonicalEvent[] {
    const closed = this.close();
    const index = this.nextIndex();
    this.#said.add(kind);
    this.#open = { index, kind, detail, isEmpty: true };
    return [...closed, { type: 'part_start', index, part: { type: kind } }];
  }

  #delta(text: string): CanonicalEvent[] {
    if (this.#open === null) return [];
    this.#open.isEmpty = false;
    return [{ type: 'delta', index: this.#open.index, text }];
  }
}

/** An opaque part of a provider's answer. */
export function unknownPart(raw: JsonObject): OpaquePart {
  return { type: 'opaque', protocol: 'openai-chat', name: asText(raw.type) ?? 'content', raw };
}
