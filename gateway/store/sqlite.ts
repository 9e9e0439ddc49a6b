import { chmodSync, closeSync, openSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';

export type Database = BetterSqlite3.Database;

/** A database browser or virus scanner may hold the file while we start: waiting is cheap then. */
const BUSY_AT_OPEN_MS = 2_000;
/** Waiting holds the gateway's thread, so a running gateway gives up soon and answers 503. */
const BUSY_WHILE_RUNNING_MS = 100;
/**
 * The write-ahead log is carried over into the database at so many pages of 4 KiB, four times SQLite's own figure: a
 * checkpoint waits for the disk twice, in the middle of a commit, and was a third of what commits cost under load.
 */
const CHECKPOINT_PAGES = 4_000;
/** What is left of the log after a burst. */
const KEPT_LOG_BYTES = 20 * 1024 * 1024;

/**
 * Opens the database for reading and writing, creating it when missing. WAL with `synchronous = NORMAL`
 * survives a killed process; a power cut may lose the last commits (https://www.sqlite.org/wal.html, section 3.3).
 * @throws the SqliteError of better-sqlite3
 */
export function openDatabase(path: string): Database {
  makePrivateFile(path);
  const db = new BetterSqlite3(path, { timeout: BUSY_AT_OPEN_MS });
  try {
    // Only counts before the first table is made, and must come before WAL writes page 1.
    db.pragma('auto_vacuum = INCREMENTAL');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('foreign_keys = ON');
    db.pragma('temp_store = MEMORY');
    db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    db.pragma(`journal_size_limit = ${KEPT_LOG_BYTES}`);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** To be called once the database is migrated: from now on a busy file is an answer, not a wait. */
export function shortenBusyTimeout(db: Database): void {
  db.pragma(`busy_timeout = ${BUSY_WHILE_RUNNING_MS}`);
}

/** A busy file is an answer at once. `shortenBusyTimeout` takes it back. */
export function dropBusyTimeout(db: Database): void {
  db.pragma('busy_timeout = 0');
}

/** Opens an existing file for reading. Closing it leaves the file and its write-ahead log as they were. */
export function openReadOnly(path: string): Database {
  return new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: BUSY_AT_OPEN_MS });
}

/** Opens a file without any setting of ours. Missing files are made. */
export function openPlain(path: string, busyMs: number): Database {
  return new BetterSqlite3(path, { timeout: busyMs });
}

/** @returns the SQLite result code such as `SQLITE_FULL`, or undefined when the error is not from SQLite */
export function sqliteCode(error: unknown): string | undefined {
  return error instanceof BetterSqlite3.SqliteError ? error.code : undefined;
}

/**
 * Makes an empty file only its owner can read, or takes the others' rights off an existing one.
 * An existing file is never opened here: closing it again would drop this process's SQLite locks on it
 * (https://www.sqlite.org/howtocorrupt.html, section 2.2).
 */
export function makePrivateFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    restrictToOwner(path);
  }
}

function restrictToOwner(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    // FAT and some network disks know no modes, and a file may be another user's; opening it tells the rest.
    if (!hasCode(error, 'EPERM') && !hasCode(error, 'ENOTSUP') && !hasCode(error, 'EROFS')) throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
