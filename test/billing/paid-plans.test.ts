import { describe, expect, it } from 'vitest';
import { type Counter, openCounter } from './setup.ts';

const DAY = 86_400_000;

async function shop(): Promise<
  Counter & { pay(planId: string): Promise<void>; planId(): string | undefined }
> {
  const counter = await openCounter();
  await counter.call('PATCH', '/plans/pro', { priceMicros: 20_000_000 });
  await counter.call('PATCH', '/plans/enterprise', { priceMicros: 100_000_000 });
  return {
    ...counter,
    async pay(planId) {
      await counter.buyPlan(planId);
      counter.stripe.books.pay(counter.stripe.session().id);
      counter.pass(10_000);
      await counter.round();
    },
    planId: () => counter.parts.members.get(counter.memberId)?.planId,
  };
}

describe('a paid plan', () => {
  it('holds from the payment on, for 30 days; then the member is back on the one before', async () => {
    const { pay, planId, pass, round, parts, memberId, call, stripe, clock } = await shop();
    await pay('pro');
    expect(stripe.session()).toMatchObject({ amount_total: 2_000, line_items: [{ name: 'Pro, 30 days' }] });
    expect(planId()).toBe('pro');
    expect(parts.billing.paidUntil(memberId)).toBe(clock.wall() + 30 * DAY);
    const { body: member } = await call('GET', `/members/${memberId}`);
    expect(member.planPaidUntil).toBe(new Date(clock.wall() + 30 * DAY).toISOString());
    pass(30 * DAY - 1);
    await round();
    expect(planId()).toBe('pro');
    pass(1);
    await round();
    expect(planId()).toBe('free');
    expect(parts.billing.paidUntil(memberId)).toBeNull();
    const { body } = await call('GET', '/changes');
    const moves = body.data.filter(({ actor }: { actor: string }) => actor === 'billing');
    expect(moves).toMatchObject([
      { action: 'member.update', before: { planId: 'pro' }, after: { planId: 'free' } },
      { action: 'member.update', before: { planId: 'free' }, after: { planId: 'pro' } },
    ]);
  });

  it('puts no money on the balance', async () => {
    const { pay, balance } = await shop();
    await pay('pro');
    expect(balance()).toBe(0);
  });

  it('is credited once, however often it is looked at', async () => {
    const counter = await shop();
    const begun = await counter.buyPlan('pro');
    counter.stripe.books.pay(counter.stripe.session().id);
    for (let look = 0; look < 4; look++) await counter.parts.billing.look(begun);
    expect(counter.parts.billing.paidUntil(counter.memberId)).toBe(counter.clock.wall() + 30 * DAY);
  });

  it('that is paid again lasts longer', async () => {
    const { pay, planId, pass, round } = await shop();
    await pay('pro');
    pass(10 * DAY);
    await pay('pro');
    pass(49 * DAY);
    await round();
    expect(planId()).toBe('pro');
    pass(DAY);
    await round();
    expect(planId()).toBe('free');
  });

  it('gives way to a dearer one and goes on after it', async () => {
    const { pay, planId, pass, round } = await shop();
    await pay('pro');
    pass(10 * DAY);
    await pay('enterprise');
    expect(planId()).toBe('enterprise');
    pass(30 * DAY);
    await round();
    expect(planId()).toBe('pro');
    pass(20 * DAY);
    await round();
    expect(planId()).toBe('free');
  });

  it('leaves alone what the owner chose meanwhile', async () => {
    const { pay, planId, pass, round, call, memberId } = await shop();
    await pay('pro');
    await call('PATCH', `/members/${memberId}`, { planId: 'enterprise' });
    pass(31 * DAY);
    await round();
    expect(planId()).toBe('enterprise');
    await pay('pro');
    expect(planId()).toBe('pro');
    pass(30 * DAY);
    await round();
    expect(planId()).toBe('enterprise');
  });

  it('begins and ends by itself though payments are off by then', async () => {
    const { pay, planId, pass, round, parts } = await shop();
    await pay('pro');
    await parts.billing.remove();
    pass(30 * DAY);
    await round();
    expect(planId()).toBe('free');
  });

  it('comes back with a clock that had run ahead', async () => {
    const { pay, planId, clock, round } = await shop();
    await pay('pro');
    clock.ahead = -40 * DAY;
    await round();
    expect(planId()).toBe('free');
    clock.ahead = 0;
    await round();
    expect(planId()).toBe('pro');
  });

  it('ends when all of it is given back, and not for a part', async () => {
    const { pay, planId, pass, round, stripe, alerts } = await shop();
    await pay('pro');
    stripe.books.refund(stripe.session().id, 500);
    pass(DAY);
    await round();
    expect(planId()).toBe('pro');
    expect(await alerts()).toEqual([expect.stringContaining('the plan stays until its end')]);
    stripe.books.refund(stripe.session().id, 1_500);
    pass(DAY);
    await round();
    expect(planId()).toBe('free');
  });
});
