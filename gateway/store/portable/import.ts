import { createHash, randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acquireInstanceLock } from '../instance-lock.ts';
import { migrate, readMigrations } from '../migrate.ts';
import { FILE_SUFFIXES } from '../restore.ts';
import { type Database, openDatabase, openReadOnly } from '../sqlite.ts';
import { takePlace } from '../staged-restore.ts';
import { makeFolder } from '../store.ts';
import { type ExportEnd, type ExportHead, FORMAT_VERSION, fromCell, isHead, type RowLine } from './format.ts';
import { PORTABLE_TABLES } from './tables.ts';

export interface ImportOptions {
  /** Takes the place of what is there, which becomes a backup. */
  replace: boolean;
  now: number;
  migrationsDir?: string;
}

export interface ImportReport {
  rows: number;
  tables: Record<string, number>;
  /** When it was exported. */
  at: string;
  credentials: string[];
  setUpAgain: string[];
  /** Where what was there before is now; null where nothing was. */
  kept: string | null;
}

/** An export that cannot be taken, or a folder that cannot take it. `message` is for the owner. */
export class ImportRefused extends Error {}

const MIGRATIONS = join(import.meta.dirname, '../migrations');

/**
 * Brings an export into a data folder on which no gateway runs. All of it is written to a database beside the present
 * one, checked, brought up to date, and only then put in its place.
 * @param lines of the export, without their breaks
 * @throws ImportRefused, StoreError `in_use`, the error of SQLite or node:fs; the folder is then as it was
 */
export async function importInto(
  dataDir: string,
  lines: AsyncIterable<string>,
  options: ImportOptions,
): Promise<ImportReport> {
  makeFolder(dataDir);
  const lock = acquireInstanceLock(dataDir);
  const database = join(dataDir, 'ntl.db');
  const draft = `${database}.import-${randomUUID()}`;
  try {
    if (!options.replace && isInUse(database)) throw new ImportRefused(inUseWords(dataDir));
    const report = await fill(draft, lines, options);
    const place = { database, backupsDir: join(dataDir, 'backups'), knownVersion: 0, now: () => options.now };
    return { ...report, kept: takePlace(place, draft) ?? null };
  } finally {
    for (const suffix of FILE_SUFFIXES) rmSync(draft + suffix, { force: true });
    lock.release();
  }
}

async function fill(
  draft: string,
  lines: AsyncIterable<string>,
  { migrationsDir = MIGRATIONS }: ImportOptions,
): Promise<Omit<ImportReport, 'kept'>> {
  const migrations = readMigrations(migrationsDir);
  const reader = new ExportReader(lines);
  const head = await reader.head(migrations.length);
  const db = openDatabase(draft);
  try {
    // As the database it came from was; later migrations then do to its rows what an upgrade does.
    migrate(db, migrations.slice(0, head.schema));
    db.pragma('foreign_keys = OFF');
    db.exec('BEGIN IMMEDIATE');
    clear(db);
    const rows = new RowWriter(db);
    for await (const line of reader.rows()) rows.write(line);
    check(db);
    db.exec('COMMIT');
    db.pragma('foreign_keys = ON');
    migrate(db, migrations);
    db.pragma('wal_checkpoint(TRUNCATE)');
    const { at, credentials, setUpAgain } = head;
    return { rows: rows.count, tables: rows.tables, at, credentials, setUpAgain };
  } finally {
    db.close();
  }
}

/** Reads lines and holds them to their count and sum. */
class ExportReader {
  readonly #lines: AsyncIterator<string>;
  readonly #sum = createHash('sha256');
  #number = 0;

  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]();
  }

  async head(knownSchema: number): Promise<ExportHead> {
    const line = await this.#next();
    const head = line === null ? null : this.#parsed(line, 'This is no export of NoTokenLimit.');
    if (!isHead(head)) throw new ImportRefused('This is no export of NoTokenLimit.');
    const isNewer = head.version > FORMAT_VERSION || head.schema > knownSchema;
    if (isNewer)
      throw new ImportRefused(
        'The export was written by a newer release. Install that release here, then import.',
      );
    if (!Number.isInteger(head.schema) || head.schema < 1)
      throw new ImportRefused('The first line of the export is damaged.');
    this.#sum.update(`${line}\n`);
    return head;
  }

  async *rows(): AsyncGenerator<RowLine> {
    let rows = 0;
    for (let line = await this.#next(); line !== null; line = await this.#next()) {
      const value = this.#parsed(line, this.#damaged());
      if ('end' in value) {
        const { rows: told, sha256 } = value as ExportEnd;
        const whole = told === rows && sha256 === this.#sum.digest('hex') && (await this.#next()) === null;
        if (!whole) throw new ImportRefused('The export is damaged: it is not what was written.');
        return;
      }
      this.#sum.update(`${line}\n`);
      rows += 1;
      yield value as RowLine;
    }
    throw new ImportRefused('The export is not whole: its end is missing.');
  }

  async #next(): Promise<string | null> {
    this.#number += 1;
    const { done, value } = await this.#lines.next();
    return done ? null : value;
  }

  #parsed(line: string, words: string): object {
    try {
      const value: unknown = JSON.parse(line);
      if (typeof value === 'object' && value !== null) return value;
    } catch {
      // Told below.
    }
    throw new ImportRefused(words);
  }

  #damaged(): string {
    return `The export is damaged in line ${this.#number}.`;
  }
}

type Statement = ReturnType<typeof prepareInsert>;

function prepareInsert(db: Database, table: string, names: readonly string[]) {
  const places = names.map(() => '?').join(', ');
  return db.prepare<unknown[]>(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${places})`);
}

/** Writes rows into the tables and columns there are, and no others. */
class RowWriter {
  count = 0;
  readonly tables: Record<string, number> = {};
  readonly #db: Database;
  readonly #columns = new Map<string, ReadonlySet<string>>();
  readonly #statements = new Map<string, Statement>();

  constructor(db: Database) {
    this.#db = db;
  }

  write({ table, row }: RowLine): void {
    const columns = this.#columnsOf(table);
    const names = Object.keys(row ?? {});
    const strange = names.find((name) => !columns.has(name));
    if (names.length === 0 || strange !== undefined)
      throw new ImportRefused(`The export holds a row of ${clean(table)} that does not fit.`);
    const values = names.map((name) => fromCell(row[name]));
    if (values.includes(undefined))
      throw new ImportRefused(`The export holds a row of ${clean(table)} that does not fit.`);
    try {
      this.#statement(table, names).run(...values);
    } catch (error) {
      if (!isConstraint(error)) throw error;
      throw new ImportRefused(`The export holds a row of ${table} that does not fit.`, { cause: error });
    }
    this.count += 1;
    if (table !== SEQUENCE) this.tables[table] = (this.tables[table] ?? 0) + 1;
  }

  #columnsOf(table: string): ReadonlySet<string> {
    const known = this.#columns.get(table);
    if (known !== undefined) return known;
    if (table !== SEQUENCE && !PORTABLE_TABLES.some(({ name }) => name === table))
      throw new ImportRefused(`The export holds rows of ${clean(table)}, which is nothing to import.`);
    const columns = this.#db.pragma(`table_info(${table})`) as { name: string }[];
    const names = new Set(columns.map(({ name }) => name));
    this.#columns.set(table, names);
    return names;
  }

  #statement(table: string, names: readonly string[]): Statement {
    const key = `${table}(${names.join()})`;
    const known = this.#statements.get(key);
    if (known !== undefined) return known;
    if (table === SEQUENCE) this.#db.exec('DELETE FROM sqlite_sequence');
    const statement = prepareInsert(this.#db, table, names);
    this.#statements.set(key, statement);
    return statement;
  }
}

const SEQUENCE = 'sqlite_sequence';

/** Migrations have filled some of it, with the shipped plans, say. */
function clear(db: Database): void {
  for (const { name } of PORTABLE_TABLES)
    if ((db.pragma(`table_info(${name})`) as unknown[]).length > 0) db.exec(`DELETE FROM ${name}`);
}

function check(db: Database): void {
  const [broken] = db.pragma('foreign_key_check') as { table: string; parent: string }[];
  if (broken !== undefined)
    throw new ImportRefused(
      `The export is not whole: rows of ${broken.table} name missing ${broken.parent}.`,
    );
  const owners = db.prepare('SELECT count(*) AS count FROM members WHERE owner = 1').get() as {
    count: number;
  };
  if (owners.count !== 1) throw new ImportRefused('The export is not whole: it has no owner.');
  const unbalanced = db
    .prepare(
      `SELECT b.member_id FROM balances b LEFT JOIN
         (SELECT member_id, sum(tokens) AS tokens, sum(micros) AS micros FROM ledger_entries GROUP BY member_id) l
         ON l.member_id = b.member_id
       WHERE b.tokens <> ifnull(l.tokens, 0) OR b.micros <> ifnull(l.micros, 0) LIMIT 1`,
    )
    .get();
  if (unbalanced !== undefined)
    throw new ImportRefused('The export is damaged: a balance is not the sum of its ledger.');
}

/** More than a first start leaves behind. */
function isInUse(database: string): boolean {
  if (!existsSync(database)) return false;
  const db = openReadOnly(database);
  try {
    const count = (sql: string) => (db.prepare(sql).get() as { count: number }).count;
    return (
      count('SELECT count(*) AS count FROM providers') > 0 ||
      count('SELECT count(*) AS count FROM (SELECT 1 FROM requests LIMIT 1)') > 0 ||
      count('SELECT count(*) AS count FROM members') > 1 ||
      count('SELECT count(*) AS count FROM api_keys') > 1
    );
  } finally {
    db.close();
  }
}

function inUseWords(dataDir: string): string {
  return `There is a gateway's data in ${dataDir} already. With --replace the export takes its place, and what is there becomes a backup.`;
}

function isConstraint(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CONSTRAINT') || code === 'SQLITE_MISMATCH' || error instanceof TypeError;
}

function clean(text: unknown): string {
  return String(text)
    .replace(/[^\w-]/g, '')
    .slice(0, 40);
}
