import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import type { GatewayOptions } from '../../../gateway/gateway.ts';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { openPanel, type PanelPage } from './browser.ts';
import { builtPanel } from './built-panel.ts';

export interface SharedPanel {
  readonly gateway: TestGateway;
  readonly panel: PanelPage;
  /** For a page beside the shared one, such as of another gateway. */
  readonly browser: Browser;
  /** The page, anew at a place of the panel. Whatever it throws or complains of fails the test. */
  open(path: string, options?: ShownAs): Promise<Page>;
}

export interface ShownAs {
  /** The gateway refuses something, which browsers write down as an error as well. */
  refusals?: boolean;
  /**
   * Loaded anew, which costs a second: for forms that fill themselves once, with what a test has changed beside
   * the page in this moment. Lists follow by themselves.
   */
  anew?: boolean;
  scheme?: 'light' | 'dark';
  /** Pixels. */
  width?: number;
}

/** Less than a test may take, so that a failure says what was waited for. */
const WAIT_MS = 30_000;

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
  options: Partial<GatewayOptions> = {},
): SharedPanel {
  let browser: Browser;
  let gateway: TestGateway;
  let panel: PanelPage;
  beforeAll(async () => {
    gateway = await startGateway({ panelDir: await builtPanel(), ...options });
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
    get browser() {
      return browser;
    },
    async open(path, { refusals = false, anew = false, scheme = 'light', width = 1_280 } = {}) {
      const { page, errors, go } = panel;
      onTestFinished(async () => {
        await leave(page);
        const found = errors.splice(0).filter((error) => !(refusals && REFUSAL.test(error)));
        expect(found).toEqual([]);
      });
      await leave(page);
      if (anew) await page.reload();
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      await go(path);
      return page;
    },
  };
}
