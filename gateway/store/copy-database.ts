import { type FileHandle, open } from 'node:fs/promises';
import { type Database, makePrivateFile } from './sqlite.ts';
import { StoreUnavailable } from './store-errors.ts';

/** Pages of 4 KiB copied before other work gets its turn: about a millisecond. */
const PAGES_PER_STEP = 64;
/** How much may wait for the disk: 8 MiB. SQLite's last step syncs what is left while it holds the thread. */
const PAGES_PER_SYNC = 2_048;

/**
 * Copies a database that is in use to a new file, in steps that leave the thread free. What is committed
 * meanwhile through the same connection is in the copy too (https://www.sqlite.org/backup.html).
 * @throws StoreUnavailable `closed` when `signal` aborts; else the SqliteError, or the error of node:fs
 */
export async function copyDatabase(db: Database, target: string, signal?: AbortSignal): Promise<void> {
  makePrivateFile(target);
  const file = await open(target, 'r+');
  const disk = new DiskPace(file);
  try {
    await db.backup(target, {
      progress: ({ totalPages, remainingPages }) => {
        if (signal?.aborted) throw new StoreUnavailable('closed');
        return disk.mayCopy(totalPages - remainingPages) ? PAGES_PER_STEP : 0;
      },
    });
  } finally {
    await disk.settled();
    await file.close();
  }
}

/** Has the file synced by a thread of the pool every few MiB and holds the copy back until it is. */
class DiskPace {
  readonly #file: FileHandle;
  #syncedPages = 0;
  #syncing: Promise<void> | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  mayCopy(copiedPages: number): boolean {
    if (!this.#syncing && copiedPages - this.#syncedPages >= PAGES_PER_SYNC) {
      this.#syncedPages = copiedPages;
      this.#syncing = this.#sync();
    }
    return this.#syncing === undefined;
  }

  async settled(): Promise<void> {
    await this.#syncing;
  }

  async #sync(): Promise<void> {
    try {
      await this.#file.datasync();
    } catch {
      // SQLite syncs once more at the end, and it is that error which counts.
    } finally {
      this.#syncing = undefined;
    }
  }
}
