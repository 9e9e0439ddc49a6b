import { types } from 'node:util';
import { type Database, dropBusyTimeout, shortenBusyTimeout } from './sqlite.ts';
import { asUnavailable, StoreUnavailable, storageReason } from './store-errors.ts';

export interface GroupCommit {
  /**
   * Runs `work` in a transaction and resolves once it is committed. All works asked for in one turn of
   * the event loop share one transaction, which is what makes a commit per request affordable.
   * A work may run twice (see `flush`), so it must do nothing but read and write the database.
   * @throws StoreUnavailable when the storage fails, with its reason; any other error of the work as it was thrown
   * @throws TypeError at once for an async function, or when called from inside a work
   */
  commit(work: () => void): Promise<void>;
  /**
   * Commits everything that waits, before it returns. Should the shared transaction fail, each work is
   * run again in a transaction of its own, so that one bad work fails alone.
   */
  flush(): void;
}

interface Waiting {
  work: () => void;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

type Outcome = { committed: true } | { committed: false; error: unknown; began: boolean };

/** Group commit over one connection. `close` commits what waits; later calls are refused with reason `closed`. */
export function createGroupCommit(db: Database): GroupCommit & { close(): void } {
  const transaction = {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
  };
  let waiting: Waiting[] = [];
  let nextTurn: NodeJS.Immediate | undefined;
  let running = false;
  let closed = false;
  let patient = true;

  function commit(work: () => void): Promise<void> {
    if (running) throw new TypeError('A work must not ask for another commit: write in the same work.');
    if (types.isAsyncFunction(work))
      throw new TypeError('A work must be a plain function, not an async one.');
    if (closed) return Promise.reject(new StoreUnavailable('closed'));
    nextTurn ??= setImmediate(flush);
    return new Promise((resolve, reject) => waiting.push({ work, resolve, reject }));
  }

  function flush(): void {
    if (running) throw new TypeError('A work must not flush: it is being committed.');
    clearImmediate(nextTurn);
    nextTurn = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    running = true;
    try {
      commitBatch(batch);
    } finally {
      running = false;
    }
  }

  function commitBatch(batch: Waiting[]): void {
    const shared = attempt(batch);
    // A transaction that could not begin fails the same way for each; one work alone has had its try.
    const final = shared.committed || !shared.began || batch.length === 1;
    for (const one of batch) settle(one, final ? shared : attempt([one]));
  }

  function attempt(batch: Waiting[]): Outcome {
    let began = false;
    try {
      transaction.begin.run();
      began = true;
      for (const { work } of batch) runWork(work);
      transaction.commit.run();
      if (!patient) setPatient(true);
      return { committed: true };
    } catch (error) {
      if (began) rollBack();
      if (patient && storageReason(error) === 'busy') setPatient(false);
      return { committed: false, error, began };
    }
  }

  /**
   * A busy database is waited for once: each wait holds the gateway's thread, and what comes after it would wait in
   * a row. The first commit that succeeds makes the next patient again.
   */
  function setPatient(to: boolean): void {
    patient = to;
    if (to) shortenBusyTimeout(db);
    else dropBusyTimeout(db);
  }

  /** SQLite rolls back by itself after some storage faults (https://www.sqlite.org/lang_transaction.html, section 3). */
  function rollBack(): void {
    try {
      if (db.inTransaction) transaction.rollback.run();
    } catch {
      // The disk is in trouble: the caller learns it from the first error, the next commit from its BEGIN.
    }
  }

  /** A work that swallows a storage fault may have lost the transaction: what follows would not be in one. */
  function runWork(work: () => unknown): void {
    const returned = work();
    if (types.isPromise(returned))
      throw new TypeError('A work must be a plain function, not return a promise.');
    if (!db.inTransaction) throw new Error('A work ended the transaction it ran in.');
  }

  function settle(one: Waiting, outcome: Outcome): void {
    if (outcome.committed) one.resolve();
    else one.reject(asUnavailable(outcome.error));
  }

  function close(): void {
    flush();
    closed = true;
  }

  return { commit, flush, close };
}
