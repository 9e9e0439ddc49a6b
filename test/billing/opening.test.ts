import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../gateway/errors.ts';
import { Gate } from '../support/stripe/faults.ts';
import { failed, invalid, keyInUse, rateLimited, wrongKey } from '../support/stripe/refusal.ts';
import { SECRET_KEY } from '../support/stripe/stripe.ts';
import { BASE, openCounter } from './setup.ts';

const CREATE = 'POST /v1/checkout/sessions';
const CUSTOMER = 'POST /v1/customers';
const MINUTE = 60_000;

async function refusalOf(work: Promise<unknown>): Promise<GatewayError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GatewayError)) throw new Error(`no refusal: ${String(error)}`);
  return error;
}

describe('what Stripe is asked', () => {
  it('is the page for the amount, with our reference, for one customer a member', async () => {
    const counter = await openCounter();
    const first = await counter.topUp(2_000);
    await counter.topUp(3_000);
    const [customer, session, second] = counter.stripe.calls;
    expect(counter.stripe.calls).toHaveLength(3);
    expect(customer).toMatchObject({
      ...{ method: 'POST', path: '/v1/customers', status: 200 },
      form: { name: 'Ada', metadata: { ntl_member: String(counter.memberId) } },
    });
    const { reference } = first;
    const metadata = { ntl_reference: reference, ntl_member: String(counter.memberId), ntl_purpose: 'topup' };
    expect(session?.form).toEqual({
      ...{ mode: 'payment', customer: first.customerId, client_reference_id: reference, metadata },
      line_items: [
        {
          quantity: '1',
          price_data: {
            ...{ currency: 'usd', unit_amount: '2000' },
            product_data: { name: 'Prepaid balance, $20.00' },
          },
        },
      ],
      payment_intent_data: { description: 'Prepaid balance, $20.00', metadata },
      success_url: `${BASE}/billing/done?payment=${reference}`,
      cancel_url: `${BASE}/billing/canceled`,
    });
    expect(session?.headers).toMatchObject({ 'idempotency-key': reference });
    expect(second?.form.customer).toBe(first.customerId);
  });

  it('tells nothing of this computer, and no figures of earlier calls', async () => {
    const { stripe, topUp } = await openCounter();
    await topUp();
    await topUp();
    for (const { headers } of stripe.calls) {
      expect(headers['x-stripe-client-telemetry']).toBeUndefined();
      expect(JSON.parse(String(headers['x-stripe-client-user-agent']))).not.toHaveProperty('platform');
      expect(headers['user-agent']).toContain('NoTokenLimit Desktop');
    }
  });

  it('asks for an invoice where the owner wants one', async () => {
    const counter = await openCounter();
    await counter.parts.billing.change({ invoices: true });
    await counter.topUp();
    expect(counter.stripe.session().invoice_creation).toEqual({ enabled: true });
  });
});

describe('a call that fails', () => {
  it.each([
    ['the connection ends before it was heard', 'lost request' as const],
    ['the answer is lost', 'lost reply' as const],
    ['Stripe has an error', failed()],
    ['the same call still runs at Stripe', keyInUse('ntl_1')],
  ])('once, because %s, is made again by the library: one page, one row', async (_, fault) => {
    const { stripe, topUp, newest } = await openCounter();
    stripe.next(CREATE, fault);
    await topUp();
    expect(stripe.count(CREATE)).toBe(2);
    expect(stripe.books.sessions.size).toBe(1);
    expect(newest()).toMatchObject({ state: 'open', sessionId: stripe.session().id });
  });

  it.each([
    ['no answer', 'silence' as const],
    ['errors', failed()],
    ['conflicts', keyInUse('ntl_1')],
    ['ended connections', 'lost request' as const],
  ])(
    'again and again with %s: the member is told that nothing was charged, the row is followed',
    async (_, fault) => {
      const counter = await openCounter();
      counter.stripe.always(CREATE, fault);
      const error = await refusalOf(counter.topUp());
      expect(error).toMatchObject({ status: 502, code: 'upstream_error', headers: { 'retry-after': '60' } });
      expect(error.message).toContain('Nothing was charged');
      expect(counter.newest().state).toBe('creating');
      counter.pass(2 * MINUTE);
      await counter.round();
      expect(counter.newest().state).toBe('creating');
      counter.pass(11 * MINUTE);
      await counter.round();
      expect(counter.newest()).toMatchObject({ state: 'failed', reason: 'never_made', nextLookAt: null });
    },
  );

  it('though Stripe did what was asked: the session is found again by its reference', async () => {
    const counter = await openCounter();
    await counter.topUp(600);
    counter.stripe.always(CREATE, 'lost reply');
    await refusalOf(counter.topUp(2_000));
    counter.stripe.always(CREATE, null);
    await counter.topUp(700);
    const row = counter.parts.billing.sessions.list({
      ...{ memberId: null, from: 0, to: Number.MAX_SAFE_INTEGER, limit: 9, offset: 0 },
    }).sessions[1];
    expect(row).toMatchObject({ state: 'creating', sessionId: null });
    const made = [...counter.stripe.books.sessions.values()].find(
      ({ amount_total }) => amount_total === 2_000,
    );
    counter.stripe.books.pay(made?.id ?? '');
    counter.pass(2 * MINUTE);
    await counter.round();
    expect(counter.parts.billing.sessions.get(row?.id ?? 0)).toMatchObject({
      state: 'paid',
      sessionId: made?.id,
    });
    expect(counter.balance()).toBe(20_000_000);
  });

  it.each([
    ['too many calls', rateLimited(), 'takes no more calls'],
    ['a refused key', wrongKey(SECRET_KEY), "does not take this gateway's key"],
    ['a refusal', invalid('Your account cannot currently make live charges.'), "tell the gateway's owner"],
  ])('with %s ends the row at once; the member learns nothing of the account', async (_, refusal, words) => {
    const { stripe, topUp, newest } = await openCounter();
    await topUp();
    stripe.always(CREATE, refusal);
    const error = await refusalOf(topUp());
    expect(error).toMatchObject({ status: 502, code: 'upstream_error' });
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/sk_|live charges/);
    expect(newest()).toMatchObject({ state: 'failed', reason: 'refused', nextLookAt: null });
  });
});

describe('a customer', () => {
  it('whose making failed is asked for again by the same key', async () => {
    const { stripe, topUp } = await openCounter();
    stripe.always(CUSTOMER, 'lost reply');
    await refusalOf(topUp());
    stripe.always(CUSTOMER, null);
    await topUp();
    expect(stripe.books.customers.size).toBe(1);
    expect(stripe.calls.filter(({ path }) => path === '/v1/customers').at(-1)?.replayed).toBe(true);
  });

  it('who was renamed since a call that failed is asked for by another key', async () => {
    const { stripe, topUp, call, memberId } = await openCounter();
    stripe.always(CUSTOMER, 'lost reply');
    await refusalOf(topUp());
    stripe.always(CUSTOMER, null);
    await call('PATCH', `/members/${memberId}`, { name: 'Ada L.' });
    await refusalOf(topUp());
    await topUp();
    expect(stripe.books.customers.get(stripe.session().customer ?? '')?.name).toBe('Ada L.');
  });

  it('whom Stripe has no more is made anew, for a payment and for the portal', async () => {
    const { stripe, topUp, parts, memberId, newest } = await openCounter();
    await topUp();
    stripe.books.customers.clear();
    await topUp();
    expect(newest().state).toBe('open');
    stripe.books.customers.clear();
    const member = parts.members.get(memberId);
    if (member === undefined) throw new Error('no member');
    expect(await parts.billing.opening.portal(member, BASE)).toContain('https://billing.stripe.com/');
    expect(stripe.books.customers.size).toBe(1);
  });
});

describe('the portal', () => {
  it('is made with settings of ours where the owner never saved any, once', async () => {
    const { stripe, parts, memberId } = await openCounter();
    const member = parts.members.get(memberId);
    if (member === undefined) throw new Error('no member');
    stripe.books.portalSaved = false;
    for (let opened = 0; opened < 3; opened++) {
      expect(await parts.billing.opening.portal(member, BASE)).toContain('https://billing.stripe.com/');
    }
    expect(stripe.count('POST /v1/billing_portal/configurations')).toBe(1);
    expect(stripe.count('POST /v1/billing_portal/sessions')).toBe(4);
    expect(stripe.calls.at(-1)?.form).toMatchObject({ return_url: `${BASE}/billing/closed` });
  });
});

describe('a member', () => {
  it('may have twenty payments open', async () => {
    const { topUp, stripe, pass, round } = await openCounter();
    for (let made = 0; made < 20; made++) await topUp(500);
    expect(await refusalOf(topUp(500))).toMatchObject({ status: 409, code: 'conflict' });
    stripe.books.pay(stripe.session().id);
    pass(10_000);
    await round();
    await topUp(500);
  });

  it('is not answered before the session is on disk', async () => {
    const counter = await openCounter();
    const gate = new Gate('after');
    counter.stripe.next(CREATE, gate);
    const opening = counter.topUp();
    await gate.arrived;
    expect(counter.newest()).toMatchObject({ state: 'creating', sessionId: null, amountMicros: 20_000_000 });
    gate.open();
    expect(await opening).toMatchObject({ state: 'open', sessionId: counter.stripe.session().id });
  });

  it('pays no plan that has no price, or less than Stripe takes', async () => {
    const { buyPlan, call, stripe } = await openCounter();
    expect(await refusalOf(buyPlan('pro'))).toMatchObject({ status: 400, field: 'plan' });
    await call('PATCH', '/plans/pro', { priceMicros: 490_000 });
    expect(await refusalOf(buyPlan('pro'))).toMatchObject({ status: 400, field: 'plan' });
    expect(stripe.calls).toHaveLength(0);
  });
});

it('without a key nothing is asked, and everything is refused in the same words', async () => {
  const { parts, memberId, stripe, topUp, buyPlan } = await openCounter();
  await parts.billing.remove();
  const member = parts.members.get(memberId);
  if (member === undefined) throw new Error('no member');
  for (const asked of [topUp(), buyPlan('pro'), parts.billing.opening.portal(member, BASE)]) {
    expect(await refusalOf(asked)).toMatchObject({ status: 503, code: 'billing_not_configured' });
  }
  expect(stripe.calls).toHaveLength(0);
});

it('a call that runs ends with the gateway', async () => {
  const counter = await openCounter(30_000);
  const gate = new Gate('before');
  counter.stripe.next(CUSTOMER, gate);
  const opening = refusalOf(counter.topUp());
  await gate.arrived;
  const before = performance.now();
  await counter.parts.billing.close();
  expect(await opening).toMatchObject({ code: 'upstream_error' });
  expect(performance.now() - before).toBeLessThan(10_000);
  gate.open();
});
