import { describe, expect, it } from 'vitest';
import { until } from '../support/until.ts';
import { balanceOf, openShop } from './setup.ts';

describe('a top-up', () => {
  it('is a page of Stripe for the amount, and on the balance once it is paid', async () => {
    const { gateway, stripe } = await openShop();
    const { id, key } = await gateway.member({ name: 'Ada', email: 'ada@example.com' });
    const answer = await gateway.post('/tenant/billing/topup', { amount: 20 }, { key });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-ntl-tier')).toBe('pro');
    const session = stripe.session(answer.body.url);
    expect(answer.body).toEqual({ url: session.url });
    expect(session).toMatchObject({ amount_total: 2_000, currency: 'usd', metadata: { ntl_member: id } });
    expect(stripe.books.customers.get(session.customer ?? '')).toMatchObject({
      name: 'Ada',
      email: 'ada@example.com',
    });

    stripe.books.pay(session.id);
    await until('the credit', async () => (await balanceOf(gateway, id)) === 20_000_000);
    const { body } = await gateway.admin('GET', `/members/${id}/ledger`);
    expect(body.data).toMatchObject([
      { kind: 'grant', micros: 20_000_000, note: `Top-up paid at Stripe, ${session.payment_intent}` },
    ]);
  });
});
