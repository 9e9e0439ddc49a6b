/** A page of another site may open the panel at an address of its choice: in a signed-in browser, that is as far as it comes. */

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPanel, type PanelPage } from '../panel/support/browser.ts';
import { builtPanel } from '../panel/support/built-panel.ts';
import { launchChromium } from '../support/chromium.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';

let gateway: TestGateway;
let browser: Browser;
let panel: PanelPage;
let connections = 0;
const trap = createServer((socket: Socket) => {
  connections += 1;
  socket.destroy();
});

beforeAll(async () => {
  gateway = await startGateway({ panelDir: await builtPanel() });
  await new Promise<void>((resolve) => void trap.listen(0, '127.0.0.1', resolve));
  browser = await launchChromium();
  panel = await openPanel(browser, gateway);
}, 90_000);
afterAll(async () => {
  await browser.close();
  trap.close();
  await gateway[Symbol.asyncDispose]();
});

it('a link that adds a provider tries no address it brings, and puts it into no field', async () => {
  const evil = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
  for (const kind of ['ollama', 'openai']) {
    const page = await panel.context.newPage();
    await page.goto(`${gateway.url}/panel/#/providers/add?kind=${kind}&at=${encodeURIComponent(evil)}`);
    const drawer = page.getByRole('dialog', { name: 'Add provider' });
    await drawer.getByRole('button', { name: 'Test' }).waitFor();
    // Whatever the form would try by itself has been sent once the gateway has answered this.
    expect(await page.evaluate(async () => (await fetch('/admin/api/status')).status)).toBe(200);
    const values = await drawer
      .locator('input')
      .evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
    expect(values.join()).not.toContain(evil);
    expect(connections).toBe(0);
    await page.close();
  }
});
