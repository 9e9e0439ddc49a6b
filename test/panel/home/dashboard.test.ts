import type { Page } from 'playwright';
import { afterAll, describe, expect, it } from 'vitest';
import { type Provider, startProvider } from '../../support/provider/provider.ts';
import { reply } from '../../support/provider/reply.ts';
import { until } from '../../support/until.ts';
import { ask } from '../support/ask.ts';
import { copiedBy } from '../support/clipboard.ts';
import { makeHistory } from '../support/history.ts';
import { type ShownAs, sharedPanel } from '../support/shared-panel.ts';
import { furnish } from '../support/studio.ts';

let provider: Provider;
const shared = sharedPanel(async (gateway) => {
  provider = await startProvider();
  await makeHistory(gateway, await furnish(gateway), { rows: 3_000, days: 3 });
  await gateway.publish(provider, ['gpt-4o'], { name: 'scripted' });
});

afterAll(() => provider[Symbol.asyncDispose]());

async function open(options: ShownAs = {}): Promise<Page> {
  const page = await shared.open('/', options);
  // The history knows enough tools and models: this is no first start.
  await page.getByRole('table', { name: 'Live requests' }).waitFor();
  return page;
}

const firstRow = (page: Page) => page.getByRole('table', { name: 'Live requests' }).getByRole('row').nth(1);
const hello = { model: 'gpt-4o', stream: true, messages: [{ role: 'user', content: 'hello' }] };

describe('the live requests', () => {
  it('show a request from its start to its end', async () => {
    const page = await open();
    const row = firstRow(page);
    provider.script(reply.stall());
    const leaving = new AbortController();
    const left = shared.gateway
      .post('/api/v1/chat/completions', hello, { signal: leaving.signal })
      .catch(() => undefined);
    await row.getByText('First byte…').waitFor();
    await row.getByText('Owner').waitFor();
    await page.getByText('1 in flight').waitFor();
    await provider.nextRequest();
    leaving.abort();
    await left;
    await row.getByText('Client left').waitFor();

    provider.script(reply.gated(reply.text('one two three')));
    const answer = shared.gateway.post('/api/v1/chat/completions', hello);
    const request = await provider.nextRequest();
    await row.getByText('Streaming').waitFor();
    await row.getByText('scripted').waitFor();
    request.releaseAll();
    await answer;
    await row.getByText('Done').waitFor();
    await page.getByText('0 in flight').waitFor();
  });

  it('name the code of a refusal, and open its audit row', async () => {
    const page = await open();
    // The chart comes last and moves what is below it: a click that has begun would miss.
    await page.locator('.recharts-surface').waitFor();
    await shared.gateway.post('/api/v1/chat/completions', { ...hello, model: 'nothing-here' });
    await firstRow(page).getByText('unknown_model').click();
    await page.waitForURL(/#\/audit\/\d+$/);
  });
});

describe('pause', () => {
  it('refuses requests until it is resumed, and says so', async () => {
    const page = await open();
    await page.getByRole('main').getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('heading', { name: 'Gateway is paused' }).waitFor();
    expect(await ask(shared.gateway, shared.gateway.key)).toEqual({ status: 503, code: 'paused' });
    await page.getByRole('main').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('heading', { name: 'Gateway is running' }).waitFor();
    expect((await ask(shared.gateway, shared.gateway.key)).status).toBe(200);
  });
});

describe('today', () => {
  it('has the figures of the API, and follows what happens', async () => {
    const page = await open();
    const strip = page.locator('dl[aria-label="Today"]');
    const shown = async () => Number((await strip.locator('dd').first().innerText()).replaceAll(',', ''));
    const told = async () => (await shared.gateway.admin('GET', '/overview')).body.today.requests;
    await until('the figures', async () => (await shown()) === (await told()));
    const before = await shown();
    await ask(shared.gateway, shared.gateway.key);
    await until('one more', async () => (await shown()) === before + 1);
  });

  it('has addresses that answer', async () => {
    const page = await open();
    const base = await copiedBy(page.getByRole('button', { name: 'Copy the address, OpenAI style' }));
    const headers = { authorization: `Bearer ${shared.gateway.key}` };
    expect((await fetch(`${base}/models`, { headers })).status).toBe(200);
  });
});

describe('alerts', () => {
  it('each lead to the one next step', async () => {
    const page = await open();
    const alerts = page.getByRole('region', { name: 'Alerts' });
    await alerts.getByText('Mika’s key on a new address', { exact: true }).waitFor();
    await alerts.getByRole('link', { name: 'Review: Sol asks to join' }).click();
    await page.waitForURL(/#\/members\?approve=\d+$/);
    await page.getByRole('dialog', { name: 'Approve Sol' }).waitFor();
  });
});

describe('for everybody', () => {
  it('nothing is cut off in a narrow window', async () => {
    const page = await open({ width: 900 });
    const overflow = await page.evaluate(() => {
      const main = document.getElementById('main');
      return main === null ? -1 : main.scrollWidth - main.clientWidth;
    });
    expect(overflow).toBe(0);
  });
});
