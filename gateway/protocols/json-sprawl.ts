import { stringEnd } from './json-members.ts';

/** What is shorter holds too little to do harm, and is most of all that is sent. */
const UNCHECKED_BYTES = 2 * 1024 * 1024;

/** Arrays, objects and members together. Long conversations have some ten thousand, lists of embeddings less. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/**
 * Whether a JSON text, valid or not, would unfold to more than a process can hold: 64 MiB of empty arrays take
 * V8 a gigabyte and five seconds in which nobody else is served. To be asked before it is parsed.
 * @param start first byte of the text, and one past its last
 */
export function sprawls(json: Buffer, start = 0, end = json.length): boolean {
  if (end - start <= UNCHECKED_BYTES) return false;
  let values = 0;
  let at = start;
  while (at < end) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = stringEnd(json, at);
      continue;
    }
    at++;
    if (byte !== OPEN_BRACKET && byte !== OPEN_BRACE && byte !== COLON) continue;
    values++;
    if (values > MOST_VALUES) return true;
  }
  return false;
}
