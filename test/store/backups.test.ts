import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Store } from '../../gateway/store/store.ts';
import {
  addItems,
  backupNames,
  databasePath,
  itemNames,
  migrationsFolder,
  openItems,
  RecordingLog,
  runChild,
  tempDir,
} from './support.ts';

const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const HOUR = 3_600_000;

/** Opens a backup as a database of its own. */
async function openBackup(backup: string): Promise<Store> {
  const dataDir = tempDir();
  copyFileSync(backup, databasePath(dataDir));
  return openItems(dataDir);
}

function addFiller(store: Store, rows: number): void {
  const count = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT ${rows})`;
  store.db.exec(`${count} INSERT INTO filler (bytes) SELECT randomblob(4000) FROM n`);
}

test('a backup is a whole database, named by its UTC time, with nothing beside it', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir, { now: () => NOON });
  await addItems(store, 'a');
  const backup = await store.backupNow();
  expect(basename(backup)).toBe('ntl-20261121T120000.000Z.db');
  expect(backupNames(dataDir)).toEqual([basename(backup)]);
  expect(itemNames(await openBackup(backup))).toEqual(['a']);
});

test('the thread stays free while a backup is made, and what is committed meanwhile is in it', async () => {
  const store = await openItems(tempDir());
  addFiller(store, 5_000);
  let turns = 0;
  let done = false;
  const backup = store.backupNow().finally(() => {
    done = true;
  });
  while (!done) {
    await addItems(store, `during ${turns}`);
    turns += 1;
  }
  // 20 MB in steps of 256 KiB are about 80 turns.
  expect(turns).toBeGreaterThan(40);
  const copy = await openBackup(await backup);
  expect(copy.db.pragma('integrity_check', { simple: true })).toBe('ok');
  const copied = itemNames(copy);
  expect(copied.length).toBeGreaterThan(40);
  expect(copied).toEqual(itemNames(store).slice(0, copied.length));
  expect(copy.db.prepare('SELECT count(*) FROM filler').pluck().get()).toBe(5_000);
});

test('asked for while one is under way, the next holds what was committed until then', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir);
  let turns = 0;
  let done = false;
  const asked: { name: string; backup: Promise<string> }[] = [];
  const first = store.backupNow().finally(() => {
    done = true;
  });
  // Asks in every turn of the running backup, the ones after its last page too.
  while (!done) {
    const name = `turn ${turns++}`;
    await addItems(store, name);
    asked.push({ name, backup: store.backupNow() });
  }
  const backups = new Set(await Promise.all([first, ...asked.map(({ backup }) => backup)]));
  expect(asked.length).toBeGreaterThan(1);
  expect(backups.size).toBeLessThanOrEqual(3);
  for (const backup of backups) {
    const names = itemNames(await openBackup(backup));
    for (const one of asked) if ((await one.backup) === backup) expect(names).toContain(one.name);
  }
});

test('the newest five are kept, also when many are made in one millisecond', async () => {
  const dataDir = tempDir();
  let now = NOON;
  const store = await openItems(dataDir, { now: () => now });
  const made: string[] = [];
  for (let count = 0; count < 8; count++) {
    made.push(basename(await store.backupNow()));
    now += count < 4 ? 0 : HOUR;
  }
  expect(new Set(made).size).toBe(8);
  expect(backupNames(dataDir)).toEqual(made.slice(-5));
});

test('backups dated in the future are the first to go', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir, { now: () => NOON });
  mkdirSync(join(dataDir, 'backups'));
  const future = [1, 2, 3, 4, 5].map((year) => `ntl-203${year}0101T000000.000Z.db`);
  for (const name of future) writeFileSync(join(dataDir, 'backups', name), '');
  const made = basename(await store.backupNow());
  expect(backupNames(dataDir)).toEqual([made, ...future.slice(1)].sort());
});

test.each([
  ['none', undefined, true],
  ['one of 7 h ago', NOON - 7 * HOUR, true],
  ['one of the future', NOON + HOUR, true],
  ['one of 5 h ago', NOON - 5 * HOUR, false],
])('with %s there is a backup soon after opening: %#', async (_, newest, expected) => {
  const dataDir = tempDir();
  const first = await openItems(dataDir, { now: () => newest ?? NOON });
  if (newest !== undefined) await first.backupNow();
  await first.close();

  let clockReads = 0;
  const now = () => {
    clockReads += 1;
    return NOON;
  };
  await openItems(dataDir, { backupStartDelayMs: 1, now });
  const opened = clockReads;
  await expect.poll(() => clockReads).toBeGreaterThan(opened);
  // A look reads the clock once; a backup that it begins reads it again before anything else runs.
  expect(clockReads > opened + 1).toBe(expected);
  if (expected) await expect.poll(() => backupNames(dataDir)).toContain('ntl-20261121T120000.000Z.db');
});

test('then one is made whenever the newest is older than the interval', async () => {
  const dataDir = tempDir();
  await openItems(dataDir, { backupStartDelayMs: 0, backupIntervalMs: 20 });
  await expect.poll(() => existsSync(join(dataDir, 'backups')) && backupNames(dataDir).length).toBe(5);
});

test('many changes in a row give one backup, after the last', async () => {
  const dataDir = tempDir();
  const folder = join(dataDir, 'backups');
  const store = await openItems(dataDir, { backupSoonDelayMs: 40 });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  for (let count = 0; count < 10; count++) {
    vi.advanceTimersByTime(39);
    await addItems(store, `change ${count}`);
    store.backupSoon();
  }
  expect(vi.getTimerCount()).toBe(1);
  expect(existsSync(folder)).toBe(false);
  vi.advanceTimersByTime(40);
  vi.useRealTimers();
  // While it is written it has another name.
  const whole = [expect.stringMatching(/^ntl-\d{8}T[\d.]+Z\.db$/)];
  await expect.poll(() => existsSync(folder) && backupNames(dataDir)).toEqual(whole);
  const copy = await openBackup(join(folder, backupNames(dataDir)[0] ?? ''));
  expect(itemNames(copy)).toHaveLength(10);
});

test('changes to a database over 256 MiB wait for the regular backup', async () => {
  const store = await openItems(tempDir());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  store.backupSoon();
  expect(vi.getTimerCount()).toBe(1);
  vi.clearAllTimers();
  store.db.exec('INSERT INTO filler (bytes) VALUES (zeroblob(270000000))');
  store.backupSoon();
  expect(vi.getTimerCount()).toBe(0);
});

test('a failing backup is logged and harms nothing', async () => {
  const dataDir = tempDir();
  const log = new RecordingLog();
  const store = await openItems(dataDir, { log, backupSoonDelayMs: 1 });
  writeFileSync(join(dataDir, 'backups'), 'a file where the folder should be');
  store.backupSoon();
  await expect.poll(() => log.lines.length).toBe(1);
  expect(log.lines[0]).toMatchObject({ level: 'error', details: { reason: 'io_error' } });
  expect(log.lines[0]?.message).toContain('could not be backed up');
  await expect(store.backupNow()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  await addItems(store, 'a');
});

test('close ends a running backup at once and leaves no half file; nothing starts afterwards', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir);
  addFiller(store, 5_000);
  const backup = store.backupNow();
  const refused = expect(backup).rejects.toMatchObject({ reason: 'closed' });
  await expect
    .poll(() => existsSync(join(dataDir, 'backups')) && readdirSync(join(dataDir, 'backups')).length)
    .toBeTruthy();
  await store.close();
  await refused;
  expect(backupNames(dataDir)).toEqual([]);
  store.backupSoon();
  await expect(store.backupNow()).rejects.toMatchObject({ reason: 'closed' });
});

test('half a backup of a killed process is cleared away', async () => {
  const dataDir = tempDir();
  mkdirSync(join(dataDir, 'backups'));
  const leftovers = ['', '-journal'].map((suffix) => `ntl-20261121T120000.000Z.db.partial${suffix}`);
  for (const name of [...leftovers, 'notes.txt']) writeFileSync(join(dataDir, 'backups', name), 'x');
  await openItems(dataDir);
  expect(backupNames(dataDir)).toEqual(['notes.txt']);
});

test('an open store with its timers does not keep a process alive', async () => {
  const child = runChild('open-and-return.ts', tempDir(), migrationsFolder());
  const code = await new Promise((resolve) => child.process.once('close', resolve));
  expect(code).toBe(0);
  expect(child.lines).toEqual(['opened']);
});

test('a busy hour does not push out the days before', async () => {
  const dataDir = tempDir();
  const day = 86_400_000;
  let at = Date.UTC(2026, 0, 1, 12);
  const store = await openItems(dataDir, { now: () => at });
  for (let index = 0; index < 6; index++, at += day) await store.backupNow();
  for (let index = 0; index < 8; index++, at += 60_000) await store.backupNow();
  const kept = backupNames(dataDir)
    .map((name) => name.slice(4, 12))
    .sort();
  expect(kept).toEqual(['20260104', '20260105', '20260106', ...Array(5).fill('20260107')]);
  await store.close();
});

test('an end owes a backup to a change made just now, and to a first short run', async () => {
  const store = await openItems(tempDir());
  expect(store.backupOwed()).toBe(true);
  await store.backupNow();
  expect(store.backupOwed()).toBe(false);
  store.backupSoon();
  expect(store.backupOwed()).toBe(true);
  await store.close();
});
