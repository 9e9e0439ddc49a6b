import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../sqlite.ts';
import { openReadOnly } from '../sqlite.ts';
import { headLine, toRow } from './format.ts';
import { LEFT_OUT, PORTABLE_TABLES, type PortableTable } from './tables.ts';

export interface ExportReport {
  rows: number;
  /** Rows by table, of those that have some. */
  tables: Record<string, number>;
  credentials: string[];
}

/** There is nothing to export. `message` is for the owner. */
export class NothingToExport extends Error {}

/**
 * Writes everything of a data folder but its secrets, a line at a time, as it is at one moment; a gateway that runs on
 * it goes on meanwhile.
 * @param write takes a line without its break; what it returns is waited for
 * @throws NothingToExport, the SqliteError of better-sqlite3, what `write` throws
 */
export async function exportFolder(
  dataDir: string,
  { audit, now }: { audit: boolean; now: number },
  write: (line: string) => Promise<void> | undefined,
): Promise<ExportReport> {
  const path = join(dataDir, 'ntl.db');
  if (!existsSync(path)) throw new NothingToExport(`There is no gateway's data in ${dataDir}.`);
  const db = openReadOnly(path);
  try {
    db.exec('BEGIN');
    return await exportDatabase(db, { audit, now }, write);
  } finally {
    db.close();
  }
}

async function exportDatabase(
  db: Database,
  { audit, now }: { audit: boolean; now: number },
  write: (line: string) => Promise<void> | undefined,
): Promise<ExportReport> {
  const sum = createHash('sha256');
  const put = (line: string) => {
    sum.update(`${line}\n`);
    return write(line);
  };
  const schema = Number(db.pragma('user_version', { simple: true }));
  const credentials = namesOf(
    db,
    'SELECT name FROM providers WHERE credential_stored = 1 AND deleted_at IS NULL ORDER BY name',
  );
  await put(
    headLine({ schema, at: new Date(now).toISOString(), audit, credentials, setUpAgain: setUpAgain(db) }),
  );
  const tables: Record<string, number> = {};
  let rows = 0;
  for (const table of PORTABLE_TABLES) {
    if ((table.audit && !audit) || !hasTable(db, table.name)) continue;
    for (const values of db.prepare(queryOf(table, audit)).iterate()) {
      const row = toRow({ ...(values as object), ...table.instead });
      const full = put(JSON.stringify({ table: table.name, row }));
      if (full !== undefined) await full;
      tables[table.name] = (tables[table.name] ?? 0) + 1;
      rows += 1;
    }
  }
  // So that no id is given out twice, also where the row that had it is gone.
  for (const values of db.prepare('SELECT name, seq FROM sqlite_sequence').iterate()) {
    if ((values as { name: string }).name in LEFT_OUT) continue;
    await put(JSON.stringify({ table: 'sqlite_sequence', row: toRow(values as object as never) }));
    rows += 1;
  }
  await write(JSON.stringify({ end: true, rows, sha256: sum.digest('hex') }));
  return { rows, tables, credentials };
}

function queryOf({ name, without, except }: PortableTable, audit: boolean): string {
  const wanted = [
    ...(audit || without === undefined ? [] : [without]),
    ...(except === undefined ? [] : [`${except[0]} NOT IN (${except[1].map((text) => `'${text}'`)})`]),
  ];
  return `SELECT * FROM ${name}${wanted.length === 0 ? '' : ` WHERE ${wanted.join(' AND ')}`}`;
}

function hasTable(db: Database, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

function setUpAgain(db: Database): string[] {
  const found: string[] = [];
  const some = (table: string) =>
    hasTable(db, table) && db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;
  if (some('billing_account')) found.push('the Stripe key (Settings, Billing)');
  if (
    db.prepare("SELECT 1 FROM settings WHERE key = 'alert_webhook' AND value <> 'null'").get() !== undefined
  )
    found.push('the webhook for alerts (ntl alerts webhook)');
  if (some('sharing')) found.push('sharing with the network (ntl share)');
  return found;
}

function namesOf(db: Database, sql: string): string[] {
  return (db.prepare(sql).all() as { name: string }[]).map(({ name }) => name);
}
