import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { RollUp } from '../../gateway/audit/roll-up.ts';
import { ListedFacts } from '../../gateway/catalogue/listed-facts.ts';
import { Models } from '../../gateway/catalogue/models.ts';
import { Settings } from '../../gateway/catalogue/settings.ts';
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

it('keys of before know when they were last used, and the last two days are summed by the minute', async () => {
  const dataDir = tempDir();
  const first = await openStore({ dataDir, migrationsDir: migrationsUpTo(3) });
  const now = Date.now();
  const hour = Math.floor(now / 3_600_000) * 3_600_000;
  const longAgo = hour - 400 * 86_400_000;
  first.db.exec(`
    INSERT INTO members (id, name, status, plan_id, created_at) VALUES (1, 'a', 'active', 'pro', 1);
    INSERT INTO names (id, text) VALUES (1, '10.0.0.1'), (2, '10.0.0.2'), (3, 'x');
    INSERT INTO settings (key, value) VALUES ('rolled_up_to', '3');`);
  const key = first.db.prepare(
    "INSERT INTO api_keys (id, member_id, name, kind, hash, prefix, created_at) VALUES (?, 1, 'k', 'standard', ?, 'p', 1)",
  );
  for (const id of [1, 2, 3]) key.run(id, `hash ${id}`);
  const used = first.db.prepare(
    `INSERT INTO usage_hours VALUES (1, ?, ?, 3, 0, 3, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)`,
  );
  used.run(longAgo, 2);
  used.run(hour, 1);
  const row = first.db.prepare(
    `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, status, input_tokens, cost_micros, counted)
     VALUES (?, ?, x'00', 1, 1, ?, 3, 3, ?, 5, 2, ?)`,
  );
  row.run(1, hour + 1_000, 1, 200, 1);
  row.run(2, hour + 2_000, 2, 502, 2);
  row.run(3, hour - 3 * 86_400_000, 2, 200, 1);
  row.run(4, hour + 3_000, 1, 429, 0);
  await first.close();

  const { db, close } = await openStore({ dataDir });
  onTestFinished(close);
  // Of the second key only the hour is known. The fourth row is not rolled up yet, so no sum has it.
  expect(db.prepare('SELECT last_used_at, last_address FROM api_keys ORDER BY id').raw().all()).toEqual([
    [hour + 3_000, 1],
    [longAgo, null],
    [null, null],
  ]);
  expect(db.prepare('SELECT * FROM total_minutes').raw().all()).toEqual([[hour, 2, 0, 1, 10, 4]]);
});

it('hours and rows of before come into the sums and places, some at a time', async () => {
  const dataDir = tempDir();
  const first = await openStore({ dataDir, migrationsDir: migrationsUpTo(8) });
  const hour = 500_000 * 3_600_000;
  first.db.exec(`
    INSERT INTO members (id, name, status, plan_id, created_at) VALUES (1, 'a', 'active', 'pro', 1);
    INSERT INTO names (id, text) VALUES (1, '10.0.0.1'), (2, 'curl'), (3, 'm'), (4, 'http_500');
    INSERT INTO settings (key, value) VALUES ('rolled_up_to', '300');`);
  const row = first.db.prepare(
    `INSERT INTO requests (id, at, request_id, member_id, key_id, address, tool, endpoint, model, provider_id, attempts, status, counted)
     VALUES (?, ?, x'00', 1, 1, 1, 2, 2, 3, 7, 1, 502, 2)`,
  );
  const hours = first.db.prepare(
    'INSERT INTO usage_hours VALUES (1, ?, 1, 3, 7, 2, 0, 0, 0, 0, 100, 0, 100, 5, 0, 0, 0, 9, 0)',
  );
  for (let id = 1; id <= 300; id++) row.run(id, hour + id * 36_000);
  for (const after of [0, 1, 2]) hours.run(hour + after * 3_600_000);
  first.db.exec('INSERT INTO attempts VALUES (3, 1, 7, 3, 500, 4, 1)');
  await first.close();

  const store = await openStore({ dataDir });
  onTestFinished(() => store.close());
  const settings = new Settings(store.db);
  expect(settings.get('sums_from')).toBe(hour + 3 * 3_600_000);
  expect(settings.get('located_after')).toBe(300);
  expect(settings.get('months_from')).toBe(Math.ceil((hour + 3 * 3_600_000) / 86_400_000) * 86_400_000);
  settings.set('retention_days', 36_500);
  const rollUp = new RollUp(store, { settledBelow: 301 }, settings, () => hour + 86_400_000);
  while (await rollUp.slice());
  const sum = (sql: string) => store.db.prepare(sql).raw().all();
  expect(sum('SELECT step, kept, sum(requests), sum(cost_micros) FROM usage_sums GROUP BY 1, 2')).toEqual(
    [0, 1].flatMap((step) => [0, 1, 2, 4, 8, 16, 28].map((kept) => [step, kept, 300, 27])),
  );
  expect(sum('SELECT kept, month, sum(requests), sum(cost_micros) FROM usage_months GROUP BY 1, 2')).toEqual(
    [0, 1, 2, 4, 8, 16, 28].map((kept) => [kept, Date.UTC(2027, 0, 1), 300, 27]),
  );
  expect(settings.get('months_from')).toBe(0);
  expect(
    sum('SELECT field, value, sum(rows), min(first_id), max(last_id) FROM request_hours GROUP BY 1, 2'),
  ).toEqual(
    [
      [1, 1],
      [2, 3],
      [3, 7],
      [4, 2],
      [5, 2],
      [6, 1],
      [8, 502],
    ].map((of) => [...of, 300, 1, 300]),
  );
  expect(sum('SELECT provider_id, failed, unanswered FROM failed_calls')).toEqual([[7, 1, 1]]);
});
