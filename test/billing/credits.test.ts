import { describe, expect, it } from 'vitest';
import type { SessionFacts } from '../../gateway/billing/session-facts.ts';
import { Gate } from '../support/stripe/faults.ts';
import { type Counter, openCounter } from './setup.ts';

const LOOK = 'GET /v1/checkout/sessions/:id';
const DAY = 86_400_000;

function entries({ parts, memberId }: Counter) {
  return parts.balances.entries(memberId, 100, 0);
}

function credits({ parts }: Counter): number {
  const row = parts.store.db
    .prepare<[], { total: number }>('SELECT count(*) AS total FROM billing_credits')
    .get();
  return row?.total ?? 0;
}

describe('a payment is credited once', () => {
  it('however many look at the same time', async () => {
    const counter = await openCounter();
    const session = await counter.topUp(2_500);
    counter.stripe.books.pay(counter.stripe.session().id);
    const gates = Array.from({ length: 20 }, () => new Gate('after'));
    counter.stripe.next(LOOK, ...gates);
    const looks = gates.map(() => counter.parts.billing.look(session));
    await Promise.all(gates.map((gate) => gate.arrived));
    for (const gate of gates) gate.open();
    const seen = await Promise.all(looks);
    expect(new Set(seen.map(({ state }) => state))).toEqual(new Set(['paid']));
    expect(counter.balance()).toBe(25_000_000);
    expect(entries(counter)).toHaveLength(1);
    expect(credits(counter)).toBe(1);
  });

  it('however often it is looked at, by whatever state the look began with', async () => {
    const counter = await openCounter();
    const begun = await counter.topUp(2_500);
    counter.stripe.books.pay(counter.stripe.session().id);
    for (let look = 0; look < 5; look++) await counter.parts.billing.look(begun);
    await counter.parts.billing.look(counter.newest());
    counter.pass(DAY);
    await counter.round();
    expect(counter.balance()).toBe(25_000_000);
    expect(entries(counter)).toHaveLength(1);
  });

  it('and a look that began before it was paid takes nothing back', async () => {
    const counter = await openCounter();
    const session = await counter.topUp(2_500);
    const gate = new Gate('after');
    counter.stripe.next(LOOK, gate);
    const early = counter.parts.billing.look(session);
    await gate.arrived;
    counter.stripe.books.pay(counter.stripe.session().id);
    await counter.parts.billing.look(session);
    gate.open();
    await early;
    expect(counter.newest().state).toBe('paid');
    expect(counter.balance()).toBe(25_000_000);
  });

  it('also one that was given up before', async () => {
    const counter = await openCounter();
    const session = await counter.topUp(2_500);
    const end = { reason: null, settledAt: counter.clock.wall(), nextLookAt: null, paymentId: null };
    counter.parts.billing.sessions.settle(session.id, { state: 'expired', ...end });
    counter.stripe.books.pay(counter.stripe.session().id);
    await counter.parts.billing.look(counter.newest());
    expect(counter.newest().state).toBe('paid');
    expect(counter.balance()).toBe(25_000_000);
  });

  it('or not at all where the transaction fails: the next look does it then', async () => {
    const counter = await openCounter();
    const session = await counter.topUp(2_500);
    counter.stripe.books.pay(counter.stripe.session().id);
    const { db } = counter.parts.store;
    db.exec(
      `CREATE TRIGGER full BEFORE INSERT ON ledger_entries BEGIN SELECT raise(ABORT, 'disk full'); END`,
    );
    await expect(counter.parts.billing.look(session)).rejects.toThrow('disk full');
    expect(counter.newest().state).toBe('open');
    expect(credits(counter)).toBe(0);
    expect(counter.balance()).toBe(0);
    db.exec('DROP TRIGGER full');
    counter.pass(60_000);
    await counter.round();
    expect(counter.newest().state).toBe('paid');
    expect(counter.balance()).toBe(25_000_000);
  });

  it('and the ledger sums to the balance, which the change log tells too', async () => {
    const counter = await openCounter();
    await counter.topUp(2_500);
    counter.stripe.books.pay(counter.stripe.session().id);
    counter.pass(10_000);
    await counter.round();
    const { body: status } = await counter.call('GET', '/status');
    expect(status.ledger).toMatchObject({ balanced: true });
    const { body: changes } = await counter.call('GET', '/changes');
    expect(changes.data[0]).toMatchObject({
      ...{ actor: 'billing', action: 'member.grant', subject: `member:${counter.memberId}` },
      before: { balance: { tokens: 0, micros: 0 } },
      after: { micros: 25_000_000, balance: { tokens: 0, micros: 25_000_000 } },
    });
  });
});

describe('a payment that is not what was asked for', () => {
  it.each<[string, Partial<SessionFacts> & Record<string, unknown>]>([
    ['amount', { amount_subtotal: 100 }],
    ['currency', { currency: 'jpy' }],
  ])('by its %s is not credited, and the owner hears of it', async (_, wrong) => {
    const counter = await openCounter();
    await counter.topUp(2_500);
    const { id } = counter.stripe.books.pay(counter.stripe.session().id);
    Object.assign(counter.stripe.session(id), wrong);
    counter.pass(10_000);
    await counter.round();
    expect(counter.newest()).toMatchObject({ state: 'failed', reason: 'amount', nextLookAt: null });
    expect(counter.balance()).toBe(0);
    const [alert] = await counter.alerts();
    expect(alert).toContain('$25.00 was asked for');
    await counter.parts.billing.look(counter.newest());
    expect(await counter.alerts()).toHaveLength(1);
  });

  it('because its member was removed is kept in the ledger, and the owner hears of it', async () => {
    const counter = await openCounter();
    await counter.topUp(2_500);
    counter.stripe.books.pay(counter.stripe.session().id);
    await counter.call('DELETE', `/members/${counter.memberId}`);
    counter.pass(10_000);
    await counter.round();
    expect(counter.newest().state).toBe('paid');
    expect(entries(counter)).toHaveLength(1);
    expect(await counter.alerts()).toEqual([
      expect.stringContaining('$25.00 came in for a member that was removed'),
    ]);
  });
});

describe('what Stripe gives back', () => {
  async function paid(cents: number) {
    const counter = await openCounter();
    await counter.topUp(cents);
    counter.stripe.books.pay(counter.stripe.session().id);
    counter.pass(10_000);
    await counter.round();
    const { id } = counter.stripe.session();
    return {
      counter,
      id,
      async dayLater() {
        counter.pass(DAY);
        await counter.round();
      },
    };
  }

  it('is taken off the balance, each part once', async () => {
    const { counter, id, dayLater } = await paid(2_500);
    counter.stripe.books.refund(id, 1_000);
    await dayLater();
    await dayLater();
    expect(counter.balance()).toBe(15_000_000);
    counter.stripe.books.refund(id, 1_500);
    await dayLater();
    expect(counter.balance()).toBe(0);
    expect(entries(counter)).toMatchObject([
      { micros: -15_000_000, note: expect.stringContaining('Given back at Stripe, pi_') },
      { micros: -10_000_000 },
      { micros: 25_000_000 },
    ]);
    expect(counter.newest()).toMatchObject({ state: 'paid', refundedMicros: 25_000_000 });
    expect(await counter.alerts()).toEqual([]);
  });

  it('is taken as far as it is not spent, nor held by running requests; the owner hears of the rest', async () => {
    const { counter, id, dayLater } = await paid(2_500);
    const { balances } = counter.parts;
    const charge = {
      memberId: counter.memberId,
      at: 0,
      kind: 'charge' as const,
      tokens: 0,
      micros: -20_000_000,
    };
    balances.write({ ...charge, request: null, note: null });
    balances.remember({ ...charge, request: null, note: null });
    const need = { tokens: 0, micros: 2_000_000 };
    const hold = balances.hold(counter.memberId, { most: need, least: need });
    expect(hold).toMatchObject({ micros: 2_000_000 });
    counter.stripe.books.refund(id, 2_500);
    await dayLater();
    expect(counter.balance()).toBe(2_000_000);
    expect(await counter.alerts()).toEqual([
      '$25.00 was given back to Ada, of which $22.00 is spent already, or held by requests that run.',
    ]);
  });

  it('is only told while it is disputed', async () => {
    const { counter, id, dayLater } = await paid(2_500);
    counter.stripe.books.dispute(id);
    await dayLater();
    await dayLater();
    expect(counter.balance()).toBe(25_000_000);
    expect(counter.newest()).toMatchObject({ disputed: true });
    expect(await counter.alerts()).toEqual([expect.stringContaining("Ada's payment of $25.00 is disputed")]);
  });
});
