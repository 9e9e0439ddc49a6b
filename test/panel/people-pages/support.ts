import type { Browser, BrowserContext, Page } from 'playwright';

export interface GuestPage {
  page: Page;
  context: BrowserContext;
  /** What the page threw, what it wrote to the console as an error, and what its policy kept out. */
  errors: string[];
}

export interface GuestOptions {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A colleague's browser, which knows nothing of the gateway yet. */
export async function guest(browser: Browser, options: GuestOptions = {}): Promise<GuestPage> {
  const { scheme = 'light', width = 640, height = 860 } = options;
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
    // The browser tells of each refusal that the page shows itself.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) errors.push(message.text());
  });
  return { page, context, errors };
}

/** Whether something is cut off to the side. */
export function overflows(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
}
