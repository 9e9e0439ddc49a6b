import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import type { Page } from 'playwright';
import type { ChromiumHost } from './chromium-host.ts';
import { preventable } from './events.ts';
import { readSettings } from './settings.ts';
import { strict, strictClass } from './strict.ts';
import { StandInWebContents } from './web-contents.ts';

/** What windows need of the rest of the stand-in. */
export interface WindowSurroundings {
  chromium: ChromiumHost;
  app: EventEmitter;
  profile: () => string;
  /** As the browser knows it. */
  outside: (url: string) => string;
  /** The session's own rule. */
  mayLoad: (url: string) => boolean;
  mayWriteToClipboard: () => boolean;
}

const open = new Set<StandInWindow>();
let surroundings: WindowSurroundings;

/** A window: what Electron's remembers of itself, and a page in Chromium. */
export class StandInWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly contents = new StandInWebContents();
  readonly webContents = this.contents.asElectron();
  readonly page: Promise<Page>;
  #visible = false;
  #focused = false;
  #minimized = false;
  #maximized = false;
  #destroyed = false;
  #bounds: Rectangle;

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    const { x = 0, y = 0, width = 800, height = 600, show = true } = options;
    this.options = options;
    this.#bounds = { x, y, width, height };
    this.#visible = show;
    open.add(this);
    surroundings.app.emit('web-contents-created', preventable(), this.webContents);
    this.page = this.#makePage();
  }

  static getAllWindows(): BrowserWindow[] {
    return [...open].map((window) => window.asElectron());
  }

  asElectron(): BrowserWindow {
    return strict<BrowserWindow>('BrowserWindow', this as unknown as Partial<BrowserWindow>);
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.page;
    await page.goto(surroundings.outside(url));
    this.emit('ready-to-show');
  }

  show(): void {
    this.#visible = true;
    this.focus();
    this.emit('show');
  }

  hide(): void {
    this.#visible = false;
    this.#focused = false;
    this.emit('hide');
  }

  focus(): void {
    for (const other of open) other.#focused = other === this;
  }

  minimize(): void {
    this.#minimized = true;
    this.#focused = false;
  }

  restore(): void {
    this.#minimized = false;
  }

  maximize(): void {
    this.#maximized = true;
    this.emit('maximize');
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    void this.page.then((page) => this.#fit(page));
    this.emit('move');
    this.emit('resize');
  }

  /** What the owner's click on the cross does. */
  close(): void {
    if (this.#destroyed) return;
    const asked = preventable();
    this.emit('close', asked);
    if (asked.defaultPrevented) return;
    this.#destroyed = true;
    this.#visible = false;
    open.delete(this);
    void this.page.then((page) => page.close());
    this.emit('closed');
    if (open.size === 0) surroundings.app.emit('window-all-closed');
  }

  readonly isVisible = () => this.#visible;
  readonly isFocused = () => this.#visible && this.#focused;
  readonly isMinimized = () => this.#minimized;
  readonly isMaximized = () => this.#maximized;
  readonly isDestroyed = () => this.#destroyed;
  readonly getBounds = () => ({ ...this.#bounds });
  readonly getNormalBounds = () => ({ ...this.#bounds });

  async #makePage(): Promise<Page> {
    const { chromium, profile, mayLoad, mayWriteToClipboard } = surroundings;
    const rules = {
      mayNavigate: (url: string, isMainFrame: boolean) => this.contents.mayNavigate(url, isMainFrame),
      openWindow: (url: string) => this.contents.openWindow(url),
      mayLoad,
      mayWriteToClipboard,
    };
    const page = await chromium.newPage(profile(), rules, readSettings().dark ?? false);
    this.contents.attach(page);
    await this.#fit(page);
    return page;
  }

  /** The page has the window's size; frames have no borders here. */
  async #fit(page: Page): Promise<void> {
    const { width, height } = this.#bounds;
    await page.setViewportSize({ width, height });
  }
}

export function browserWindowClass(given: WindowSurroundings): typeof BrowserWindow {
  surroundings = given;
  return strictClass<typeof BrowserWindow>('BrowserWindow', StandInWindow);
}

/** @returns false where one stays open */
export function closeAllWindows(): boolean {
  for (const window of [...open]) window.close();
  return open.size === 0;
}

export function openWindows(): StandInWindow[] {
  return [...open];
}
