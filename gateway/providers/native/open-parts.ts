/** The parts of a stream that are open, by the AI SDK's ids. */
import type { CanonicalEvent, OpenedPart } from '../../protocols/canonical/answer.ts';
import { COMMON_IDS, fittingId } from '../../protocols/canonical/tool-ids.ts';
import type { NativeKind } from './kinds.ts';
import type { Signature } from './metadata.ts';
import { replayOf } from './replay.ts';
import { type Maker, SIGNATURES } from './signatures.ts';

interface OpenPart {
  /** Null until something was said in it: a part that stays empty is none. */
  index: number | null;
  opened: OpenedPart;
  signature: Signature | null;
}

export class OpenParts {
  readonly #kind: NativeKind;
  readonly #maker: Maker;
  readonly #open = new Map<string, OpenPart>();
  #next = 0;

  constructor(kind: NativeKind, maker: Maker) {
    this.#kind = kind;
    this.#maker = maker;
  }

  text(id: string, text: string): CanonicalEvent[] {
    return this.#say(this.#part(id, { type: 'text' }), text);
  }

  reasoning(id: string, text: string, signature: Signature | null): CanonicalEvent[] {
    const part = this.#part(id, { type: 'reasoning' });
    part.signature = signature ?? part.signature;
    return this.#say(part, text);
  }

  /** A call without arguments says nothing, and yet is one. */
  call(id: string, name: string, signature: Signature | null): CanonicalEvent[] {
    const callId = fittingId(id, COMMON_IDS);
    if (this.#kind !== 'bedrock' && signature !== null) SIGNATURES.keep(this.#maker, callId, signature.data);
    return this.#begin(this.#part(id, { type: 'tool_call', id: callId, name, kind: 'function' }));
  }

  input(id: string, text: string): CanonicalEvent[] {
    const part = this.#open.get(id);
    return part === undefined ? [] : this.#say(part, text);
  }

  end(id: string): CanonicalEvent[] {
    const part = this.#open.get(id);
    this.#open.delete(id);
    if (part === undefined) return [];
    if (part.opened.type !== 'reasoning') {
      return part.index === null ? [] : [{ type: 'part_end', index: part.index }];
    }
    const { signature } = part;
    // Thoughts that are hidden have a signature alone.
    const begin = signature === null ? [] : this.#begin(part);
    if (part.index === null) return [];
    return [...begin, { type: 'part_end', index: part.index, replay: replayOf(this.#maker, signature) }];
  }

  endAll(): CanonicalEvent[] {
    return [...this.#open.keys()].flatMap((id) => this.end(id));
  }

  #part(id: string, opened: OpenedPart): OpenPart {
    const known = this.#open.get(id);
    if (known !== undefined) return known;
    const part: OpenPart = { index: null, opened, signature: null };
    this.#open.set(id, part);
    return part;
  }

  #begin(part: OpenPart): CanonicalEvent[] {
    if (part.index !== null) return [];
    part.index = this.#next;
    this.#next += 1;
    return [{ type: 'part_start', index: part.index, part: part.opened }];
  }

  #say(part: OpenPart, text: string): CanonicalEvent[] {
    if (text === '') return [];
    const begin = this.#begin(part);
    return part.index === null ? [] : [...begin, { type: 'delta', index: part.index, text }];
  }
}
