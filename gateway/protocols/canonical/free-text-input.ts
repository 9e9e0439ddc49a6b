/**
 * Free text as the one argument of a function: how a tool that takes text is offered where only functions are
 * known, and how its text is read back, also while it still comes in.
 */
import { asText, type JsonObject, parseObject } from '../json.ts';

const FIELD = 'input';

export const FREE_TEXT_SCHEMA: JsonObject = {
  type: 'object',
  properties: { [FIELD]: { type: 'string', description: 'The whole input, as plain text.' } },
  required: [FIELD],
  additionalProperties: false,
};

export function asArguments(text: string): string {
  return JSON.stringify({ [FIELD]: text });
}

/** @returns the text within the arguments; the arguments themselves where a model did not keep to the form */
export function fromArguments(input: string): string {
  return asText(parseObject(input)?.[FIELD]) ?? input;
}

const OPENING = new RegExp(`^\\s*\\{\\s*"${FIELD}"\\s*:\\s*"`);
/** Longer than any opening that a model would write. */
const LONGEST_OPENING = 64;

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Reads the text out of arguments that come in pieces. */
export class FreeTextReader {
  /** What waits: the opening, or an escape that is not whole yet; all of it where the form is another. */
  #waiting = '';
  #state: 'opening' | 'text' | 'closed' | 'other' = 'opening';

  /** @returns the text that this piece brought */
  push(piece: string): string {
    if (this.#state === 'closed') return '';
    this.#waiting += piece;
    if (this.#state === 'opening') this.#open();
    return this.#state === 'text' ? this.#read() : '';
  }

  /** @returns the text that could only be read at the end */
  end(): string {
    if (this.#state === 'opening' || this.#state === 'other') return fromArguments(this.#waiting);
    return '';
  }

  #open(): void {
    const opening = OPENING.exec(this.#waiting);
    if (opening !== null) {
      this.#waiting = this.#waiting.slice(opening[0].length);
      this.#state = 'text';
    } else if (this.#waiting.length > LONGEST_OPENING) this.#state = 'other';
  }

  #read(): string {
    const text = this.#waiting;
    let read = '';
    let at = 0;
    while (at < text.length) {
      const char = text.charAt(at);
      if (char === '"') {
        this.#state = 'closed';
        break;
      }
      const length = char === '\\' ? escapeLength(text, at) : 1;
      if (at + length > text.length) break;
      read += char === '\\' ? unescaped(text, at) : char;
      at += length;
    }
    this.#waiting = text.slice(at);
    return read;
  }
}

/** RFC 8259 §7. */
function escapeLength(text: string, at: number): number {
  return text.charAt(at + 1) === 'u' ? 6 : 2;
}

function unescaped(text: string, at: number): string {
  const letter = text.charAt(at + 1);
  if (letter === 'u') {
    const unit = Number.parseInt(text.slice(at + 2, at + 6), 16);
    return String.fromCharCode(Number.isNaN(unit) ? 0xfffd : unit);
  }
  return ESCAPES[letter] ?? letter;
}
