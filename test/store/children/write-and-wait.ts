/** Usage: write-and-wait.ts DATA_DIR MIGRATIONS_DIR NAME… Commits the names, prints a line, and waits to be killed. */
import { openStore } from '../../../gateway/store/store.ts';

const [dataDir = '', migrationsDir = '', ...names] = process.argv.slice(2);
const store = await openStore({ dataDir, migrationsDir });
const insert = store.db.prepare('INSERT INTO items (name) VALUES (?)');
await store.commits.commit(() => {
  for (const name of names) insert.run(name);
});
console.log('written');
setInterval(() => {}, 60_000);
