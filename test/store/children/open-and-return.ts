/** Usage: open-and-return.ts DATA_DIR MIGRATIONS_DIR. Opens a store, asks for a backup and has nothing more to do. */
import { openStore } from '../../../gateway/store/store.ts';

const [dataDir = '', migrationsDir = ''] = process.argv.slice(2);
const store = await openStore({ dataDir, migrationsDir });
store.backupSoon();
console.log('opened');
