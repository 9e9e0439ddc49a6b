import { sqliteCode } from './sqlite.ts';

/**
 * Why a store could not be opened:
 * `newer_version` written by a newer release; `in_use` another process holds the folder or the file;
 * `not_writable` folder, disk or permissions; `damaged` damage that could not be put right;
 * `invalid_migrations` the shipped SQL files are not 001, 002, …; `migration_failed` one of them failed.
 */
export type StoreErrorCode =
  | 'newer_version'
  | 'in_use'
  | 'not_writable'
  | 'damaged'
  | 'invalid_migrations'
  | 'migration_failed';

/** The store cannot open. `message` is for the owner, on the terminal: it may name paths, so no caller may see it. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

export type UnavailableReason =
  | 'disk_full'
  | 'io_error'
  | 'read_only'
  | 'damaged'
  | 'busy'
  | 'out_of_memory'
  | 'closed';

/** An open store cannot write now. Nothing of the refused work is on disk; a later attempt may succeed. */
export class StoreUnavailable extends Error {
  readonly reason: UnavailableReason;

  constructor(reason: UnavailableReason, options?: ErrorOptions) {
    super(UNAVAILABLE[reason], options);
    this.name = 'StoreUnavailable';
    this.reason = reason;
  }
}

const UNAVAILABLE: Record<UnavailableReason, string> = {
  disk_full: 'The disk is full: free some space and try again.',
  io_error: 'The disk reported an error while the database was read or written: check the disk.',
  read_only: 'The database cannot be written: check the permissions of the data folder and its disk.',
  damaged: 'The database file is damaged: restart the gateway to restore the newest backup.',
  busy: 'Another program holds the database: close it and try again.',
  out_of_memory: 'There is not enough memory for the database: close other programs and try again.',
  closed: 'The database is closed: the gateway is shutting down.',
};

/** Primary SQLite result codes (https://www.sqlite.org/rescode.html); extended ones begin with them. */
const REASON_OF_CODE: readonly [string, UnavailableReason][] = [
  ['SQLITE_FULL', 'disk_full'],
  ['SQLITE_IOERR', 'io_error'],
  ['SQLITE_CANTOPEN', 'io_error'],
  ['SQLITE_READONLY', 'read_only'],
  ['SQLITE_PERM', 'read_only'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_NOMEM', 'out_of_memory'],
];

/** What the operating system says of a data folder that the owner has to mend (node:fs error codes). */
const REASON_OF_ERRNO: ReadonlyMap<string, UnavailableReason> = new Map([
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EACCES', 'read_only'],
  ['EPERM', 'read_only'],
  ['EROFS', 'read_only'],
  ['EIO', 'io_error'],
  ['ENOENT', 'io_error'],
  ['ENOTDIR', 'io_error'],
  ['EISDIR', 'io_error'],
  ['EEXIST', 'io_error'],
  ['ENAMETOOLONG', 'io_error'],
]);

/** @returns what an error of SQLite or node:fs says about the storage; undefined for any other error (bad SQL, a constraint, a bug) */
export function storageReason(error: unknown): UnavailableReason | undefined {
  const code = sqliteCode(error);
  if (code === undefined) return errnoReason(error);
  return REASON_OF_CODE.find(([primary]) => code === primary || code.startsWith(`${primary}_`))?.[1];
}

function errnoReason(error: unknown): UnavailableReason | undefined {
  return error instanceof Error && 'code' in error ? REASON_OF_ERRNO.get(String(error.code)) : undefined;
}

/** Turns a storage fault into StoreUnavailable; any other error comes back as it is. */
export function asUnavailable(error: unknown): unknown {
  const reason = storageReason(error);
  return reason === undefined ? error : new StoreUnavailable(reason, { cause: error });
}

/** Whether the error says that the file's content is broken, not the disk under it. */
export function isDamage(error: unknown): boolean {
  return storageReason(error) === 'damaged';
}

/** Turns what went wrong while opening into a StoreError where its cause is known; any other error comes back as it is. */
export function asOpenError(error: unknown, dataDir: string): unknown {
  if (error instanceof StoreError) return error;
  const cause = { cause: error };
  const reason = storageReason(error);
  if (reason === undefined) return error;
  if (reason === 'damaged') {
    const message = `The database in ${dataDir} is damaged and could not be put right. Move the folder away, or restore a file from its backups folder by hand.`;
    return new StoreError('damaged', message, cause);
  }
  if (reason === 'busy') {
    const message = `Another program holds the database in ${dataDir}. Close it (a database browser, a backup tool) and start again.`;
    return new StoreError('in_use', message, cause);
  }
  return notWritable(dataDir, error, cause);
}

function notWritable(dataDir: string, error: unknown, options: ErrorOptions): StoreError {
  const detail = error instanceof Error ? error.message : String(error);
  const message = `The data folder ${dataDir} cannot be used (${detail}). Check that its disk has space and that you may write there, or choose another folder with --data-dir.`;
  return new StoreError('not_writable', message, options);
}
