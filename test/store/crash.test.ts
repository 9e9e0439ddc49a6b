import { expect, test } from 'vitest';
import { itemNames, migrationsFolder, openItems, runChild, tempDir } from './support.ts';

test('kill -9 while committing: every work whose promise had resolved is there after reopening', async () => {
  const dataDir = tempDir();
  const migrationsDir = migrationsFolder();
  for (const reported of [1, 150, 3_000]) {
    const child = runChild('commit-loop.ts', dataDir, migrationsDir);
    await child.printed(reported);
    await child.kill();

    const store = await openItems(dataDir);
    expect(store.notices).toEqual([]);
    const kept = new Set(itemNames(store));
    expect(child.lines.length).toBeGreaterThanOrEqual(reported);
    expect(child.lines.filter((name) => !kept.has(name))).toEqual([]);
    store.db.exec('DELETE FROM items');
    await store.close();
  }
});
