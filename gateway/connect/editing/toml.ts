/**
 * TOML. There is no writer that keeps comments, so the text is edited by its lines, and smol-toml says whether the
 * result means what it should.
 */
import { parse, TomlDate, TomlError } from 'smol-toml';
import { BrokenSettings, blanksAt, lineEndOf, type SettingsFormat, spliced } from './settings-format.ts';
import { type Statement, statementsOf } from './toml-statements.ts';
import { type Entry, isTable, type Path, type Value } from './values.ts';

export const toml: SettingsFormat = {
  read(text) {
    try {
      return plain(parse(text));
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const [first = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
      throw new BrokenSettings(`is no valid TOML (${first})`, error.line);
    }
  },
  set(text, path, value) {
    const names = namesOf(path);
    const statements = statementsOf(text);
    const known = statements.find((one) => one.kind === 'pair' && isPath(one.path, names));
    if (known === undefined) return inserted(text, statements, names, value);
    return spliced(text, known.valueStart, known.valueEnd, rendered(value));
  },
  remove(text, path) {
    const names = namesOf(path);
    const statements = statementsOf(text);
    const known = statements.find((one) => isPath(one.path, names));
    if (known === undefined) return text;
    return known.kind === 'pair' ? withoutPair(text, known) : withoutTable(text, statements, known);
  },
  /** Tables are written member by member. */
  order: (entries) => entries.flatMap(leavesOf),
};

function leavesOf({ path, value, table }: Entry): Entry[] {
  if (!isTable(value) || Object.keys(value).length === 0)
    return [table === undefined ? { path, value } : { path, value, table }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf({ path: [...path, name], value: inner, table: table ?? path }),
  );
}

function namesOf(path: Path): string[] {
  return path.map((segment) => {
    if (typeof segment === 'string') return segment;
    throw new BrokenSettings('has a list of tables where a value belongs');
  });
}

function isPath(path: readonly string[] | null, names: readonly string[]): boolean {
  return path !== null && path.length === names.length && names.every((name, at) => path[at] === name);
}

function inserted(
  text: string,
  statements: readonly Statement[],
  names: readonly string[],
  value: Value,
): string {
  const eol = lineEndOf(text);
  const table = names.slice(0, -1);
  const line = `${keyText(names.slice(-1))} = ${rendered(value)}${eol}`;
  const header = statements.findLastIndex((one) => one.kind === 'header' && isPath(one.path, table));
  if (header < 0 && table.length > 0) {
    const gap = text === '' || /(^|\n)\r?\n$/.test(text) ? '' : text.endsWith('\n') ? eol : `${eol}${eol}`;
    return `${text}${gap}[${keyText(table)}]${eol}${line}`;
  }
  const next = statements.findIndex((one, at) => at > header && one.kind === 'header');
  const section = statements.slice(header < 0 ? 0 : header, next < 0 ? undefined : next);
  const last = section.findLast(({ kind }) => kind !== 'rest');
  if (last !== undefined) {
    const before = text.slice(0, last.end);
    return `${before}${before.endsWith('\n') ? '' : eol}${blanksAt(text, last.start)}${line}${text.slice(last.end)}`;
  }
  return aboveTables(text, statements, next, line);
}

/** The first value that belongs to no table: above the first header and the comments that belong to it. */
function aboveTables(text: string, statements: readonly Statement[], next: number, line: string): string {
  const eol = lineEndOf(text);
  if (next < 0) return `${text}${text === '' || text.endsWith('\n') ? '' : eol}${line}`;
  let at = next;
  while (at > 0 && statements[at - 1]?.kind === 'rest' && !statements[at - 1]?.blank) at -= 1;
  const place = statements[at]?.start ?? 0;
  return spliced(text, place, place, `${line}${eol}`);
}

/** A comment after the value stays. */
function withoutPair(text: string, { start, keyStart, valueEnd, end }: Statement): string {
  const rest = text.slice(valueEnd, end);
  return rest.includes('#')
    ? spliced(text, keyStart, valueEnd + blanksAt(text, valueEnd).length, '')
    : spliced(text, start, end, '');
}

/** The header of a table that holds nothing any more, and the blank line above it. */
function withoutTable(text: string, statements: readonly Statement[], header: Statement): string {
  const at = statements.indexOf(header);
  const [next] = statements.slice(at + 1).filter(({ kind }) => kind !== 'rest');
  if (next?.kind === 'pair') return text;
  const above = statements[at - 1];
  return spliced(text, above?.blank ? above.start : header.start, header.end, '');
}

function keyText(names: readonly string[]): string {
  return names.map((name) => (/^[\w-]+$/.test(name) ? name : quoted(name))).join('.');
}

/** A string of TOML: JSON's, which leaves one control character as it is. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f');
}

function rendered(value: Value): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(rendered).join(', ')}]`;
  if (isTable(value)) {
    const members = Object.entries(value).map(([name, inner]) => `${keyText([name])} = ${rendered(inner)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  if (value === null) throw new BrokenSettings('cannot hold an empty value: TOML has none');
  return String(value);
}

/** Dates as their text, so that values can be compared. */
function plain(value: unknown): unknown {
  if (value instanceof TomlDate) return { date: value.toISOString() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
  return value;
}
