import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPanel } from '../panel/support/browser.ts';
import { builtPanel } from '../panel/support/built-panel.ts';
import { makeHistory } from '../panel/support/history.ts';
import { furnish } from '../panel/support/studio.ts';
import { launchChromium } from '../support/chromium.ts';
import { startGateway } from '../support/gateway.ts';
import { FULL_PAGES } from './pages.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test.each([900, 1_000])('at %d pixels no page is wider than its window', async (width) => {
  await using gateway = await startGateway({ panelDir: await builtPanel() });
  await makeHistory(gateway, await furnish(gateway), { rows: 500, days: 3 });
  const { page, context, go } = await openPanel(browser, gateway, { width });
  for (const path of FULL_PAGES) {
    await go(path);
    const main = page.locator('#main');
    const [scroll, client] = await main.evaluate((element) => [element.scrollWidth, element.clientWidth]);
    expect(scroll, path).toBeLessThanOrEqual(client ?? 0);
  }
  await context.close();
});
