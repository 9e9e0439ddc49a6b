import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { openStore, type Store, type StoreOptions } from '../../gateway/store/store.ts';

export const ITEMS_SQL = 'CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;';
export const FILLER_SQL = 'CREATE TABLE filler (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;';
export const ITEMS_MIGRATIONS = { '001-items.sql': ITEMS_SQL, '002-filler.sql': FILLER_SQL };

/** A folder that is gone after the test. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ntl-store-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

export function migrationsFolder(files: Record<string, string> = ITEMS_MIGRATIONS): string {
  const dir = tempDir();
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(dir, name), sql);
  return dir;
}

/** Opens a store with the items schema and closes it after the test. */
export async function openItems(dataDir: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ dataDir, migrationsDir: migrationsFolder(), ...options });
  onTestFinished(() => store.close());
  return store;
}

export function addItems(store: Store, ...names: string[]): Promise<void> {
  const insert = store.db.prepare('INSERT INTO items (name) VALUES (?)');
  return store.commits.commit(() => {
    for (const name of names) insert.run(name);
  });
}

export function itemNames(store: Store): string[] {
  return store.db.prepare<[], string>('SELECT name FROM items ORDER BY id').pluck().all();
}

export function databasePath(dataDir: string): string {
  return join(dataDir, 'ntl.db');
}

export function backupNames(dataDir: string): string[] {
  return readdirSync(join(dataDir, 'backups')).sort();
}

/** SHA-256 of every file below a folder, by its path. */
export function hashesBelow(dir: string): Record<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const hashes = files.map((entry): [string, string] => {
    const path = join(entry.parentPath, entry.name);
    return [path, createHash('sha256').update(readFileSync(path)).digest('hex')];
  });
  return Object.fromEntries(hashes.sort());
}

/** Overwrites part of a file with 0xA5. */
export function scribble(path: string, position: number, length: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(length, 0xa5), 0, length, position);
  closeSync(file);
}

export class RecordingLog {
  readonly lines: { level: string; details: object; message: string }[] = [];
  readonly info = (details: object, message: string) => this.#add('info', details, message);
  readonly warn = (details: object, message: string) => this.#add('warn', details, message);
  readonly error = (details: object, message: string) => this.#add('error', details, message);

  #add(level: string, details: object, message: string): void {
    this.lines.push({ level, details, message });
  }
}

export interface Child {
  process: ChildProcess;
  /** Every line of its stdout so far. */
  lines: string[];
  /** Resolves once `count` lines are out; rejects when the child ends first. */
  printed(count: number): Promise<void>;
  /** `kill -9`, and waits until the process is gone and its output read. */
  kill(): Promise<void>;
}

/** Runs a program of `children/` under this Node; it is killed after the test. */
export function runChild(program: string, ...args: string[]): Child {
  const path = join(import.meta.dirname, 'children', program);
  const process_ = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const lines: string[] = [];
  const closed = new Promise<void>((resolve) => process_.once('close', () => resolve()));
  const reader = createInterface({ input: process_.stdout });
  reader.on('line', (line) => lines.push(line));
  let errors = '';
  process_.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });

  function printed(count: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (lines.length >= count) resolve();
      };
      reader.on('line', look);
      void closed.then(() => reject(new Error(`${program} ended after ${lines.length} lines: ${errors}`)));
      look();
    });
  }

  async function kill(): Promise<void> {
    process_.kill('SIGKILL');
    await closed;
  }

  onTestFinished(kill);
  return { process: process_, lines, printed, kill };
}

/** Leaves a folder as a killed process does: with commits that are only in the write-ahead log. */
export async function crashAfter(dataDir: string, migrationsDir: string, ...names: string[]): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const child = runChild('write-and-wait.ts', dataDir, migrationsDir, ...names);
  await child.printed(1);
  await child.kill();
}
