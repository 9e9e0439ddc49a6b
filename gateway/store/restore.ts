import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { constants, copyFile } from 'node:fs/promises';
import { compactTime, listBackups, listReplaced } from './backup-files.ts';
import { fileBytes, fullCheck, inspect, quickCheck, restoringPath } from './damage.ts';
import { makePrivateFile } from './sqlite.ts';
import { storageReason } from './store-errors.ts';
import { readUserVersion } from './user-version.ts';

/** Something the owner must see, in the log and in the panel. */
export interface StoreNotice {
  /**
   * `restored` and `started_empty` after damage; `backup_restored` and `restore_failed` where the owner asked for a
   * backup.
   */
  kind: 'restored' | 'started_empty' | 'backup_restored' | 'restore_failed';
  at: number;
  /** Plain sentences. Names files: for the owner only. */
  message: string;
  /** The backup that the owner asked for, where it was one. */
  backup?: string;
}

export interface DamagedDatabase {
  path: string;
  backupsDir: string;
  /** What is wrong with it, in a few words. */
  damage: string;
  /** Highest schema version that this release knows. */
  knownVersion: number;
  now: number;
}

interface Candidate {
  source: string;
  /** When its content was current. */
  at: number;
  /** How a notice calls it. */
  name: string;
  check: typeof quickCheck;
}

/**
 * Moves a damaged database aside and puts the newest sound copy in its place, or nothing when there is none.
 * The copy is checked before anything is moved, so a kill at any moment leaves a state the next start can mend.
 * @throws the error of node:fs when files cannot be copied or moved (disk full, permissions)
 */
export async function replaceDamaged(database: DamagedDatabase): Promise<StoreNotice> {
  const sound = await firstSound(database);
  const kept = setAside(database.path, database.now);
  const where = kept === undefined ? '' : ` The damaged file is kept at ${kept}.`;
  const what = `The database was damaged (${database.damage})`;
  if (!sound) {
    const message = `${what} and no usable backup was found, so NoTokenLimit started with an empty database: members, keys, limits and history are gone.${where}`;
    return { kind: 'started_empty', at: database.now, message };
  }
  renameSync(restoringPath(database.path), database.path);
  const message = `${what}. In use now: ${sound.name} of ${new Date(sound.at).toISOString()}. What changed after that is missing: check members, keys, limits and balances.${where}`;
  return { kind: 'restored', at: database.now, message };
}

/** Removes a copy that a killed restore left half made. */
export function removeRestoring(path: string): void {
  const restoring = restoringPath(path);
  for (const suffix of FILE_SUFFIXES) rmSync(restoring + suffix, { force: true });
}

/** Tries the candidates in order; the first sound one lies ready as `restoringPath`. */
async function firstSound(database: DamagedDatabase): Promise<Candidate | undefined> {
  for (const candidate of candidates(database)) {
    if (await makeReady(candidate, database)) return candidate;
  }
  removeRestoring(database.path);
  return undefined;
}

function candidates({ path, backupsDir, now }: DamagedDatabase): Candidate[] {
  // What the owner has put aside comes last.
  const backups = [...listBackups(backupsDir, now), ...listReplaced(backupsDir)].map(
    ({ path: source, at }): Candidate => ({ source, at, name: 'the backup', check: quickCheck }),
  );
  if (!fileBytes(path) || !fileBytes(`${path}-wal`)) return backups;
  // A log that is not this file's (one of them was copied by hand) spoils a sound file. Without the log
  // the file stands as its last checkpoint left it; half a checkpoint shows only in the full check.
  const at = Math.trunc(statSync(path).mtimeMs);
  const alone = { source: path, at, name: 'the same file without its write-ahead log, as', check: fullCheck };
  const newer = backups.filter((backup) => backup.at > at && backup.at <= now);
  return [...newer, alone, ...backups.filter((backup) => !newer.includes(backup))];
}

async function makeReady(candidate: Candidate, database: DamagedDatabase): Promise<boolean> {
  const copy = restoringPath(database.path);
  removeRestoring(database.path);
  try {
    await copyFile(candidate.source, copy, constants.COPYFILE_FICLONE);
  } catch (error) {
    // A backup the disk cannot read is no backup. A full disk is no verdict on it: the start fails.
    if (storageReason(error) === 'io_error') return false;
    throw error;
  }
  makePrivateFile(copy);
  const version = readUserVersion(copy) ?? 0;
  if (version < 1 || version > database.knownVersion) return false;
  const sound = inspect(copy, candidate.check) === undefined;
  for (const suffix of ['-wal', '-shm']) rmSync(copy + suffix, { force: true });
  return sound;
}

/** What SQLite keeps beside a database, and the file itself. */
export const FILE_SUFFIXES = ['', '-wal', '-shm', '-journal'];

/** @returns where the file is now, or undefined when there was none */
export function setAside(path: string, now: number): string | undefined {
  // An empty log is what our own look at the file has left.
  if (!fileBytes(`${path}-wal`))
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  const aside = `${path}.damaged-${compactTime(now)}`;
  const present = FILE_SUFFIXES.filter((suffix) => existsSync(path + suffix));
  for (const suffix of present) renameSync(path + suffix, aside + suffix);
  return present.length === 0 ? undefined : aside;
}
