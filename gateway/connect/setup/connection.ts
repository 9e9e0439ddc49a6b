/** Connects a tool by writing its files, and takes that back. The same for the command line and the panel. */
import { KEY_PLACEHOLDER, type Place } from '../recipe.ts';
import {
  type Connecting,
  connectFile,
  type Disconnecting,
  disconnectFile,
  type FileChange,
} from './change.ts';
import { detect } from './detect.ts';
import { readBytes, removeFile, writeBytes } from './disk.ts';
import { keyHashOf, keyIn } from './key-in-text.ts';
import type { Machine } from './machine.ts';
import type { FileRecord, Records, ToolRecord } from './records.ts';
import { SetupError } from './setup-error.ts';
import { type Found, isKeyByHand, type SettingsFile, type ToolSetup } from './tool-setup.ts';

/** Who makes keys: the admin API, or the gateway itself. */
export interface KeyDesk {
  make(name: string): Promise<{ id: string; key: string }>;
  isLive(id: string): Promise<boolean>;
  /** Does nothing where it is revoked, or gone. */
  revoke(id: string): Promise<void>;
}

export interface Desk {
  machine: Machine;
  records: Records;
  keys: KeyDesk;
  /** Wall-clock ms. */
  now(): number;
}

export interface Preview {
  found: Found;
  record: ToolRecord | null;
  changes: FileChange[];
  /** Nothing would be written. */
  settled: boolean;
}

/** What connecting would do. @throws SetupError */
export async function preview(desk: Desk, setup: ToolSetup, place: Place): Promise<Preview> {
  const { machine, records } = desk;
  const found = detect(machine, setup.marks(machine));
  const record = records.get(setup.id);
  const files = setup.files(machine, place, found);
  const key = await keyInUse(desk, record, files);
  const changes = changesFor(files, record, key ?? KEY_PLACEHOLDER);
  return { found, record, changes, settled: key !== undefined && changes.every(isNothing) };
}

export interface Connected {
  record: ToolRecord;
  changes: FileChange[];
  found: Found;
  /** Made now; null where the one of before goes on. */
  newKey: string | null;
  /** The key is in no file: whoever connects has to enter it. */
  byHand: boolean;
}

/**
 * Writes the files of a tool. What fails half-way is taken back.
 * @throws SetupError where a file cannot be written; then nothing is
 */
export async function connect(desk: Desk, setup: ToolSetup, place: Place): Promise<Connected> {
  const { machine, records, keys } = desk;
  const { found, record: earlier, changes, settled } = await preview(desk, setup, place);
  const files = setup.files(machine, place, found);
  const byHand = isKeyByHand(files);
  if (settled && earlier !== null && isSamePlace(earlier, place))
    return { record: earlier, changes, found, newKey: null, byHand };
  const kept = await keyInUse(desk, earlier, files);
  const made = kept === undefined ? await keys.make(setup.id) : null;
  try {
    const key = kept ?? made?.key ?? '';
    const now = changesFor(files, earlier, key);
    const record: ToolRecord = {
      version: 1,
      tool: setup.id,
      at: desk.now(),
      keyId: made?.id ?? earlier?.keyId ?? '',
      keyHash: made === null ? (earlier?.keyHash ?? '') : keyHashOf(made.key),
      model: place.model,
      smallModel: place.smallModel,
      origin: place.origin,
      files: now.flatMap((change) => recordOf(change, earlier)),
    };
    writeAll(records, record, earlier, now);
    if (made !== null && earlier !== null) await keys.revoke(earlier.keyId);
    return { record, changes: now, found, newKey: made?.key ?? null, byHand };
  } catch (error) {
    if (made !== null) await keys.revoke(made.id);
    throw error;
  }
}

function isSamePlace(record: ToolRecord, { model, smallModel, origin }: Place): boolean {
  return record.model === model && record.smallModel === smallModel && record.origin === origin;
}

/** The key that the tool has, if it is good. One that was entered by hand is nowhere to be read: its placeholder. */
async function keyInUse(
  { keys }: Desk,
  record: ToolRecord | null,
  files: readonly SettingsFile[],
): Promise<string | undefined> {
  if (record === null || !(await keys.isLive(record.keyId))) return undefined;
  if (isKeyByHand(files)) return KEY_PLACEHOLDER;
  const texts = record.files.map(({ path }) => readBytes(path)?.toString() ?? '');
  return texts.map((text) => keyIn(text, record.keyHash)).find((found) => found !== undefined);
}

/** Files that are no longer part of it are put back. */
function changesFor(
  files: readonly SettingsFile[],
  earlier: ToolRecord | null,
  key: string,
): (Connecting | Disconnecting)[] {
  const before = earlier?.files ?? [];
  const left = before.filter(({ path }) => !files.some((file) => file.path === path));
  return [
    ...files.map((file) => {
      const record = before.find(({ path }) => path === file.path);
      return connectFile(file, key, record && earlier !== null ? { record, from: earlier } : undefined);
    }),
    ...(earlier === null ? [] : left.map((record) => disconnectFile(record, earlier))),
  ];
}

function recordOf(change: Connecting | Disconnecting, earlier: ToolRecord | null): FileRecord[] {
  if (!('record' in change)) return [];
  const before = earlier?.files.find(({ path }) => path === change.path);
  return [{ ...change.record, folders: before?.folders ?? [] }];
}

/** The record is there before the first file is: a crash in between can be taken back. */
function writeAll(
  records: Records,
  record: ToolRecord,
  earlier: ToolRecord | null,
  changes: readonly FileChange[],
): void {
  records.put(record);
  const done: FileChange[] = [];
  try {
    for (const change of changes) {
      done.push(change);
      const made = write(change, folderOf(record, change.path));
      const known = record.files.find(({ path }) => path === change.path);
      if (known !== undefined && made.length > 0) known.folders = made;
    }
    records.put(record);
  } catch (error) {
    for (const { path, now } of done.toReversed()) putBack(path, now, folderOf(record, path));
    if (earlier === null) records.remove(record.tool);
    else records.put(earlier);
    throw error;
  }
}

function folderOf(record: ToolRecord, path: string): string[] {
  return record.files.find((file) => file.path === path)?.folders ?? [];
}

function putBack(path: string, bytes: Buffer | null, folders: readonly string[]): void {
  try {
    write({ path, now: null, next: bytes }, folders);
  } catch {
    // The first failure is the one that is told.
  }
}

/** @returns folders that were made for it */
function write({ path, now, next }: FileChange, folders: readonly string[]): string[] {
  if (next === null) removeFile(path, folders);
  else if (now === null || !now.equals(next)) return writeBytes(path, next);
  return [];
}

function isNothing({ now, next }: FileChange): boolean {
  return now === null || next === null ? now === next : now.equals(next);
}

export interface Disconnected {
  record: ToolRecord;
  changes: Disconnecting[];
  /** Files that could not be put back, and why. The key is revoked all the same. */
  failures: SetupError[];
}

/** What disconnecting would do; null where the tool is not connected. */
export function previewDisconnect(records: Records, tool: string): Disconnected | null {
  const record = records.get(tool);
  if (record === null) return null;
  const changes: Disconnecting[] = [];
  const failures: SetupError[] = [];
  for (const file of record.files) {
    try {
      changes.push(disconnectFile(file, record));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(error);
    }
  }
  return { record, changes, failures };
}

/** Puts the files back, and revokes the tool's key. @returns null where the tool is not connected */
export async function disconnect(
  desk: Pick<Desk, 'records' | 'keys'>,
  tool: string,
): Promise<Disconnected | null> {
  const planned = previewDisconnect(desk.records, tool);
  if (planned === null) return null;
  const { record, changes } = planned;
  const failures = [...planned.failures];
  // The first file has the folders that were made: they are empty at the end.
  for (const change of changes.toReversed()) {
    try {
      write(change, folderOf(record, change.path));
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      failures.push(error);
    }
  }
  await desk.keys.revoke(record.keyId);
  const left = record.files.filter(({ path }) => failures.some((failure) => failure.path === path));
  if (left.length === 0) desk.records.remove(tool);
  else desk.records.put({ ...record, files: left });
  return { record, changes, failures };
}
