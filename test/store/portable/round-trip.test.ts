import { copyFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportFolder } from '../../../gateway/store/portable/export.ts';
import { ImportRefused, importInto } from '../../../gateway/store/portable/import.ts';
import { LEFT_OUT, PORTABLE_TABLES } from '../../../gateway/store/portable/tables.ts';
import { type Database, openStore } from '../../../gateway/store/store.ts';
import { tempDir } from '../support.ts';

const MIGRATIONS = join(import.meta.dirname, '../../../gateway/store/migrations');
const NOW = Date.parse('2026-11-26T12:00:00Z');

async function lines(dataDir: string, audit = true): Promise<string[]> {
  const written: string[] = [];
  await exportFolder(dataDir, { audit, now: NOW }, (line) => void written.push(line));
  return written;
}

async function* each(written: readonly string[]): AsyncGenerator<string> {
  yield* written;
}

const take = (dataDir: string, written: readonly string[], replace = false) =>
  importInto(dataDir, each(written), { replace, now: NOW });

/** A folder whose database `fill` has filled; closed again. */
async function folderWith(fill: (db: Database) => void): Promise<string> {
  const dataDir = tempDir();
  const store = await openStore({ dataDir });
  fill(store.db);
  await store.close();
  return dataDir;
}

const OWNER = `INSERT INTO members (id, name, status, plan_id, owner, created_at)
  VALUES (1, 'You', 'active', 'enterprise', 1, 1)`;

const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((value) => value.toWellFormed().replaceAll('\0', ''));
const whole = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

const content = fc.record({
  members: fc.uniqueArray(
    fc.record({ id: fc.integer({ min: 2, max: 1_000_000 }), name: text, ips: fc.option(fc.array(text)) }),
    { selector: ({ id }) => id, maxLength: 5 },
  ),
  settings: fc.uniqueArray(fc.tuple(text, fc.json()), { selector: ([key]) => key, maxLength: 5 }),
  names: fc.uniqueArray(text, { maxLength: 8 }),
  grants: fc.array(fc.record({ tokens: fc.integer({ min: 0, max: 1e12 }), note: fc.option(text) }), {
    maxLength: 5,
  }),
  multipliers: fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 4 }),
  requests: fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 1e9 }),
      bytes: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      at: whole,
    }),
    { selector: ({ id }) => id, maxLength: 5 },
  ),
});

function fillWith(db: Database, made: typeof content extends fc.Arbitrary<infer T> ? T : never): void {
  db.exec(OWNER);
  const member = db.prepare(
    `INSERT INTO members (id, name, status, plan_id, allowed_ips, created_at) VALUES (?, ?, 'pending', 'pro', ?, 5)`,
  );
  for (const { id, name, ips } of made.members)
    member.run(id, name, ips === null ? null : JSON.stringify(ips));
  const setting = db.prepare('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)');
  for (const [key, value] of made.settings) setting.run(`x ${key}`, value);
  for (const name of made.names) db.prepare('INSERT OR IGNORE INTO names (text) VALUES (?)').run(name);
  db.prepare('INSERT INTO names (id, text) VALUES (999999, ?)').run('a name of the test');
  const grant = db.prepare(
    `INSERT INTO ledger_entries (member_id, at, kind, tokens, note) VALUES (1, 1, 'grant', ?, ?)`,
  );
  for (const { tokens, note } of made.grants) grant.run(tokens, note);
  const sum = made.grants.reduce((all, { tokens }) => all + tokens, 0);
  db.prepare('INSERT INTO balances (member_id, tokens, micros) VALUES (1, ?, 0)').run(sum);
  for (const [index, multiplier] of made.multipliers.entries())
    db.prepare('INSERT INTO models (id, multiplier, created_at) VALUES (?, ?, 1)').run(
      `m/${index}`,
      multiplier,
    );
  const request = db.prepare(
    `INSERT INTO requests (id, at, request_id, address, tool, endpoint, status) VALUES (?, ?, ?, 999999, 999999, 999999, 200)`,
  );
  for (const { id, at, bytes } of made.requests) request.run(id, at, Buffer.from(bytes));
}

/** Every row of every table that goes along, but the columns that do not. */
async function dump(dataDir: string): Promise<Record<string, unknown[]>> {
  const store = await openStore({ dataDir });
  try {
    const all: Record<string, unknown[]> = {};
    for (const { name } of PORTABLE_TABLES) {
      const rows = store.db.prepare(`SELECT * FROM ${name} ORDER BY 1, 2`).all() as Record<string, unknown>[];
      all[name] = name === 'settings' ? rows.filter(({ key }) => key !== 'vault_scope') : rows;
    }
    return all;
  } finally {
    await store.close();
  }
}

it('what is exported and imported is what was there, whatever it was', async () => {
  await fc.assert(
    fc.asyncProperty(content, async (made) => {
      const source = await folderWith((db) => fillWith(db, made));
      const target = tempDir();
      const written = await lines(source);
      const report = await take(target, written);
      expect(report.kept).toBeNull();
      expect(await dump(target)).toEqual(await dump(source));
      expect((await lines(target)).slice(1)).toEqual(written.slice(1));
    }),
    { numRuns: 12 },
  );
}, 120_000);

it('every table either goes along or stays for a reason', async () => {
  const dataDir = tempDir();
  const store = await openStore({ dataDir });
  const tables = store.db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  await store.close();
  const known = new Set([...PORTABLE_TABLES.map(({ name }) => name), ...Object.keys(LEFT_OUT)]);
  expect(tables.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  const there = new Set(tables.map(({ name }) => name));
  expect(PORTABLE_TABLES.map(({ name }) => name).filter((name) => !there.has(name))).toEqual([]);
});

it('secrets’ places stay, and their owners are named', async () => {
  const source = await folderWith((db) => {
    db.exec(OWNER);
    db.exec(`INSERT INTO providers (name, kind, base_url, credential_stored, created_at) VALUES
      ('OpenAI', 'openai', 'https://api.openai.example', 1, 1), ('Ollama', 'ollama', 'http://127.0.0.1:1', 0, 1)`);
    db.exec(`INSERT INTO settings VALUES ('vault_scope', '"abc"'), ('alert_webhook', '{"url":"https://x"}')`);
    db.exec(`INSERT INTO billing_account (id, mode, webhook, public_url, invoices, portal, stored_at)
      VALUES (1, 'live', 0, NULL, 0, NULL, 1)`);
  });
  const written = await lines(source);
  expect(written.join('\n')).not.toMatch(/abc|https:\/\/x|billing_account/);
  const target = tempDir();
  expect(await take(target, written)).toMatchObject({
    credentials: ['OpenAI'],
    setUpAgain: ['the Stripe key (Settings, Billing)', 'the webhook for alerts (ntl alerts webhook)'],
  });
  const rows = (await dump(target)).providers as { credential_stored: number }[];
  expect(rows.map(({ credential_stored: stored }) => stored)).toEqual([0, 0]);
});

it('without the audit log, rows that are in no sum yet go along, and ids go on', async () => {
  const source = await folderWith((db) => {
    db.exec(OWNER);
    db.exec(`INSERT INTO names (id, text) VALUES (1, 'x')`);
    db.exec(`INSERT INTO settings VALUES ('rolled_up_to', '2')`);
    const row = db.prepare(
      `INSERT INTO requests (id, at, request_id, address, tool, endpoint, status) VALUES (?, 1, x'00', 1, 1, 1, 200)`,
    );
    for (const id of [1, 2, 3]) row.run(id);
    db.exec(`INSERT INTO members (name, status, plan_id, created_at) VALUES ('gone', 'active', 'pro', 1)`);
    db.exec(`DELETE FROM members WHERE name = 'gone'`);
  });
  const target = tempDir();
  await take(target, await lines(source, false));
  const { requests } = await dump(target);
  expect((requests as { id: number }[]).map(({ id }) => id)).toEqual([3]);
  const store = await openStore({ dataDir: target });
  const { lastInsertRowid } = store.db
    .prepare(`INSERT INTO members (name, status, plan_id, created_at) VALUES ('next', 'active', 'pro', 1)`)
    .run();
  await store.close();
  expect(lastInsertRowid).toBe(3);
});

describe('an import', () => {
  const whole = async () => lines(await folderWith((db) => db.exec(OWNER)));

  it.each<[string, (written: string[]) => string[], RegExp]>([
    ['nothing', () => [], /no export/],
    ['something else', () => ['{"a":1}'], /no export/],
    ['no JSON', () => ['members,id'], /no export/],
    [
      'a newer format',
      ([head = '', ...rest]) => [head.replace('"version":1', '"version":2'), ...rest],
      /newer release/,
    ],
    [
      'a newer schema',
      ([head = '', ...rest]) => [head.replace(/"schema":\d+/, '"schema":9999'), ...rest],
      /newer release/,
    ],
    ['half of one', (written) => written.slice(0, -1), /its end is missing/],
    ['one without a row', (written) => written.toSpliced(2, 1), /damaged/],
    ['one with a changed row', (written) => written.map((line) => line.replace('"You"', '"Eve"')), /damaged/],
    ['one with more behind it', (written) => [...written, '{}'], /damaged/],
    ['a broken line', (written) => written.with(2, '{"table":'), /damaged in line 3/],
    [
      'a table of its own',
      (written) => written.with(1, '{"table":"sqlite_schema","row":{"name":"x"}}'),
      /nothing to import/,
    ],
    [
      'a column of its own',
      (written) => written.with(1, '{"table":"plans","row":{"id) SELECT 1; --":"x"}}'),
      /does not fit/,
    ],
    [
      'a value of a wrong kind',
      (written) => written.with(1, '{"table":"plans","row":{"id":[]}}'),
      /does not fit/,
    ],
  ])('of %s is refused, and leaves nothing behind', async (_what, spoil, message) => {
    const target = await folderWith(() => undefined);
    const before = readFileSync(join(target, 'ntl.db'));
    const wrong = take(target, spoil(await whole()));
    await expect(wrong).rejects.toThrow(message);
    await expect(wrong).rejects.toBeInstanceOf(ImportRefused);
    expect(readFileSync(join(target, 'ntl.db')).equals(before)).toBe(true);
  });

  it('takes the place of nothing that is in use, unless it is told to; then that is a backup', async () => {
    const target = await folderWith((db) => {
      db.exec(OWNER);
      db.exec(`INSERT INTO members (name, status, plan_id, created_at) VALUES ('Mia', 'active', 'pro', 1)`);
    });
    await expect(take(target, await whole())).rejects.toThrow('With --replace');
    expect((await take(target, await whole(), true)).kept).toMatch(/^the backup .*-replaced$/);
    expect((await dump(target)).members).toHaveLength(1);
    const store = await openStore({ dataDir: target });
    expect(store.restores.list().some(({ replaced }) => replaced)).toBe(true);
    await store.close();
  });

  it('waits for no gateway that runs there', async () => {
    const target = tempDir();
    const store = await openStore({ dataDir: target });
    await expect(take(target, await whole())).rejects.toThrow('already running');
    await store.close();
  });

  it('of an older schema is brought up to date as an upgrade would', async () => {
    // As a release with the first migration alone would have written it.
    const files = readdirSync(MIGRATIONS).toSorted();
    const first = join(tempDir(), 'migrations');
    mkdirSync(first);
    copyFileSync(join(MIGRATIONS, files[0] ?? ''), join(first, files[0] ?? ''));
    const source = tempDir();
    const store = await openStore({ dataDir: source, migrationsDir: first });
    store.db.exec(OWNER);
    store.db.exec(`INSERT INTO api_keys (member_id, name, kind, hash, prefix, created_at)
      VALUES (1, 'old', 'standard', 'h', 'ntl_live_abcdef', 1)`);
    await store.close();
    const target = tempDir();
    await take(target, await lines(source));
    const { api_keys: keys } = await dump(target);
    expect(keys).toMatchObject([{ name: 'old', hash: 'h', tunnel: 0, last_used_at: null }]);
  });
});
