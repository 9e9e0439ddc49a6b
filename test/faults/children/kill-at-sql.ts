/**
 * Loaded before the gateway: it kills itself, as `kill -9` would, before or after it runs a statement that begins
 * with KILL_SQL. With KILL_COMMIT it does so at the next COMMIT after that. Nothing happens until the file
 * KILL_ARMED is there.
 */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';

const { KILL_SQL = '', KILL_WHEN = 'before', KILL_COMMIT, KILL_ARMED = '' } = process.env;
let met = false;

interface Statement {
  readonly source: string;
  run(...values: unknown[]): unknown;
}

const memory = new Database(':memory:');
const prototype: Statement = Object.getPrototypeOf(memory.prepare('SELECT 1'));
memory.close();
const { run } = prototype;

prototype.run = function (this: Statement, ...values: unknown[]): unknown {
  const due = isDue(this.source);
  if (due && KILL_WHEN === 'before') die();
  const result = run.apply(this, values);
  if (due) die();
  return result;
};

function isDue(sql: string): boolean {
  const text = sql.replace(/\s+/g, ' ').trim();
  if (text.startsWith(KILL_SQL) && existsSync(KILL_ARMED)) met = true;
  return met && (KILL_COMMIT === undefined || text === 'COMMIT');
}

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
}
