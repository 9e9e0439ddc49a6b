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

let browser: Browser;
beforeAll(async () => {
  mkdirSync(SCREENSHOTS, { recursive: true });
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe.each(['empty', 'full'] as const)('a gateway that is %s', (kind) => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({ panelDir: await builtPanel() });
    if (kind === 'full') await makeHistory(gateway, await furnish(gateway), { rows: 20_000, days: 30 });
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

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
  });
});

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

function fileName(path: string): string {
  return path === '/' ? 'home' : path.slice(1).replace(/[^a-z0-9]+/gi, '-');
}
