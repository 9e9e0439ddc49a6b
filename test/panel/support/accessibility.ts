import axe from 'axe-core';
import type { Page } from 'playwright';

/**
 * What axe finds on the page as it is that keeps somebody from using it, with where. It runs in the page itself,
 * which has no frames: axe's own driver for Playwright takes ten times as long to carry what is in order as well
 * through a second page.
 * @param within selector of the part that is looked at
 */
export async function seriousFindings(page: Page, within?: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source);
  return page.evaluate(async (part) => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    const { violations } = await run(part ?? document, { resultTypes: ['violations'] });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }, within);
}
