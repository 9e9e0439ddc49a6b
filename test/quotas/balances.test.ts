import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type BalanceNeed, Balances, type Hold } from '../../gateway/quotas/balances.ts';
import { type Database, openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

/** A request that nothing less would do for. */
function all(tokens: number, micros: number): BalanceNeed {
  const needed = { tokens, micros };
  return { most: needed, least: needed };
}

async function openDb(dir = tempDir()): Promise<Database> {
  const store = await openStore({ dataDir: dir });
  onTestFinished(() => store.close());
  store.db.exec(`INSERT INTO members (id, name, status, plan_id, created_at)
    VALUES (1, 'a', 'active', 'pro', 1), (2, 'b', 'active', 'pro', 1)`);
  return store.db;
}

describe('a balance', () => {
  it('is what the ledger sums to, also after a restart', async () => {
    const db = await openDb();
    const balances = new Balances(db);
    expect(balances.of(1)).toEqual({ tokens: 0, micros: 0 });
    expect(balances.grant(1, { tokens: 1_000, micros: 0 }, 'welcome', 5)).toEqual({
      tokens: 1_000,
      micros: 0,
    });
    balances.grant(1, { tokens: 0, micros: 2_000_000 }, null, 6);
    const charge = {
      memberId: 1,
      at: 7,
      kind: 'charge' as const,
      tokens: -300,
      micros: 0,
      request: 9,
      note: null,
    };
    balances.write(charge);
    balances.remember(charge);
    expect(balances.of(1)).toEqual({ tokens: 700, micros: 2_000_000 });
    expect(balances.of(2)).toEqual({ tokens: 0, micros: 0 });

    const again = new Balances(db);
    expect(again.of(1)).toEqual({ tokens: 700, micros: 2_000_000 });
    expect(again.entries(1, 2, 0)).toMatchObject([
      { kind: 'charge', tokens: -300, request: 9 },
      { kind: 'grant', micros: 2_000_000 },
    ]);
    expect(again.entries(1, 2, 2)).toMatchObject([{ kind: 'grant', note: 'welcome', at: 5 }]);
  });

  it('holds money where the tokens do not cover a request, and nothing where neither does', async () => {
    const balances = new Balances(await openDb());
    balances.grant(1, { tokens: 100, micros: 50 }, null, 1);
    expect(balances.hold(1, all(101, 51))).toBeNull();
    expect(balances.hold(1, all(101, 50))).toMatchObject({
      paidFrom: 'micros',
      tokens: 0,
      micros: 50,
    });
    expect(balances.hold(1, all(100, 50))).toMatchObject({
      paidFrom: 'tokens',
      tokens: 100,
      micros: 0,
    });
    expect(balances.hold(1, all(1, 1))).toBeNull();
    expect(balances.hold(2, all(0, 0))).toBeNull();
  });

  it('gives a request that can do with less what is free, and tells what is held', async () => {
    const balances = new Balances(await openDb());
    balances.grant(1, { tokens: 100, micros: 0 }, null, 1);
    const some = { most: { tokens: 80, micros: 0 }, least: { tokens: 10, micros: 0 } };
    const first = balances.hold(1, some);
    expect(first).toMatchObject({ tokens: 80 });
    expect(balances.hold(1, some)).toMatchObject({ tokens: 20 });
    expect(balances.hold(1, some)).toBeNull();
    expect(balances.heldOf(1)).toEqual({ tokens: 100, micros: 0 });
    balances.release(first as Hold);
    expect(balances.heldOf(1)).toEqual({ tokens: 20, micros: 0 });
  });

  it.each([
    ['covers it', 100, 90, 30, 90],
    ['is passed by the output alone', 100, 120, 30, 120],
    ['would be passed by more than the output', 100, 150, 30, 130],
    ['is below zero by as much already', -30, 50, 30, 0],
    ['is below zero by more', -40, 50, 30, 0],
  ])('charges what was used where the balance %s', async (_name, granted, used, output, charged) => {
    const balances = new Balances(await openDb());
    balances.remember({
      ...{ memberId: 1, at: 1, kind: 'grant', tokens: granted, micros: granted, request: null, note: null },
    });
    for (const paidFrom of ['tokens', 'micros'] as const)
      expect(balances.chargeable({ memberId: 1, paidFrom }, used, output)).toBe(charged);
  });

  it('is never held twice, and never below zero by more than what one request used beyond its hold', async () => {
    const db = await openDb();
    const action = fc.oneof(
      fc.record({ kind: fc.constant('hold' as const), tokens: fc.nat(200), micros: fc.nat(200) }),
      fc.record({
        kind: fc.constant('end' as const),
        which: fc.nat(),
        share: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      fc.record({ kind: fc.constant('grant' as const), tokens: fc.nat(100), micros: fc.nat(100) }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        db.exec('DELETE FROM ledger_entries; DELETE FROM balances');
        const balances = new Balances(db);
        balances.grant(1, { tokens: 500, micros: 500 }, null, 1);
        const held: Hold[] = [];
        for (const one of actions) {
          if (one.kind === 'grant') balances.grant(1, { tokens: one.tokens, micros: one.micros }, null, 1);
          else if (one.kind === 'hold') {
            const hold = balances.hold(1, all(one.tokens, one.micros));
            if (hold !== null) held.push(hold);
          } else if (held.length > 0) {
            const [hold] = held.splice(one.which % held.length, 1) as [Hold];
            balances.release(hold);
            const spent = (amount: number) => -Math.floor(amount * one.share);
            const charge = {
              memberId: 1,
              at: 1,
              kind: 'charge' as const,
              tokens: spent(hold.tokens),
              micros: spent(hold.micros),
              request: 1,
              note: null,
            };
            balances.write(charge);
            balances.remember(charge);
          }
          const { tokens, micros } = balances.of(1);
          expect(tokens).toBeGreaterThanOrEqual(held.reduce((sum, hold) => sum + hold.tokens, 0));
          expect(micros).toBeGreaterThanOrEqual(held.reduce((sum, hold) => sum + hold.micros, 0));
        }
        expect(new Balances(db).of(1)).toEqual(balances.of(1));
        const sum = db
          .prepare('SELECT sum(tokens) AS tokens, sum(micros) AS micros FROM ledger_entries')
          .get();
        expect(sum).toEqual(balances.of(1));
      }),
      { numRuns: 40 },
    );
  });
});
