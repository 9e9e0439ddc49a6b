import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../gateway/store/store.ts';
import {
  addItems,
  crashAfter,
  databasePath,
  hashesBelow,
  ITEMS_MIGRATIONS,
  ITEMS_SQL,
  itemNames,
  migrationsFolder,
  openItems,
  tempDir,
} from './support.ts';

const mode = (path: string) => statSync(path).mode & 0o777;
const onPosix = process.platform !== 'win32';

test('the database is opened with the settings the gateway relies on', async () => {
  const { db } = await openItems(tempDir());
  const settings = [
    'journal_mode',
    'synchronous',
    'foreign_keys',
    'auto_vacuum',
    'temp_store',
    'busy_timeout',
  ];
  const values = settings.map((name) => db.pragma(name, { simple: true }));
  // NORMAL is 1, INCREMENTAL 2, MEMORY 2 (https://www.sqlite.org/pragma.html).
  expect(values).toEqual(['wal', 1, 1, 2, 2, 100]);
  expect(db.pragma('wal_autocheckpoint', { simple: true })).toBe(4_000);
  expect(db.pragma('journal_size_limit', { simple: true })).toBe(20 * 1024 * 1024);
});

test('pages freed by deletes can be given back', async () => {
  const { db } = await openItems(tempDir());
  db.exec('INSERT INTO filler (bytes) VALUES (zeroblob(1000000)); DELETE FROM filler;');
  const pages = () => Number(db.pragma('page_count', { simple: true }));
  const before = pages();
  db.pragma('incremental_vacuum');
  expect(pages()).toBeLessThan(before - 200);
});

test.runIf(onPosix)('only the owner can read what is made', async () => {
  const dataDir = join(tempDir(), 'deep', 'data');
  const store = await openItems(dataDir);
  await addItems(store, 'a');
  const backup = await store.backupNow();
  expect([dataDir, join(dataDir, 'backups')].map(mode)).toEqual([0o700, 0o700]);
  const files = ['ntl.db', 'ntl.db-wal', 'ntl.db-shm', 'instance.lock'].map((name) => join(dataDir, name));
  expect([...files, backup].map(mode)).toEqual([0o600, 0o600, 0o600, 0o600, 0o600]);
});

test.runIf(onPosix)(
  'an existing folder keeps its mode; a readable database file is closed to others',
  async () => {
    const dataDir = tempDir();
    const first = await openItems(dataDir);
    await first.close();
    chmodSync(dataDir, 0o750);
    chmodSync(databasePath(dataDir), 0o644);
    await openItems(dataDir);
    expect([mode(dataDir), mode(databasePath(dataDir))]).toEqual([0o750, 0o600]);
  },
);

test('close leaves one file with everything in it', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir);
  await addItems(store, 'a', 'b');
  await store.close();
  expect(readdirSync(dataDir).sort()).toEqual(['instance.lock', 'ntl.db']);
  expect(itemNames(await openItems(dataDir))).toEqual(['a', 'b']);
});

test('the migrations of the product itself open', async () => {
  const store = await openStore({ dataDir: tempDir() });
  expect(store.db.pragma('user_version', { simple: true })).toBeGreaterThan(0);
  await store.close();
});

describe('a database of a newer release', () => {
  const older = () => migrationsFolder({ '001-items.sql': ITEMS_SQL });

  test('is refused, and every file stays as it was', async () => {
    const dataDir = tempDir();
    const newer = await openItems(dataDir);
    await addItems(newer, 'a');
    await newer.backupNow();
    await newer.close();
    const before = hashesBelow(dataDir);

    const refused = openItems(dataDir, { migrationsDir: older() });
    await expect(refused).rejects.toMatchObject({ name: 'StoreError', code: 'newer_version' });
    await expect(refused).rejects.toThrow(/schema 2; this release knows 1\).*Install the newer release/);
    expect(hashesBelow(dataDir)).toEqual(before);

    expect(itemNames(await openItems(dataDir))).toEqual(['a']);
  });

  test('is refused untouched after a crash, with the newer version only in the write-ahead log', async () => {
    const dataDir = tempDir();
    const first = await openItems(dataDir, { migrationsDir: older() });
    await first.close();
    await crashAfter(dataDir, migrationsFolder(), 'a');
    const before = hashesBelow(dataDir);
    expect(Object.keys(before)).toContain(`${databasePath(dataDir)}-wal`);

    const refused = openItems(dataDir, { migrationsDir: older() });
    await expect(refused).rejects.toMatchObject({ code: 'newer_version' });
    expect(hashesBelow(dataDir)).toEqual(before);
    expect(itemNames(await openItems(dataDir))).toEqual(['a']);
  });

  test('lets the folder go, so that the newer release can start', async () => {
    const dataDir = tempDir();
    const newer = await openItems(dataDir);
    await newer.close();
    await expect(openItems(dataDir, { migrationsDir: older() })).rejects.toThrow();
    await openItems(dataDir, {
      migrationsDir: migrationsFolder({ ...ITEMS_MIGRATIONS, '003-x.sql': 'SELECT 1' }),
    });
  });
});

describe('a data folder that cannot be used', () => {
  test('because a file is in its place', async () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    for (const dataDir of [file, join(file, 'data')]) {
      const refused = openItems(dataDir);
      await expect(refused).rejects.toMatchObject({ name: 'StoreError', code: 'not_writable' });
      await expect(refused).rejects.toThrow(`The data folder ${dataDir} cannot be used`);
    }
  });

  test('because a folder is in the place of the database', async () => {
    const dataDir = tempDir();
    mkdirSync(databasePath(dataDir));
    await expect(openItems(dataDir)).rejects.toMatchObject({ code: 'not_writable' });
  });
});
