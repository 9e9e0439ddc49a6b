/** TOML as a list of statements with their places in the text (https://toml.io/en/v1.0.0). The text is known to be valid. */
import { blanksAt, lineEnd } from './settings-format.ts';

export interface Statement {
  kind: 'header' | 'pair' | 'rest';
  /** Of the line, and after its line break. */
  start: number;
  end: number;
  /** Whole path of the table, or of the value; null in a list of tables, and below one. */
  path: readonly string[] | null;
  /** Of a pair: its key, and its value without a comment after it. */
  keyStart: number;
  valueStart: number;
  valueEnd: number;
  /** A line that says nothing, not even a comment. */
  blank: boolean;
}

export function statementsOf(text: string): Statement[] {
  const found: Statement[] = [];
  const lists: string[][] = [];
  let table: readonly string[] | null = [];
  for (let at = 0; at < text.length; ) {
    const statement: Statement = statementAt(text, at, table);
    if (statement.kind === 'header') {
      const isList = text.startsWith('[[', statement.keyStart);
      const path = statement.path ?? [];
      if (isList) lists.push([...path]);
      if (isList || lists.some((list) => list.every((key, index) => path[index] === key)))
        statement.path = null;
      table = statement.path;
    }
    found.push(statement);
    at = statement.end;
  }
  return found;
}

function statementAt(text: string, start: number, table: readonly string[] | null): Statement {
  const keyStart = start + blanksAt(text, start).length;
  const none = { start, keyStart, valueStart: keyStart, valueEnd: keyStart };
  const first = text[keyStart];
  if (first === undefined || first === '\n' || first === '\r' || first === '#') {
    return { ...none, kind: 'rest', end: lineEnd(text, keyStart), path: null, blank: first !== '#' };
  }
  if (first === '[') {
    const open = text.startsWith('[[', keyStart) ? 2 : 1;
    const { keys, end } = keysAt(text, keyStart + open);
    return { ...none, kind: 'header', end: lineEnd(text, end), path: keys, blank: false };
  }
  const { keys, end } = keysAt(text, keyStart);
  const equals = text.indexOf('=', end);
  const valueStart = equals + 1 + blanksAt(text, equals + 1).length;
  const valueEnd = endOfValue(text, valueStart);
  const path = table === null ? null : [...table, ...keys];
  return { ...none, kind: 'pair', valueStart, valueEnd, end: lineEnd(text, valueEnd), path, blank: false };
}

/** Keys with dots between them. */
function keysAt(text: string, start: number): { keys: string[]; end: number } {
  const keys: string[] = [];
  for (let at = start; ; ) {
    at += blanksAt(text, at).length;
    const quote = text[at];
    const end = quote === '"' || quote === "'" ? endOfString(text, at) : endOfBareKey(text, at);
    keys.push(keyOf(text.slice(at, end)));
    at = end + blanksAt(text, end).length;
    if (text[at] !== '.') return { keys, end: at };
    at += 1;
  }
}

function endOfBareKey(text: string, start: number): number {
  let end = start;
  while (/[\w-]/.test(text[end] ?? '')) end += 1;
  return end;
}

function keyOf(raw: string): string {
  if (raw.startsWith("'")) return raw.slice(1, -1);
  if (!raw.startsWith('"')) return raw;
  try {
    return JSON.parse(raw);
  } catch {
    // An escape that JSON has not: no key of ours.
    return raw;
  }
}

/** Of a string of any of the four kinds: after its last quote. */
function endOfString(text: string, start: number): number {
  const quote = text[start] as string;
  const long = text.startsWith(quote.repeat(3), start);
  const mark = long ? quote.repeat(3) : quote;
  for (let at = start + mark.length; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1;
    else if (text.startsWith(mark, at)) {
      let end = at + mark.length;
      // Up to two more quotes belong to the string.
      while (long && end < at + 5 && text[end] === quote) end += 1;
      return end;
    }
  }
  return text.length;
}

/** Lists and inline tables may go over lines, with comments in them. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; ) {
    const character = text[at] as string;
    if (character === '"' || character === "'") {
      at = endOfString(text, at);
      continue;
    }
    if (depth === 0 && (character === '#' || character === '\n')) return trimmed(text, start, at);
    if (character === '#') {
      at = lineEnd(text, at);
      continue;
    }
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    at += 1;
  }
  return trimmed(text, start, text.length);
}

function trimmed(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length;
}
