import { stringEnd, topLevelMembers } from './json-members.ts';

/** Where the value of a body's `model` stands in its bytes. */
export interface ModelRange {
  start: number;
  end: number;
}

/** The word as a whole string of JSON, in every way to write it; Go's readers pay no heed to case. */
const MODEL_WORD = /"(?:m|\\u00[46]d)(?:o|\\u00[46]f)(?:d|\\u00[46]4)(?:e|\\u00[46]5)(?:l|\\u00[46]c)"/gi;

/**
 * Finds the outermost member `model` of a body. To walk a body of a megabyte member by member takes milliseconds, so it
 * is done only where the word stands in it more than once, as in a tool's schema.
 * @param text what `bytes` hold: JSON whose outermost value is an object with the string `model`
 * @returns null where more than one such member is there, whatever the case of its letters
 */
export function findModel(text: string, bytes: Buffer): ModelRange | null {
  const words = text.matchAll(MODEL_WORD);
  const first = words.next().value as RegExpExecArray;
  if (words.next().done === false) return findByWalk(bytes);
  const keyEnd = Buffer.byteLength(text.slice(0, first.index)) + first[0].length;
  const start = bytes.indexOf('"', keyEnd);
  return { start, end: stringEnd(bytes, start) };
}

function findByWalk(bytes: Buffer): ModelRange | null {
  const [found, another] = topLevelMembers(bytes).filter(({ key }) => key.toLowerCase() === 'model');
  return found === undefined || another !== undefined ? null : { start: found.start, end: found.end };
}
