import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRuntimeFile } from '../../gateway/runtime-file.ts';
import { openPanel, type PanelPage } from '../panel/support/browser.ts';
import { launchChromium } from '../support/chromium.ts';
import { type Provider, startProvider } from '../support/provider/provider.ts';
import { reply } from '../support/provider/reply.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');

let browser: Browser;
let dataDir: string;
let started: ChildProcess;
let provider: Provider;

beforeAll(async () => {
  browser = await launchChromium();
  provider = await startProvider();
  dataDir = await mkdtemp(join(tmpdir(), 'ntl-first-day-'));
  started = startHeadless(dataDir);
  await until('the gateway', () => readRuntimeFile(dataDir), 60_000);
}, 90_000);
afterAll(async () => {
  started.kill('SIGTERM');
  await once(started, 'exit');
  await Promise.all([
    browser.close(),
    provider[Symbol.asyncDispose](),
    rm(dataDir, { recursive: true, force: true }),
  ]);
});

/** As the README says to start it, where there is no display. */
function startHeadless(folder: string): ChildProcess {
  const { DISPLAY: _x, WAYLAND_DISPLAY: _w, ...environment } = process.env;
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'electron/launch.ts')];
  return spawn(process.execPath, [...args, '--data-dir', folder, '--port', '0'], {
    env: { ...environment, NTL_VAULT: 'file' },
    stdio: 'ignore',
  });
}

test('from the first start to the first request, to suspension, to the export', {
  timeout: 120_000,
}, async () => {
  const panel = await openPanel(browser, { dataDir });
  const { page, go } = panel;
  const url = readRuntimeFile(dataDir)?.url ?? '';

  // The first key stands on the first page; a request with it ticks the step by itself.
  await page.getByText('Send a first request').waitFor();
  const shown = await page.locator('#main').innerText();
  const firstKey = /ntl_live_[A-Za-z0-9]{40}/.exec(shown)?.[0] ?? '';
  const echo = await ask(url, firstKey, 'ntl/echo');
  expect(echo).not.toBe('');
  await page.getByText('Waiting for the request').waitFor({ state: 'detached' });

  await addProvider(panel);
  const adasKey = await addMember(panel, 'Ada');

  provider.script(reply.text('Good morning, Ada.'));
  expect(await ask(url, adasKey, 'gpt-4o')).toBe('Good morning, Ada.');
  await go('/audit');
  await page.getByRole('row', { name: /200.*Ada.*gpt-4o/ }).waitFor();

  await suspend(panel, 'Ada');
  await expect(ask(url, adasKey, 'gpt-4o')).rejects.toMatchObject({ status: 403, code: 'suspended' });

  const rows = await exportCsv(panel);
  expect(rows[0]).toContain('requestId');
  expect(rows.slice(1).map((row) => /,(200|403),/.exec(row)?.[1])).toEqual(['403', '200', '200']);
  expect(rows.join('\n')).not.toContain('Good morning');
  expect(panel.errors).toEqual([]);
});

async function ask(url: string, apiKey: string, model: string): Promise<string> {
  const client = new OpenAI({ baseURL: `${url}/api/v1`, apiKey, maxRetries: 0 });
  const { choices } = await client.chat.completions.create({
    model,
    messages: [{ role: 'user', content: 'Hello' }],
  });
  return choices[0]?.message.content ?? '';
}

async function addProvider({ page, go }: PanelPage): Promise<void> {
  await go('/providers/add');
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('button', { name: /OpenAI-compatible/ }).click();
  await drawer.getByLabel('Name').fill('Scripted');
  await drawer.getByLabel('Base URL').fill(provider.url);
  await drawer.getByLabel('API key').fill('sk-provider');
  await drawer.getByRole('button', { name: /^Test/ }).click();
  await drawer.getByText(/Answers in/).waitFor();
  await drawer.getByRole('checkbox', { name: 'gpt-4o', exact: true }).check();
  await drawer.getByRole('button', { name: 'Add provider' }).click();
  await drawer.waitFor({ state: 'detached' });
  await page.getByRole('row', { name: /Scripted.*Answers/ }).waitFor();
}

/** @returns the member's first key, taken from the clipboard */
async function addMember({ page, go }: PanelPage, name: string): Promise<string> {
  await go('/members');
  await page.getByRole('button', { name: 'Add member' }).click();
  const drawer = page.getByRole('dialog', { name: 'Add member' });
  await drawer.getByLabel('Name', { exact: true }).fill(name);
  await drawer.getByLabel('Name of the key').fill('laptop');
  await drawer.getByRole('button', { name: 'Add member' }).click();
  const dialog = page.getByRole('dialog', { name: /is ready/ });
  await dialog.getByRole('button', { name: 'Copy key' }).click();
  const key = await until('the key on the clipboard', async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text.startsWith('ntl_live_') && text;
  });
  await dialog.getByRole('button', { name: 'Done' }).click();
  await dialog.waitFor({ state: 'detached' });
  return key;
}

async function suspend({ page, go }: PanelPage, name: string): Promise<void> {
  await go('/members');
  await page.getByRole('row', { name: new RegExp(name) }).click();
  await page.getByRole('button', { name: 'Suspend…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await page.getByText('Suspended').first().waitFor();
}

async function exportCsv({ page, go }: PanelPage): Promise<string[]> {
  await go('/audit');
  await page.getByRole('button', { name: 'Export' }).click();
  const saved = page.waitForEvent('download');
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /Export|Save/ })
    .click();
  const text = await readFile(await (await saved).path(), 'utf8');
  return text.trim().split('\n');
}
