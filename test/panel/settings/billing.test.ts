import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { balanceOf, hostOf } from '../../billing/setup.ts';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { SECRET_KEY, type StripeServer, startStripe, WEBHOOK_SECRET } from '../../support/stripe/stripe.ts';
import { until } from '../../support/until.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { openPanel, type PanelPage } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';

let browser: Browser;
let gateway: TestGateway;
let stripe: StripeServer;
let panel: PanelPage;

beforeAll(async () => {
  stripe = await startStripe();
  gateway = await startGateway({ panelDir: await builtPanel(), stripe: hostOf(stripe) });
  browser = await launchChromium();
  panel = await openPanel(browser, gateway);
  panel.page.setDefaultTimeout(30_000);
}, 90_000);
afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  await stripe[Symbol.asyncDispose]();
});

const account = async () => (await gateway.admin('GET', '/billing')).body;

it('an owner stores a key, sees what was paid, and takes no more payments', async () => {
  const { page, go, errors } = panel;
  await go('/settings');
  await page.getByText('top-up and checkout answer billing_not_configured').waitFor();
  await page.getByRole('button', { name: 'Add key…' }).click();
  const drawer = page.getByRole('dialog', { name: 'Take payments by Stripe' });
  await drawer.getByLabel('Secret key').fill('pk_live_1234567890');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('This is a publishable key').waitFor();
  await drawer.getByLabel('Secret key').fill('sk_test_51SomebodyElsesKey');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('Stripe does not take this key.').waitFor();
  expect((await account()).configured).toBe(false);
  await drawer.getByLabel('Secret key').fill(SECRET_KEY);
  await drawer.getByText('This is a test key').waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await drawer.getByRole('button', { name: 'Save' }).click();
  await page.getByText(/^Test key, stored/).waitFor();
  expect(await account()).toMatchObject({ configured: true, mode: 'test' });
  expect(await page.content()).not.toContain('canary');

  const ada = await gateway.member({ name: 'Ada' });
  await gateway.post('/tenant/billing/topup', { amount: 25 }, { key: ada.key });
  await page.getByRole('button', { name: 'Show' }).first().click();
  const payments = page.getByRole('dialog', { name: 'Payments' });
  await payments.getByRole('row', { name: /Ada Balance \$25\.00 Can be paid/ }).waitFor();
  stripe.books.pay(stripe.session().id);
  await payments.getByRole('button', { name: 'Actions for the payment of Ada' }).click();
  await page.getByRole('menuitem', { name: 'Look up now' }).click();
  await payments.getByRole('row', { name: /Ada Balance \$25\.00 Paid test/ }).waitFor();
  expect(await balanceOf(gateway, ada.id)).toBe(25_000_000);
  expect(await seriousFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');

  await go(`/members/${ada.id}`);
  await gateway.admin('PATCH', `/members/${ada.id}`, { prepaid: true });
  await page.getByRole('row', { name: /Grant Top-up paid at Stripe, pi_\w+ \+\$25\.00 \$25\.00/ }).waitFor();
  await go('/security?view=changes');
  await page.getByRole('row', { name: /A payment Grant Ada/ }).waitFor();

  await go('/settings');
  await page.getByRole('button', { name: 'Remove…' }).click();
  await page
    .getByRole('dialog', { name: 'Take no more payments?' })
    .getByRole('button', { name: 'Remove' })
    .click();
  await page.getByRole('button', { name: 'Add key…' }).waitFor();
  expect((await account()).configured).toBe(false);
  // What the gateway refused, browsers write down as well.
  expect(errors.splice(0).filter((error) => !/status of 400/.test(error))).toEqual([]);
}, 60_000);

it('webhooks and invoices are set where they are told of', async () => {
  const { page, go, errors } = panel;
  await gateway.admin('PUT', '/billing', { secretKey: SECRET_KEY });
  await go('/');
  await go('/settings');
  await page.getByRole('button', { name: 'Set up…' }).click();
  const drawer = page.getByRole('dialog', { name: 'Webhooks' });
  await drawer.getByLabel('Public address').fill('https://ai.example.com/');
  await drawer.getByText('https://ai.example.com/billing/webhook').waitFor();
  await drawer.getByLabel('Signing secret').fill('nonsense');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.getByText('they begin with whsec_').waitFor();
  await drawer.getByLabel('Signing secret').fill(WEBHOOK_SECRET);
  await drawer.getByRole('button', { name: 'Save' }).click();
  await drawer.waitFor({ state: 'detached' });
  await page.getByText('https://ai.example.com/billing/webhook').waitFor();
  expect(await account()).toMatchObject({ webhook: true, publicUrl: 'https://ai.example.com' });

  await page.getByRole('switch', { name: 'Invoices' }).click({ force: true });
  await until('invoices', async () => (await account()).invoices);

  await page.getByRole('button', { name: 'Change…' }).click();
  await drawer.getByRole('button', { name: 'Take none' }).click();
  await page.getByText('Not taken. Payments are looked up by themselves').waitFor();
  expect(await account()).toMatchObject({ webhook: false, publicUrl: 'https://ai.example.com' });
  expect(errors.splice(0).filter((error) => !/status of 400/.test(error))).toEqual([]);
}, 60_000);
