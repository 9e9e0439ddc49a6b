import { describe, expect, it, onTestFinished } from 'vitest';
import { type Member, Members } from '../../gateway/accounts/members.ts';
import { Plans } from '../../gateway/accounts/plans.ts';
import { type Database, openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

const FACTS: Omit<Member, 'id'> = {
  name: 'Ada',
  email: null,
  status: 'active',
  planId: 'pro',
  allowedModels: null,
  allowedIps: null,
  prepaid: false,
  selfService: true,
  owner: false,
  createdAt: 5,
};

async function openDb(): Promise<Database> {
  const store = await openStore({ dataDir: tempDir() });
  onTestFinished(() => store.close());
  return store.db;
}

describe('a member', () => {
  it('is the same after a restart', async () => {
    const db = await openDb();
    const members = new Members(db);
    const ada = members.create(FACTS);
    const full = {
      ...FACTS,
      name: 'Bo',
      email: 'bo@example.org',
      allowedModels: ['a', 'b'],
      allowedIps: ['10.0.0.0/8'],
      prepaid: true,
      owner: true,
    };
    const bo = members.create(full);
    const changed = members.update(ada.id, { status: 'suspended', allowedModels: [], selfService: false });
    expect(changed).toEqual({ ...ada, status: 'suspended', allowedModels: [], selfService: false });
    expect(members.update(99, { name: 'x' })).toBeUndefined();

    const again = new Members(db);
    expect(again.list()).toEqual(members.list());
    expect(again.get(ada.id)).toEqual(changed);
    expect(again.owner()).toEqual(bo);
    expect(bo).toEqual({ ...full, id: bo.id });
  });

  it('that was removed is gone, and its number is not given out again', async () => {
    const db = await openDb();
    const members = new Members(db);
    const first = members.create(FACTS);
    expect(members.remove(first.id, 9)).toEqual(first);
    expect(members.remove(first.id, 9)).toBeUndefined();
    expect(members.get(first.id)).toBeUndefined();
    const again = new Members(db);
    expect(again.list()).toEqual([]);
    expect(again.create(FACTS).id).toBeGreaterThan(first.id);
  });

  it('may call from the addresses it is allowed', async () => {
    const members = new Members(await openDb());
    const free = members.create(FACTS);
    const bound = members.create({ ...FACTS, allowedIps: ['192.168.0.0/16', '2001:db8::/32', '::1'] });
    const nowhere = members.create({ ...FACTS, allowedIps: [] });
    expect(members.allowsAddress(free, '203.0.113.9')).toBe(true);
    for (const address of ['192.168.3.4', '::ffff:192.168.3.4', '2001:db8::5', '::1']) {
      expect(members.allowsAddress(bound, address)).toBe(true);
    }
    for (const address of ['127.0.0.1', '192.169.0.1', '2001:db9::1', 'in-process']) {
      expect(members.allowsAddress(bound, address)).toBe(false);
    }
    expect(members.allowsAddress(nowhere, '127.0.0.1')).toBe(false);
  });

  it('whose list was changed is held to the new one at once', async () => {
    const members = new Members(await openDb());
    const { id } = members.create({ ...FACTS, allowedIps: ['10.0.0.1'] });
    const allows = (address: string) => members.allowsAddress(members.get(id) as Member, address);
    expect([allows('10.0.0.1'), allows('10.0.0.2')]).toEqual([true, false]);
    members.update(id, { allowedIps: ['10.0.0.2'] });
    expect([allows('10.0.0.1'), allows('10.0.0.2')]).toEqual([false, true]);
    members.update(id, { allowedIps: null });
    expect([allows('10.0.0.1'), allows('10.0.0.2')]).toEqual([true, true]);
  });
});

describe('a plan', () => {
  it('ships with its page size and history, and can be changed', async () => {
    const db = await openDb();
    const plans = new Plans(db);
    const facts = (id: string) => [plans.get(id)?.pageSizeCap, plans.get(id)?.historyDays];
    expect(['free', 'pro', 'enterprise'].map(facts)).toEqual([
      [50, 7],
      [100, 30],
      [100, 2_557],
    ]);
    plans.put({ id: 'pro', name: 'Pro+', pageSizeCap: 20, historyDays: 3, priceMicros: 9_000_000 });
    plans.put({ id: 'own', name: 'Own', pageSizeCap: 10, historyDays: 1, priceMicros: 0 });
    const sorted = (list: { id: string }[]) => [...list].sort((a, b) => a.id.localeCompare(b.id));
    expect(sorted(new Plans(db).list())).toEqual(sorted(plans.list()));
    expect(new Plans(db).get('pro')).toMatchObject({ name: 'Pro+', pageSizeCap: 20, priceMicros: 9_000_000 });
  });
});
