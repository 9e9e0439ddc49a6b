import { EventEmitter } from 'node:events';
import type { HandlerDetails, WebContents, WindowOpenHandlerResponse } from 'electron';
import type { Page } from 'playwright';
import { preventable } from './events.ts';
import { strict } from './strict.ts';

type OpenHandler = (details: HandlerDetails) => WindowOpenHandlerResponse;

/** What the page in a window does, asked about and told of. */
export class StandInWebContents extends EventEmitter {
  #page: Page | undefined;
  #openHandler: OpenHandler = () => ({ action: 'allow' });

  asElectron(): WebContents {
    return strict<WebContents>('webContents', this as unknown as Partial<WebContents>);
  }

  attach(page: Page): void {
    this.#page = page;
    page.on('crash', () =>
      this.emit('render-process-gone', preventable(), { reason: 'crashed', exitCode: 1 }),
    );
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  reload(): void {
    void this.#page?.reload();
  }

  mayNavigate(url: string, isMainFrame: boolean): boolean {
    const details = preventable({ url, isMainFrame, isSameDocument: false });
    this.emit('will-frame-navigate', details);
    return !details.defaultPrevented;
  }

  /** No window of the app opens others: one that would be allowed is not in the stand-in. */
  openWindow(url: string): void {
    const details = { url, frameName: '', features: '', disposition: 'foreground-tab' } as HandlerDetails;
    const { action } = this.#openHandler(details);
    if (action !== 'deny') throw new Error(`a window at ${url} is not in the stand-in for Electron`);
  }
}
