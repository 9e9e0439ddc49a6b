import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { startProvider } from '../../support/provider/provider.ts';
import { until } from '../../support/until.ts';
import type { PanelPage } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';
import { copiedBy } from '../support/clipboard.ts';
import { openOwnPanel } from '../support/own-panel.ts';

let browser: Browser;
let panelDir: string;

beforeAll(async () => {
  browser = await launchChromium();
  panelDir = await builtPanel();
}, 60_000);
afterAll(() => browser.close());

async function open(gateway: TestGateway) {
  const panel = await openOwnPanel(browser, gateway);
  await panel.page.getByRole('list', { name: 'Set-up' }).waitFor();
  return panel;
}

/** The step to do now. */
const current = ({ page }: PanelPage) => page.locator('[aria-current="step"] h2').textContent();

const hello = { model: 'ntl/echo', messages: [{ role: 'user', content: 'hello' }] };

describe('a first start', () => {
  it('walks from the first key to a connected tool, each step ticking by itself', async () => {
    await using gateway = await startGateway({ panelDir });
    await using provider = await startProvider();
    await using panel = await open(gateway);
    const { page } = panel;
    await until('the first step', async () => (await current(panel)) === 'Send a first request');

    // The lines as they are copied are what a terminal would run.
    const lines = await copiedBy(page.getByRole('button', { name: 'Copy the lines' }));
    expect(lines).toContain(`export NTL_KEY=${gateway.key}\n`);
    expect(lines).toContain(`curl ${gateway.url}/api/v1/chat/completions`);
    await gateway.post('/api/v1/chat/completions', hello, { headers: { 'user-agent': 'curl/8.5.0' } });
    await until('the first tick', async () => (await current(panel)) === 'Add a provider');

    // It still shows its key, until that is stored.
    expect(await copiedBy(page.getByRole('button', { name: 'Copy key' }))).toBe(gateway.key);
    await page.getByRole('button', { name: 'I have stored it' }).click();
    await page.getByText(gateway.key).first().waitFor({ state: 'detached' });
    expect((await gateway.admin('GET', '/first-key')).body).toEqual({ key: null, prefix: null });

    await gateway.publish(provider, []);
    await until('the second tick', async () => (await current(panel)) === 'Publish models');
    await gateway.publish(provider, ['gpt-4o'], { name: 'another' });
    await until('the third tick', async () => (await current(panel)) === 'Connect a tool');

    await gateway.post('/api/v1/chat/completions', hello, { headers: { 'user-agent': 'codex_cli_rs/0.16' } });
    await page.getByRole('button', { name: 'Show the gateway' }).click();
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Live' }).waitFor();
  });

  it('says what was wrong with a request that was refused', async () => {
    await using gateway = await startGateway({ panelDir });
    await using panel = await open(gateway);
    const { page } = panel;
    await gateway.post('/api/v1/chat/completions', hello, { key: 'ntl_live_wrong' });
    await page.getByText('without a key that holds here (invalid_key)').waitFor();
    await gateway.post('/api/v1/chat/completions', hello);
    await until('the tick', async () => (await current(panel)) === 'Add a provider');
    await page.getByText('invalid_key').waitFor({ state: 'detached' });
  });

  it('makes another key where the first is not shown any more', async () => {
    await using gateway = await startGateway({ panelDir });
    await gateway.admin('DELETE', '/first-key');
    await using panel = await open(gateway);
    const { page } = panel;
    await page.getByRole('button', { name: 'Make a key' }).click();
    const shown = await page.locator('output').textContent();
    const { status } = await gateway.post('/api/v1/chat/completions', hello, { key: shown ?? '' });
    expect(status).toBe(200);
  });

  it('can be skipped, and stays so', async () => {
    await using gateway = await startGateway({ panelDir });
    await using panel = await open(gateway);
    const { page } = panel;
    await page.getByRole('button', { name: 'Skip the set-up' }).click();
    await page.getByText('No request yet').waitFor();
    await page.reload();
    await page.getByText('No request yet').waitFor();
  });
});
