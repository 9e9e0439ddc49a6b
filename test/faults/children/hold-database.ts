/** Holds a database until its stdin ends: `node hold-database.ts FILE EXCLUSIVE`. Prints a line once it does. */
import Database from 'better-sqlite3';

const [, , file = '', how = ''] = process.argv;
const db = new Database(file, { timeout: 10_000 });
db.exec(`BEGIN ${how}`);
process.stdout.write('held\n');
process.stdin.resume().on('end', () => {
  db.exec('ROLLBACK');
  db.close();
});
