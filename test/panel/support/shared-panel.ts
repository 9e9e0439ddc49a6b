import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { openPanel, type PanelPage } from './browser.ts';
import { builtPanel } from './built-panel.ts';

export interface SharedPanel {
  readonly gateway: TestGateway;
  readonly panel: PanelPage;
  /**
   * The page, anew at a place of the panel. Whatever it throws or complains of fails the test; with `refusals`
   * not that the gateway refused something, which browsers write down as well.
   */
  open(path: string, options?: { refusals?: boolean }): Promise<Page>;
}

/** Less than a test may take, so that a failure says what was waited for. */
const WAIT_MS = 10_000;

/** What a test left open is gone with its page. */
async function leave(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.location.hash = '/nowhere';
  });
  await page.getByText('There is no such page').waitFor();
}

const REFUSAL = /status of 4\d\d/;

/** One gateway and one page for all tests of a file: opening them takes longer than most tests. */
export function sharedPanel(
  furnish: (gateway: TestGateway) => Promise<unknown> = async () => {},
): SharedPanel {
  let browser: Browser;
  let gateway: TestGateway;
  let panel: PanelPage;
  beforeAll(async () => {
    gateway = await startGateway({ panelDir: await builtPanel() });
    await furnish(gateway);
    browser = await launchChromium();
    panel = await openPanel(browser, gateway);
    panel.page.setDefaultTimeout(WAIT_MS);
  }, 90_000);
  afterAll(async () => {
    await browser.close();
    await gateway[Symbol.asyncDispose]();
  });
  return {
    get gateway() {
      return gateway;
    },
    get panel() {
      return panel;
    },
    async open(path, { refusals = false } = {}) {
      const { page, errors, go } = panel;
      onTestFinished(async () => {
        await leave(page);
        const found = errors.splice(0).filter((error) => !(refusals && REFUSAL.test(error)));
        expect(found).toEqual([]);
      });
      await leave(page);
      await go(path);
      return page;
    },
  };
}
