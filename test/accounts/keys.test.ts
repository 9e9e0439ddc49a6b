import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Keys } from '../../gateway/accounts/keys.ts';
import { openStore, type Store } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

async function open(dir: string): Promise<Store> {
  const store = await openStore({ dataDir: dir });
  onTestFinished(() => store.close());
  store.db.exec(`INSERT OR IGNORE INTO members (id, name, status, plan_id, created_at)
    VALUES (1, 'a', 'active', 'pro', 1), (2, 'b', 'active', 'pro', 1)`);
  return store;
}

function wanted(memberId = 1, name = 'laptop') {
  return { memberId, name, kind: 'standard' as const, expiresAt: null, now: 1_000 };
}

/** Every byte that the folder holds, log and backups included. */
function everything(dir: string): Buffer {
  const files = readdirSync(dir, { recursive: true }).map((name) => join(dir, String(name)));
  return Buffer.concat(files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)));
}

describe('a key', () => {
  it('has 40 letters and digits that no other has', async () => {
    const keys = new Keys((await open(tempDir())).db);
    const made = Array.from({ length: 200 }, () => keys.create(wanted()).plaintext);
    for (const plaintext of made) expect(plaintext).toMatch(/^ntl_live_[A-Za-z0-9]{40}$/);
    expect(new Set(made).size).toBe(200);
    const seen = new Set(made.flatMap((plaintext) => [...plaintext.slice(9)]));
    expect(seen.size).toBe(62);
  });

  it('is stored as its hash and its first letters alone', async () => {
    const dir = tempDir();
    const store = await open(dir);
    const { key, plaintext } = new Keys(store.db).create(wanted());
    store.db.pragma('wal_checkpoint(PASSIVE)');
    const bytes = everything(dir);
    expect(bytes.includes(plaintext)).toBe(false);
    expect(bytes.includes(plaintext.slice(9))).toBe(false);
    expect(bytes.includes(plaintext.slice(15, 35))).toBe(false);
    expect(bytes.includes(createHash('sha256').update(plaintext).digest('hex'))).toBe(true);
    expect(key.prefix).toBe(plaintext.slice(0, 15));
    expect(JSON.stringify(key)).not.toContain(plaintext.slice(15));
  });

  it('is found by its plaintext alone', async () => {
    const keys = new Keys((await open(tempDir())).db);
    const { key, plaintext } = keys.create(wanted());
    expect(keys.byPlaintext(plaintext)).toBe(key);
    for (const wrong of [
      '',
      'ntl_live_',
      plaintext.slice(0, -1),
      `${plaintext} `,
      plaintext.toUpperCase(),
      key.prefix,
    ]) {
      expect(keys.byPlaintext(wrong)).toBeUndefined();
    }
  });

  it('stays revoked from the first time on, also after a restart', async () => {
    const dir = tempDir();
    const first = await open(dir);
    const before = new Keys(first.db);
    const { key, plaintext } = before.create({ ...wanted(), kind: 'subscription', expiresAt: 9_000 });
    const other = before.create(wanted(2, 'other'));
    expect(before.revoke(key.id, 2_000)?.revokedAt).toBe(2_000);
    expect(before.revoke(key.id, 3_000)?.revokedAt).toBe(2_000);
    expect(before.revoke(99, 3_000)).toBeUndefined();
    await first.close();

    const after = new Keys((await open(dir)).db);
    expect(after.byPlaintext(plaintext)).toEqual({
      id: key.id,
      memberId: 1,
      name: 'laptop',
      kind: 'subscription',
      prefix: plaintext.slice(0, 15),
      createdAt: 1_000,
      expiresAt: 9_000,
      revokedAt: 2_000,
      tunnel: false,
    });
    expect(after.byPlaintext(other.plaintext)?.revokedAt).toBeNull();
    expect(after.ofMember(2).map(({ name }) => name)).toEqual(['other']);
    expect(after.list()).toEqual(before.list());
    expect(after.get(key.id)).toEqual(key);
  });
});
