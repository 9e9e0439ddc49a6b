import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { builtPanel } from '../support/built-panel.ts';
import { openOwnPanel } from '../support/own-panel.ts';
import { startOllama } from './ollama.ts';

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

it('offers the local runtimes that answer, each with one press', async () => {
  await using ollama = await startOllama(['llama3.2', 'qwen3']);
  await using gateway = await startGateway({ panelDir, localPorts: { ollama: ollama.port } });
  await using panel = await open(gateway);
  const { page } = panel;
  const found = page.getByRole('region', { name: 'Found on this computer' });
  await found.getByText('2 models, no key needed').waitFor();
  await found.getByRole('button', { name: 'Add Ollama' }).click();
  await found.getByRole('link', { name: 'Added' }).waitFor();
  const { body } = await gateway.admin('GET', '/providers');
  expect(body.data).toMatchObject([{ kind: 'ollama', baseUrl: `http://127.0.0.1:${ollama.port}` }]);
});

it('can be walked by keyboard alone', async () => {
  await using gateway = await startGateway({ panelDir });
  await using panel = await open(gateway);
  const { page } = panel;
  const press = async (name: string) => {
    for (let count = 0; count < 60; count++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
      if (at === name) return page.keyboard.press('Enter');
    }
    throw new Error(`Tab never came to “${name}”.`);
  };
  await press('Copy key');
  await page.getByRole('button', { name: 'I have stored it' }).waitFor();
  await press('I have stored it');
  await page.getByRole('button', { name: 'Make a key' }).waitFor();
  await press('Add provider');
  await page.waitForURL(/#\/providers\/add$/);
});
