import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ListedFacts } from '../../gateway/catalogue/listed-facts.ts';
import { Models } from '../../gateway/catalogue/models.ts';
import { UNKNOWN_FACTS } from '../../gateway/protocols/model-facts.ts';
import { openStore } from '../../gateway/store/store.ts';
import { tempDir } from './support.ts';

const SHIPPED = join(import.meta.dirname, '../../gateway/store/migrations');

/** A folder with the migrations up to one of them. */
function migrationsUpTo(version: number): string {
  const dir = tempDir();
  const files = readdirSync(SHIPPED).filter((file) => Number(file.slice(0, 3)) <= version);
  for (const file of files) cpSync(join(SHIPPED, file), join(dir, file));
  return dir;
}

it('models of the first version are as they were, with nothing said of them', async () => {
  const dataDir = tempDir();
  const first = await openStore({ dataDir, migrationsDir: migrationsUpTo(1) });
  first.db.exec(`
    INSERT INTO providers (id, name, kind, base_url, created_at) VALUES (1, 'a', 'openai', 'http://x', 1);
    INSERT INTO models (id, multiplier, price, created_at) VALUES ('m', 1.5, '{"input":1,"output":2}', 7);
    INSERT INTO model_targets (model_id, provider_id, upstream_model, priority, weight) VALUES ('m', 1, 'up', 2, 3);
    INSERT INTO models (id, alias_of, enabled, created_at) VALUES ('alias', 'm', 0, 8);`);
  await first.close();

  const { db, close } = await openStore({ dataDir });
  onTestFinished(close);
  const models = new Models(db);
  const kept = {
    ...{ id: 'm', aliasOf: null, multiplier: 1.5, price: { input: 1, output: 2 }, facts: UNKNOWN_FACTS },
    ...{
      targets: [{ providerId: 1, upstreamModel: 'up', priority: 2, weight: 3 }],
      enabled: true,
      createdAt: 7,
    },
  };
  expect(models.get('m')).toEqual(kept);
  expect(models.get('alias')).toMatchObject({ aliasOf: 'm', enabled: false, facts: UNKNOWN_FACTS });
  models.put({ ...kept, facts: { ...UNKNOWN_FACTS, contextWindow: 8_192 } });
  expect(new Models(db).get('m')?.facts.contextWindow).toBe(8_192);

  const listed = new ListedFacts(db);
  expect(listed.listedAt(1)).toBeNull();
  listed.note(1, [{ id: 'up', facts: { contextWindow: 4_096 } }], 9);
  expect(new ListedFacts(db).of(1, 'up')).toEqual({ contextWindow: 4_096 });
});
