import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ECHO_MODEL, type Model, Models } from '../../gateway/catalogue/models.ts';
import { UNKNOWN_FACTS } from '../../gateway/protocols/model-facts.ts';
import { type Database, openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

async function openDb(): Promise<Database> {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  store.db.exec(`INSERT INTO providers (id, name, kind, base_url, created_at)
    VALUES (1, 'a', 'openai', 'http://x', 1), (2, 'b', 'openai', 'http://y', 1)`);
  return store.db;
}

function model(id: string, some: Partial<Model> = {}): Model {
  const facts = UNKNOWN_FACTS;
  return {
    id,
    targets: [],
    aliasOf: null,
    multiplier: 1,
    price: null,
    facts,
    enabled: true,
    createdAt: 1,
    ...some,
  };
}

function target(providerId = 1, upstreamModel = 'up') {
  return { providerId, upstreamModel, priority: 0, weight: 1 };
}

describe('a model', () => {
  it('is charged by the multiplier of the alias that was asked for, where that has one of its own', async () => {
    const models = new Models(await openDb());
    const cheap = model('cheap', { targets: [target()], multiplier: 1.5 });
    const plain = model('quota/sonnet', { aliasOf: 'cheap' });
    const dear = model('quota/opus', { aliasOf: 'quota/sonnet', multiplier: 3 });
    for (const one of [cheap, plain, dear]) models.put(one);
    const multipliers = (of: Model[]) => of.map(({ id }) => models.resolve(id)?.multiplier);
    expect(multipliers([cheap, plain, dear])).toEqual([1.5, 1.5, 3]);
    expect([cheap, plain, dear].map((one) => models.multiplierOf(one))).toEqual([1.5, 1.5, 3]);
    models.put({ ...dear, multiplier: 1 });
    expect(multipliers([dear])).toEqual([1.5]);
  });

  it('ships as the echo and as aliases that are not bound yet', async () => {
    const models = new Models(await openDb());
    expect(models.resolve(ECHO_MODEL)?.served.id).toBe(ECHO_MODEL);
    const aliases = ['fast', 'balanced', 'sonnet', 'sonnet-pro', 'opus', 'opus-max'].map(
      (name) => `quota/${name}`,
    );
    for (const id of aliases) {
      expect(models.get(id)).toBeDefined();
      expect(models.resolve(id)).toBeUndefined();
    }
  });

  it('is found through a chain of aliases', async () => {
    const models = new Models(await openDb());
    models.put(model('served', { targets: [target()] }));
    models.put(model('middle', { aliasOf: 'served' }));
    models.put(model('quota/sonnet', { aliasOf: 'middle' }));
    expect(models.resolve('quota/sonnet')).toMatchObject({
      requested: 'quota/sonnet',
      served: { id: 'served' },
      ids: ['quota/sonnet', 'middle', 'served'],
    });
    expect(models.resolve('served')?.ids).toEqual(['served']);
    expect(models.resolve('nobody')).toBeUndefined();
    expect(models.countedAs('served').sort()).toEqual(['middle', 'quota/sonnet', 'served']);
    expect(models.countedAs('middle').sort()).toEqual(['middle', 'quota/sonnet']);
    expect(models.countedAs('nobody')).toEqual(['nobody']);
  });

  it.each([
    ['disabled itself', { served: { enabled: false } }],
    ['behind a disabled alias', { middle: { enabled: false } }],
    ['behind an alias that is disabled', { top: { enabled: false } }],
    ['without targets', { served: { targets: [] } }],
    ['removed', { served: null }],
  ] as [string, Record<string, Partial<Model> | null>][])('is not found when %s', async (_case, changes) => {
    const models = new Models(await openDb());
    const chain = [
      model('served', { targets: [target()] }),
      model('middle', { aliasOf: 'served' }),
      model('top', { aliasOf: 'middle' }),
    ];
    for (const one of chain) models.put(one);
    expect(models.resolve('top')).toBeDefined();
    for (const one of chain) {
      const change = changes[one.id];
      if (change === null) models.remove(one.id);
      else if (change !== undefined) models.put({ ...one, ...change });
    }
    expect(models.resolve('top')).toBeUndefined();
  });

  it('is served and counted by the same chain, whatever the chains and circles', async () => {
    const db = await openDb();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const links = fc.tuple(
      ...ids.map(() => fc.record({ to: fc.option(fc.constantFrom(...ids)), enabled: fc.boolean() })),
    );
    fc.assert(
      fc.property(links, (chosen) => {
        const models = new Models(db);
        chosen.forEach(({ to, enabled }, index) => {
          const id = ids[index] as string;
          models.put(model(id, { aliasOf: to, enabled, targets: to === null ? [target()] : [] }));
        });
        for (const id of ids) {
          const found = models.resolve(id);
          if (found === undefined) continue;
          expect(found.served.aliasOf).toBeNull();
          expect(new Set(found.ids).size).toBe(found.ids.length);
          expect(found.ids.every((passed) => models.get(passed)?.enabled)).toBe(true);
          // A limit on any id on the way counts this request, before and after a restart.
          for (const passed of found.ids) expect(models.countedAs(passed)).toContain(id);
        }
        for (const id of ids) {
          const counted = models.countedAs(id);
          expect(counted[0]).toBe(id);
          expect(new Set(counted).size).toBe(counted.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stands behind its aliases, whether or not it can serve', async () => {
    const models = new Models(await openDb());
    const served = model('served', { enabled: false });
    const top = model('top', { aliasOf: 'middle' });
    for (const one of [served, model('middle', { aliasOf: 'served' }), top]) models.put(one);
    expect(models.behind(top)).toEqual(served);
    expect(models.behind(served)).toEqual(served);
    models.put(model('middle', { aliasOf: 'top' }));
    expect(['top', 'middle']).toContain(models.behind(top).id);
    models.remove('middle');
    expect(models.behind(top)).toEqual(top);
  });

  it('is the same after a restart', async () => {
    const db = await openDb();
    const models = new Models(db);
    const full = model('full', {
      targets: [
        { ...target(1, 'x'), weight: 3 },
        { ...target(2, 'y'), priority: 1 },
      ],
      multiplier: 1.5,
      price: { input: 3_000_000, output: 15_000_000, cacheRead: 300_000 },
      facts: { ...UNKNOWN_FACTS, contextWindow: 32_000, efforts: [], sampling: false },
      createdAt: 7,
    });
    models.put(full);
    models.put({ ...full, targets: [target(2, 'z')] });
    models.put(full);
    models.put(model('off', { enabled: false }));
    expect(new Models(db).get('full')).toEqual(full);
    expect(new Models(db).get('off')).toEqual(models.get('off'));
    models.remove('full');
    expect(new Models(db).get('full')).toBeUndefined();
    expect(db.prepare('SELECT count(*) FROM model_targets').pluck().get()).toBe(0);
  });

  it('keeps its targets and its aliases under a new name', async () => {
    const db = await openDb();
    const models = new Models(db);
    models.put(model('old', { targets: [target()] }));
    models.put(model('alias', { aliasOf: 'old' }));
    models.rename('old', 'new');
    for (const list of [models, new Models(db)]) {
      expect(list.get('old')).toBeUndefined();
      expect(list.resolve('new')?.served.targets).toEqual([target()]);
      expect(list.resolve('alias')?.ids).toEqual(['alias', 'new']);
    }
  });

  it('loses the targets of a deleted provider', async () => {
    const db = await openDb();
    const models = new Models(db);
    models.put(model('m', { targets: [target(1), target(2)] }));
    models.dropProvider(1);
    expect(models.get('m')?.targets).toEqual([target(2)]);
    expect(new Models(db).get('m')?.targets).toEqual([target(2)]);
  });
});
