import type { CanonicalEvent } from '../canonical/answer.ts';
import { asText, type JsonObject, objectsIn } from '../json.ts';
import { citationOf, citationsOf } from './annotations.ts';
import { type PartNumbers, PartWriter } from './part-writer.ts';

export type Spoken = 'text' | 'refusal';

interface ContentPart {
  kind: Spoken;
  /** `content_index`, as far as it was told. */
  at: number;
  writer: PartWriter;
  cited: number;
  /** Its text was told whole: what comes for another place is another part. */
  isTold: boolean;
}

/**
 * A message while it comes in. A content part begins where one is announced or none is open: some servers count
 * `content_index` on with each delta (https://github.com/vllm-project/vllm/pull/35184).
 */
export class MessageItem {
  readonly #numbers: PartNumbers;
  readonly #parts: ContentPart[] = [];

  constructor(numbers: PartNumbers) {
    this.#numbers = numbers;
  }

  announce(at: number, kind: Spoken): CanonicalEvent[] {
    if (this.#parts.some((part) => part.at === at && part.kind === kind)) return [];
    return this.#open(at, kind).ended;
  }

  append(at: number, kind: Spoken, text: string): CanonicalEvent[] {
    const { part, ended } = this.#find(at, kind, true);
    return [...ended, ...part.writer.append(text)];
  }

  whole(at: number, kind: Spoken, text: string): CanonicalEvent[] {
    const { part, ended } = this.#find(at, kind, true);
    part.isTold = true;
    return [...ended, ...part.writer.complete(text)];
  }

  annotate(at: number, annotation: JsonObject): CanonicalEvent[] {
    const citation = citationOf(annotation);
    if (citation === undefined) return [];
    const { part, ended } = this.#find(at, 'text');
    part.cited += 1;
    return [...ended, ...part.writer.cite(citation)];
  }

  /** A content part is over; `content` is all of it. */
  endPart(at: number, content: JsonObject): CanonicalEvent[] {
    const spoken = spokenIn(content);
    if (spoken === undefined || spoken.text === '') return [];
    const { part, ended } = this.#find(at, spoken.kind);
    return [
      ...ended,
      ...part.writer.complete(spoken.text),
      ...this.#citeRest(part, content),
      ...part.writer.end(),
    ];
  }

  /** The item's texts in a row are compared with all that was written, and only the rest goes on. */
  complete(item: JsonObject): CanonicalEvent[] {
    const contents = objectsIn(item.content).flatMap((content) => {
      const spoken = spokenIn(content);
      return spoken === undefined || spoken.text === '' ? [] : [{ ...spoken, content }];
    });
    const written = this.#parts.map(({ writer }) => writer.written).join('');
    const whole = contents.map(({ text }) => text).join('');
    let known = whole.startsWith(written) ? written.length : whole.length;
    const events = contents.flatMap(({ kind, text, content }, index) => {
      const skipped = Math.min(known, text.length);
      known -= skipped;
      if (skipped === text.length) {
        const last = this.#parts.at(-1);
        return last === undefined || known > 0 ? [] : this.#citeRest(last, content);
      }
      const { part, ended } = skipped > 0 ? this.#find(index, kind) : this.#open(index, kind);
      return [...ended, ...part.writer.append(text.slice(skipped)), ...this.#citeRest(part, content)];
    });
    return [...events, ...this.end()];
  }

  end(): CanonicalEvent[] {
    return this.#parts.flatMap(({ writer }) => writer.end());
  }

  #citeRest(part: ContentPart, { annotations }: JsonObject): CanonicalEvent[] {
    const rest = citationsOf(annotations).slice(part.cited);
    part.cited += rest.length;
    return rest.flatMap((citation) => part.writer.cite(citation));
  }

  /** @param forText whether more text comes */
  #find(at: number, kind: Spoken, forText = false): { part: ContentPart; ended: CanonicalEvent[] } {
    const open = this.#parts.filter((part) => part.kind === kind && !part.writer.ended);
    const newest = open.at(-1);
    const part =
      open.find((candidate) => candidate.at === at) ?? (forText && newest?.isTold ? undefined : newest);
    return part === undefined ? this.#open(at, kind) : { part, ended: [] };
  }

  /** Ends those before, so that the new one need not wait for them. */
  #open(at: number, kind: Spoken): { part: ContentPart; ended: CanonicalEvent[] } {
    const ended = this.end();
    const part = { kind, at, writer: new PartWriter(this.#numbers, { type: kind }), cited: 0, isTold: false };
    this.#parts.push(part);
    return { part, ended };
  }
}

function spokenIn(content: JsonObject): { kind: Spoken; text: string } | undefined {
  const refusal = content.type === 'refusal' ? asText(content.refusal) : null;
  if (refusal !== null) return { kind: 'refusal', text: refusal };
  const text = asText(content.text);
  return text === null ? undefined : { kind: 'text', text };
}
