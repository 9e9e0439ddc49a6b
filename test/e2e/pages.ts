import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriousFindings } from '../panel/support/accessibility.ts';
import { openPanel, type PanelPage } from '../panel/support/browser.ts';
import { builtPanel } from '../panel/support/built-panel.ts';
import { makeHistory } from '../panel/support/history.ts';
import { furnish } from '../panel/support/studio.ts';
import { launchChromium } from '../support/chromium.ts';
import { startGateway, type TestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';

/** Looked at by people after a run: every page in both schemes, empty and full. */
const SCREENSHOTS = join(import.meta.dirname, '../../screenshots');

/** Every page, with the drawers that have an address of their own. */
const PAGES = [
  '/',
  '/connect/claude-code',
  '/connect/cursor',
  '/playground',
  '/providers',
  '/providers/add',
  '/models',
  '/models/add',
  '/members',
  '/members/1',
  '/members/plans',
  '/keys',
  '/usage',
  '/audit',
  '/security',
  '/settings',
];

/** These need something to be open. */
const FULL_PAGES = [...PAGES, '/providers/1', '/models/claude-opus-4-5', '/members/2'];

/** Defines the tests of every page of a gateway, in both schemes. A file for each kind: they run beside each other. */
export function describeEveryPage(kind: 'empty' | 'full'): void {
  let browser: Browser;
  let gateway: TestGateway;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
    gateway = await startGateway({ panelDir: await builtPanel() });
    if (kind === 'full') await makeHistory(gateway, await furnish(gateway), { rows: 20_000, days: 30 });
  });
  afterAll(async () => {
    await browser.close();
    await gateway[Symbol.asyncDispose]();
  });

  describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
    let panel: PanelPage;
    beforeAll(async () => {
      panel = await openPanel(browser, gateway, { scheme });
    });
    afterAll(() => panel.context.close());

    test.each(kind === 'full' ? FULL_PAGES : PAGES)(
      '%s shows without an error and can be used by everybody',
      async (path) => {
        await panel.go(path);
        await panel.page.screenshot({ path: join(SCREENSHOTS, `${fileName(path)}-${kind}-${scheme}.png`) });
        expect(panel.errors.splice(0)).toEqual([]);
        expect(await seriousFindings(panel.page)).toEqual([]);
      },
    );

    // What a scheme cannot change is looked at in one of them.
    if (kind === 'full' && scheme === 'light')
      test.each([900, 1_000])('at %d pixels no page is wider than its window', async (width) => {
        await panel.page.setViewportSize({ width, height: 800 });
        const main = panel.page.locator('#main');
        for (const path of FULL_PAGES) {
          await panel.go(path);
          await until(`${path} to fit`, () =>
            main.evaluate((element) => element.scrollWidth <= element.clientWidth),
          );
        }
      });
  });
}

function fileName(path: string): string {
  return path === '/' ? 'home' : path.slice(1).replace(/[^a-z0-9]+/gi, '-');
}
