import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page, type Route } from 'playwright';
import { chromiumPath } from '../chromium.ts';
import { until } from '../until.ts';
import type { SchemeDoor } from './scheme-door.ts';

/** What Electron would ask the app about before it happens. */
export interface PageRules {
  /** @returns whether the main page or a frame of it may go there */
  mayNavigate(url: string, isMainFrame: boolean): boolean;
  /** A page wants to open a window at this address. */
  openWindow(url: string): void;
  /** @returns whether anything may be loaded from there */
  mayLoad(url: string): boolean;
  mayWriteToClipboard(): boolean;
}

const OPEN = 'standInOpen';

/** No name but this computer's own means anything to the browser: no test reaches a network. */
const NO_NETWORK =
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE *.localhost, EXCLUDE localhost, EXCLUDE 127.0.0.1';

/** The browser behind the stand-in's windows: the system's Chromium, with a profile as Electron's would be. */
export class ChromiumHost {
  readonly #door: SchemeDoor;
  #context: Promise<BrowserContext> | undefined;
  #debugging = '';

  constructor(door: SchemeDoor) {
    this.#door = door;
  }

  /** Where a test's Playwright finds the same pages. */
  get debugging(): string {
    return this.#debugging;
  }

  async newPage(profile: string, rules: PageRules, dark: boolean): Promise<Page> {
    this.#context ??= this.#start(join(profile, 'chromium'), rules, dark);
    const context = await this.#context;
    const [first] = context.pages();
    return first?.url() === 'about:blank' ? first : context.newPage();
  }

  async close(): Promise<void> {
    const context = await this.#context;
    await context?.close();
  }

  async #start(profile: string, rules: PageRules, dark: boolean): Promise<BrowserContext> {
    const root = process.getuid?.() === 0;
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath(),
      args: ['--remote-debugging-port=0', NO_NETWORK, ...(root ? ['--no-sandbox'] : [])],
      colorScheme: dark ? 'dark' : 'light',
      viewport: null,
      extraHTTPHeaders: this.#door.headers,
      permissions: rules.mayWriteToClipboard() ? ['clipboard-write'] : [],
      // The app itself answers the signals that end it.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    await context.route('**/*', (route) => this.#route(route, rules));
    await context.exposeBinding(OPEN, (_source, url: string) => rules.openWindow(this.#door.inside(url)));
    await context.addInitScript(askBeforeOpening, OPEN);
    const port = await until('the debugging port', () => debuggingPort(profile));
    this.#debugging = `http://127.0.0.1:${port}`;
    return context;
  }

  async #route(route: Route, rules: PageRules): Promise<void> {
    const request = route.request();
    const url = this.#door.inside(request.url());
    if (request.isNavigationRequest()) {
      const isMainFrame = request.frame().parentFrame() === null;
      return rules.mayNavigate(url, isMainFrame) ? route.continue() : route.abort('aborted');
    }
    return rules.mayLoad(url) ? route.continue() : route.abort('blockedbyclient');
  }
}

/**
 * In the page: windows that it would open are asked about instead. None opens: to leave that to the browser and
 * close it again would be a race, with a test that is attached to the same browser.
 */
function askBeforeOpening(binding: string): void {
  const ask = (url: string) =>
    void (window as unknown as Record<string, (url: string) => void>)[binding]?.(
      new URL(url, location.href).href,
    );
  window.open = (url) => {
    ask(String(url ?? 'about:blank'));
    return null;
  };
  addEventListener('click', (event) => {
    const link = (event.target as Element | null)?.closest?.('a[target=_blank]');
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented) return;
    event.preventDefault();
    ask(link.href);
  });
}

/** @returns the port that Chromium has written into its profile; undefined until it has */
function debuggingPort(profile: string): string | undefined {
  try {
    return readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n')[0];
  } catch {
    return undefined;
  }
}
