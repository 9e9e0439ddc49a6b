/** What connecting and disconnecting do to one file, worked out before anything is written. */

import type { SettingsFormat } from '../editing/settings-format.ts';
import { decoded, encoded } from '../editing/text-file.ts';
import { type Entry, isSame, isTable, type Path, type Value, valueAt } from '../editing/values.ts';
import { retractEntries, writeEntries } from '../editing/write-entries.ts';
import { KEY_PLACEHOLDER } from '../recipe.ts';
import { hashOf, readBytes } from './disk.ts';
import { formatNamed } from './formats.ts';
import { keyIn } from './key-in-text.ts';
import type { FileRecord, ToolRecord } from './records.ts';
import { onFile } from './setup-error.ts';
import type { SettingsFile } from './tool-setup.ts';

/** By what is ours known in a file that changed since. */
export type WrittenBy = Pick<ToolRecord, 'keyHash' | 'origin'>;

/** From what is there to what will be; null is no file. */
export interface FileChange {
  path: string;
  now: Buffer | null;
  next: Buffer | null;
}

export interface Connecting extends FileChange {
  /** What will be remembered; without the folders, which are made later. */
  record: Omit<FileRecord, 'folders'>;
}

/**
 * @param key to be written; KEY_PLACEHOLDER for a look beforehand
 * @param earlier what was written into the file before
 * @throws SetupError
 */
export function connectFile(
  file: SettingsFile,
  key: string,
  earlier?: { record: FileRecord; from: WrittenBy },
): Connecting {
  const { path, format, entries } = file;
  const now = readBytes(path);
  // Whoever connects again wants our tables as they should be, whatever somebody changed in them.
  const base = earlier === undefined ? now : without(now, earlier.record, earlier.from, isTable).bytes;
  return onFile(path, () => {
    const { mark, text } = decoded(base ?? Buffer.alloc(0));
    const filled = entries.map((entry) => ({ ...entry, value: withKey(entry.value, key) }));
    if (now !== null && earlier !== undefined && isThere(formatNamed(format), now, filled))
      return { path, now, next: now, record: earlier.record };
    const result = writeEntries(formatNamed(format), text, filled);
    const next = encoded({ mark, text: result.text });
    const written = result.written.map((one) => ({ ...one, value: withoutKey(one.value, key) }));
    const record = { path, format, before: base?.toString('base64') ?? null, after: hashOf(next), written };
    return { path, now, next, record };
  });
}

/** All of ours is in the file already, wherever the tool itself may have moved it. */
function isThere(format: SettingsFormat, now: Buffer, entries: readonly Entry[]): boolean {
  const root = format.read(decoded(now).text);
  return entries.every(({ path, value, ifMissing }) => {
    const there = valueAt(root, path);
    return ifMissing ? there !== undefined : isSame(there, value);
  });
}

export interface Disconnecting extends FileChange {
  /** The file is as it was written: it goes back to the byte. */
  exact: boolean;
  /** Values of ours that somebody has changed since. They stay. */
  kept: Path[];
}

/** @throws SetupError */
export function disconnectFile(record: FileRecord, from: WrittenBy): Disconnecting {
  const now = readBytes(record.path);
  const { bytes, exact, kept } = without(now, record, from);
  return { path: record.path, now, next: bytes, exact, kept };
}

function without(
  now: Buffer | null,
  record: FileRecord,
  { keyHash, origin }: WrittenBy,
  isOursAnyway: (value: Value) => boolean = () => false,
): { bytes: Buffer | null; exact: boolean; kept: Path[] } {
  const before = record.before === null ? null : Buffer.from(record.before, 'base64');
  if (now === null) return { bytes: null, exact: before === null, kept: [] };
  if (hashOf(now) === record.after) return { bytes: before, exact: true, kept: [] };
  if (before !== null && now.equals(before)) return { bytes: now, exact: true, kept: [] };
  return onFile(record.path, () => {
    const { mark, text } = decoded(now);
    const key = keyIn(text, keyHash) ?? KEY_PLACEHOLDER;
    const written = record.written.map((one) => ({ ...one, value: withKey(one.value, key) }));
    const format = formatNamed(record.format);
    const isOurs = (value: Value, current: unknown) =>
      isOursAnyway(value) || isStillOurs(value, current, [key, origin]);
    const { text: left, kept } = retractEntries(format, text, written, isOurs);
    const says = format.read(left);
    const empty = says === undefined || (isTable(says) && Object.keys(says).length === 0);
    // A file that we made and that says nothing any more goes, comments of somebody else aside.
    if (before === null && empty && !/[^\s{}[\]]/.test(left)) return { bytes: null, exact: false, kept };
    return { bytes: encoded({ mark, text: left }), exact: false, kept };
  });
}

/**
 * The same, or a table of ours into which the tool has written something of its own: it has our address and our key
 * where they were.
 */
function isStillOurs(value: Value, current: unknown, marks: readonly string[]): boolean {
  if (isSame(value, current)) return true;
  if (!isTable(value) || !isTable(current)) return false;
  const marked = textsIn(value, []).filter(({ text }) => marks.some((mark) => text.includes(mark)));
  return marked.length > 0 && marked.every(({ path, text }) => valueAt(current, path) === text);
}

function textsIn(value: Value, path: readonly string[]): { path: readonly string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, [...path, name]));
}

function withKey(value: Value, key: string): Value {
  return mapTexts(value, (text) => text.replaceAll(KEY_PLACEHOLDER, key));
}

function withoutKey(value: Value, key: string): Value {
  return mapTexts(value, (text) => text.replaceAll(key, KEY_PLACEHOLDER));
}

function mapTexts(value: Value, map: (text: string) => string): Value {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, map));
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, map)]));
}
