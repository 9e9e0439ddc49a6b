import { describe, expect, it, onTestFinished } from 'vitest';
import { ListedFacts } from '../../gateway/catalogue/listed-facts.ts';
import { type Database, openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

async function openDb(): Promise<Database> {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  store.db.exec(`INSERT INTO providers (id, name, kind, base_url, created_at)
    VALUES (1, 'a', 'openai', 'http://x', 1), (2, 'b', 'openai', 'http://y', 1)`);
  return store.db;
}

const count = (db: Database, table: string) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();

describe('a listing', () => {
  it('is the same after a restart', async () => {
    const db = await openDb();
    const listed = new ListedFacts(db);
    listed.note(1, [{ id: 'm', facts: { contextWindow: 9, efforts: [], sampling: false } }], 7);
    listed.note(2, [{ id: 'm', facts: { thinking: ['adaptive'] } }], 8);
    for (const facts of [listed, new ListedFacts(db)]) {
      expect(facts.of(1, 'm')).toEqual({ contextWindow: 9, efforts: [], sampling: false });
      expect(facts.of(2, 'm')).toEqual({ thinking: ['adaptive'] });
      expect(facts.of(1, 'other')).toBeUndefined();
      expect([1, 2, 3].map((id) => facts.listedAt(id))).toEqual([7, 8, null]);
    }
  });

  it('takes the place of the one before', async () => {
    const db = await openDb();
    const listed = new ListedFacts(db);
    listed.note(
      1,
      ['gone', 'mute', 'kept'].map((id) => ({ id, facts: { contextWindow: 1 } })),
      1,
    );
    listed.note(2, [{ id: 'gone', facts: { contextWindow: 2 } }], 1);
    listed.note(
      1,
      [
        { id: 'mute', facts: {} },
        { id: 'kept', facts: { contextWindow: 3 } },
      ],
      2,
    );
    for (const facts of [listed, new ListedFacts(db)]) {
      expect(['gone', 'mute', 'kept'].map((id) => facts.of(1, id))).toEqual([
        undefined,
        undefined,
        { contextWindow: 3 },
      ]);
      expect(facts.of(2, 'gone')).toEqual({ contextWindow: 2 });
    }
  });

  it('of a server gone wrong does not fill the database', async () => {
    const db = await openDb();
    const listed = new ListedFacts(db);
    const many = Array.from({ length: 20_010 }, (_, index) => ({
      id: `m${index}`,
      facts: { contextWindow: 1 },
    }));
    listed.note(1, [{ id: 'x'.repeat(201), facts: { contextWindow: 1 } }, ...many], 1);
    expect(count(db, 'listed_models')).toBe(20_000);
  });

  it('is forgotten with its provider', async () => {
    const db = await openDb();
    const listed = new ListedFacts(db);
    for (const id of [1, 2]) listed.note(id, [{ id: 'm', facts: { contextWindow: 9 } }], 7);
    listed.forget(1);
    for (const facts of [listed, new ListedFacts(db)]) {
      expect(facts.of(1, 'm')).toBeUndefined();
      expect(facts.listedAt(1)).toBeNull();
      expect(facts.of(2, 'm')).toBeDefined();
    }
    expect([count(db, 'listed_models'), count(db, 'model_listings')]).toEqual([1, 1]);
  });
});
