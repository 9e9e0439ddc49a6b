import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openPlain, openReadOnly } from '../../gateway/store/sqlite.ts';
import { addItems, itemNames, openItems, tempDir } from './support.ts';

test('works asked for in one turn share one transaction, and promises wait for its commit', async () => {
  const store = await openItems(tempDir());
  const reader = openReadOnly(store.db.name);
  const committed = () => reader.prepare('SELECT count(*) FROM items').pluck().get();
  const insert = store.db.prepare('INSERT INTO items (name) VALUES (?)');
  const seenByOthers: unknown[] = [];
  const work = (name: string) => () => {
    insert.run(name);
    seenByOthers.push(committed());
  };

  const first = store.commits.commit(work('a'));
  const second = store.commits.commit(work('b'));
  await first;
  expect(committed()).toBe(2);
  await second;
  await store.commits.commit(work('c'));
  expect(seenByOthers).toEqual([0, 0, 2]);
  reader.close();
});

test('flush commits before it returns', async () => {
  const store = await openItems(tempDir());
  const done = addItems(store, 'a');
  expect(itemNames(store)).toEqual([]);
  store.commits.flush();
  expect(itemNames(store)).toEqual(['a']);
  await done;
});

test('a work that throws fails alone, with its own error, and leaves nothing behind', async () => {
  const store = await openItems(tempDir());
  const insert = store.db.prepare('INSERT INTO items (name) VALUES (?)');
  const mistake = new RangeError('not a number');
  const results = await Promise.allSettled([
    addItems(store, 'before'),
    store.commits.commit(() => {
      insert.run('half');
      throw mistake;
    }),
    addItems(store, 'after'),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: mistake });
  expect(itemNames(store)).toEqual(['before', 'after']);
});

test('a constraint that only COMMIT sees fails its own work alone', async () => {
  const store = await openItems(tempDir());
  store.db.exec(
    'CREATE TABLE parts (item INTEGER NOT NULL REFERENCES items (id) DEFERRABLE INITIALLY DEFERRED) STRICT',
  );
  const insert = store.db.prepare('INSERT INTO parts (item) VALUES (?)');
  const results = await Promise.allSettled([
    addItems(store, 'a'),
    store.commits.commit(() => {
      insert.run(99);
    }),
  ]);
  expect(results[0]?.status).toBe('fulfilled');
  expect(results[1]).toMatchObject({ reason: { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' } });
  expect(itemNames(store)).toEqual(['a']);
});

test('a work that swallows an error which ended the transaction cannot make others commit by halves', async () => {
  const store = await openItems(tempDir());
  const insert = store.db.prepare('INSERT OR ROLLBACK INTO items (name) VALUES (?)');
  await addItems(store, 'taken');
  const results = await Promise.allSettled([
    addItems(store, 'a'),
    store.commits.commit(() => {
      try {
        insert.run('taken');
      } catch {
        // swallowed on purpose: SQLite has rolled the whole transaction back
      }
    }),
    addItems(store, 'b'),
  ]);
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(itemNames(store)).toEqual(['taken', 'a', 'b']);
});

test('async works and commits from inside a work are refused', async () => {
  const store = await openItems(tempDir());
  expect(() => store.commits.commit(async () => {})).toThrow(TypeError);
  await expect(store.commits.commit(() => Promise.resolve())).rejects.toThrow(/plain function/);
  await expect(store.commits.commit(() => void store.commits.commit(() => {}))).rejects.toThrow(
    /another commit/,
  );
  await expect(store.commits.commit(() => store.commits.flush())).rejects.toThrow(/must not flush/);
  await addItems(store, 'still works');
  expect(itemNames(store)).toEqual(['still works']);
});

test('close commits what waits; later works are refused', async () => {
  const dataDir = tempDir();
  const store = await openItems(dataDir);
  const last = addItems(store, 'last');
  const closed = store.close();
  const late = store.commits.commit(() => {});
  await expect(late).rejects.toMatchObject({ name: 'StoreUnavailable', reason: 'closed' });
  await Promise.all([last, closed, store.close()]);
  expect(itemNames(await openItems(dataDir))).toEqual(['last']);
});

test('another program that holds the database makes works fail as busy, and only meanwhile', async () => {
  const store = await openItems(tempDir());
  const other = openPlain(store.db.name, 0);
  other.exec('BEGIN IMMEDIATE');
  const results = await Promise.allSettled([addItems(store, 'a'), addItems(store, 'b')]);
  expect(results).toMatchObject([{ reason: { reason: 'busy' } }, { reason: { reason: 'busy' } }]);
  other.exec('ROLLBACK');
  other.close();
  await addItems(store, 'c');
  expect(itemNames(store)).toEqual(['c']);
});

test('any interleaving of good and throwing works commits exactly the good ones', async () => {
  const store = await openItems(tempDir());
  const insert = store.db.prepare('INSERT INTO items (name) VALUES (?)');
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('good', 'throws before', 'throws after', 'duplicate') },
    { weight: 1, arbitrary: fc.constantFrom('flush', 'next turn') },
  );
  let run = 0;
  const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
    run += 1;
    store.db.exec('DELETE FROM items');
    const first = `${run}-first`;
    insert.run(first);
    const promises: Promise<void>[] = [];
    const good: string[] = [first];
    const wanted: string[] = [];
    for (const [index, kind] of steps.entries()) {
      const name = `${run}-${index}`;
      if (kind === 'flush') store.commits.flush();
      else if (kind === 'next turn') await new Promise((resolve) => setImmediate(resolve));
      else {
        if (kind === 'good') good.push(name);
        wanted.push(kind === 'good' ? 'fulfilled' : 'rejected');
        const promise = store.commits.commit(() => {
          if (kind === 'throws before') throw new Error(kind);
          insert.run(name);
          if (kind === 'throws after') throw new Error(kind);
          if (kind === 'duplicate') insert.run(first);
        });
        promise.catch(() => {});
        promises.push(promise);
      }
    }
    const results = await Promise.allSettled(promises);
    expect(results.map((result) => result.status)).toEqual(wanted);
    expect(itemNames(store)).toEqual(good);
  });
  await fc.assert(property, { numRuns: 150 });
});
