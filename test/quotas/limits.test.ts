import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { type Limit, type LimitSubject, Limits, metering } from '../../gateway/quotas/limits.ts';
import type { Store } from '../../gateway/store/store.ts';
import { openStore } from '../../gateway/store/store.ts';
import { tempDir } from '../store/support.ts';

const SUBJECT: LimitSubject = { planId: 'pro', memberId: 1, keyId: 2, models: ['alias', 'm'] };

async function open(dir = tempDir()): Promise<Store> {
  const store = await openStore({ dataDir: dir });
  onTestFinished(() => store.close());
  return store;
}

/** Limits on a database without the shipped ones. */
async function emptyLimits(): Promise<Limits> {
  const { db } = await open();
  db.exec('DELETE FROM limits');
  return new Limits(db);
}

function limit(scope: Limit['scope'], amount: number, some: Partial<Limit> = {}): Limit {
  const subjectId = { plan: 'pro', member: '1', key: '2' }[scope];
  return { scope, subjectId, model: null, metric: 'requests', windowSeconds: 60, amount, ...some };
}

function holding(limits: Limits, subject = SUBJECT): string[] {
  return limits
    .holdingFor(subject)
    .map(({ scope, model, metric, windowSeconds, amount, countedFor }) =>
      [scope, model ?? 'all', metric, windowSeconds, amount, countedFor].join(' '),
    )
    .sort();
}

it('ships with the requests a minute of each plan', async () => {
  const limits = new Limits((await open()).db);
  const amounts = ['free', 'pro', 'enterprise'].map((id) =>
    limits.of('plan', id).map(({ amount }) => amount),
  );
  expect(amounts).toEqual([[60], [600], [6_000]]);
});

it("a member's limit takes the place of the plan's for the same metric, window and model alone", async () => {
  const limits = await emptyLimits();
  limits.put(limit('plan', 600));
  limits.put(limit('plan', 50, { model: 'm' }));
  limits.put(limit('plan', 9_000, { windowSeconds: 86_400 }));
  limits.put(limit('plan', 1_000, { metric: 'tokens' }));
  limits.put(limit('member', 700));
  expect(holding(limits)).toEqual([
    'member all requests 60 700 member',
    'plan all requests 86400 9000 member',
    'plan all tokens 60 1000 member',
    'plan m requests 60 50 member',
  ]);
  limits.put(limit('member', 70, { model: 'm' }));
  expect(holding(limits)).toContain('member m requests 60 70 member');
  expect(holding(limits)).not.toContain('plan m requests 60 50 member');
});

it("a key's limit holds beside the others and counts the key alone", async () => {
  const limits = await emptyLimits();
  limits.put(limit('plan', 600));
  limits.put(limit('key', 1_000));
  limits.put(limit('key', 5, { model: 'alias' }));
  expect(holding(limits)).toEqual([
    'key alias requests 60 5 key',
    'key all requests 60 1000 key',
    'plan all requests 60 600 member',
  ]);
});

it('concerns only its own subject and models', async () => {
  const limits = await emptyLimits();
  for (const one of [
    limit('plan', 1, { subjectId: 'free' }),
    limit('member', 2, { subjectId: '2' }),
    limit('key', 3, { subjectId: '1' }),
    limit('plan', 4, { model: 'other' }),
  ]) {
    limits.put(one);
  }
  expect(holding(limits)).toEqual([]);
});

it('tells what holds for a member and for a key, whatever the model', async () => {
  const limits = await emptyLimits();
  limits.put(limit('plan', 600));
  limits.put(limit('plan', 50, { model: 'm' }));
  limits.put(limit('member', 40, { model: 'm' }));
  limits.put(limit('member', 30, { model: 'n' }));
  limits.put(limit('key', 5, { model: 'o' }));
  const amounts = (found: Limit[]) => found.map(({ amount }) => amount).sort();
  expect(amounts(limits.holdingForMember({ planId: 'pro', memberId: 1 }))).toEqual([30, 40, 600]);
  expect(amounts(limits.holdingForKey(2))).toEqual([5]);
  expect(amounts(limits.holdingForKey(3))).toEqual([]);
});

it('counts for a kind of key what meters it', async () => {
  const limits = await emptyLimits();
  for (const windowSeconds of [60, 86_400, 2_592_000] as const)
    limits.put(limit('key', 1, { windowSeconds }));
  const windows = (kind: 'standard' | 'subscription' | 'pay_per_token') =>
    metering(kind, limits.holdingForKey(2)).map(({ windowSeconds }) => windowSeconds);
  expect(windows('standard')).toEqual([60, 86_400, 2_592_000]);
  expect(windows('subscription')).toEqual([86_400]);
  expect(windows('pay_per_token')).toEqual([]);
});

it("meters a subscription by the day's quota of plan or member, and by all of theirs where a request has none", async () => {
  const limits = await emptyLimits();
  const metered = () =>
    metering('subscription', limits.holdingFor(SUBJECT))
      .map(({ scope, windowSeconds, amount }) => `${scope} ${windowSeconds} ${amount}`)
      .sort();
  limits.put(limit('plan', 600));
  limits.put(limit('key', 5));
  limits.put(limit('key', 6, { windowSeconds: 86_400 }));
  expect(metered()).toEqual(['key 86400 6', 'plan 60 600']);
  limits.put(limit('plan', 90, { windowSeconds: 86_400, model: 'other' }));
  expect(metered()).toEqual(['key 86400 6', 'plan 60 600']);
  limits.put(limit('plan', 9_000, { windowSeconds: 86_400 }));
  expect(metered()).toEqual(['key 86400 6', 'plan 86400 9000']);
  limits.put(limit('member', 8_000, { windowSeconds: 86_400 }));
  expect(metered()).toEqual(['key 86400 6', 'member 86400 8000']);
});

it('is the same after a restart, whatever was set and lifted', async () => {
  const one: fc.Arbitrary<Limit> = fc.record({
    scope: fc.constantFrom('plan', 'member', 'key'),
    subjectId: fc.constantFrom('1', '2'),
    model: fc.constantFrom(null, 'm', 'n'),
    metric: fc.constantFrom('requests', 'tokens', 'images', 'cost'),
    windowSeconds: fc.constantFrom(60, 86_400, 2_592_000),
    amount: fc.nat(1_000),
  });
  const { db } = await open();
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), one), { maxLength: 60 }), (actions) => {
      db.exec('DELETE FROM limits');
      const limits = new Limits(db);
      const expected = new Map<string, Limit>();
      for (const [lift, wanted] of actions) {
        const { amount: _, ...identity } = wanted;
        const key = JSON.stringify(Object.entries(identity));
        if (lift) expect(limits.remove(identity)).toBe(expected.delete(key));
        else {
          limits.put(wanted);
          expected.set(key, wanted);
        }
        expect(limits.find(identity)?.amount).toBe(expected.get(key)?.amount);
      }
      const sorted = (list: Iterable<Limit>) =>
        [...list].map((each) => JSON.stringify(Object.entries(each).sort())).sort();
      expect(sorted(limits.list())).toEqual(sorted(expected.values()));
      expect(sorted(new Limits(db).list())).toEqual(sorted(expected.values()));
    }),
    { numRuns: 40 },
  );
});
