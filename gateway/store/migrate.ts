import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from './sqlite.ts';
import { StoreError, storageReason } from './store-errors.ts';

export interface Migration {
  /** Becomes `PRAGMA user_version`. The first is 1. */
  version: number;
  file: string;
  sql: string;
}

const FILE_NAME = /^(\d{3})-[a-z0-9-]+\.sql$/;

/**
 * Reads `NNN-name.sql` files, which must number 001, 002, … without gap or duplicate.
 * @throws StoreError `invalid_migrations`
 */
export function readMigrations(dir: string): Migration[] {
  const migrations = sqlFiles(dir).map((file, index): Migration => {
    const version = index + 1;
    if (Number(FILE_NAME.exec(file)?.[1]) !== version) {
      const wanted = `${String(version).padStart(3, '0')}-name.sql`;
      throw invalid(`${join(dir, file)} is out of order: the next migration must be called ${wanted}.`);
    }
    return { version, file, sql: readFileSync(join(dir, file), 'utf8') };
  });
  if (migrations.length === 0) throw invalid(`There are no migrations in ${dir}.`);
  return migrations;
}

function sqlFiles(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((file) => file.endsWith('.sql'))
      .sort();
  } catch (error) {
    throw invalid(`The migrations in ${dir} cannot be read.`, { cause: error });
  }
}

function invalid(fact: string, options?: ErrorOptions): StoreError {
  return new StoreError('invalid_migrations', `${fact} Install NoTokenLimit again.`, options);
}

/** @returns `PRAGMA user_version`: the number of the last migration the database has had */
export function schemaVersion(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

/**
 * Brings the schema up to date, each migration in one transaction with its version number.
 * Foreign keys are off meanwhile, so that a migration may rebuild a table, and are checked before each
 * commit (https://www.sqlite.org/lang_altertable.html, section 7).
 * @throws StoreError `migration_failed`; the database is then as the migration before left it
 * @throws the SqliteError when the storage failed, not the migration
 */
export function migrate(db: Database, migrations: readonly Migration[]): void {
  const from = schemaVersion(db);
  db.pragma('foreign_keys = OFF');
  try {
    for (const migration of migrations.slice(from)) apply(db, migration);
  } finally {
    db.pragma('foreign_keys = ON');
  }
}

function apply(db: Database, migration: Migration): void {
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec(migration.sql);
    if (!db.inTransaction) throw new Error('it ends the transaction it runs in');
    const [broken] = db.pragma('foreign_key_check') as { table: string; parent: string }[];
    if (broken) throw new Error(`rows of ${broken.table} point at missing rows of ${broken.parent}`);
    db.pragma(`user_version = ${migration.version}`);
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    if (storageReason(error) !== undefined) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    const message = `The database could not be brought up to date: ${migration.file} failed (${detail}). Your data is as it was; install the version used before, or report this.`;
    throw new StoreError('migration_failed', message, { cause: error });
  }
}
