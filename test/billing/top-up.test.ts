import { expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { balanceOf, openShop } from './setup.ts';

it('a top-up is a page of Stripe, and on the balance by itself once it is paid', async () => {
  const { gateway, stripe } = await openShop();
  const { id, key } = await gateway.member({ name: 'Ada', email: 'ada@example.com' });
  const answer = await gateway.post('/tenant/billing/topup', { amount: 20 }, { key });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-ntl-tier')).toBe('pro');
  const session = stripe.session(answer.body.url);
  expect(answer.body).toEqual({ url: session.url });
  expect(session).toMatchObject({ amount_total: 2_000, currency: 'usd', metadata: { ntl_member: id } });
  const customer = stripe.books.customers.get(session.customer ?? '');
  expect(customer).toMatchObject({ name: 'Ada', email: 'ada@example.com' });

  stripe.books.pay(session.id);
  await until('the credit', async () => (await balanceOf(gateway, id)) === 20_000_000);
  const { body } = await gateway.admin('GET', `/members/${id}/ledger`);
  expect(body.data).toMatchObject([
    { kind: 'grant', micros: 20_000_000, note: `Top-up paid at Stripe, ${session.payment_intent}` },
  ]);
  const credits = await fetch(`${gateway.url}/tenant/credits`, { headers: { 'x-api-key': key } });
  expect(await credits.json()).toEqual({ balance_micros: 20_000_000, balance_tokens: 0 });
});

it('one that was paid while the gateway was off is credited after its start, and after the next no more', async () => {
  const { gateway, stripe } = await openShop();
  const { id, key } = await gateway.member();
  await gateway.post('/tenant/billing/topup', { amount: 7 }, { key });
  await gateway.restart(() => stripe.books.pay(stripe.session().id));
  await until('the credit', async () => (await balanceOf(gateway, id)) === 7_000_000);
  await gateway.restart();
  const { body } = await gateway.admin('GET', '/billing/sessions');
  await gateway.admin('POST', `/billing/sessions/${body.data[0].id}/look`);
  expect(await balanceOf(gateway, id)).toBe(7_000_000);
});

it('a plan is the member’s once it is paid, and says until when', async () => {
  const { gateway, stripe } = await openShop();
  await gateway.admin('PATCH', '/plans/pro', { priceMicros: 20_000_000 });
  const { key } = await gateway.member({ planId: 'free' });
  const subscription = async () => {
    const response = await fetch(`${gateway.url}/tenant/subscription`, { headers: { 'x-api-key': key } });
    return { tier: response.headers.get('x-ntl-tier'), ...(await response.json()) };
  };
  expect(await subscription()).toMatchObject({ tier: 'free', plan: 'free', paid_until: null });
  const { body } = await gateway.post('/tenant/billing/checkout', { plan: 'pro' }, { key });
  stripe.books.pay(stripe.session(body.url).id);
  await fetch(stripe.session(body.url).success_url);
  const paid = await subscription();
  expect(paid).toMatchObject({ tier: 'pro', plan: 'pro', price_micros: 20_000_000 });
  expect(Date.parse(paid.paid_until) - Date.now()).toBeGreaterThan(30 * 86_400_000 - 60_000);
});
