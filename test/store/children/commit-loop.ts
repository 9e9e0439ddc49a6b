/** Usage: commit-loop.ts DATA_DIR MIGRATIONS_DIR. Commits for ever and prints each name once its promise resolved. */
import { writeSync } from 'node:fs';
import { openStore } from '../../../gateway/store/store.ts';

const WRITERS = 8;
const [dataDir = '', migrationsDir = ''] = process.argv.slice(2);
const store = await openStore({ dataDir, migrationsDir });
const insert = store.db.prepare('INSERT INTO items (name) VALUES (?)');

async function write(writer: number): Promise<void> {
  for (let count = 0; ; count++) {
    const name = `${writer}-${count}`;
    await store.commits.commit(() => {
      insert.run(name);
    });
    writeSync(1, `${name}\n`);
  }
}

await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
