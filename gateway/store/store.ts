import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listBackups, listReplaced, removePartials } from './backup-files.ts';
import { type Backups, scheduleBackups, writeBackup } from './backups.ts';
import { fileBytes, findDamage } from './damage.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { acquireInstanceLock, type InstanceLock } from './instance-lock.ts';
import { type StoreLog, silentLog } from './log.ts';
import { type Migration, migrate, readMigrations, schemaVersion } from './migrate.ts';
import { removeRestoring, replaceDamaged, type StoreNotice } from './restore.ts';
import { type Database, openDatabase, shortenBusyTimeout } from './sqlite.ts';
import {
  applyStagedRestore,
  type BackupFacts,
  backupFacts,
  stagedRestore,
  stageRestore,
  unstageRestore,
} from './staged-restore.ts';
import { asOpenError, asUnavailable, isDamage, StoreError } from './store-errors.ts';
import { readUserVersion } from './user-version.ts';

export type { GroupCommit } from './group-commit.ts';
export type { StoreLog } from './log.ts';
export type { StoreNotice } from './restore.ts';
export type { Database } from './sqlite.ts';
export { type BackupFacts, RestoreRefused } from './staged-restore.ts';
export { StoreError, StoreUnavailable } from './store-errors.ts';

const HOUR_MS = 3_600_000;

export interface StoreOptions {
  /** Made with mode 0700 when missing; an existing folder keeps its mode. */
  dataDir: string;
  /** Folder of `NNN-name.sql` files; the one beside this file unless told. */
  migrationsDir?: string;
  now?: () => number;
  log?: StoreLog;
  /** Greatest age of the newest backup. 6 h unless told. */
  backupIntervalMs?: number;
  /** Wait after opening before the first look at the backups. 2 s unless told. */
  backupStartDelayMs?: number;
  /** Quiet time after `backupSoon`. 5 s unless told. */
  backupSoonDelayMs?: number;
}

export interface Store {
  /** Prepare statements once and keep them. Writes go through `commits`. */
  readonly db: Database;
  readonly commits: GroupCommit;
  /** What the owner must be told about this start. */
  readonly notices: readonly StoreNotice[];
  /** Asks for a backup after a configuration change; many in a row give one. Nothing happens over 256 MiB. */
  backupSoon(): void;
  /** Whether an orderly end should wait for a backup first: a change was made just now, or there is none yet. */
  backupOwed(): boolean;
  /**
   * @returns the path of a backup that holds everything committed before the call
   * @throws StoreUnavailable
   */
  backupNow(): Promise<string>;
  readonly restores: Restores;
  /** How large the database is, its write-ahead log included. */
  bytes(): number;
  /** Commits what waits, checkpoints, closes and lets the folder go. A second call waits for the first. */
  close(): Promise<void>;
}

/** The backups, and which of them the next start takes. */
export interface Restores {
  /** Newest first. */
  list(): BackupFacts[];
  /**
   * Has the next start take a backup in the database's place.
   * @returns false where there is no such backup
   * @throws RestoreRefused, StoreUnavailable
   */
  stage(id: string): Promise<boolean>;
  /** The id of the backup that the next start takes, or null. */
  staged(): string | null;
  /** The next start takes the database as it is. */
  unstage(): void;
}

interface Place {
  dataDir: string;
  database: string;
  backupsDir: string;
  migrations: Migration[];
  now: () => number;
  log: StoreLog;
}

/**
 * Opens `<dataDir>/ntl.db` for this process alone: checks it, restores a backup if it is damaged, migrates it.
 * @throws StoreError with a message for the owner; nothing but `instance.lock` has then been added to the folder
 *   when the code is `in_use` or `newer_version`
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { dataDir, now = Date.now, log = silentLog } = options;
  const migrations = readMigrations(options.migrationsDir ?? join(import.meta.dirname, 'migrations'));
  const database = join(dataDir, 'ntl.db');
  const place = { dataDir, database, backupsDir: join(dataDir, 'backups'), migrations, now, log };
  let lock: InstanceLock | undefined;
  try {
    makeFolder(dataDir);
    lock = acquireInstanceLock(dataDir);
    refuseNewerVersion(place);
    const restored = applyStagedRestore({ ...place, knownVersion: migrations.length });
    if (restored !== undefined) log.warn({ kind: restored.kind }, restored.message);
    const { db, notices } = await openSound(place);
    const backups = scheduleBackups(db, {
      dir: place.backupsDir,
      now,
      log,
      intervalMs: options.backupIntervalMs ?? 6 * HOUR_MS,
      startDelayMs: options.backupStartDelayMs ?? 2_000,
      soonDelayMs: options.backupSoonDelayMs ?? 5_000,
    });
    // Should the database be damaged before the next backup, none from before the restore may come back.
    if (restored?.kind === 'backup_restored') backups.soon();
    const told = restored === undefined ? notices : [restored, ...notices];
    return assemble(db, told, backups, place, lock);
  } catch (error) {
    lock?.release();
    throw asOpenError(error, dataDir);
  }
}

/** Level by level: asked for all at once, Node never ends where a system folder such as /proc takes no new ones. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another start may have made it just now.
    if (!existsSync(path)) throw error;
  }
}

/** Comes before anything is opened: SQLite changes files even when it only reads. */
function refuseNewerVersion({ dataDir, database, migrations }: Place): void {
  const version = readUserVersion(database) ?? 0;
  if (version <= migrations.length) return;
  const message = `The database in ${dataDir} was written by a newer NoTokenLimit (schema ${version}; this release knows ${migrations.length}). Nothing was changed. Install the newer release again, or start with another --data-dir.`;
  throw new StoreError('newer_version', message);
}

async function openSound(place: Place): Promise<{ db: Database; notices: StoreNotice[] }> {
  const { database, backupsDir, migrations, log } = place;
  removePartials(backupsDir);
  const opened = await tryOpen(place);
  if ('db' in opened) return { db: opened.db, notices: [] };

  const notice = await replaceDamaged({
    path: database,
    backupsDir,
    damage: opened.damage,
    knownVersion: migrations.length,
    now: place.now(),
  });
  log.error({ kind: notice.kind }, notice.message);
  return { db: await openAndMigrate(place), notices: [notice] };
}

/** Opens the database unless it is damaged, be it found by the check or met while migrating. */
async function tryOpen(place: Place): Promise<{ db: Database } | { damage: string }> {
  const { backupsDir } = place;
  const hasBackups = listBackups(backupsDir, place.now()).length + listReplaced(backupsDir).length > 0;
  const damage = findDamage(place.database, hasBackups);
  if (damage !== undefined) return { damage };
  removeRestoring(place.database);
  try {
    return { db: await openAndMigrate(place) };
  } catch (error) {
    if (isDamage(error) && error instanceof Error) return { damage: error.message };
    throw error;
  }
}

async function openAndMigrate(place: Place): Promise<Database> {
  const db = openDatabase(place.database);
  try {
    const version = schemaVersion(db);
    if (version > 0 && version < place.migrations.length) await backUpBeforeMigrating(db, place);
    migrate(db, place.migrations);
    shortenBusyTimeout(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Each migration is a transaction, so a start without this backup is still safe from a crash. */
async function backUpBeforeMigrating(db: Database, { backupsDir, now, log }: Place): Promise<void> {
  try {
    await writeBackup(db, backupsDir, now);
  } catch (error) {
    log.error({ err: error }, 'The database could not be backed up before it was brought up to date.');
  }
}

function assemble(
  db: Database,
  notices: StoreNotice[],
  backups: Backups,
  place: Place,
  lock: InstanceLock,
): Store {
  const { commit, flush, close: closeCommits } = createGroupCommit(db);

  async function shutDown(): Promise<void> {
    try {
      closeCommits();
      await backups.stop();
      checkpoint(db, place.log);
    } finally {
      db.close();
      lock.release();
    }
  }

  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    closing ??= shutDown();
    return closing;
  }

  return {
    db,
    commits: { commit, flush },
    notices,
    backupSoon: backups.soon,
    backupOwed: backups.owed,
    backupNow: backups.now,
    restores: restoresOf(place),
    bytes: () => (fileBytes(place.database) ?? 0) + (fileBytes(`${place.database}-wal`) ?? 0),
    close,
  };
}

function restoresOf(place: Place): Restores {
  const { database, migrations } = place;
  return {
    list: () => backupFacts(place),
    async stage(id) {
      try {
        return await stageRestore({ ...place, knownVersion: migrations.length }, id);
      } catch (error) {
        throw asUnavailable(error);
      }
    },
    staged: () => stagedRestore(database),
    unstage: () => unstageRestore(database),
  };
}

/** Moves the log into the file. Should that fail, the log stays and the next start reads it. */
function checkpoint(db: Database, log: StoreLog): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    log.warn({ err: error }, 'The write-ahead log stays beside the database until the next start.');
  }
}
