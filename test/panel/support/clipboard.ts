import type { Locator } from 'playwright';
import { until } from '../../support/until.ts';

/** What lies on the clipboard once a press of the button has put it there. */
export async function copiedBy(button: Locator): Promise<string> {
  const page = button.page();
  await page.evaluate(() => navigator.clipboard.writeText(''));
  await button.click();
  return until('the clipboard', () => page.evaluate(() => navigator.clipboard.readText()));
}
