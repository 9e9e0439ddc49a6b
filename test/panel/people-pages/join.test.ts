import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HELLO } from '../../doors/member/ask.ts';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { builtPanel } from '../support/built-panel.ts';
import { type GuestPage, guest, overflows } from './support.ts';

const SCREENSHOTS = join(import.meta.dirname, '../../../screenshots');

let browser: Browser;
let gateway: TestGateway;
let sol: GuestPage;
let dark: GuestPage;

beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await launchChromium();
  gateway = await startGateway({ panelDir: await builtPanel() });
  await gateway.publish({ url: 'http://127.0.0.1:9', port: 9 }, ['claude-sonnet-4-5', 'gpt-5.1']);
  sol = await guest(browser);
  dark = await guest(browser, { scheme: 'dark', width: 360, height: 740 });
});
afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
});

const heading = (at: GuestPage, name: RegExp | string) => at.page.getByRole('heading', { level: 1, name });

/** As everybody can use it, in this scheme and width. */
async function looked(at: GuestPage, name: string): Promise<void> {
  await at.page.screenshot({ path: join(SCREENSHOTS, `join-${name}.png`), fullPage: true });
  expect([name, await seriousFindings(at.page)]).toEqual([name, []]);
  expect([name, at.errors.splice(0)]).toEqual([name, []]);
  expect([name, await overflows(at.page)]).toEqual([name, false]);
}

async function requestOf(name: string) {
  const { body } = await gateway.admin('GET', '/join-requests?state=waiting');
  return body.data.find((request: { name: string }) => request.name === name);
}

test('while joining is off the page says so', async () => {
  const answer = await sol.page.goto(`${gateway.url}/join`);
  expect(answer?.status()).toBe(404);
  await heading(sol, 'Nobody can join here now').waitFor();
  await looked(sol, 'closed-light');
  await gateway.admin('PATCH', '/settings', { joining: true });
});

test('asks by keyboard alone; what is wrong stands at its field, and what was typed stays', async () => {
  const { page } = sol;
  expect((await page.goto(`${gateway.url}/join`))?.status()).toBe(200);
  await heading(sol, /^Join the gateway on “.+”$/).waitFor();
  await looked(sol, 'ask-light');
  const policy = (await page.request.get(`${gateway.url}/join`)).headers()['content-security-policy'];
  expect(policy).toContain("default-src 'none'");
  await page.keyboard.press('Tab');
  await page.keyboard.type('<img src=x onerror=alert(1)>');
  await page.keyboard.press('Tab');
  await page.keyboard.type('sol@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type('For Cline on my laptop.');
  await page.keyboard.press('Enter');
  await page.getByText('without < and >').waitFor();
  await page.getByLabel('Your name').fill('Sol');
  expect(await page.getByLabel('Email').inputValue()).toBe('sol@example.com');
  await page.keyboard.press('Enter');
  await heading(sol, 'You have asked, Sol').waitFor();
  await looked(sol, 'waiting-light');
});

test('waits across a reload, shows the key once when asked to, and the lines for a tool', async () => {
  const { page, context } = sol;
  await page.reload();
  await heading(sol, 'You have asked, Sol').waitFor();
  const { id } = await requestOf('Sol');
  await gateway.admin('POST', `/join-requests/${id}/approve`, {
    ...{ planId: 'pro', allowedModels: ['claude-sonnet-4-5', 'ntl/echo'] },
    limits: [{ metric: 'cost', windowSeconds: 2_592_000, amount: 40_000_000 }],
  });
  await heading(sol, 'The owner lets you in, Sol').waitFor();
  expect(await page.title()).toMatch(/^The owner lets you in/);
  await looked(sol, 'approved-light');
  // Nothing was made yet, and no other browser can have it.
  const other = await guest(browser);
  await other.page.goto(`${gateway.url}/join`);
  expect(await other.page.evaluate(async () => (await fetch('/join/key', { method: 'POST' })).status)).toBe(
    404,
  );
  await other.context.close();

  await page.getByRole('button', { name: 'Show my key' }).press('Enter');
  await heading(sol, 'You are in, Sol').waitFor();
  const key = (await page.getByLabel('Your key').textContent())?.trim() ?? '';
  expect(key).toMatch(/^ntl_live_[A-Za-z0-9]{40}$/);
  await page.getByText('2 models').waitFor();
  await page.getByRole('tab').first().waitFor();
  await looked(sol, 'key-light');
  await page.getByRole('button', { name: 'Copy key' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key);
  await page.getByRole('combobox', { name: 'Tool' }).click();
  await page.getByRole('option', { name: 'Cline', exact: true }).click();
  await page.getByText(`${gateway.url}/cline/v1`).first().waitFor();
  await page.getByText(key, { exact: true }).nth(1).waitFor();
  expect(
    await page.evaluate(() => JSON.stringify([localStorage, sessionStorage, location.href])),
  ).not.toContain('ntl_live_');
  expect((await gateway.post('/v1/chat/completions', HELLO, { key })).status).toBe(200);
  expect(
    (await context.cookies()).filter(({ httpOnly, sameSite }) => !httpOnly || sameSite !== 'Strict'),
  ).toEqual([]);

  await page.reload();
  await page.getByText('was shown in this browser already').waitFor();
  expect(await page.content()).not.toContain(key);
  await looked(sol, 'collected-light');
  await page.getByRole('link', { name: 'Your page' }).click();
  await heading(sol, 'Sol').waitFor();
});

test('refuses with the words of the owner, in the dark and on a phone', async () => {
  const { page } = dark;
  await page.goto(`${gateway.url}/join`);
  await heading(dark, /^Join the gateway/).waitFor();
  await looked(dark, 'ask-dark');
  await page.getByLabel('Your name').fill('sol');
  await page.getByRole('button', { name: 'Ask to join' }).click();
  await page.getByText('looks like one that somebody here has').waitFor();
  await page.getByLabel('Your name').fill('Berta');
  await page.getByRole('button', { name: 'Ask to join' }).click();
  await heading(dark, 'You have asked, Berta').waitFor();
  await looked(dark, 'waiting-dark');
  const { id } = await requestOf('Berta');
  await gateway.admin('POST', `/join-requests/${id}/refuse`, { words: 'Ask me on Monday, please.' });
  await heading(dark, 'The owner said no').waitFor();
  await page.getByText('Ask me on Monday, please.').waitFor();
  await looked(dark, 'refused-dark');
  await page.getByRole('button', { name: 'Ask again' }).click();
  await heading(dark, /^Join the gateway/).waitFor();
});

test('is taken back', async () => {
  const { page } = dark;
  await page.getByLabel('Your name').fill('Berta');
  await page.getByRole('button', { name: 'Ask to join' }).click();
  await heading(dark, 'You have asked, Berta').waitFor();
  await page.getByRole('button', { name: 'Take it back' }).click();
  await heading(dark, /^Join the gateway/).waitFor();
  expect(await requestOf('Berta')).toBeUndefined();
});
