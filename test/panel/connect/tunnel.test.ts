import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftWords } from '../../../renderer/tunnel/tunnel-words.ts';
import { launchChromium } from '../../support/chromium.ts';
import { startGateway, type TestGateway } from '../../support/gateway.ts';
import { TunnelTools } from '../../support/tunnel-tool.ts';
import { seriousFindings } from '../support/accessibility.ts';
import { openPanel, type PanelPage } from '../support/browser.ts';
import { builtPanel } from '../support/built-panel.ts';

const tools = new TunnelTools();
let browser: Browser;
let gateway: TestGateway;
let panel: PanelPage;
beforeAll(async () => {
  gateway = await startGateway({ panelDir: await builtPanel(), toolEnvironment: tools.env });
  browser = await launchChromium();
  panel = await openPanel(browser, gateway);
  panel.page.setDefaultTimeout(10_000);
}, 90_000);
afterAll(async () => {
  await browser.close();
  await gateway[Symbol.asyncDispose]();
  tools[Symbol.dispose]();
});

it('Cursor gets a public address with one click, for the key that is allowed', async () => {
  const { page, go, errors } = panel;
  await go('/connect/cursor');
  await page.getByText('Install cloudflared, Tailscale or ngrok').waitFor();
  tools.install('cloudflared');
  await go('/settings');
  await go('/connect/cursor');
  await page.getByRole('button', { name: 'Open tunnel' }).click();
  await page.getByText(/Open for 8 h more, until .+, by cloudflared\./).waitFor();
  await page.getByText('https://made-up-words-here.trycloudflare.com/cursor/v1').waitFor();
  await page.getByText('Make the key first, then allow it for the tunnel here.').waitFor();
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByRole('switch', { name: '“cursor” may come through the tunnel' }).click({ force: true });
  await page.getByText('Only its hash is kept.').waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await go('/settings');
  await page.getByText('Only inference routes, only for keys you allow: cursor.').waitFor();
  const tunnel = (await gateway.admin('GET', '/tunnel')).body;
  expect(tunnel).toMatchObject({ state: 'open', keyIds: [expect.any(String)] });
  await page.getByRole('button', { name: 'Close tunnel' }).click();
  await page.getByText('No tunnel is open. Only inference routes').waitFor();
  expect((await gateway.admin('GET', '/tunnel')).body.state).toBe('off');
  expect(errors.splice(0)).toEqual([]);
}, 60_000);

it.each([
  [30_000, '1 min'],
  [59 * 60_000, '59 min'],
  [8 * 3_600_000, '8 h'],
  [3_600_000 * 7 + 12 * 60_000, '7 h 12 min'],
  [7 * 24 * 3_600_000, '7 days'],
])('%i ms are told as %s', (ms, words) => {
  expect(leftWords(new Date(1_000_000 + ms).toISOString(), 1_000_000)).toBe(words);
});
