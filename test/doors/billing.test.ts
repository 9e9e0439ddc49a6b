import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { SECRET_KEY, type StripeServer, startStripe } from '../support/stripe/stripe.ts';

let gateway: TestGateway;
let stripe: StripeServer;

beforeAll(async () => {
  stripe = await startStripe();
  gateway = await startGateway({ stripe: { url: stripe.url, timeoutMs: 2_000, retries: 1 } });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await stripe[Symbol.asyncDispose]();
});

const ROUTES = [
  ['/tenant/billing/topup', { amount: 20 }],
  ['/tenant/billing/checkout', { plan: 'pro' }],
  ['/tenant/billing/portal', {}],
] as const;

describe('before the owner stores a Stripe key', () => {
  it.each(ROUTES)('%s answers 503 billing_not_configured, with the tier', async (path, body) => {
    const answer = await gateway.post(path, body);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'billing_not_configured' } } });
    expect(answer.headers.get('x-ntl-tier')).toBe('enterprise');
  });
});

describe('with a Stripe key', () => {
  beforeAll(async () => {
    expect((await gateway.admin('PUT', '/billing', { secretKey: SECRET_KEY })).status).toBe(200);
    await gateway.admin('PATCH', '/plans/pro', { priceMicros: 20_000_000 });
  });

  it.each(ROUTES)(
    '%s answers the URL of a page of Stripe, to any kind of key in any header',
    async (path, body) => {
      for (const kind of ['standard', 'subscription', 'pay_per_token']) {
        const { key } = await gateway.member({ planId: 'free' }, { kind });
        for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': key }]) {
          const answer = await gateway.post(path, body, { key: '', headers });
          expect(answer.status).toBe(200);
          expect(answer.body).toEqual({
            url: expect.stringMatching(/^https:\/\/(checkout|billing)\.stripe\.com\//),
          });
          expect(answer.headers.get('x-ntl-tier')).toBe('free');
          expect(answer.headers.get('cache-control')).toBe('no-store');
        }
      }
    },
  );

  it.each(ROUTES)('%s asks for a key before anything else', async (path) => {
    const before = stripe.calls.length;
    expect(await gateway.post(path, '{', { key: '' })).toMatchObject({
      ...{ status: 401, body: { error: { code: 'missing_auth' } } },
    });
    expect(await gateway.post(path, {}, { key: 'ntl_live_nobody' })).toMatchObject({ status: 401 });
    const { id, key } = await gateway.member();
    await gateway.admin('PATCH', `/members/${id}`, { status: 'suspended' });
    expect(await gateway.post(path, {}, { key })).toMatchObject({
      ...{ status: 403, body: { error: { code: 'suspended' } } },
    });
    expect(stripe.calls).toHaveLength(before);
  });

  it.each([5, 5.01, 19.99, 20, 999.99, 1_000])('takes a top-up of %s dollars', async (amount) => {
    const { key } = await gateway.member();
    const answer = await gateway.post('/tenant/billing/topup', { amount }, { key });
    expect(answer.status).toBe(200);
    expect(stripe.session(answer.body.url).amount_total).toBe(Math.round(amount * 100));
  });

  it.each([4.99, 1_000.01, 0, -20, 1e9, 20.005, '20', null, true, [20], undefined])(
    'refuses a top-up of %j, naming the bounds',
    async (amount) => {
      const before = stripe.calls.length;
      const answer = await gateway.post('/tenant/billing/topup', { amount });
      expect(answer.status).toBe(400);
      expect(answer.body.error).toMatchObject({ code: 'invalid_request', param: 'amount' });
      expect(answer.body.error.message).toMatch(/from 5 to 1,000/);
      expect(stripe.calls).toHaveLength(before);
    },
  );

  it.each([
    ['broken JSON', '{"amount":'],
    ['no body', ''],
    ['a list', [20]],
  ])('refuses %s', async (_, body) => {
    const answer = await gateway.post('/tenant/billing/topup', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
  });

  it.each([
    ['nobody has', 'platinum'],
    ['that has no price', 'enterprise'],
    ['without a name', ''],
    ['that is no text', 7],
  ])('refuses a plan %s', async (_, plan) => {
    const answer = await gateway.post('/tenant/billing/checkout', { plan });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'invalid_request', param: 'plan' } },
    });
  });

  it('lets a member without self-service pay in, and choose no plan', async () => {
    const { key } = await gateway.member({ selfService: false });
    expect(await gateway.post('/tenant/billing/checkout', { plan: 'pro' }, { key })).toMatchObject({
      ...{ status: 403, body: { error: { code: 'route_not_allowed' } } },
    });
    expect((await gateway.post('/tenant/billing/topup', { amount: 20 }, { key })).status).toBe(200);
    expect((await gateway.post('/tenant/billing/portal', {}, { key })).status).toBe(200);
  });

  it('leads back to the address by which the caller came, or to the public one', async () => {
    const { key } = await gateway.member();
    const opened = async () =>
      stripe.session((await gateway.post('/tenant/billing/topup', { amount: 5 }, { key })).body.url);
    const own = await opened();
    expect(own.success_url).toMatch(new RegExp(`^${gateway.url}/billing/done\\?payment=ntl_[0-9a-f-]{36}$`));
    expect(own.cancel_url).toBe(`${gateway.url}/billing/canceled`);
    await gateway.admin('PUT', '/billing', { publicUrl: 'https://ai.example.com/gw/' });
    expect((await opened()).cancel_url).toBe('https://ai.example.com/gw/billing/canceled');
    await gateway.admin('PUT', '/billing', { publicUrl: null });
  });
});
