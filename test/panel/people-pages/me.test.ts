import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostOf } from '../../billing/setup.ts';
import { HELLO } from '../../doors/member/ask.ts';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { SECRET_KEY, type StripeServer, startStripe } from '../../support/stripe/stripe.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { settled } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';
import { makeHistory } from '../support/history.ts';
import { furnish, type Studio } from '../support/studio.ts';
import { type GuestPage, guest, overflows } from './support.ts';

const SCREENSHOTS = join(import.meta.dirname, '../../../screenshots');

let browser: Browser;
let gateway: TestGateway;
let studio: Studio;
let stripe: StripeServer;
/** Of Ada, who has used much. */
let key: string;
let ada: GuestPage;
let small: GuestPage;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await launchChromium();
  stripe = await startStripe();
  gateway = await startGateway({ panelDir: await builtPanel(), stripe: hostOf(stripe) });
  studio = await furnish(gateway);
  await makeHistory(gateway, studio, { rows: 3_000, days: 30 });
  const made = await gateway.admin('POST', '/keys', { memberId: studio.members.Ada, name: 'page' });
  key = made.body.key;
  ada = await guest(browser, { width: 1280, height: 900 });
  small = await guest(browser, { scheme: 'dark', width: 360, height: 740 });
});
afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  await stripe[Symbol.asyncDispose]();
});

const heading = (at: GuestPage, name: string) =>
  at.page.getByRole('heading', { level: 1, name, exact: true });

async function looked(at: GuestPage, name: string): Promise<void> {
  await settled(at.page);
  await at.page.screenshot({ path: join(SCREENSHOTS, `me-${name}.png`), fullPage: true });
  expect([name, await seriousFindings(at.page)]).toEqual([name, []]);
  expect([name, at.errors.splice(0)]).toEqual([name, []]);
  expect([name, await overflows(at.page)]).toEqual([name, false]);
}

async function signIn(at: GuestPage, secret: string): Promise<void> {
  await at.page.goto(`${gateway.url}/me`);
  await at.page.getByLabel('Your key', { exact: true }).fill(secret);
  await at.page.keyboard.press('Enter');
}

test('a wrong key is refused at its field; the right one shows what is Ada’s alone', async () => {
  const { page } = ada;
  await signIn(ada, `ntl_live_${'x'.repeat(40)}`);
  await page.getByText('does not know the API key').waitFor();
  await looked(ada, 'sign-in-light');
  await signIn(ada, key);
  await heading(ada, 'Ada').waitFor();
  await page.getByRole('cell', { name: 'claude-sonnet-4-5' }).first().waitFor();
  await page.locator('.recharts-bar-rectangle').first().waitFor();
  await looked(ada, 'full-light');
  const text = await page.locator('body').innerText();
  for (const own of ['laptop', 'notebook', 'claude-opus-4-5', 'Payments are not set up here'])
    expect(text).toContain(own);
  for (const others of ['Mika', 'Noor', 'OpenRouter', 'Rack', 'pull requests'])
    expect(text).not.toContain(others);
  const kept = await page.evaluate(() =>
    JSON.stringify([localStorage, sessionStorage, location.href, document.cookie]),
  );
  expect(kept).not.toMatch(/ntl_/);
});

test('the limits follow requests by themselves', async () => {
  const row = ada.page.getByRole('listitem').filter({ hasText: 'Requests / 60 s' });
  await row.getByText('of 600').waitFor();
  await gateway.post('/v1/chat/completions', { ...HELLO, model: 'gpt-none' }, { key });
  await ada.page.getByText('400 unknown_model').first().waitFor();
});

test('makes a key, shown once, that works and is revoked, by keyboard', async () => {
  const { page } = ada;
  await page.getByRole('button', { name: 'New key' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New key' });
  await dialog.getByLabel('Name').fill('tablet');
  await page.keyboard.press('Enter');
  const shown = page.getByRole('dialog', { name: 'Key “tablet”' });
  const secret = (await shown.getByLabel('The new key').textContent())?.trim() ?? '';
  await looked(ada, 'new-key-light');
  await shown.getByRole('button', { name: 'Close without copying' }).click();
  expect((await gateway.post('/v1/messages/count_tokens', HELLO, { key: secret })).status).not.toBe(401);
  await page.getByRole('button', { name: 'Revoke tablet' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByRole('button', { name: 'Revoke tablet' }).waitFor({ state: 'detached' });
  expect((await gateway.post('/v1/messages/count_tokens', HELLO, { key: secret })).status).toBe(401);
});

test('on a phone in the dark all of it is there, nothing cut off', async () => {
  await signIn(small, key);
  await heading(small, 'Ada').waitFor();
  await small.page.getByRole('cell').first().waitFor();
  await small.page.locator('.recharts-bar-rectangle').first().waitFor();
  await looked(small, 'full-dark');
});

test('who is suspended sees that, and the page comes back by itself', async () => {
  await gateway.admin('PATCH', `/members/${studio.members.Ada}`, { status: 'suspended' });
  await heading(small, 'You are suspended').waitFor();
  await looked(small, 'suspended-dark');
  await gateway.admin('PATCH', `/members/${studio.members.Ada}`, { status: 'active' });
  await heading(small, 'Ada').waitFor();
  await gateway.admin('PATCH', `/members/${studio.members.Ada}`, { status: 'disabled' });
  await heading(small, 'Your access is off').waitFor();
  await small.page.getByRole('button', { name: 'Sign out' }).click();
  await heading(small, 'Your page').waitFor();
  await gateway.admin('PATCH', `/members/${studio.members.Ada}`, { status: 'active' });
});

test('whoever has used nothing is told what will be there; the owner may keep the keys', async () => {
  const mia = await gateway.member({ name: 'Mia', selfService: false, planId: 'free' });
  await signIn(small, mia.key);
  await heading(small, 'Mia').waitFor();
  await small.page.getByText('Nothing asked yet').waitFor();
  await small.page.getByText('The owner makes and revokes your keys.').waitFor();
  await looked(small, 'empty-dark');
  await gateway.admin('DELETE', `/keys/${mia.keyId}`);
  await heading(small, 'Your page').waitFor();
  await small.page.getByText(/was revoked/).waitFor();
  expect(await small.page.locator('body').innerText()).not.toContain('Mia');
});

test('where payments are set up, top-up and plans lead to Stripe’s pages', async () => {
  expect((await gateway.admin('PUT', '/billing', { secretKey: SECRET_KEY })).status).toBe(200);
  await gateway.admin('PATCH', '/plans/enterprise', { priceMicros: 50_000_000 });
  const { page, context } = ada;
  await context.route('https://checkout.stripe.com/**', (route) => route.fulfill({ body: 'pay here' }));
  await page.reload();
  await page.getByRole('button', { name: 'Top up' }).waitFor();
  await page.getByRole('combobox', { name: 'Plan for 30 days' }).click();
  await page.getByRole('option', { name: 'Enterprise, $50.00' }).click();
  await looked(ada, 'payments-light');
  await page.getByLabel('Add dollars').fill('2');
  await page.getByRole('button', { name: 'Top up' }).click();
  await page.getByText(/from 5 to 1,000/).waitFor();
  await page.getByLabel('Add dollars').fill('25');
  await page.getByRole('button', { name: 'Top up' }).click();
  await page.waitForURL(/^https:\/\/checkout\.stripe\.com\//);
});

test('copies where the browser has no clipboard for the page: one that came in the clear', async () => {
  const { page } = ada;
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.goto(`${gateway.url}/me`);
  await page.getByRole('button', { name: 'Copy claude-sonnet-4-5' }).click();
  await page.getByRole('button', { name: 'Copied claude-sonnet-4-5' }).waitFor();
});
