import { describe, expect, it, onTestFinished } from 'vitest';
import { IpBlocks } from '../../gateway/accounts/ip-blocks.ts';
import { type Database, openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

async function openDb(): Promise<Database> {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  return store.db;
}

function block(cidr: string, expiresAt: number | null = null, createdAt = 1) {
  return { cidr, reason: null, expiresAt, createdAt };
}

describe('the block list', () => {
  it('blocks its ranges until they are lifted', async () => {
    const db = await openDb();
    const blocks = new IpBlocks(db);
    expect(blocks.blocks('10.0.0.1', 5)).toBe(false);
    const { id } = blocks.add(block('10.0.0.0/8'));
    blocks.add(block('2001:db8::/32'));
    for (const list of [blocks, new IpBlocks(db)]) {
      expect(list.blocks('10.0.0.1', 5)).toBe(true);
      expect(list.blocks('::ffff:10.0.0.1', 5)).toBe(true);
      expect(list.blocks('2001:db8::9', 5)).toBe(true);
      expect(list.blocks('127.0.0.1', 5)).toBe(false);
      expect(list.blocks('in-process', 5)).toBe(false);
    }
    expect(blocks.remove(id)).toMatchObject({ cidr: '10.0.0.0/8' });
    expect(blocks.remove(id)).toBeUndefined();
    expect(blocks.blocks('10.0.0.1', 5)).toBe(false);
    expect(new IpBlocks(db).blocks('10.0.0.1', 5)).toBe(false);
    expect(blocks.blocks('2001:db8::9', 5)).toBe(true);
  });

  it('lets go of a block at the moment it expires, and of no other', async () => {
    const db = await openDb();
    const blocks = new IpBlocks(db);
    blocks.add(block('10.0.0.1', 100));
    blocks.add(block('10.0.0.2', 200));
    blocks.add(block('10.0.0.3', 100));
    blocks.add(block('10.0.0.4'));
    const held = (now: number, list = blocks) =>
      [1, 2, 3, 4].filter((end) => list.blocks(`10.0.0.${end}`, now));
    expect(held(99)).toEqual([1, 2, 3, 4]);
    expect(held(100)).toEqual([2, 4]);
    expect(blocks.list().map(({ cidr }) => cidr)).toEqual(['10.0.0.2', '10.0.0.4']);
    expect(held(100, new IpBlocks(db))).toEqual([2, 4]);
    expect(held(200)).toEqual([4]);
    expect(held(Number.MAX_SAFE_INTEGER)).toEqual([4]);
  });

  it('takes the same range again with its new reason and expiry', async () => {
    const db = await openDb();
    const blocks = new IpBlocks(db);
    const first = blocks.add(block('10.0.0.1', 100, 1));
    const second = blocks.add({ ...block('10.0.0.1', 300, 50), reason: 'again' });
    expect(second.id).toBe(first.id);
    expect(blocks.list()).toHaveLength(1);
    expect(blocks.blocks('10.0.0.1', 200)).toBe(true);
    expect(new IpBlocks(db).list()).toEqual(blocks.list());
  });
});
