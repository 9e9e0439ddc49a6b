import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, makePrivateFile, openPlain } from './sqlite.ts';
import { StoreError, storageReason } from './store-errors.ts';

/** A gateway that is just closing gets this long to let go, so that a restart works. */
const WAIT_MS = 300;

export interface InstanceLock {
  release(): void;
}

/**
 * Lets one process only use a data folder. The lock is an exclusive SQLite transaction on an empty file:
 * the operating system ends it with the process, `kill -9` included, on Linux, macOS and Windows.
 * The file stays; deleting it would let two processes lock two different files of one name.
 * @throws StoreError `in_use`
 */
export function acquireInstanceLock(dataDir: string): InstanceLock {
  const path = join(dataDir, 'instance.lock');
  makePrivateFile(path);
  const db = openPlain(path, WAIT_MS);
  try {
    // No journal file: nothing is ever written.
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw refusal(error, dataDir, path);
  }
  return { release: () => release(db) };
}

function release(db: Database): void {
  if (!db.open) return;
  db.exec('ROLLBACK');
  db.close();
}

function refusal(error: unknown, dataDir: string, path: string): unknown {
  const reason = storageReason(error);
  if (reason === 'busy') return new StoreError('in_use', inUseMessage(dataDir), { cause: error });
  if (reason === 'damaged') {
    const message = `${path} is not a lock file of NoTokenLimit. Delete it and start again.`;
    return new StoreError('not_writable', message, { cause: error });
  }
  return error;
}

function inUseMessage(dataDir: string): string {
  const { pid, url } = runningInstance(dataDir);
  const process = pid === undefined ? '' : ` (process ${pid})`;
  const address = url === undefined ? '' : ` It answers at ${url}.`;
  return `NoTokenLimit is already running on ${dataDir}${process}.${address} Use that one, quit it first, or start with another --data-dir.`;
}

/** What the running gateway tells of itself in runtime.json; nothing when the file is missing or unreadable. */
function runningInstance(dataDir: string): { pid?: number; url?: string } {
  try {
    const runtime: unknown = JSON.parse(readFileSync(join(dataDir, 'runtime.json'), 'utf8'));
    if (typeof runtime !== 'object' || runtime === null) return {};
    return {
      ...('pid' in runtime && typeof runtime.pid === 'number' && { pid: runtime.pid }),
      ...('url' in runtime && typeof runtime.url === 'string' && { url: runtime.url }),
    };
  } catch {
    return {};
  }
}
