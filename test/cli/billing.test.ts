import { afterAll, beforeAll, expect, it } from 'vitest';
import { hostOf } from '../billing/setup.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { SECRET_KEY, type StripeServer, startStripe, WEBHOOK_SECRET } from '../support/stripe/stripe.ts';
import { ntlHere } from './ntl-here.ts';
import type { RunOptions } from './run-ntl.ts';

let gateway: TestGateway;
let stripe: StripeServer;

beforeAll(async () => {
  stripe = await startStripe();
  gateway = await startGateway({ stripe: hostOf(stripe) });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await stripe[Symbol.asyncDispose]();
});

function ntl(words: string, options: RunOptions = {}) {
  return ntlHere(['billing', ...words.split(' ').filter(Boolean), '--data-dir', gateway.dataDir], options);
}

it('takes payments from the terminal, from the first key to the last', async () => {
  const off = await ntl('');
  expect(off.stdout).toMatch(/billing_not_configured.*ntl billing set --new-key/s);

  const wrong = await ntl('set --new-key', { input: 'sk_test_51SomebodyElsesKey\n' });
  expect(wrong).toMatchObject({ code: 1, stdout: '' });
  expect(wrong.stderr).toContain('Stripe does not take this key. Nothing was stored.');

  const stored = await ntl('set --new-key', { input: `${SECRET_KEY}\n` });
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  expect(stored.stdout).toMatch(/test key.*Stripe answers and takes the key\./s);
  expect(stored.stdout).not.toContain('canary');
  expect((await ntl('test')).stdout).toBe('Stripe answers and takes the key.\n');

  const more = await ntl('set --webhook-secret-env WHSEC --public-url https://ai.example.com --invoices', {
    env: { WHSEC: WEBHOOK_SECRET },
  });
  expect(more.stdout).toContain('taken at https://ai.example.com/billing/webhook');
  const shown = JSON.parse((await ntl('--json')).stdout);
  expect(shown).toMatchObject({ configured: true, webhook: true, invoices: true });

  const { key } = await gateway.member({ name: 'Ada' });
  await gateway.post('/tenant/billing/topup', { amount: 12 }, { key });
  stripe.books.pay(stripe.session().id);
  const [, id] = /^(\d+) .*Ada +balance +\$12\.00/m.exec((await ntl('payments --member Ada')).stdout) ?? [];
  expect((await ntl(`look ${id}`)).stdout).toMatch(/\$12\.00 +paid, test +pi_/);
  expect((await ntl('look 99')).stderr).toContain('There is no such payment');

  expect(await ntl('remove')).toMatchObject({ code: 2 });
  expect((await ntl('remove --yes')).stdout).toContain('No payments are taken any more');
  expect((await gateway.admin('GET', '/billing')).body).toMatchObject({ configured: false });
}, 60_000);

it.each([
  ['set', '', 'Say what to set'],
  ['set --new-key', '', 'No Stripe key came in'],
  ['set --key-env NO_SUCH_VARIABLE', '', 'NO_SUCH_VARIABLE of --key-env is not set'],
  ['set --new-webhook-secret --remove-webhook-secret', 'x', 'cannot be stored and removed'],
  ['set --public-url nowhere', '', 'https://ai.example.com'],
  ['set --new-key', 'pk_live_1234567890', 'publishable'],
])('%s with "%s" piped in says what is wrong', async (words, input, message) => {
  const refused = await ntl(words, { input });
  expect(refused.code).toBeGreaterThan(0);
  expect(refused.stderr).toContain(message);
});
