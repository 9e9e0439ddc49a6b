import { existsSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Store } from '../../gateway/store/store.ts';
import { noSmallDisk, setReadOnly, smallDisk } from './small-disk.ts';
import {
  addItems,
  crashAfter,
  databasePath,
  itemNames,
  migrationsFolder,
  openItems,
  RecordingLog,
  scribble,
  tempDir,
} from './support.ts';

const obstacle = noSmallDisk();

/** Fills a disk to the last block with a file that can be deleted again. */
function fill(dir: string): string {
  const ballast = join(dir, 'ballast');
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  expect(statfsSync(dir).bavail).toBe(0);
  return ballast;
}

function addBytes(store: Store, bytes: number): Promise<void> {
  const insert = store.db.prepare('INSERT INTO filler (bytes) VALUES (zeroblob(?))');
  return store.commits.commit(() => {
    insert.run(bytes);
  });
}

const diskFull = { name: 'StoreUnavailable', reason: 'disk_full' };

test('a database that may not grow: the large work is refused, the small one beside it is kept', async () => {
  const store = await openItems(tempDir());
  const pages = Number(store.db.pragma('page_count', { simple: true }));
  store.db.pragma(`max_page_count = ${pages + 20}`);
  const results = await Promise.allSettled([
    addItems(store, 'before'),
    addBytes(store, 1_000_000),
    addItems(store, 'after'),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: diskFull });
  expect(itemNames(store)).toEqual(['before', 'after']);
  store.db.pragma('max_page_count = 1000000');
  await addBytes(store, 1_000_000);
});

describe.skipIf(obstacle !== undefined)(
  `on a real small disk${obstacle ? ` (skipped: ${obstacle})` : ''}`,
  () => {
    test('a full disk refuses works with the reason; once there is space, they go on by themselves', async () => {
      const disk = smallDisk('1m');
      const store = await openItems(disk);
      await addItems(store, 'before');
      const ballast = fill(disk);
      // What SQLite has already reserved takes some small commits before the disk says no.
      const refused = Promise.all(Array.from({ length: 20 }, () => addBytes(store, 40_000)));
      await expect(refused).rejects.toMatchObject(diskFull);
      await expect(addBytes(store, 40_000)).rejects.toMatchObject(diskFull);
      expect(itemNames(store)).toEqual(['before']);

      rmSync(ballast);
      await Promise.all([addItems(store, 'after'), addBytes(store, 40_000)]);
      expect(itemNames(store)).toEqual(['before', 'after']);
      await store.close();
      expect(itemNames(await openItems(disk))).toEqual(['before', 'after']);
    });

    test('a store that ends on a full disk keeps what it has committed', async () => {
      const disk = smallDisk('1m');
      const log = new RecordingLog();
      const store = await openItems(disk, { log });
      await addItems(store, 'committed');
      await addBytes(store, 100_000);
      const ballast = fill(disk);
      await store.close();
      rmSync(ballast);
      expect(itemNames(await openItems(disk))).toEqual(['committed']);
    });

    test('a backup that does not fit is logged, leaves nothing behind and is made later', async () => {
      const disk = smallDisk('1m');
      const log = new RecordingLog();
      const store = await openItems(disk, { log, backupStartDelayMs: 0, backupIntervalMs: 50 });
      await addBytes(store, 200_000);
      const ballast = fill(disk);
      await expect(store.backupNow()).rejects.toMatchObject(diskFull);
      await expect
        .poll(() => log.lines.map((line) => line.details))
        .toContainEqual(expect.objectContaining({ reason: 'disk_full' }));
      const backups = join(disk, 'backups');
      expect(
        existsSync(backups) ? readdirSync(backups).filter((name) => name.endsWith('.partial')) : [],
      ).toEqual([]);
      rmSync(ballast);
      await expect.poll(() => readdirSync(backups).length).toBeGreaterThan(0);
    });

    test('a full disk at start is told, and costs nothing of what is there', async () => {
      const disk = smallDisk('1m');
      await crashAfter(disk, migrationsFolder(), 'a');
      const ballast = fill(disk);
      const before = readdirSync(disk);
      const opened = openItems(disk, {
        migrationsDir: migrationsFolder({
          '001-items.sql': 'SELECT 1',
          '002-filler.sql': 'SELECT 1',
          '003-large.sql': 'INSERT INTO filler (bytes) VALUES (zeroblob(900000));',
        }),
      });
      await expect(opened).rejects.toMatchObject({ name: 'StoreError', code: 'not_writable' });
      expect(readdirSync(disk)).toEqual(
        expect.arrayContaining(before.filter((name) => name !== 'ntl.db-shm')),
      );
      rmSync(ballast);
      expect(itemNames(await openItems(disk))).toEqual(['a']);
    });

    test('a damaged database is not given up because its backup does not fit now', async () => {
      const disk = smallDisk('2m');
      const store = await openItems(disk);
      await addItems(store, 'backed up');
      await addBytes(store, 300_000);
      await store.backupNow();
      await store.close();
      scribble(databasePath(disk), 0, 4_096);
      const ballast = fill(disk);
      await expect(openItems(disk)).rejects.toMatchObject({ name: 'StoreError', code: 'not_writable' });
      expect(readdirSync(disk).filter((name) => name.includes('.damaged-'))).toEqual([]);

      rmSync(ballast);
      const restored = await openItems(disk);
      expect(restored.notices).toMatchObject([{ kind: 'restored' }]);
      expect(itemNames(restored)).toEqual(['backed up']);
    });

    test('a disk that only reads is told as not writable', async () => {
      const disk = smallDisk('1m');
      const store = await openItems(disk);
      await store.close();
      setReadOnly(disk, true);
      for (const dataDir of [disk, join(disk, 'new')]) {
        await expect(openItems(dataDir)).rejects.toMatchObject({ name: 'StoreError', code: 'not_writable' });
      }
    });
  },
);
