import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  addItems,
  backupNames,
  ITEMS_SQL,
  itemNames,
  migrationsFolder,
  openItems,
  tempDir,
} from './support.ts';

const SHOUT = { '001-items.sql': ITEMS_SQL, '002-shout.sql': 'UPDATE items SET name = upper(name);' };

function tables(store: Awaited<ReturnType<typeof openItems>>): string[] {
  return store.db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
}

test('a new database gets all migrations and their number, without a backup', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir);
  expect(tables(store)).toEqual(['items', 'filler']);
  expect(store.db.pragma('user_version', { simple: true })).toBe(2);
  expect(() => backupNames(dataDir)).toThrow('ENOENT');
});

test('an existing database gets the new ones only, after a backup of how it was', async () => {
  const dataDir = tempDir();
  const old = await openItems(dataDir, { migrationsDir: migrationsFolder({ '001-items.sql': ITEMS_SQL }) });
  await addItems(old, 'a');
  await old.close();

  const store = await openItems(dataDir, { migrationsDir: migrationsFolder(SHOUT) });
  expect(itemNames(store)).toEqual(['A']);
  const [backup = '', ...more] = backupNames(dataDir);
  expect(more).toEqual([]);

  const before = tempDir();
  copyFileSync(join(dataDir, 'backups', backup), join(before, 'ntl.db'));
  const restored = await openItems(before, {
    migrationsDir: migrationsFolder({ '001-items.sql': ITEMS_SQL }),
  });
  expect(itemNames(restored)).toEqual(['a']);
});

test('a failing migration is rolled back with its number; the ones before it stay', async () => {
  const dataDir = tempDir();
  const broken = {
    ...SHOUT,
    '003-broken.sql': "INSERT INTO items (name) VALUES ('half'); SELECT 1 FROM nowhere;",
  };
  const failed = openItems(dataDir, { migrationsDir: migrationsFolder(broken) });
  await expect(failed).rejects.toMatchObject({ code: 'migration_failed' });
  await expect(failed).rejects.toThrow(/003-broken\.sql failed \(no such table: nowhere\)/);
  const store = await openItems(dataDir, { migrationsDir: migrationsFolder(SHOUT) });
  expect(store.db.pragma('user_version', { simple: true })).toBe(2);
  expect(itemNames(store)).toEqual([]);
});

test('a migration that ends its transaction or breaks foreign keys is refused', async () => {
  const commits = { '001-items.sql': `${ITEMS_SQL} COMMIT;` };
  await expect(openItems(tempDir(), { migrationsDir: migrationsFolder(commits) })).rejects.toThrow(
    /ends the transaction/,
  );
  const orphans = {
    '001-items.sql': ITEMS_SQL,
    '002-parts.sql': 'CREATE TABLE parts (item INTEGER REFERENCES items (id)); INSERT INTO parts VALUES (7);',
  };
  await expect(openItems(tempDir(), { migrationsDir: migrationsFolder(orphans) })).rejects.toThrow(
    /rows of parts point at missing rows of items/,
  );
});

test('a migration may rebuild a table that others point at', async () => {
  const dataDir = tempDir();
  const rebuild = {
    '001-items.sql': `${ITEMS_SQL}
      CREATE TABLE parts (item INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE) STRICT;
      INSERT INTO items VALUES (1, 'a'); INSERT INTO parts VALUES (1);`,
    '002-rebuild.sql': `CREATE TABLE fresh (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
      INSERT INTO fresh SELECT id, name FROM items; DROP TABLE items; ALTER TABLE fresh RENAME TO items;`,
  };
  const store = await openItems(dataDir, { migrationsDir: migrationsFolder(rebuild) });
  expect(store.db.prepare('SELECT item FROM parts').pluck().all()).toEqual([1]);
  expect(store.db.pragma('foreign_keys', { simple: true })).toBe(1);
});

test.each([
  [
    'a gap',
    { '001-items.sql': ITEMS_SQL, '003-late.sql': '' },
    /003-late\.sql is out of order.*002-name\.sql/,
  ],
  ['a duplicate', { '001-items.sql': ITEMS_SQL, '001-same.sql': '' }, /001-same\.sql is out of order/],
  ['a late start', { '002-items.sql': ITEMS_SQL }, /002-items\.sql is out of order.*001-name\.sql/],
  ['a name without a number', { '001-items.sql': ITEMS_SQL, 'more.sql': '' }, /more\.sql is out of order/],
  ['an empty folder', {}, /no migrations in/],
])('%s among the migrations is refused before the data folder is made', async (_, files, message) => {
  const dataDir = join(tempDir(), 'data');
  const failed = openItems(dataDir, { migrationsDir: migrationsFolder(files) });
  await expect(failed).rejects.toMatchObject({ code: 'invalid_migrations' });
  await expect(failed).rejects.toThrow(message);
  expect(existsSync(dataDir)).toBe(false);
});
