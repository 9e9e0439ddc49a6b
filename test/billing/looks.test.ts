import { describe, expect, it } from 'vitest';
import { failed, notPermitted, rateLimited, wrongKey } from '../support/stripe/refusal.ts';
import { SECRET_KEY } from '../support/stripe/stripe.ts';
import { type Counter, openCounter } from './setup.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOOK = 'GET /v1/checkout/sessions/:id';

/** Lets time pass in the steps in which a gateway would look, and looks. */
async function follow(counter: Counter, ms: number): Promise<number> {
  const before = counter.stripe.count(LOOK);
  for (let left = ms; left > 0; ) {
    const step = Math.min(left, counter.parts.billing.follower.wait);
    counter.pass(step);
    left -= step;
    await counter.round();
  }
  return counter.stripe.count(LOOK) - before;
}

describe('a session is looked at', () => {
  it('often while somebody may be paying, ever less often then, and no more once it is over', async () => {
    const counter = await openCounter();
    await counter.topUp();
    expect(await follow(counter, MINUTE)).toBeGreaterThanOrEqual(8);
    expect(await follow(counter, 9 * MINUTE)).toBeLessThan(15);
    const untilTheEnd = await follow(counter, DAY);
    expect(untilTheEnd).toBeGreaterThan(100);
    expect(untilTheEnd).toBeLessThan(200);
    expect(counter.newest()).toMatchObject({ state: 'expired', nextLookAt: null });
    expect(await follow(counter, DAY)).toBe(0);
    expect(counter.balance()).toBe(0);
  }, 60_000);

  it('until it is paid, and then seldom, for refunds', async () => {
    const counter = await openCounter();
    await counter.topUp(2_000);
    await follow(counter, 2 * MINUTE);
    counter.stripe.books.pay(counter.stripe.session().id);
    await follow(counter, MINUTE);
    expect(counter.newest().state).toBe('paid');
    expect(counter.balance()).toBe(20_000_000);
    expect(await follow(counter, DAY)).toBeLessThan(16);
    counter.pass(130 * DAY);
    await counter.round();
    expect(counter.newest().nextLookAt).toBeNull();
    expect(counter.balance()).toBe(20_000_000);
  });

  it('though the gateway was off when it was paid, and when it expired', async () => {
    const counter = await openCounter();
    await counter.topUp(1_000);
    counter.stripe.books.pay(counter.stripe.session().id);
    const lost = await counter.topUp(3_000);
    counter.pass(20 * DAY);
    expect(await counter.round()).toEqual([]);
    expect(counter.balance()).toBe(10_000_000);
    expect(counter.parts.billing.sessions.get(lost.id)?.state).toBe('expired');
  });

  it('by a wall clock that may be set back: then it is due at once, not in a year', async () => {
    const counter = await openCounter();
    await counter.topUp();
    counter.stripe.books.pay(counter.stripe.session().id);
    counter.clock.ahead = 365 * DAY;
    await counter.round();
    expect(counter.newest().state).toBe('paid');
    expect(counter.parts.billing.follower.wait).toBeLessThanOrEqual(MINUTE);
  });

  it('beyond a day where the payer is done and the money takes longer', async () => {
    const counter = await openCounter();
    await counter.topUp();
    const { id } = counter.stripe.books.pay(counter.stripe.session().id, 'later');
    await follow(counter, MINUTE);
    expect(counter.newest().state).toBe('processing');
    expect(counter.balance()).toBe(0);
    counter.pass(4 * DAY);
    await counter.round();
    expect(counter.newest().state).toBe('processing');
    counter.stripe.books.arrive(id);
    counter.pass(6 * HOUR);
    await counter.round();
    expect(counter.newest().state).toBe('paid');
    expect(counter.balance()).toBe(20_000_000);
  });

  it('until the bank says no', async () => {
    const counter = await openCounter();
    await counter.topUp();
    const { id } = counter.stripe.books.pay(counter.stripe.session().id, 'later');
    await follow(counter, MINUTE);
    counter.stripe.books.bounce(id);
    counter.pass(DAY);
    await counter.round();
    expect(counter.newest()).toMatchObject({ state: 'failed', reason: 'payment_failed', nextLookAt: null });
    expect(counter.balance()).toBe(0);
  });
});

describe('a session that nobody may pay any more', () => {
  it('is closed at Stripe when its member is removed', async () => {
    const counter = await openCounter();
    await counter.topUp();
    await counter.call('DELETE', `/members/${counter.memberId}`);
    counter.pass(10 * SECOND);
    await counter.round();
    expect(counter.stripe.session().status).toBe('expired');
    expect(counter.newest().state).toBe('expired');
  });

  it('is closed at Stripe after a day, should Stripe not have done so', async () => {
    const counter = await openCounter();
    await counter.topUp();
    counter.stripe.session().expires_at += DAY;
    counter.pass(DAY + 10 * MINUTE);
    await counter.round();
    expect(counter.stripe.session().status).toBe('expired');
    expect(counter.newest().state).toBe('expired');
  });

  it('but was paid in that very moment, is credited', async () => {
    const counter = await openCounter();
    await counter.topUp();
    const { id } = counter.stripe.session();
    counter.stripe.session().expires_at += 2 * DAY;
    counter.pass(DAY + 10 * MINUTE);
    const { Gate } = await import('../support/stripe/faults.ts');
    const gate = new Gate('before');
    counter.stripe.next('POST /v1/checkout/sessions/:id/expire', gate);
    const looking = counter.round();
    await gate.arrived;
    counter.stripe.books.pay(id);
    gate.open();
    expect(await looking).toMatchObject([{ reason: 'refused' }]);
    counter.pass(20 * MINUTE);
    await counter.round();
    expect(counter.newest().state).toBe('paid');
    expect(counter.balance()).toBe(20_000_000);
  });
});

describe('while Stripe cannot be asked', () => {
  it('one call tells for all, the waits grow, and all are looked at when it is back', async () => {
    const counter = await openCounter();
    for (let made = 0; made < 3; made++) {
      await counter.topUp(500);
      counter.stripe.books.pay(counter.stripe.session().id);
    }
    counter.stripe.always('*', failed());
    const before = counter.stripe.calls.length;
    await follow(counter, HOUR);
    const asked = counter.stripe.calls.length - before;
    // With the library's own second try.
    expect(asked).toBeGreaterThan(6);
    expect(asked).toBeLessThan(40);
    expect(counter.parts.billing.follower.contact.trouble).toBe('Stripe failed to handle the call.');
    counter.stripe.always('*', null);
    await follow(counter, 16 * MINUTE);
    expect(counter.balance()).toBe(15_000_000);
    expect(counter.parts.billing.follower.contact).toEqual({ at: expect.any(Number), trouble: null });
  }, 60_000);

  it.each([
    ['too many calls', rateLimited(), 'Stripe asks for fewer calls.'],
    [
      'no permission',
      notPermitted('rk_test_12345678901234567890'),
      'The stored key may not do this at Stripe.',
    ],
  ])('%s: says so, and waits', async (_, refusal, trouble) => {
    const counter = await openCounter();
    await counter.topUp();
    counter.stripe.always(LOOK, refusal);
    counter.pass(10 * SECOND);
    await counter.round();
    await counter.round();
    expect(counter.stripe.count(LOOK)).toBe(1);
    expect(counter.parts.billing.follower.contact.trouble).toBe(trouble);
  });

  it('because the key is refused: the owner hears of it once, and of the next time again', async () => {
    const counter = await openCounter();
    await counter.topUp();
    counter.stripe.always(LOOK, wrongKey(SECRET_KEY));
    await follow(counter, HOUR);
    expect(await counter.alerts()).toHaveLength(1);
    expect((await counter.alerts())[0]).toContain('does not take the stored key');
    counter.stripe.always(LOOK, null);
    await follow(counter, 16 * MINUTE);
    counter.stripe.always(LOOK, wrongKey(SECRET_KEY));
    await follow(counter, HOUR);
    expect(await counter.alerts()).toHaveLength(2);
  });

  it('a new key is tried at once, and the sessions of a test key are left to test keys', async () => {
    const counter = await openCounter();
    const { billing } = counter.parts;
    await counter.topUp();
    counter.stripe.books.pay(counter.stripe.session().id);
    counter.stripe.secretKey = 'sk_live_51LiveKeyOfTheSameAccount';
    counter.pass(10 * SECOND);
    await counter.round();
    await billing.change({ secretKey: 'sk_live_51LiveKeyOfTheSameAccount' });
    counter.pass(HOUR);
    const before = counter.stripe.calls.length;
    await counter.round();
    expect(counter.stripe.calls).toHaveLength(before);
    counter.stripe.secretKey = SECRET_KEY;
    await billing.change({ secretKey: SECRET_KEY });
    await counter.round();
    expect(counter.balance()).toBe(20_000_000);
  });

  it('because there is no key: nothing is asked, and later all is seen', async () => {
    const counter = await openCounter();
    await counter.topUp();
    counter.stripe.books.pay(counter.stripe.session().id);
    await counter.parts.billing.remove();
    counter.pass(3 * DAY);
    const before = counter.stripe.calls.length;
    expect(await counter.round()).toEqual([]);
    expect(counter.stripe.calls).toHaveLength(before);
    await counter.parts.billing.change({ secretKey: SECRET_KEY });
    await counter.round();
    expect(counter.balance()).toBe(20_000_000);
  });

  it('about one session alone, the others are looked at', async () => {
    const counter = await openCounter();
    await counter.topUp(500);
    counter.stripe.books.sessions.delete(counter.stripe.session().id);
    await counter.topUp(700);
    counter.stripe.books.pay(counter.stripe.session().id);
    counter.pass(10 * SECOND);
    expect(await counter.round()).toMatchObject([{ reason: 'missing' }]);
    expect(counter.balance()).toBe(7_000_000);
    counter.pass(31 * DAY);
    await counter.round();
    const [, first] = counter.parts.billing.sessions.list({
      ...{ memberId: null, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 9, offset: 0 },
    }).sessions;
    expect(first).toMatchObject({ state: 'failed', reason: 'unknown_to_stripe' });
  });
});
