import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  compactTime,
  listBackups,
  listReplaced,
  namesIn,
  pruneReplaced,
  replacedPath,
} from './backup-files.ts';
import { fileBytes, glance, inspect, quickCheck } from './damage.ts';
import { FILE_SUFFIXES, type StoreNotice, setAside } from './restore.ts';
import { makePrivateFile, openPlain } from './sqlite.ts';
import { isDamage } from './store-errors.ts';
import { readUserVersion } from './user-version.ts';

/** A backup that cannot be taken. `message` is for the owner. */
export class RestoreRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RestoreRefused';
  }
}

/** A backup as the owner knows it. */
export interface BackupFacts {
  /** UTC time, as in the file's name. */
  id: string;
  at: number;
  bytes: number;
  /** A database that a restore has taken the place of. */
  replaced: boolean;
}

export interface RestorePlace {
  /** The database's path. */
  database: string;
  backupsDir: string;
  /** Highest schema version that this release knows. */
  knownVersion: number;
  now: () => number;
}

const STAGED = '.staged-';
/** A copy that is not whole, or not checked yet. */
const STAGING = '.staging-';
/** Databases that restores took the place of: enough to go back on a mistake, or on two. */
const KEPT_REPLACED = 3;
const BUSY_MS = 2_000;
/** Up to here a check costs some tenths of a second while others wait. The next start checks whatever the size. */
const CHECKED_NOW_BYTES = 64 * 1024 * 1024;

/** All backups, newest first. */
export function backupFacts({ backupsDir, now }: Pick<RestorePlace, 'backupsDir' | 'now'>): BackupFacts[] {
  const regular = listBackups(backupsDir, now()).map((file) => ({ ...file, replaced: false }));
  const replaced = listReplaced(backupsDir).map((file) => ({ ...file, replaced: true }));
  return [...regular, ...replaced]
    .sort((a, b) => b.at - a.at)
    .map(({ path, at, replaced }) => ({
      id: basename(path, '.db').replace(/^ntl-/, ''),
      at,
      bytes: fileBytes(path) ?? 0,
      replaced,
    }));
}

/**
 * Puts a copy of a backup beside the database; the next start takes it. One asked for before is forgotten.
 * @returns false where there is no such backup
 * @throws RestoreRefused; the error of node:fs or SQLite when the copy cannot be made
 */
export async function stageRestore(place: RestorePlace, id: string): Promise<boolean> {
  const source = join(place.backupsDir, `ntl-${id}.db`);
  if (!backupFacts(place).some((backup) => backup.id === id)) return false;
  const copy = place.database + STAGING + randomUUID();
  try {
    await copyFile(source, copy, constants.COPYFILE_FICLONE);
    makePrivateFile(copy);
    const bytes = fileBytes(copy) ?? 0;
    const reason = unusable(copy, place.knownVersion, bytes <= CHECKED_NOW_BYTES ? quickCheck : glance);
    if (reason !== undefined) throw new RestoreRefused(`This backup cannot be restored: ${reason}.`);
    unstageRestore(place.database);
    renameSync(copy, place.database + STAGED + id);
    return true;
  } finally {
    for (const suffix of FILE_SUFFIXES) rmSync(copy + suffix, { force: true });
  }
}

/** @returns the id of the backup that the next start takes, or null */
export function stagedRestore(database: string): string | null {
  return namesAfter(database, STAGED)[0] ?? null;
}

/** The next start takes the database as it is. */
export function unstageRestore(database: string): void {
  for (const id of namesAfter(database, STAGED)) rmSync(database + STAGED + id, { force: true });
}

/** What the names of files beside the database go on with after `mark`. */
function namesAfter(database: string, mark: string): string[] {
  const prefix = basename(database) + mark;
  return namesIn(dirname(database))
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}

/**
 * Takes the backup that was asked for, before anything opens the database. The present database becomes a backup
 * itself, so nothing is lost; a kill at any moment leaves what the next start can finish. Where it cannot be done,
 * the database stays as it was.
 * @returns what to tell the owner; undefined where no backup was asked for
 */
export function applyStagedRestore(place: RestorePlace): StoreNotice | undefined {
  const { database, knownVersion } = place;
  // What a kill in the middle of copying has left.
  for (const name of namesAfter(database, STAGING)) rmSync(database + STAGING + name, { force: true });
  const id = stagedRestore(database);
  if (id === null) return undefined;
  const staged = database + STAGED + id;
  const at = place.now();
  const reason = unusable(staged, knownVersion, quickCheck);
  if (reason !== undefined) {
    unstageRestore(database);
    return failure(at, id, reason);
  }
  let kept: string | undefined;
  try {
    kept = takePlace(place, staged);
  } catch (error) {
    unstageRestore(database);
    return failure(at, id, error instanceof Error ? error.message : String(error));
  }
  const where = kept === undefined ? '' : ` What was there before is kept as ${kept}.`;
  return {
    kind: 'backup_restored',
    at,
    backup: id,
    message: `The backup ${id} is in use now, as you asked. What changed after it is as it was then: check members, limits and balances, and revoke again the keys you had revoked since. Credentials of providers are not part of a backup.${where}`,
  };
}

/**
 * Puts a sound file in the place of the database, which nobody has open. What was there becomes a backup; where
 * something fails, it is there again.
 * @returns how the owner finds what was there before; undefined where nothing was
 * @throws the error of node:fs or SQLite
 */
export function takePlace(place: RestorePlace, file: string): string | undefined {
  const { database } = place;
  const kept = keepPresent(place, place.now());
  try {
    for (const suffix of ['-wal', '-shm', '-journal']) rmSync(database + suffix, { force: true });
    renameSync(file, database);
  } catch (error) {
    if (kept !== undefined && !existsSync(database)) move(kept.path, database);
    throw error;
  }
  pruneReplaced(place.backupsDir, KEPT_REPLACED);
  return kept?.name;
}

function failure(at: number, id: string, reason: string): StoreNotice {
  const message = `The backup ${id} could not be restored (${reason}). The database is as it was.`;
  return { kind: 'restore_failed', at, message, backup: id };
}

/** @returns why a copy cannot be used, in a few words; SQLite's files beside it are gone afterwards */
function unusable(copy: string, knownVersion: number, check: typeof quickCheck): string | undefined {
  const version = readUserVersion(copy) ?? 0;
  if (version < 1) return 'it is no database of NoTokenLimit';
  if (version > knownVersion) return 'it was written by a newer release';
  const damage = inspect(copy, check);
  for (const suffix of ['-wal', '-shm']) rmSync(copy + suffix, { force: true });
  return damage === undefined ? undefined : `it is damaged (${damage})`;
}

interface Kept {
  path: string;
  /** How the owner finds it. */
  name: string;
}

/** Makes the present database a backup. What nobody can open is put aside as damaged. */
function keepPresent({ database, backupsDir }: RestorePlace, at: number): Kept | undefined {
  if (!fileBytes(database) || !closedCleanly(database)) {
    // Nothing is there where a kill came in the middle of a restore.
    const path = setAside(database, at);
    return path === undefined ? undefined : { path, name: path };
  }
  mkdirSync(backupsDir, { recursive: true, mode: 0o700 });
  const path = replacedPath(backupsDir, at);
  try {
    move(database, path);
    return { path, name: `the backup ${compactTime(at)}-replaced` };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EXDEV')) throw error;
    // The folder of backups lies on another disk.
    const beside = `${database}.replaced-${compactTime(at)}`;
    move(database, beside);
    return { path: beside, name: beside };
  }
}

/** Moves what is only in the write-ahead log into the file. @returns false where the file is damaged */
function closedCleanly(database: string): boolean {
  try {
    const db = openPlain(database, BUSY_MS);
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
    return true;
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}

/** With what SQLite keeps beside it, should another program have held it open. */
function move(from: string, to: string): void {
  for (const suffix of FILE_SUFFIXES) if (existsSync(from + suffix)) renameSync(from + suffix, to + suffix);
}
