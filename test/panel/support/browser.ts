import type { Browser, BrowserContext, Page } from 'playwright';
import { readRuntimeFile } from '../../../gateway/runtime-file.ts';
import type { TestGateway } from '../../support/gateway.ts';

export interface PanelPage {
  page: Page;
  context: BrowserContext;
  /** Errors of the page: what it threw and what it wrote to the console as an error. */
  errors: string[];
  /** Goes to a page of the panel, such as `/members`, and waits until it is there. */
  go(path: string): Promise<void>;
}

export interface OpenOptions {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A browser's page, signed in by the gateway's own link. */
export async function openPanel(
  browser: Browser,
  gateway: Pick<TestGateway, 'dataDir'>,
  options: OpenOptions = {},
): Promise<PanelPage> {
  const { scheme = 'light', width = 1280, height = 800 } = options;
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height },
    permissions: ['clipboard-read', 'clipboard-write'],
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  const panelUrl = readRuntimeFile(gateway.dataDir)?.panelUrl;
  if (panelUrl === undefined) throw new Error('The gateway has written no panelUrl.');
  await page.goto(panelUrl);
  await page.getByRole('navigation', { name: 'Panel' }).waitFor();
  return {
    page,
    context,
    errors,
    async go(path) {
      await page.evaluate((hash) => {
        window.location.hash = hash;
      }, path);
      await page.locator('main h1').first().waitFor();
      await settled(page);
    },
  };
}

/** Until nothing on the page is still being read. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
}
