import type { App, Session, Shell, WebContents, WebPreferences } from 'electron';
import { isOpenedOutside } from './external-links.ts';
import { PANEL_URL } from './panel-protocol.ts';

/**
 * What the window may do, by the numbers of Electron's checklist
 * (https://www.electronjs.org/docs/latest/tutorial/security). Those that need no line here: the content security
 * policy (7) comes from the gateway with each page; no Blink features are enabled (10) and there are no webviews to
 * open popups (11); Electron is the newest that was there at each release (16); there is no preload, so there is no
 * IPC to validate (17) and no Electron API to leak (20); pages come by a protocol of our own, not file:// (18);
 * the fuses (19) are in electron-builder.yml.
 */
export const WINDOW_PREFERENCES: WebPreferences = {
  nodeIntegration: false, // 2
  nodeIntegrationInWorker: false, // 2
  nodeIntegrationInSubFrames: false, // 2
  contextIsolation: true, // 3
  sandbox: true, // 4
  webSecurity: true, // 6
  allowRunningInsecureContent: false, // 8
  experimentalFeatures: false, // 9
  webviewTag: false, // 11
  // Chromium would fetch dictionaries from Google.
  spellcheck: false,
  // A hidden window shows how things are when it comes back; it costs next to nothing meanwhile.
  backgroundThrottling: true,
};

/** Before the app is ready: every renderer is sandboxed (4), every page stays on the panel (12, 13, 14). */
export function confinePages(
  app: Pick<App, 'enableSandbox' | 'on'>,
  shell: Pick<Shell, 'openExternal'>,
): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => confine(contents, shell));
}

function confine(contents: WebContents, shell: Pick<Shell, 'openExternal'>): void {
  contents.on('will-frame-navigate', (details) => {
    if (isPanel(details.url)) return;
    details.preventDefault();
    // A link without a target: what it means is the page it names, not the panel's end.
    if (details.isMainFrame) openOutside(details.url, shell);
  });
  contents.on('will-redirect', (details) => {
    if (!isPanel(details.url)) details.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    openOutside(url, shell);
    return { action: 'deny' };
  });
}

/** Links go to the system's browser, where they are harmless there (15). */
function openOutside(url: string, shell: Pick<Shell, 'openExternal'>): void {
  // Without a browser there is nobody to tell.
  if (isOpenedOutside(url)) shell.openExternal(url).catch(() => undefined);
}

/**
 * Once the app is ready. The panel may write to the clipboard, for its copy buttons; everything else is denied (5).
 * Nothing is loaded from the network (1): what the panel needs comes from inside the process.
 */
export function confineSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayHave(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !isLoadable(url) }));
}

function mayHave(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isPanel(url);
}

/** Blobs are what the panel makes itself, for downloads; the developer tools are there in a build from sources. */
function isLoadable(url: string): boolean {
  return isPanel(url) || ['blob:', 'data:', 'devtools:'].includes(URL.parse(url)?.protocol ?? '');
}

/** @param url a URL, or an origin as Electron tells it */
export function isPanel(url: string): boolean {
  const asked = URL.parse(url);
  const panel = new URL(PANEL_URL);
  // Node gives custom schemes the origin "null", so scheme and host are compared.
  return asked !== null && asked.protocol === panel.protocol && asked.host === panel.host;
}
