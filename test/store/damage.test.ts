import {
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openPlain } from '../../gateway/store/sqlite.ts';
import type { Store } from '../../gateway/store/store.ts';
import {
  addItems,
  crashAfter,
  databasePath,
  FILLER_SQL,
  ITEMS_MIGRATIONS,
  ITEMS_SQL,
  itemNames,
  migrationsFolder,
  openItems,
  RecordingLog,
  scribble,
  tempDir,
} from './support.ts';

const MORNING = Date.parse('2026-11-21T06:00:00.000Z');
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const EVENING = Date.parse('2026-11-21T18:00:00.000Z');
const PAGE = 4_096;

/** A closed database holding `morning`, `noon`, `late`, with a backup made after each of the first two. */
async function databaseWithBackups(): Promise<{ dataDir: string; backups: [string, string] }> {
  const dataDir = tempDir();
  let now = MORNING;
  const store = await openItems(dataDir, { now: () => now });
  await addItems(store, 'morning');
  const morning = await store.backupNow();
  now = NOON;
  await addItems(store, 'noon');
  const noon = await store.backupNow();
  await addItems(store, 'late');
  // Enough pages that one in the middle can break without SQLite meeting it by itself.
  store.db.exec('INSERT INTO filler (bytes) VALUES (zeroblob(200000))');
  await store.close();
  return { dataDir, backups: [morning, noon] };
}

function damagedFiles(dataDir: string): string[] {
  return readdirSync(dataDir)
    .filter((name) => name.startsWith('ntl.db.damaged-'))
    .sort();
}

async function openInTheEvening(dataDir: string): Promise<{ store: Store; log: RecordingLog }> {
  const log = new RecordingLog();
  return { store: await openItems(dataDir, { now: () => EVENING, log }), log };
}

const breakages: [string, (path: string) => void][] = [
  ['is not a database', (path) => writeFileSync(path, 'All work and no play\n'.repeat(5_000))],
  ['has lost its header', (path) => scribble(path, 0, 100)],
  ['has lost its schema', (path) => scribble(path, 100, PAGE - 100)],
  ['is cut in the middle', (path) => truncateSync(path, 7 * PAGE + 100)],
  ['is cut to nothing', (path) => truncateSync(path, 0)],
  ['has lost a page of a table', (path) => scribble(path, rootPage(path, 'items') * PAGE - PAGE, PAGE)],
  ['has a garbled page of free space', (path) => scribble(path, PAGE, PAGE)],
];

function rootPage(path: string, table: string): number {
  const db = openPlain(path, 0);
  const page = db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(table);
  db.close();
  return Number(page);
}

test.each(breakages)(
  'a file that %s is kept aside, and the newest backup takes its place',
  async (_, damage) => {
    const { dataDir } = await databaseWithBackups();
    damage(databasePath(dataDir));
    const broken = readFileSync(databasePath(dataDir));

    const { store, log } = await openInTheEvening(dataDir);
    expect(itemNames(store)).toEqual(['morning', 'noon']);
    expect(damagedFiles(dataDir)).toEqual(['ntl.db.damaged-20261121T180000.000Z']);
    const kept = join(dataDir, 'ntl.db.damaged-20261121T180000.000Z');
    expect(readFileSync(kept).equals(broken)).toBe(true);

    expect(store.notices).toMatchObject([{ kind: 'restored', at: EVENING }]);
    const message = store.notices[0]?.message ?? '';
    expect(message).toMatch(
      /^The database was damaged \(.+\)\. In use now: the backup of 2026-11-21T12:00:00\.000Z\./,
    );
    expect(message).toContain(`The damaged file is kept at ${kept}.`);
    expect(log.lines).toContainEqual({ level: 'error', details: { kind: 'restored' }, message });

    await addItems(store, 'goes on');
    await store.close();
    const again = await openInTheEvening(dataDir);
    expect(again.store.notices).toEqual([]);
    expect(itemNames(again.store)).toEqual(['morning', 'noon', 'goes on']);
  },
);

test('a damaged backup is passed over for the one before it', async () => {
  const { dataDir, backups } = await databaseWithBackups();
  scribble(databasePath(dataDir), 0, PAGE);
  scribble(backups[1], 3 * PAGE, 2 * PAGE);
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['morning']);
  expect(store.notices[0]?.message).toContain('the backup of 2026-11-21T06:00:00.000Z');
  expect(backups.map((backup) => existsSync(backup))).toEqual([true, true]);
});

test('a backup of a newer release is passed over', async () => {
  const { dataDir, backups } = await databaseWithBackups();
  scribble(databasePath(dataDir), 0, PAGE);
  const newer = openPlain(backups[1], 0);
  newer.pragma('user_version = 3');
  newer.close();
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['morning']);
});

test('a backup of an older release is brought up to date', async () => {
  const { dataDir } = await databaseWithBackups();
  scribble(databasePath(dataDir), 0, PAGE);
  const migrationsDir = migrationsFolder({
    ...ITEMS_MIGRATIONS,
    '003-shout.sql': 'UPDATE items SET name = upper(name);',
  });
  const store = await openItems(dataDir, { now: () => EVENING, migrationsDir });
  expect(itemNames(store)).toEqual(['MORNING', 'NOON']);
  expect(store.notices).toMatchObject([{ kind: 'restored' }]);
});

test('without a sound backup the start is empty, says so loudly, and keeps the damaged file', async () => {
  const { dataDir, backups } = await databaseWithBackups();
  for (const path of [databasePath(dataDir), ...backups]) scribble(path, 0, PAGE);
  const { store, log } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual([]);
  expect(store.notices).toMatchObject([{ kind: 'started_empty' }]);
  expect(store.notices[0]?.message).toMatch(/no usable backup.*empty database.*kept at .*ntl\.db\.damaged-/);
  expect(log.lines).toMatchObject([{ level: 'error', details: { kind: 'started_empty' } }]);
  expect(damagedFiles(dataDir)).toHaveLength(1);
  await addItems(store, 'new life');
});

test('damage that only a migration meets is put right too', async () => {
  const dataDir = tempDir();
  const first = await openItems(dataDir, { migrationsDir: migrationsFolder({ '001-items.sql': ITEMS_SQL }) });
  await addItems(first, 'a');
  await first.backupNow();
  await first.close();
  // quick_check does not compare an index with its table; using the index does.
  breakUniqueIndex(databasePath(dataDir));
  const drop = {
    '001-items.sql': ITEMS_SQL,
    '002-clear.sql': "DELETE FROM items WHERE name = 'ghost'; REINDEX;",
  };
  const store = await openItems(dataDir, { migrationsDir: migrationsFolder(drop) });
  expect(itemNames(store)).toEqual(['a']);
  expect(store.notices).toMatchObject([{ kind: 'restored' }]);
});

/** Leaves an index entry that points at no row, as a lost write does. */
function breakUniqueIndex(path: string): void {
  const page = rootPage(path, 'items');
  const before = readFileSync(path).subarray((page - 1) * PAGE, page * PAGE);
  const db = openPlain(path, 0);
  db.exec("INSERT INTO items (name) VALUES ('ghost')");
  db.close();
  const bytes = readFileSync(path);
  before.copy(bytes, (page - 1) * PAGE);
  writeFileSync(path, bytes);
}

test('after a crash SQLite recovers the log; a torn last frame costs only what was not yet whole', async () => {
  const dataDir = tempDir();
  await crashAfter(dataDir, migrationsFolder(), 'a', 'b');
  const log = `${databasePath(dataDir)}-wal`;
  const whole = statSync(log).size;
  // The torn tail of a commit that was under way.
  writeFileSync(log, Buffer.alloc(3_000, 0x5a), { flag: 'a' });
  expect(statSync(log).size).toBeGreaterThan(whole);
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['a', 'b']);
  expect(store.notices).toEqual([]);
});

test('a header torn while it was checkpointed is healed from the log, not from a backup', async () => {
  const dataDir = tempDir();
  await crashAfter(dataDir, migrationsFolder(), 'a');
  scribble(databasePath(dataDir), 100, PAGE - 100);
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['a']);
  expect(store.notices).toEqual([]);
});

/** Puts the log of a database with another layout beside a sound file, as copying by hand does. */
async function addForeignLog(dataDir: string): Promise<Buffer> {
  const other = tempDir();
  const otherLayout = migrationsFolder({ '001-filler.sql': FILLER_SQL, '002-items.sql': ITEMS_SQL });
  const clean = await openItems(other, { migrationsDir: otherLayout });
  await clean.close();
  await crashAfter(other, otherLayout, 'foreign');
  copyFileSync(`${databasePath(other)}-wal`, `${databasePath(dataDir)}-wal`);
  return readFileSync(`${databasePath(dataDir)}-wal`);
}

test('a log of another database is set aside, and the sound file used without it', async () => {
  const { dataDir } = await databaseWithBackups();
  const foreignLog = await addForeignLog(dataDir);
  const lastWrite = new Date(NOON + 60_000);
  utimesSync(databasePath(dataDir), lastWrite, lastWrite);

  const { store } = await openInTheEvening(dataDir);
  expect(store.notices[0]?.message).toContain(
    'In use now: the same file without its write-ahead log, as of 2026-11-21T12:01:00.000Z.',
  );
  expect(itemNames(store)).toEqual(['morning', 'noon', 'late']);
  const kept = damagedFiles(dataDir).find((name) => name.endsWith('-wal')) ?? '';
  expect(readFileSync(join(dataDir, kept)).equals(foreignLog)).toBe(true);
});

test('a backup newer than the file without its log is preferred', async () => {
  const { dataDir } = await databaseWithBackups();
  await addForeignLog(dataDir);
  const lastWrite = new Date(NOON - 60_000);
  utimesSync(databasePath(dataDir), lastWrite, lastWrite);
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['morning', 'noon']);
});

test('a file that is gone while its log is there is a loss, not a first start', async () => {
  const { dataDir } = await databaseWithBackups();
  await crashAfter(dataDir, migrationsFolder(), 'in the log');
  rmSync(databasePath(dataDir));
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['morning', 'noon']);
  expect(store.notices[0]?.message).toContain('missing or empty');
  expect(damagedFiles(dataDir)).toContain('ntl.db.damaged-20261121T180000.000Z-wal');
});

test('a restore that was killed between its two renames is finished by the next start', async () => {
  const { dataDir } = await databaseWithBackups();
  renameSync(databasePath(dataDir), `${databasePath(dataDir)}.damaged-20261121T150000.000Z`);
  writeFileSync(`${databasePath(dataDir)}.restoring`, 'perhaps only half copied');
  const { store } = await openInTheEvening(dataDir);
  expect(itemNames(store)).toEqual(['morning', 'noon']);
  expect(store.notices).toMatchObject([{ kind: 'restored' }]);
  expect(readdirSync(dataDir).filter((name) => name.includes('restoring'))).toEqual([]);
});

test('a first start that was killed before it wrote anything is a first start', async () => {
  const dataDir = tempDir();
  writeFileSync(databasePath(dataDir), '');
  const { store } = await openInTheEvening(dataDir);
  expect(store.notices).toEqual([]);
});

test('a large file is checked page by page only after a crash', async () => {
  const dataDir = tempDir();
  const migrationsDir = migrationsFolder();
  const first = await openItems(dataDir);
  first.db.exec('INSERT INTO filler (bytes) VALUES (zeroblob(10)), (zeroblob(70000000));');
  await addItems(first, 'kept');
  await first.backupNow();
  await first.close();
  // Overflow pages begin with the number of the next: the chain of the second row breaks in its middle.
  scribble(databasePath(dataDir), 9_000 * PAGE, PAGE);

  const quick = await openInTheEvening(dataDir);
  expect(quick.store.notices).toEqual([]);
  await quick.store.close();

  await crashAfter(dataDir, migrationsDir, 'before the crash');
  const thorough = await openInTheEvening(dataDir);
  expect(thorough.store.notices).toMatchObject([{ kind: 'restored' }]);
  expect(itemNames(thorough.store)).toEqual(['kept']);
});

test('even a large file is looked at: cut short, it is found out at once', async () => {
  const dataDir = tempDir();
  const first = await openItems(dataDir);
  first.db.exec('INSERT INTO filler (bytes) VALUES (zeroblob(80000000));');
  await first.close();
  truncateSync(databasePath(dataDir), 70_000_000);
  const { store } = await openInTheEvening(dataDir);
  expect(store.notices).toMatchObject([{ kind: 'started_empty' }]);
});

test('another program holding the file is not damage', async () => {
  const { dataDir } = await databaseWithBackups();
  const other = openPlain(databasePath(dataDir), 0);
  onTestFinished(() => void other.close());
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  await expect(openItems(dataDir)).rejects.toMatchObject({ name: 'StoreError', code: 'in_use' });
  expect(damagedFiles(dataDir)).toEqual([]);
});
