import type { Browser } from 'playwright';
import { expect } from 'vitest';
import type { TestGateway } from '../../support/gateway.ts';
import { type OpenOptions, openPanel, type PanelPage } from './browser.ts';

/** A panel over a gateway that lives no longer than the test: it closes first, and must have thrown nothing. */
export async function openOwnPanel(
  browser: Browser,
  gateway: TestGateway,
  options: OpenOptions = {},
): Promise<PanelPage & AsyncDisposable> {
  const panel = await openPanel(browser, gateway, options);
  return {
    ...panel,
    async [Symbol.asyncDispose]() {
      await panel.context.close();
      expect(panel.errors).toEqual([]);
    },
  };
}
