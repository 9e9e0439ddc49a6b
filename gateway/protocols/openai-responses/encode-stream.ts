import type { CanonicalEvent } from '../canonical/answer.ts';
import type { AnswerContext, StreamEncoder } from '../canonical/codec.ts';
import { AnswerBuilder } from './answer-builder.ts';

/** Makes a caller's stream. It ends with `response.completed`, `.incomplete` or `.failed`. */
export class ResponsesStreamEncoder implements StreamEncoder {
  readonly #builder: AnswerBuilder;
  #sequence = 0;

  constructor(context: AnswerContext) {
    this.#builder = new AnswerBuilder(context);
  }

  push(event: CanonicalEvent): string {
    let text = '';
    for (const step of this.#builder.push(event)) {
      const data = JSON.stringify({ ...step, sequence_number: this.#sequence });
      text += `event: ${step.type}\ndata: ${data}\n\n`;
      this.#sequence += 1;
    }
    return text;
  }
}
