import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Tables of the audit; the others hold what the owner set and what was paid. */
const AUDIT = [
  ...['requests', 'attempts', 'limit_refusals', 'balance_refusals', 'names', 'key_addresses', 'alerts'],
  ...[
    'usage_minutes',
    'usage_hours',
    'usage_sums',
    'usage_months',
    'total_minutes',
    'tool_uses',
    'request_hours',
    'failed_calls',
  ],
];

export interface Disk {
  rows: number;
  /** Of the audit's tables and indexes. */
  bytesPerRow: number;
  /** Of the whole file. */
  fileBytesPerRow: number;
  byTable: [name: string, bytesPerRow: number][];
}

/** What audit rows take on the disk, everything that stands beside them included. */
export function diskPerRow(dataDir: string): Disk {
  const db = new Database(join(dataDir, 'ntl.db'), { readonly: true });
  try {
    const rows = Number(db.prepare('SELECT count(*) FROM requests').pluck().get());
    const tables = db
      .prepare('SELECT name, tbl_name AS tableName FROM sqlite_schema WHERE rootpage > 0')
      .all() as {
      name: string;
      tableName: string;
    }[];
    const sizeOf = db.prepare('SELECT sum(pgsize) FROM dbstat WHERE name = ?').pluck();
    const byTable = tables
      .filter(({ tableName }) => AUDIT.includes(tableName))
      .map(({ name }): [string, number] => [name, Number(sizeOf.get(name)) / rows])
      .sort((a, b) => b[1] - a[1]);
    const file =
      Number(db.pragma('page_count', { simple: true })) * Number(db.pragma('page_size', { simple: true }));
    return {
      ...{ rows, byTable, fileBytesPerRow: file / rows },
      bytesPerRow: byTable.reduce((sum, [, bytes]) => sum + bytes, 0),
    };
  } finally {
    db.close();
  }
}
