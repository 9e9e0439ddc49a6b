import { existsSync, mkdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { backupPath, listBackups, partialPath, pruneBackups, removePartials } from './backup-files.ts';
import { copyDatabase } from './copy-database.ts';
import type { StoreLog } from './log.ts';
import type { Database } from './sqlite.ts';
import { asUnavailable, StoreUnavailable } from './store-errors.ts';

const KEPT_BACKUPS = 5;
/** Besides those, one a day for so many days before. */
const KEPT_DAYS = 3;
/** Configuration is small; a database this large is mostly audit rows, and the regular backup will do. */
const SOON_MAX_BYTES = 256 * 1024 * 1024;
/** How often the clock is looked at: a timer of hours would stand still while the machine sleeps. */
const LOOK_MS = 10 * 60_000;

export interface BackupOptions {
  dir: string;
  now: () => number;
  log: StoreLog;
  /** Greatest age of the newest backup, in milliseconds. */
  intervalMs: number;
  /** Wait after opening before the first look, so that a start is not slowed. */
  startDelayMs: number;
  /** Quiet time after a change before `soon` acts. */
  soonDelayMs: number;
}

export interface Backups {
  /** @returns the path of a backup that holds everything committed before the call */
  now(): Promise<string>;
  /** Backs up once changes have been quiet for a while. */
  soon(): void;
  /** Whether an orderly end should wait for a backup: a change was made just now, or there is none yet. */
  owed(): boolean;
  /** Ends a backup that is being written and all timers. */
  stop(): Promise<void>;
}

/**
 * Copies the database to `<dir>/ntl-<UTC time>.db` while it is in use, and deletes older ones (see `pruneBackups`).
 * @throws StoreUnavailable when the copy cannot be written or `signal` aborts it
 */
export async function writeBackup(
  db: Database,
  dir: string,
  now: () => number,
  signal?: AbortSignal,
): Promise<string> {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const path = freePath(dir, now());
    const partial = partialPath(path);
    await copyDatabase(db, partial, signal);
    await rename(partial, path);
    pruneBackups(dir, now(), KEPT_BACKUPS, KEPT_DAYS);
    return path;
  } catch (error) {
    discardPartials(dir);
    throw asUnavailable(error);
  }
}

function discardPartials(dir: string): void {
  try {
    removePartials(dir);
  } catch {
    // The same fault that broke the backup; the next start clears the rest away.
  }
}

function freePath(dir: string, at: number): string {
  const path = backupPath(dir, at);
  return existsSync(path) ? freePath(dir, at + 1) : path;
}

/** Makes backups of an open database by time and on demand. A failing one is logged and tried again later. */
export function scheduleBackups(db: Database, options: BackupOptions): Backups {
  const { dir, log, intervalMs } = options;
  const stopping = new AbortController();
  let running: Promise<string> | undefined;
  let next: Promise<string> | undefined;
  let soonTimer: NodeJS.Timeout | undefined;

  const firstLook = setTimeout(runIfDue, options.startDelayMs).unref();
  const looks = setInterval(runIfDue, Math.min(intervalMs, LOOK_MS)).unref();

  /** A backup that is under way may be past the last change already, so whoever asks meanwhile gets the next. */
  function now(): Promise<string> {
    if (!running) return start();
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        return start();
      });
    return next;
  }

  function start(): Promise<string> {
    if (stopping.signal.aborted) return Promise.reject(new StoreUnavailable('closed'));
    running = writeBackup(db, dir, options.now, stopping.signal).finally(() => {
      running = undefined;
    });
    return running;
  }

  function runIfDue(): void {
    if (running) return;
    const at = options.now();
    const newest = attempt(() => listBackups(dir, at)[0]);
    const age = newest === undefined ? Number.POSITIVE_INFINITY : at - newest.at;
    if (age < 0 || age >= intervalMs) runQuietly();
  }

  function runQuietly(): void {
    now().catch(logFailure);
  }

  function attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      logFailure(error);
      return undefined;
    }
  }

  function logFailure(error: unknown): void {
    if (stopping.signal.aborted) return;
    const reason = error instanceof StoreUnavailable ? error.reason : 'unknown';
    log.error({ reason, err: error }, 'The database could not be backed up; it will be tried again.');
  }

  function soon(): void {
    if (stopping.signal.aborted || databaseBytes(db) > SOON_MAX_BYTES) return;
    clearTimeout(soonTimer);
    soonTimer = setTimeout(() => {
      soonTimer = undefined;
      runQuietly();
    }, options.soonDelayMs).unref();
  }

  function owed(): boolean {
    if (databaseBytes(db) > SOON_MAX_BYTES) return false;
    return soonTimer !== undefined || attempt(() => listBackups(dir, options.now()).length) === 0;
  }

  async function stop(): Promise<void> {
    stopping.abort();
    clearTimeout(firstLook);
    clearInterval(looks);
    clearTimeout(soonTimer);
    await Promise.allSettled([running, next]);
  }

  return { now, soon, owed, stop };
}

function databaseBytes(db: Database): number {
  const pages = Number(db.pragma('page_count', { simple: true }));
  return pages * Number(db.pragma('page_size', { simple: true }));
}
