import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf } from '../billing/setup.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { failed } from '../support/stripe/refusal.ts';
import { SECRET_KEY, type StripeServer, startStripe, WEBHOOK_SECRET } from '../support/stripe/stripe.ts';

let gateway: TestGateway;
let stripe: StripeServer;

beforeAll(async () => {
  stripe = await startStripe();
  gateway = await startGateway({ stripe: { url: stripe.url, timeoutMs: 2_000, retries: 0 } });
  await gateway.admin('PUT', '/billing', { secretKey: SECRET_KEY });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await stripe[Symbol.asyncDispose]();
});

/** A member with a page to pay on, of ten dollars. */
async function begun() {
  const { id, key } = await gateway.member({ name: 'Ada' });
  const { body } = await gateway.post('/tenant/billing/topup', { amount: 10 }, { key });
  return { id, session: stripe.session(body.url), balance: () => balanceOf(gateway, id) };
}

describe('webhooks', () => {
  it('are not taken until the owner stores a signing secret', async () => {
    const { session, balance } = await begun();
    stripe.books.pay(session.id);
    expect(await stripe.deliver(gateway.url, stripe.event('checkout.session.completed', session))).toBe(503);
    expect(await balance()).toBe(0);
    await gateway.admin('PUT', '/billing', { webhookSecret: WEBHOOK_SECRET });
    expect(await stripe.deliver(gateway.url, stripe.event('checkout.session.completed', session))).toBe(200);
    expect(await balance()).toBe(10_000_000);
  });

  it('credit at once, and once, however often the same or another event tells of it', async () => {
    const { session, balance } = await begun();
    stripe.books.pay(session.id);
    const event = stripe.event('checkout.session.completed', session);
    const statuses = await Promise.all([
      ...Array.from({ length: 10 }, () => stripe.deliver(gateway.url, event)),
      stripe.deliver(gateway.url, stripe.event('checkout.session.async_payment_succeeded', session)),
      fetch(session.success_url.replace('{CHECKOUT_SESSION_ID}', session.id)).then(({ status }) => status),
    ]);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await balance()).toBe(10_000_000);
  });

  it('are believed no more than where to look: an early or a late one changes nothing', async () => {
    const { session, balance } = await begun();
    const forged = { ...session, status: 'complete', payment_status: 'paid' };
    expect(await stripe.deliver(gateway.url, stripe.event('checkout.session.completed', forged))).toBe(200);
    expect(await balance()).toBe(0);
    const early = stripe.event('checkout.session.completed', session);
    stripe.books.pay(session.id);
    expect(await stripe.deliver(gateway.url, stripe.event('checkout.session.completed', session))).toBe(200);
    expect(await stripe.deliver(gateway.url, early)).toBe(200);
    expect(await balance()).toBe(10_000_000);
  });

  it('are asked to come again while Stripe cannot be asked', async () => {
    const { session, balance } = await begun();
    stripe.books.pay(session.id);
    stripe.always('GET /v1/checkout/sessions/:id', failed());
    const event = stripe.event('checkout.session.completed', session);
    expect(await stripe.deliver(gateway.url, event)).toBe(502);
    stripe.always('GET /v1/checkout/sessions/:id', null);
    expect(await stripe.deliver(gateway.url, event)).toBe(200);
    expect(await balance()).toBe(10_000_000);
  });

  it('bring refunds and disputes by the payment they name', async () => {
    const { session, balance } = await begun();
    stripe.books.pay(session.id);
    await stripe.deliver(gateway.url, stripe.event('checkout.session.completed', session));
    const charge = stripe.books.refund(session.id, 400);
    expect(await stripe.deliver(gateway.url, stripe.event('charge.refunded', charge))).toBe(200);
    expect(await balance()).toBe(6_000_000);
    stripe.books.dispute(session.id);
    const dispute = { id: 'dp_1', object: 'dispute', payment_intent: charge.payment_intent };
    expect(await stripe.deliver(gateway.url, stripe.event('charge.dispute.created', dispute))).toBe(200);
    const { body } = await gateway.admin('GET', '/alerts');
    expect(body.data[0]).toMatchObject({ kind: 'billing', message: expect.stringContaining('is disputed') });
  });

  it('about sessions of somebody else, or of other things, are taken and left alone', async () => {
    const before = stripe.calls.length;
    for (const [type, object] of [
      [
        'checkout.session.completed',
        { id: 'cs_test_other', object: 'checkout.session', client_reference_id: 'shop-1' },
      ],
      [
        'checkout.session.completed',
        { id: 'cs_test_other', object: 'checkout.session', client_reference_id: null },
      ],
      ['charge.refunded', { id: 'ch_1', object: 'charge', payment_intent: 'pi_other' }],
      ['customer.created', { id: 'cus_1', object: 'customer' }],
    ] as const) {
      expect(await stripe.deliver(gateway.url, stripe.event(type, object))).toBe(200);
    }
    expect(stripe.calls).toHaveLength(before);
  });

  describe('that Stripe did not sign', () => {
    const MINUTE = 60;
    const body = '{"id":"evt_1"}';

    it('are refused', async () => {
      const { session, balance } = await begun();
      stripe.books.pay(session.id);
      const event = stripe.event('checkout.session.completed', session);
      const now = Math.floor(Date.now() / 1000);
      const forgeries = [
        { secret: 'whsec_somebodyElsesSecret' },
        { at: now - 6 * MINUTE },
        // Signed, and changed on its way; also by blanks alone.
        { body: JSON.stringify({ ...event, livemode: true }, null, 2) },
        { body: JSON.stringify(event) },
      ];
      for (const forgery of forgeries) expect(await stripe.deliver(gateway.url, event, forgery)).toBe(400);
      expect(await stripe.deliver(gateway.url, event, { at: now - 4 * MINUTE })).toBe(200);
      expect(await balance()).toBe(10_000_000);
    });

    it.each([
      ['no header', {}],
      ['an empty header', { 'stripe-signature': '' }],
      ['no signature', { 'stripe-signature': 't=1' }],
      ['another scheme', { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v0=00` }],
      ['words', { 'stripe-signature': 'let me in' }],
    ])('are refused with %s', async (_, headers) => {
      const response = await fetch(`${gateway.url}/billing/webhook`, { method: 'POST', headers, body });
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain(WEBHOOK_SECRET);
    });

    it('are refused without a body, and with a body of no end', async () => {
      const post = (text: string) =>
        fetch(`${gateway.url}/billing/webhook`, {
          method: 'POST',
          body: text,
          headers: { 'stripe-signature': 't=1,v1=0' },
        });
      expect((await post('')).status).toBe(400);
      expect((await post('x'.repeat(1024 * 1024 + 1))).status).toBe(413);
    });
  });
});

describe('the page a payer comes back to', () => {
  const show = async (path: string) => {
    const response = await fetch(gateway.url + path);
    return { status: response.status, text: await response.text(), headers: response.headers };
  };

  it('has the payment looked up, and says what came of it', async () => {
    const { session, balance } = await begun();
    const { pathname, search } = new URL(session.success_url);
    stripe.books.pay(session.id);
    const { status, text, headers } = await show(pathname + search);
    expect(status).toBe(200);
    expect(text).toContain('$10.00 is on your balance');
    expect(headers.get('content-type')).toContain('text/html');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(await balance()).toBe(10_000_000);
  });

  it('says so where the money takes days, and promises nothing where it is not known yet', async () => {
    const { session } = await begun();
    const { pathname, search } = new URL(session.success_url);
    stripe.always('GET /v1/checkout/sessions/:id', failed());
    expect((await show(pathname + search)).text).toContain('is being looked up');
    stripe.always('GET /v1/checkout/sessions/:id', null);
    stripe.books.pay(session.id, 'later');
    await gateway
      .admin('GET', '/billing/sessions?pageSize=1')
      .then(({ body }) => gateway.admin('POST', `/billing/sessions/${body.data[0].id}/look`));
    expect((await show(pathname + search)).text).toContain('may take some days');
  });

  it('names the plan, whatever is in its name', async () => {
    await gateway.admin('POST', '/plans', { id: 'team', name: '<b>Team & Co</b>', priceMicros: 5_000_000 });
    const { key } = await gateway.member();
    const { body } = await gateway.post('/tenant/billing/checkout', { plan: 'team' }, { key });
    const session = stripe.session(body.url);
    stripe.books.pay(session.id);
    const { pathname, search } = new URL(session.success_url);
    expect((await show(pathname + search)).text).toContain(
      'The plan &#60;b&#62;Team &#38; Co&#60;/b&#62; holds',
    );
  });

  it('asks Stripe no more often for somebody who reloads it, nor for an address nobody was sent to', async () => {
    const { session } = await begun();
    const { pathname, search } = new URL(session.success_url);
    await show(pathname + search);
    const before = stripe.calls.length;
    for (let reload = 0; reload < 5; reload++) await show(pathname + search);
    for (const query of ['', '?payment=', '?payment=ntl_guessed', '?payment=1&payment=2']) {
      expect((await show(`/billing/done${query}`)).text).toContain('You can close this window');
    }
    expect(stripe.calls).toHaveLength(before);
  });

  it('is there for those who did not pay, and who come from the portal', async () => {
    expect((await show('/billing/canceled')).text).toContain('Nothing was charged');
    expect((await show('/billing/closed')).status).toBe(200);
  });
});
