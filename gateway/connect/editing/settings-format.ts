import type { Entry, Path, Value } from './values.ts';

/**
 * A format of settings files, edited as text: whatever is not told to change keeps its bytes. Texts are without
 * a byte order mark.
 */
export interface SettingsFormat {
  /** @returns undefined for a text that says nothing. @throws BrokenSettings */
  read(text: string): unknown;
  /**
   * Puts a value at its place and makes what leads there. Nothing is proved: `writeEntries` does that.
   * @throws BrokenSettings for a text or a place it cannot work on
   */
  set(text: string, path: Path, value: Value): string;
  /** Takes one value out; the text as it is where there is none. */
  remove(text: string, path: Path): string;
  /** Entries as they are written, in the order in which that has to be done. */
  order(entries: readonly Entry[]): Entry[];
}

/** A text that is not edited, with what is wrong and the line of it. */
export class BrokenSettings extends Error {
  /** From 1; null where no one line is at fault. */
  readonly line: number | null;

  constructor(message: string, line: number | null = null) {
    super(message);
    this.name = 'BrokenSettings';
    this.line = line;
  }
}

export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

/** How lines of a text end; as on this system where it has none. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const at = text.indexOf('\n');
  return at > 0 && text[at - 1] === '\r' ? '\r\n' : '\n';
}

/** A piece of a text in place of another. */
export function spliced(text: string, start: number, end: number, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

/** Where the line begins in which an offset lies. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** After the end of the line in which an offset lies. */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf('\n', offset);
  return at < 0 ? text.length : at + 1;
}

/** Blanks from an offset on. */
export function blanksAt(text: string, offset: number): string {
  let end = offset;
  while (text[end] === ' ' || text[end] === '\t') end += 1;
  return text.slice(offset, end);
}
