import { cpSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { LedgerAudit } from '../../gateway/audit/ledger-audit.ts';
import { Names } from '../../gateway/audit/names.ts';
import { RequestLog } from '../../gateway/audit/request-log.ts';
import { chargeInterrupted, settleBalance } from '../../gateway/pipeline/settle-balance.ts';
import { type Balance, Balances, type Hold } from '../../gateway/quotas/balances.ts';
import { openStore, type Store } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';
import { outcome, used } from './books.ts';

const MEMBERS = [1, 2];

interface Running {
  row: number;
  hold: Hold;
}

interface Use {
  input: number;
  output: number;
}

/** Ledger and audit log on a real store, put together as the gateway does. */
class Bank {
  readonly store: Store;
  readonly dir: string;
  readonly balances: Balances;
  readonly log: RequestLog;
  readonly running: Running[] = [];

  private constructor(store: Store, dir: string) {
    this.store = store;
    this.dir = dir;
    this.balances = new Balances(store.db);
    this.log = new RequestLog(store, new Names(store.db), (request) =>
      chargeInterrupted(this.balances, request, 9),
    );
  }

  static async open(dir: string): Promise<Bank> {
    const store = await openStore({ dataDir: dir });
    store.db.exec(`INSERT OR IGNORE INTO members (id, name, status, plan_id, created_at)
      VALUES (1, 'a', 'active', 'pro', 1), (2, 'b', 'active', 'pro', 1)`);
    return new Bank(store, dir);
  }

  /** @returns whether it was admitted */
  async reserve(memberId: number, most: Balance, least: Balance): Promise<boolean> {
    const hold = this.balances.hold(memberId, { most, least });
    if (hold === null) return false;
    const reserved = used({ chargedTokens: hold.tokens, costMicros: hold.micros, estimated: true });
    const facts = {
      ...{ at: 1, requestId: '01a1fd11-a70a-73d7-92ce-5ddc536ad2d2', memberId, keyId: 1, address: 'a' },
      ...{ tool: 't', endpoint: 'chat' as const, model: 'm', streamed: false, multiplier: 1 },
    };
    this.running.push({ row: await this.log.open(facts, reserved, hold.paidFrom), hold });
    return true;
  }

  /** @returns once it is on disk; a kill may come before */
  settle(
    { row, hold }: Running,
    { input, output }: Use,
    failed: boolean,
  ): { done: Promise<void>; told: number } {
    const both = (amount: number) => ({ tokens: amount, micros: amount });
    const use = { all: both(input + output), output: both(output) };
    const charge = settleBalance(this.balances, hold, use, { row, at: 5, failed });
    const charged = { chargedTokens: charge.tokens, costMicros: failed ? 0 : input + output };
    const done = this.log.settle(row, outcome(used(charged), failed ? 'minute' : 'everywhere'), charge.write);
    return { done, told: charge.tokens };
  }

  /** What is on disk now, as a kill leaves it, in a folder of its own. */
  killed(): string {
    const dir = tempDir();
    for (const suffix of ['', '-wal']) cpSync(`${this.dir}/ntl.db${suffix}`, `${dir}/ntl.db${suffix}`);
    return dir;
  }

  sums(memberId: number): Balance {
    return this.store.db
      .prepare<[number], Balance>(
        'SELECT ifnull(sum(tokens), 0) AS tokens, ifnull(sum(micros), 0) AS micros FROM ledger_entries WHERE member_id = ?',
      )
      .get(memberId) as Balance;
  }

  async close(): Promise<void> {
    this.log.close();
    await this.store.close();
  }
}

const banks: Bank[] = [];
afterEach(async () => {
  for (const bank of banks.splice(0)) await bank.close();
});

async function open(dir: string): Promise<Bank> {
  const bank = await Bank.open(dir);
  banks.push(bank);
  return bank;
}

const amount = fc.nat(120);
const use = fc.record({ input: fc.nat(300), output: fc.nat(30) });
const action = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      memberId: fc.constantFrom(...MEMBERS),
      most: amount,
      leastShare: fc.constantFrom(1, 1, 0.2),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('settle' as const), which: fc.nat(), use }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refund' as const), which: fc.nat(), use }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('grant' as const),
      memberId: fc.constantFrom(...MEMBERS),
      tokens: fc.nat(100),
      micros: fc.nat(100),
    }),
  },
  // A kill comes with commits that wait, a stop with none.
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('kill' as const), waits: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const) }) },
);

describe('a ledger', () => {
  it('sums to the balance, and holds each request once, whatever ends how and when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        let bank = await open(tempDir());
        let largestOutput = 0;
        for (const memberId of MEMBERS) bank.balances.grant(memberId, { tokens: 200, micros: 100 }, null, 1);
        for (const one of actions) {
          if (one.kind === 'reserve') {
            const most = { tokens: one.most, micros: one.most };
            const least = Math.ceil(one.most * one.leastShare);
            await bank.reserve(one.memberId, most, { tokens: least, micros: least });
          } else if (one.kind === 'grant') {
            bank.balances.grant(one.memberId, one, null, 1);
          } else if (one.kind === 'kill' || one.kind === 'stop') {
            if (one.kind === 'kill' && one.waits) {
              for (const running of bank.running.splice(0, 2))
                bank.settle(running, { input: 1, output: 1 }, false).done.catch(() => undefined);
            }
            const dir = one.kind === 'kill' ? bank.killed() : bank.dir;
            banks.splice(banks.indexOf(bank), 1);
            await bank.close();
            bank = await open(dir);
            expect(interrupted(bank)).toEqual([]);
          } else if (bank.running.length > 0) {
            const [running] = bank.running.splice(one.which % bank.running.length, 1) as [Running];
            const failed = one.kind === 'refund';
            if (!failed) largestOutput = Math.max(largestOutput, one.use.output);
            const { done, told } = bank.settle(running, one.use, failed);
            await done;
            expect(booked(bank, running.row).tokens).toBe(told);
          }
          for (const memberId of MEMBERS) {
            const balance = bank.balances.of(memberId);
            expect(balance).toEqual(bank.sums(memberId));
            expect(balance.tokens).toBeGreaterThanOrEqual(-largestOutput);
            expect(balance.micros).toBeGreaterThanOrEqual(-largestOutput);
          }
        }
        expect(await new LedgerAudit(bank.store.db, () => 1).check()).toMatchObject({ balanced: true });
        expectBookedOnce(bank);
        banks.splice(banks.indexOf(bank), 1);
        await bank.close();
      }),
      { numRuns: 60 },
    );
  });
});

/** Rows that run although nobody runs them. */
function interrupted(bank: Bank): unknown[] {
  return bank.store.db.prepare('SELECT id FROM requests WHERE status = 0').all();
}

/** What all of a request's entries together took. */
function booked(bank: Bank, row: number): Balance {
  return bank.store.db
    .prepare<[number], Balance>(
      'SELECT -ifnull(sum(tokens), 0) AS tokens, -ifnull(sum(micros), 0) AS micros FROM ledger_entries WHERE request = ?',
    )
    .get(row) as Balance;
}

/** Of a request that ended there is one charge at most, as large as its row says, or a charge and its refund. */
function expectBookedOnce(bank: Bank): void {
  const entries = bank.store.db
    .prepare<
      [],
      { status: number; charges: number; refunds: number; sum: number; charged: number; paid: number }
    >(
      `SELECT r.status, r.paid_from AS paid, r.charged_tokens AS charged, -sum(l.tokens) AS sum,
         sum(l.kind = 'charge') AS charges, sum(l.kind = 'refund') AS refunds
       FROM ledger_entries l JOIN requests r ON r.id = l.request GROUP BY r.id`,
    )
    .all();
  for (const { status, charges, refunds, sum, charged, paid } of entries) {
    expect([charges, refunds]).toEqual([1, status === 502 ? 1 : 0]);
    if (paid === 1) expect(sum).toBe(charged);
  }
}
