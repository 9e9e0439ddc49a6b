import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { itemNames, migrationsFolder, openItems, runChild, tempDir } from './support.ts';

test('a second process on the same folder is refused, and told which one runs; kill -9 frees the folder', async () => {
  const dataDir = tempDir();
  const child = runChild('write-and-wait.ts', dataDir, migrationsFolder(), 'theirs');
  await child.printed(1);
  const { pid } = child.process;
  writeFileSync(join(dataDir, 'runtime.json'), JSON.stringify({ pid, url: 'http://127.0.0.1:7411' }));

  const refused = openItems(dataDir);
  await expect(refused).rejects.toMatchObject({ name: 'StoreError', code: 'in_use' });
  await expect(refused).rejects.toThrow(
    new RegExp(`process ${pid}\\).*http://127\\.0\\.0\\.1:7411.*quit it first`),
  );

  await child.kill();
  expect(itemNames(await openItems(dataDir))).toEqual(['theirs']);
});

test('the same process cannot open a folder twice, and can again after close', async () => {
  const dataDir = tempDir();
  const first = await openItems(dataDir);
  await expect(openItems(dataDir)).rejects.toMatchObject({ code: 'in_use' });
  await first.close();
  await openItems(dataDir);
});

test('the refused attempt does not take the lock from its holder', async () => {
  const dataDir = tempDir();
  await openItems(dataDir);
  await expect(openItems(dataDir)).rejects.toMatchObject({ code: 'in_use' });
  const child = runChild('write-and-wait.ts', dataDir, migrationsFolder(), 'x');
  await expect(child.printed(1)).rejects.toThrow(/ended after 0 lines.*code: 'in_use'/s);
});

test('an unreadable runtime.json does not spoil the message', async () => {
  const dataDir = tempDir();
  await openItems(dataDir);
  writeFileSync(join(dataDir, 'runtime.json'), '{"pid":');
  await expect(openItems(dataDir)).rejects.toThrow(`already running on ${dataDir}. Use that one`);
});

test('something else in the place of the lock file is named', async () => {
  const dataDir = tempDir();
  writeFileSync(join(dataDir, 'instance.lock'), 'not a lock\n'.repeat(100));
  await expect(openItems(dataDir)).rejects.toThrow(/instance\.lock is not a lock file.*Delete it/);
});
