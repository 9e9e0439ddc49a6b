import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VaultError } from '../../../gateway/vault/vault.ts';
import { openShop, openStripeServer } from '../../billing/setup.ts';
import { startGateway } from '../../support/gateway.ts';
import { notPermitted, rateLimited } from '../../support/stripe/refusal.ts';
import { SECRET_KEY, WEBHOOK_SECRET } from '../../support/stripe/stripe.ts';
import { type AdminOptions, openAdmin } from './admin-app.ts';

const OFF = {
  ...{ configured: false, mode: null, storedAt: null, webhook: false, publicUrl: null, webhookUrl: null },
  ...{ invoices: false, open: 0, lookedAt: null, trouble: null },
};

async function openDesk(options: AdminOptions = {}) {
  const stripe = await openStripeServer();
  const admin = await openAdmin({ stripe: { url: stripe.url, timeoutMs: 500, retries: 0 }, ...options });
  return { ...admin, stripe };
}

describe('the owner', () => {
  it('sets what payments need, bit by bit, and is never shown a key', async () => {
    const { call, parts } = await openDesk();
    expect((await call('GET', '/billing')).body).toEqual(OFF);
    const stored = await call('PUT', '/billing', { secretKey: SECRET_KEY });
    expect(stored.body).toEqual({ ...OFF, configured: true, mode: 'test', storedAt: expect.any(String) });
    const more = { webhookSecret: WEBHOOK_SECRET, publicUrl: 'https://ai.example.com/', invoices: true };
    const set = await call('PUT', '/billing', more);
    expect(set.body).toEqual({
      ...stored.body,
      ...{ webhook: true, invoices: true, publicUrl: 'https://ai.example.com' },
      webhookUrl: 'https://ai.example.com/billing/webhook',
    });
    expect((await call('GET', '/billing')).body).toEqual(set.body);
    expect((await call('PUT', '/billing', { webhookSecret: null, publicUrl: null })).body).toEqual({
      ...stored.body,
      invoices: true,
    });
    expect(await parts.vault.get('billing:secret-key')).toBe(SECRET_KEY);
    expect(await parts.vault.get('billing:webhook-secret')).toBeNull();
    expect((await call('DELETE', '/billing')).status).toBe(204);
    expect((await call('GET', '/billing')).body).toEqual(OFF);
    expect(await parts.vault.get('billing:secret-key')).toBeNull();
    expect((await call('DELETE', '/billing')).status).toBe(204);
  });

  it('reads in the change log what was changed, without secrets', async () => {
    const { call } = await openDesk();
    await call('PUT', '/billing', { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET });
    await call('PUT', '/billing', { invoices: true });
    await call('DELETE', '/billing');
    const { body, text } = await call('GET', '/changes');
    expect(body.data).toMatchObject([
      { action: 'billing.delete', subject: 'billing', before: { configured: true }, after: null },
      { action: 'billing.update', before: { invoices: false }, after: { invoices: true } },
      {
        ...{ actor: 'window', action: 'billing.update', before: { configured: false } },
        after: { configured: true, mode: 'test', secretKey: 'stored', webhookSecret: 'stored' },
      },
    ]);
    expect(text).not.toMatch(/canary/);
  });

  it.each([
    ['a publishable key', { secretKey: 'pk_live_1234567890' }, 'secretKey', 'publishable'],
    ['no key at all', { secretKey: 'hunter2hunter2' }, 'secretKey', 'sk_live_'],
    ['a key with a blank in it', { secretKey: 'sk_live_123 4567890' }, 'secretKey', 'sk_live_'],
    ['an empty key', { secretKey: '' }, 'secretKey', 'sk_live_'],
    [
      'a signing secret that is none',
      { secretKey: SECRET_KEY, webhookSecret: 'secret' },
      'webhookSecret',
      'whsec_',
    ],
    [
      'an address that is none',
      { secretKey: SECRET_KEY, publicUrl: 'ai.example.com' },
      'publicUrl',
      'https://',
    ],
    ['an address with a user', { secretKey: SECRET_KEY, publicUrl: 'https://a:b@c.de' }, 'publicUrl', 'user'],
    ['a field nobody knows', { secretKey: SECRET_KEY, key: 'x' }, 'key', 'not known'],
    ['settings before there is a key', { invoices: true }, 'secretKey', 'first'],
  ])('is told at the field of %s, which is not repeated', async (_, body, field, words) => {
    const { call } = await openDesk();
    const answer = await call('PUT', '/billing', body);
    expect(answer).toMatchObject({ status: 400, body: { error: { param: field } } });
    expect(answer.body.error.message).toContain(words);
    expect(answer.text).not.toMatch(/hunter2|1234567890/);
    expect((await call('GET', '/billing')).body).toEqual(OFF);
  });

  it('has a key refused that Stripe does not take, and the one before stays', async () => {
    const { call, parts, stripe } = await openDesk();
    await call('PUT', '/billing', { secretKey: SECRET_KEY });
    const wrong = await call('PUT', '/billing', { secretKey: 'sk_live_51WrongKeyOfNobody' });
    expect(wrong).toMatchObject({ status: 400, body: { error: { param: 'secretKey' } } });
    expect(wrong.text).not.toMatch(/51Wr|body/);
    stripe.next('GET /v1/checkout/sessions', notPermitted('rk_live_51RestrictedKey'));
    const denied = await call('PUT', '/billing', { secretKey: 'rk_live_51RestrictedKey' });
    expect(denied).toMatchObject({ status: 400, body: { error: { param: 'secretKey' } } });
    expect(denied.body.error.message).toContain('read and write Checkout Sessions');
    expect((await call('GET', '/billing')).body).toMatchObject({ mode: 'test' });
    expect(await parts.vault.get('billing:secret-key')).toBe(SECRET_KEY);
  });

  it('has a key stored that could not be tried: the network may be gone for a while', async () => {
    const { call, stripe } = await openDesk();
    stripe.always('*', 'silence');
    expect((await call('PUT', '/billing', { secretKey: 'sk_live_51KeyOfAnother' })).body).toMatchObject({
      ...{ configured: true, mode: 'live' },
    });
  });

  it('has nothing stored where the vault is out of reach', async () => {
    const locked = () => Promise.reject(new VaultError('locked', 'The keychain is locked. Unlock it.'));
    const { call } = await openDesk({
      vault: (vault) => Object.assign(Object.create(vault), { set: locked, get: locked, delete: locked }),
    });
    expect(await call('PUT', '/billing', { secretKey: SECRET_KEY })).toMatchObject({
      ...{ status: 503, body: { error: { code: 'vault_unavailable' } } },
    });
    expect((await call('GET', '/billing')).body).toEqual(OFF);
  });
});

describe('the test call', () => {
  it('says whether Stripe takes the key, and why not', async () => {
    const { call, stripe } = await openDesk();
    const verdict = async () => (await call('POST', '/billing/test')).body;
    expect(await verdict()).toMatchObject({ ok: false, verdict: 'not_configured' });
    await call('PUT', '/billing', { secretKey: SECRET_KEY });
    expect(await verdict()).toEqual({
      ...{ ok: true, verdict: 'ok', message: 'Stripe answers and takes the key.' },
      latencyMs: expect.any(Number),
    });
    stripe.next('GET /v1/checkout/sessions', notPermitted(SECRET_KEY), rateLimited(), 'silence');
    const denied = await verdict();
    expect(denied).toMatchObject({ ok: false, verdict: 'missing_permission' });
    expect(denied.message).toContain('read and write Checkout Sessions');
    expect(await verdict()).toMatchObject({ ok: false, verdict: 'rate_limited' });
    expect(await verdict()).toMatchObject({ ok: false, verdict: 'unreachable' });
    stripe.secretKey = 'sk_test_51AnotherSinceItWasRolled';
    const wrong = await verdict();
    expect(wrong).toMatchObject({ ok: false, verdict: 'wrong_key' });
    expect(wrong.message).not.toMatch(/51Nt|nary/);
  });
});

describe('the payments', () => {
  it('are listed, newest first, by member and time, and looked up at the press of a button', async () => {
    const { gateway, stripe } = await openShop();
    await gateway.admin('PATCH', '/plans/pro', { priceMicros: 20_000_000 });
    const ada = await gateway.member({ name: 'Ada' });
    const bo = await gateway.member({ name: 'Bo' });
    await gateway.post('/tenant/billing/topup', { amount: 10 }, { key: ada.key });
    await gateway.post('/tenant/billing/checkout', { plan: 'pro' }, { key: bo.key });
    const { body } = await gateway.admin('GET', '/billing/sessions');
    expect(body.pagination.total).toBe(2);
    expect(body.data).toMatchObject([
      {
        memberName: 'Bo',
        purpose: 'plan',
        planId: 'pro',
        amountMicros: 20_000_000,
        state: 'open',
        mode: 'test',
      },
      {
        memberName: 'Ada',
        purpose: 'topup',
        planId: null,
        amountMicros: 10_000_000,
        stripeId: expect.any(String),
      },
    ]);
    const mine = await gateway.admin('GET', `/billing/sessions?memberId=${ada.id}&pageSize=1`);
    expect(mine.body).toMatchObject({ data: [{ memberName: 'Ada' }], pagination: { total: 1 } });
    expect((await gateway.admin('GET', '/billing/sessions?startDate=2100-01-01')).body.data).toEqual([]);

    const payment = stripe.books.pay(stripe.session().id).payment_intent;
    const looked = await gateway.admin('POST', `/billing/sessions/${body.data[0].id}/look`);
    expect(looked.body).toMatchObject({ state: 'paid', stripeId: payment, settledAt: expect.any(String) });
    expect((await gateway.admin('POST', '/billing/sessions/99/look')).status).toBe(404);
    expect((await gateway.admin('GET', '/billing')).body).toMatchObject({ open: 1 });
  });
});

it('no key is in any file of the data folder but the vault, nor in a log, whatever went wrong', async () => {
  const stripe = await openStripeServer();
  const gateway = await startGateway({
    ...{ logLevel: 'debug', vaultPassphrase: 'a passphrase' },
    stripe: { url: stripe.url, timeoutMs: 300, retries: 0 },
  });
  try {
    const answers = [
      await gateway.admin('PUT', '/billing', { secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET }),
    ];
    const call = async (path: string, body: unknown) => answers.push(await gateway.post(path, body));
    await call('/tenant/billing/topup', { amount: 10 });
    stripe.secretKey = 'another';
    await call('/tenant/billing/topup', { amount: 10 });
    await call('/tenant/billing/portal', {});
    await call('/billing/webhook', '{}');
    stripe.always('*', 'silence');
    await call('/tenant/billing/topup', { amount: 10 });
    stripe.always('*', notPermitted(SECRET_KEY));
    await call('/tenant/billing/topup', { amount: 10 });
    const sessions = await gateway.admin('GET', '/billing/sessions');
    answers.push(sessions, await gateway.admin('POST', `/billing/sessions/${sessions.body.data[0].id}/look`));
    answers.push(
      await gateway.admin('GET', '/logs?level=debug&limit=500'),
      await gateway.admin('GET', '/diagnostics'),
    );
    answers.push(await gateway.admin('POST', '/backups'));
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/canary/);
    await gateway.gateway.stop();
    const files = readdirSync(gateway.dataDir, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) {
      expect(readFileSync(join(file.parentPath, file.name)).includes('canary'), file.name).toBe(false);
    }
  } finally {
    await gateway[Symbol.asyncDispose]();
  }
});
