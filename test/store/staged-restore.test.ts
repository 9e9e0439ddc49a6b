import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../gateway/store/store.ts';
import {
  addItems,
  backupNames,
  crashAfter,
  databasePath,
  itemNames,
  migrationsFolder,
  openItems,
  scribble,
  tempDir,
} from './support.ts';

const MORNING = Date.parse('2026-11-21T06:00:00.000Z');
const NOON = Date.parse('2026-11-21T12:00:00.000Z');
const EVENING = Date.parse('2026-11-21T18:00:00.000Z');
const MORNING_ID = '20261121T060000.000Z';
const REPLACED_ID = '20261121T180000.000Z-replaced';

/** An open store with `morning` and `late`, and a backup between them. */
async function openWithBackup(dataDir = tempDir()): Promise<{ dataDir: string; store: Store }> {
  let now = MORNING;
  const store = await openItems(dataDir, { now: () => now });
  await addItems(store, 'morning');
  await store.backupNow();
  now = NOON;
  await addItems(store, 'late');
  return { dataDir, store };
}

const openInTheEvening = (dataDir: string) => openItems(dataDir, { now: () => EVENING });

describe('a backup the owner wants back', () => {
  it('is in use from the next start on, and what was there becomes a backup', async () => {
    const { dataDir, store } = await openWithBackup();
    expect(await store.restores.stage(MORNING_ID)).toBe(true);
    expect(store.restores.staged()).toBe(MORNING_ID);
    expect(itemNames(store)).toEqual(['morning', 'late']);
    await addItems(store, 'last');
    await store.close();

    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning']);
    expect(again.restores.staged()).toBeNull();
    expect(again.notices).toMatchObject([{ kind: 'backup_restored', at: EVENING }]);
    expect(again.notices[0]?.message).toContain(REPLACED_ID);
    expect(again.restores.list()).toMatchObject([
      { id: REPLACED_ID, at: EVENING, replaced: true, bytes: expect.any(Number) },
      { id: MORNING_ID, at: MORNING, replaced: false },
    ]);
    await addItems(again, 'after');
    expect(await again.restores.stage(REPLACED_ID)).toBe(true);
    await again.close();

    const third = await openItems(dataDir, { now: () => EVENING + 1 });
    expect(itemNames(third)).toEqual(['morning', 'late', 'last']);
  });

  it('takes what only the log of a killed process holds along', async () => {
    const dataDir = tempDir();
    await crashAfter(dataDir, migrationsFolder(), 'crashed');
    const empty = tempDir();
    const other = await openItems(empty, { now: () => MORNING });
    const backup = await other.backupNow();
    mkdirSync(join(dataDir, 'backups'), { recursive: true });
    copyFileSync(backup, `${databasePath(dataDir)}.staged-${MORNING_ID}`);

    const restored = await openInTheEvening(dataDir);
    expect(itemNames(restored)).toEqual([]);
    await restored.restores.stage(REPLACED_ID);
    await restored.close();
    expect(itemNames(await openItems(dataDir, { now: () => EVENING + 1 }))).toEqual(['crashed']);
  });

  it('takes the place of a database that nobody can open, which is put aside', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.restores.stage(MORNING_ID);
    await store.close();
    writeFileSync(databasePath(dataDir), 'not a database '.repeat(1_000));
    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning']);
    expect(again.notices).toMatchObject([{ kind: 'backup_restored' }]);
    expect(readdirSync(dataDir)).toContain('ntl.db.damaged-20261121T180000.000Z');
  });

  it('is finished by the next start after a kill between the two moves', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.restores.stage(MORNING_ID);
    await store.close();
    renameSync(databasePath(dataDir), join(dataDir, 'backups', 'ntl-20261121T170000.000Z-replaced.db'));
    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning']);
    expect(backupNames(dataDir)).toContain('ntl-20261121T170000.000Z-replaced.db');
  });

  it('leaves nothing of a copy that a kill has cut short', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.close();
    writeFileSync(`${databasePath(dataDir)}.staging-x`, 'half');
    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning', 'late']);
    expect(readdirSync(dataDir).filter((name) => name.includes('.stag'))).toEqual([]);
  });

  it('is one of those that are asked for at once', async () => {
    const { dataDir, store } = await openWithBackup();
    await Promise.all([store.restores.stage(MORNING_ID), store.restores.stage(MORNING_ID)]);
    await store.close();
    expect(itemNames(await openInTheEvening(dataDir))).toEqual(['morning']);
  });

  it('is not taken where it breaks meanwhile: the database stays as it was', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.restores.stage(MORNING_ID);
    await store.close();
    scribble(`${databasePath(dataDir)}.staged-${MORNING_ID}`, 4_096, 4_096);
    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning', 'late']);
    expect(again.notices).toMatchObject([
      { kind: 'restore_failed', message: expect.stringContaining('is as it was') },
    ]);
    expect(again.restores.staged()).toBeNull();
  });

  it('is not taken where the present database cannot be put aside', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.restores.stage(MORNING_ID);
    await store.close();
    rmSync(join(dataDir, 'backups'), { recursive: true });
    writeFileSync(join(dataDir, 'backups'), 'in the way');
    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning', 'late']);
    expect(again.notices).toMatchObject([{ kind: 'restore_failed' }]);
  });

  it('can be taken back, and gives way to another', async () => {
    const { dataDir, store } = await openWithBackup();
    const second = basename(await store.backupNow(), '.db').replace('ntl-', '');
    await store.restores.stage(MORNING_ID);
    await store.restores.stage(second);
    expect(store.restores.staged()).toBe(second);
    store.restores.unstage();
    await store.close();
    const again = await openInTheEvening(dataDir);
    expect(itemNames(again)).toEqual(['morning', 'late']);
    expect(again.notices).toEqual([]);
  });
});

describe('a backup that cannot be taken', () => {
  it('is refused when it is damaged', async () => {
    const { dataDir, store } = await openWithBackup();
    scribble(join(dataDir, 'backups', `ntl-${MORNING_ID}.db`), 4_096, 4_096);
    await expect(store.restores.stage(MORNING_ID)).rejects.toMatchObject({
      ...{ name: 'RestoreRefused', message: expect.stringContaining('damaged') },
    });
    expect(store.restores.staged()).toBeNull();
    expect(readdirSync(dataDir).filter((name) => name.includes('.stag'))).toEqual([]);
  });

  it('is refused when a newer release wrote it', async () => {
    const { dataDir, store } = await openWithBackup();
    const newer = await openItems(tempDir(), {
      migrationsDir: migrationsFolder({
        '001-a.sql': 'CREATE TABLE a (x) STRICT;'.replace('(x)', '(x INTEGER)'),
        '002-b.sql': 'CREATE TABLE b (x INTEGER) STRICT;',
        '003-c.sql': 'CREATE TABLE c (x INTEGER) STRICT;',
      }),
    });
    copyFileSync(await newer.backupNow(), join(dataDir, 'backups', `ntl-${MORNING_ID}.db`));
    await expect(store.restores.stage(MORNING_ID)).rejects.toThrow('newer release');
  });

  it.each(['', '..', '../ntl', '20200101T000000.000Z', `${MORNING_ID}.db`])(
    'is none called %j',
    async (id) => {
      const { store } = await openWithBackup();
      expect(await store.restores.stage(id)).toBe(false);
    },
  );
});

describe('what restores have put aside', () => {
  it('is not pushed out by backups, and of it the last three stay', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.close();
    const folder = join(dataDir, 'backups');
    const names = [1, 2, 3, 4].map((hour) => `ntl-20261120T0${hour}0000.000Z-replaced.db`);
    for (const name of names) copyFileSync(join(folder, `ntl-${MORNING_ID}.db`), join(folder, name));
    const second = await openInTheEvening(dataDir);
    for (let count = 0; count < 10; count++) await second.backupNow();
    expect(backupNames(dataDir)).toEqual(expect.arrayContaining(names));
    await second.restores.stage(MORNING_ID);
    await second.close();
    await openItems(dataDir, { now: () => EVENING + 60_000 });
    const left = backupNames(dataDir).filter((name) => name.includes('replaced'));
    expect(left).toEqual([names[2], names[3], 'ntl-20261121T180100.000Z-replaced.db']);
  });

  it('comes back by itself only where there is nothing else', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.restores.stage(MORNING_ID);
    await store.close();
    await (await openInTheEvening(dataDir)).close();
    writeFileSync(databasePath(dataDir), 'not a database '.repeat(1_000));
    const repaired = await openItems(dataDir, { now: () => EVENING + 1 });
    expect(repaired.notices).toMatchObject([{ kind: 'restored' }]);
    expect(itemNames(repaired)).toEqual(['morning']);
    expect(existsSync(join(dataDir, 'backups', `ntl-${REPLACED_ID}.db`))).toBe(true);
  });

  it('is followed by a backup of what is in use now', async () => {
    const { dataDir, store } = await openWithBackup();
    await store.restores.stage(MORNING_ID);
    await store.close();
    expect((await openInTheEvening(dataDir)).backupOwed()).toBe(true);
  });
});
