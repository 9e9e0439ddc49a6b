import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface BackupFile {
  path: string;
  /** When the backup was begun, by its name. */
  at: number;
}

const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{3})Z$/;
const PREFIX = 'ntl-';
const REGULAR = '.db';
/** A database that a restore has taken the place of. */
const REPLACED = '-replaced.db';
const PARTIAL = '.partial';
const ABSENT = new Set(['ENOENT', 'ENOTDIR']);

/** @returns UTC time for a file name, to the millisecond: `20261121T061000.123Z` (no colons: Windows) */
export function compactTime(at: number): string {
  return new Date(at).toISOString().replace(/[-:]/g, '');
}

export function backupPath(dir: string, at: number): string {
  return join(dir, PREFIX + compactTime(at) + REGULAR);
}

/** Where the database goes that a restore takes the place of. */
export function replacedPath(dir: string, at: number): string {
  return join(dir, PREFIX + compactTime(at) + REPLACED);
}

/** The name a backup has until it is whole. */
export function partialPath(backup: string): string {
  return backup + PARTIAL;
}

/**
 * Whole backups, newest first. Those dated in the future (the clock was wrong when they were made)
 * come last: nothing says how old they are.
 */
export function listBackups(dir: string, now: number): BackupFile[] {
  return filesNamed(dir, REGULAR).sort((a, b) => Number(a.at > now) - Number(b.at > now) || b.at - a.at);
}

/** The databases that restores have taken the place of, newest first. No regular backup pushes them out. */
export function listReplaced(dir: string): BackupFile[] {
  return filesNamed(dir, REPLACED).sort((a, b) => b.at - a.at);
}

function filesNamed(dir: string, suffix: typeof REGULAR | typeof REPLACED): BackupFile[] {
  return namesIn(dir).flatMap((name): BackupFile[] => {
    if (!name.startsWith(PREFIX) || !name.endsWith(suffix)) return [];
    const at = timeOf(name.slice(PREFIX.length, -suffix.length));
    return at === undefined ? [] : [{ path: join(dir, name), at }];
  });
}

/** Deletes all but the newest `keep` of the databases that restores have taken the place of. */
export function pruneReplaced(dir: string, keep: number): void {
  for (const { path } of listReplaced(dir).slice(keep)) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  }
}

/**
 * Deletes all but the newest `keep` backups and, so that a busy hour cannot push all of the past out, the last
 * one of each of `days` earlier days (UTC).
 */
export function pruneBackups(dir: string, now: number, keep: number, days: number): void {
  const all = listBackups(dir, now);
  const newest = all.slice(0, keep);
  const seen = new Set(newest.map(dayOf));
  const lastOfDay = all.slice(keep).filter((backup) => {
    if (backup.at > now || seen.has(dayOf(backup))) return false;
    seen.add(dayOf(backup));
    return true;
  });
  const kept = new Set([...newest, ...lastOfDay.slice(0, days)]);
  for (const backup of all) if (!kept.has(backup)) rmSync(backup.path, { force: true });
}

function dayOf({ at }: BackupFile): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Deletes what a process that was killed in the middle of a backup left, SQLite's journal beside it included. */
export function removePartials(dir: string): void {
  for (const name of namesIn(dir)) {
    if (name.startsWith('ntl-') && name.includes(`.db${PARTIAL}`)) rmSync(join(dir, name), { force: true });
  }
}

function timeOf(text: string): number | undefined {
  const parts = TIME.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, ms] = parts;
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(at) ? undefined : at;
}

/** No folder, or a file in its place, holds nothing. */
export function namesIn(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (error) {
    if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return [];
    throw error;
  }
}
