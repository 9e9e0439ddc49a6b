import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type Database, openDatabase, openReadOnly, sqliteCode } from '../../gateway/store/sqlite.ts';
import { readUserVersion } from '../../gateway/store/user-version.ts';
import { scribble, tempDir } from './support.ts';

/** Copies a database as a killed process leaves it: the file and its log, no more. */
function copyAsCrashed(db: Database): string {
  const copy = join(tempDir(), 'copy.db');
  for (const suffix of ['', '-wal']) copyFileSync(db.name + suffix, copy + suffix);
  return copy;
}

function openNew(): Database {
  const db = openDatabase(join(tempDir(), 'a.db'));
  onTestFinished(() => void db.close());
  return db;
}

const DAMAGED = Symbol('damaged');

/** SQLite's own answer, on a copy because opening changes files. */
function askSqlite(path: string): unknown {
  const db = openReadOnly(path);
  try {
    return db.pragma('user_version', { simple: true });
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_CORRUPT') return DAMAGED;
    throw error;
  } finally {
    db.close();
  }
}

/** One transaction over several pages: torn in its middle, its page 1 is in the log but not committed. */
function setVersionAmongRows(db: Database, version: number): void {
  db.exec(`BEGIN; PRAGMA user_version = ${version}; INSERT INTO t VALUES (zeroblob(20000)); COMMIT`);
}

test('the answer is the one of SQLite, wherever commits, checkpoints and a torn log left it', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('version' as const), value: fc.integer({ min: -5, max: 2 ** 31 - 1 }) }),
    fc.record({ kind: fc.constant('rows' as const), value: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constant('checkpoint' as const), value: fc.constant(0) }),
  );
  const property = fc.property(
    fc.array(step, { maxLength: 12 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (steps, cut) => {
      const dir = tempDir();
      const db = openDatabase(join(dir, 'a.db'));
      db.exec('CREATE TABLE t (b BLOB)');
      for (const { kind, value } of steps) {
        if (kind === 'version') setVersionAmongRows(db, value);
        else if (kind === 'rows') db.exec(`INSERT INTO t VALUES (zeroblob(${value * 1_000}))`);
        else db.pragma('wal_checkpoint(RESTART)');
      }
      const whole = copyAsCrashed(db);
      const torn = copyAsCrashed(db);
      db.close();
      const log = readFileSync(`${torn}-wal`);
      writeFileSync(`${torn}-wal`, log.subarray(0, Math.floor(log.length * cut)));
      for (const path of [whole, torn]) {
        const told = askSqlite(path);
        // A log torn behind a checkpoint leaves a file that SQLite itself gives up on: it is restored, not asked.
        if (told !== DAMAGED) expect(readUserVersion(path)).toBe(told);
      }
      rmSync(dir, { recursive: true });
    },
  );
  fc.assert(property, { numRuns: 60 });
});

test('a frame that fails its checksum ends the log, as it does for SQLite', () => {
  const db = openNew();
  db.pragma('user_version = 3');
  db.pragma('user_version = 4');
  const copy = copyAsCrashed(db);
  expect(readUserVersion(copy)).toBe(4);
  // Inside the second frame's page: header of the log, one frame, header of the next.
  scribble(`${copy}-wal`, 32 + (24 + 4_096) + 24 + 2_000, 8);
  expect(readUserVersion(copy)).toBe(3);
  expect(askSqlite(copy)).toBe(3);
});

test('what is no database has no version', () => {
  const path = join(tempDir(), 'a.db');
  expect(readUserVersion(path)).toBeUndefined();
  for (const content of ['', 'SQLite format 3', 'x'.repeat(5_000)]) {
    writeFileSync(path, content);
    expect(readUserVersion(path)).toBeUndefined();
  }
});
