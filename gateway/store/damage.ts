import { existsSync, statSync } from 'node:fs';
import { type Database, openPlain, openReadOnly } from './sqlite.ts';
import { isDamage } from './store-errors.ts';

const MIB = 1024 * 1024;
/** Up to here `quick_check` costs some tenths of a second, so every start can afford it. */
const CHECKED_ALWAYS_BYTES = 64 * MIB;
/** After an unclean end a start may take some seconds. */
const CHECKED_AFTER_CRASH_BYTES = 512 * MIB;
const BUSY_MS = 2_000;

/** A copy that is being made ready to take the database's place. */
export function restoringPath(database: string): string {
  return `${database}.restoring`;
}

/**
 * Looks at a database that nobody has open. SQLite's own recovery from the write-ahead log comes first;
 * only what is broken after it counts. Neither file nor log is changed.
 * @param hasBackups whether there once was data, so that an empty file is a loss and not a first start
 * @returns what is wrong, in a few words, or undefined
 * @throws the SqliteError when the file cannot be read for another reason (permissions, disk, busy)
 */
export function findDamage(path: string, hasBackups: boolean): string | undefined {
  const bytes = fileBytes(path);
  const logBytes = fileBytes(`${path}-wal`) ?? 0;
  if (bytes === undefined && existsSync(restoringPath(path))) return 'an earlier restore was interrupted';
  // SQLite deletes the log of an empty file, so these must be caught before it is opened.
  if (!bytes && logBytes > 0) return 'the file is missing or empty, but its write-ahead log is there';
  if (bytes === 0 && hasBackups) return 'the file is empty';
  if (!bytes) return undefined;

  // A log that was not removed by a clean close tells of a crash (https://www.sqlite.org/wal.html, section 2).
  const limit = logBytes > 0 ? CHECKED_AFTER_CRASH_BYTES : CHECKED_ALWAYS_BYTES;
  const check = bytes + logBytes <= limit ? quickCheck : glance;
  return inspect(path, check);
}

/** @returns the size of a file in bytes, or undefined when there is none */
export function fileBytes(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** Opens a database, runs one check on it and closes it again. */
export function inspect(path: string, check: (db: Database) => string | undefined): string | undefined {
  try {
    // A transaction that a rollback journal has to undo cannot be undone read-only.
    const db = existsSync(`${path}-journal`) ? openPlain(path, BUSY_MS) : openReadOnly(path);
    try {
      return check(db);
    } finally {
      db.close();
    }
  } catch (error) {
    if (isDamage(error) && error instanceof Error) return error.message;
    throw error;
  }
}

/** Reads every page, not every index entry (https://www.sqlite.org/pragma.html#pragma_quick_check). */
export function quickCheck(db: Database): string | undefined {
  return verdict(db, 'quick_check(1)');
}

/** Reads everything: also whether indexes match their tables and rows find their parents. */
export function fullCheck(db: Database): string | undefined {
  const [orphan] = db.pragma('foreign_key_check') as { table: string }[];
  return orphan ? `rows of ${orphan.table} have lost their parents` : verdict(db, 'integrity_check(1)');
}

function verdict(db: Database, pragma: string): string | undefined {
  const result = String(db.pragma(pragma, { simple: true }));
  // Some findings come below a line that only names the database.
  return result === 'ok' ? undefined : result.split('\n').at(-1);
}

/** For large files: header, schema and the first row of each table; SQLite compares the file's length itself. */
export function glance(db: Database): undefined {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  for (const table of tables) db.prepare(`SELECT * FROM "${table.replaceAll('"', '""')}" LIMIT 1`).get();
}
