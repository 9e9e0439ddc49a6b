import type { CanonicalEvent, OpenedPart } from '../canonical/answer.ts';
import type { Replay } from '../canonical/replay.ts';
import type { Citation } from '../canonical/request.ts';

/** Numbers the parts of one answer, in the order in which they begin. */
export class PartNumbers {
  #next = 0;

  take(): number {
    this.#next += 1;
    return this.#next - 1;
  }
}

/** One part of a stream. It begins with its first content, so that an empty one never does. */
export class PartWriter {
  readonly #numbers: PartNumbers;
  readonly #opened: OpenedPart;
  #index: number | null = null;
  #written = '';
  #ended = false;

  constructor(numbers: PartNumbers, opened: OpenedPart) {
    this.#numbers = numbers;
    this.#opened = opened;
  }

  get written(): string {
    return this.#written;
  }

  get ended(): boolean {
    return this.#ended;
  }

  begin(): CanonicalEvent[] {
    if (this.#index !== null || this.#ended) return [];
    this.#index = this.#numbers.take();
    return [{ type: 'part_start', index: this.#index, part: this.#opened }];
  }

  append(text: string): CanonicalEvent[] {
    if (text === '' || this.#ended) return [];
    const begun = this.begin();
    this.#written += text;
    return [...begun, ...this.#event((index) => ({ type: 'delta', index, text }))];
  }

  /** What is missing of a text that is now known whole; nothing where it differs from what came before. */
  complete(whole: string): CanonicalEvent[] {
    return whole.startsWith(this.#written) ? this.append(whole.slice(this.#written.length)) : [];
  }

  cite(citation: Citation): CanonicalEvent[] {
    return this.#event((index) => ({ type: 'citation', index, citation }));
  }

  end(replay?: Replay | null): CanonicalEvent[] {
    const told = replay === undefined ? {} : { replay };
    const events = this.#event((index) => ({ type: 'part_end', index, ...told }));
    this.#ended = true;
    return events;
  }

  #event(make: (index: number) => CanonicalEvent): CanonicalEvent[] {
    return this.#index === null || this.#ended ? [] : [make(this.#index)];
  }
}
