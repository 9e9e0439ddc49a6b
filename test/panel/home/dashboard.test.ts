import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';
import { ask } from '../support/ask.ts';
import { openPanel, type PanelPage } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';
import { makeHistory } from '../support/history.ts';
import { furnish } from '../support/studio.ts';

let browser: Browser;
let gateway: TestGateway;
let provider: Provider;

beforeAll(async () => {
  browser = await launchChromium();
  provider = await startProvider();
  gateway = await startGateway({ panelDir: await builtPanel() });
  const studio = await furnish(gateway);
  await makeHistory(gateway, studio, { rows: 3_000, days: 3 });
  await gateway.publish(provider, ['gpt-4o'], { name: 'scripted' });
}, 90_000);

afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

async function open(options: { scheme?: 'light' | 'dark'; width?: number } = {}): Promise<PanelPage> {
  const panel = await openPanel(browser, gateway, options);
  onTestFinished(async () => {
    await panel.context.close();
    expect(panel.errors).toEqual([]);
  });
  // The history knows enough tools and models: this is no first start.
  await panel.page.getByRole('table', { name: 'Live requests' }).waitFor();
  return panel;
}

const firstRow = ({ page }: PanelPage) =>
  page.getByRole('table', { name: 'Live requests' }).getByRole('row').nth(1);
const hello = { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hello' }] };

describe('the live requests', () => {
  it('show a request from its start to its end', async () => {
    const { page, ...panel } = await open();
    const row = firstRow({ page, ...panel });
    provider.script(reply.stall());
    const leaving = new AbortController();
    const left = gateway
      .post('/api/v1/chat/completions', hello, { signal: leaving.signal })
      .catch(() => undefined);
    await row.getByText('First byte…').waitFor();
    expect(await row.innerText()).toContain('Owner');
    await page.getByText('1 in flight').waitFor();
    await provider.nextRequest();
    leaving.abort();
    await left;
    await row.getByText('Client left').waitFor();

    provider.script(reply.gated(reply.text('one two three')));
    const answer = gateway.post('/api/v1/chat/completions', hello);
    const request = await provider.nextRequest();
    await row.getByText('Streaming').waitFor();
    expect(await row.innerText()).toContain('scripted');
    request.releaseAll();
    await answer;
    await row.getByText('Done').waitFor();
    await page.getByText('0 in flight').waitFor();
  });

  it('name the code of a refusal, and open its audit row', async () => {
    const panel = await open();
    // The chart comes last and moves what is below it: a click that has begun would miss.
    await panel.page.locator('.recharts-surface').waitFor();
    await gateway.post('/api/v1/chat/completions', { ...hello, model: 'nothing-here' });
    await firstRow(panel).getByText('unknown_model').click();
    await panel.page.waitForURL(/#\/audit\/\d+$/);
  });
});

describe('pause', () => {
  it('refuses requests until it is resumed, and says so', async () => {
    const { page } = await open();
    await page.getByRole('main').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'Gateway is paused' }).waitFor();
    expect(await ask(gateway, gateway.key)).toEqual({ status: 503, code: 'paused' });
    await page.getByRole('main').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('heading', { name: 'Gateway is running' }).waitFor();
    expect((await ask(gateway, gateway.key)).status).toBe(200);
  });
});

describe('today', () => {
  it('has the figures of the API, and follows what happens', async () => {
    const { page } = await open();
    const strip = page.locator('dl[aria-label="Today"]');
    const shown = async () => Number((await strip.locator('dd').first().innerText()).replaceAll(',', ''));
    const told = async () => (await gateway.admin('GET', '/overview')).body.today.requests;
    await until('the figures', async () => (await shown()) === (await told()));
    const before = await shown();
    await ask(gateway, gateway.key);
    await until('one more', async () => (await shown()) === before + 1);
  });

  it('has addresses that answer', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Copy the address, OpenAI style' }).click();
    const base = await page.evaluate(() => navigator.clipboard.readText());
    const headers = { authorization: `Bearer ${gateway.key}` };
    expect((await fetch(`${base}/models`, { headers })).status).toBe(200);
  });
});

describe('alerts', () => {
  it('each lead to the one next step', async () => {
    const { page } = await open();
    const alerts = page.getByRole('region', { name: 'Alerts' });
    await alerts.getByText('Mika’s key on a new address', { exact: true }).waitFor();
    await alerts.getByRole('link', { name: 'Review: Sol asks to join' }).click();
    await page.waitForURL(/#\/members\/\d+$/);
  });
});

describe('for everybody', () => {
  it('nothing is cut off in a narrow window', async () => {
    const { page } = await open({ width: 900 });
    const overflow = await page.evaluate(() => {
      const main = document.getElementById('main');
      return main === null ? -1 : main.scrollWidth - main.clientWidth;
    });
    expect(overflow).toBe(0);
  });
});
