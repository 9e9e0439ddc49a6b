import type { App, Session, WebPreferences } from 'electron';
import { PANEL_URL } from './panel-protocol.ts';

/**
 * What the window may do, by the numbers of Electron's checklist
 * (https://www.electronjs.org/docs/latest/tutorial/security). Its content security policy (7) comes from the
 * gateway with each page; the page is served by a protocol of our own, not file:// (18); there is no preload,
 * so there is no IPC to validate (17) and no Electron API to leak (20).
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
};

/** Keeps every page of the app on the panel: no navigation away (13), no new windows (14), no webviews (12). */
export function confinePages(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-frame-navigate', (details) => {
      if (!isPanel(details.url)) details.preventDefault();
    });
    contents.on('will-redirect', (details) => {
      if (!isPanel(details.url)) details.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  });
}

/** The panel may write to the clipboard, for its copy buttons; everything else is denied (5). */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) =>
    callback(mayHave(permission, details.requestingUrl)),
  );
  session.setPermissionCheckHandler((_contents, permission, origin) => mayHave(permission, origin));
  session.setDevicePermissionHandler(() => false);
}

function mayHave(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isPanel(url);
}

/** @param url a URL, or an origin as Electron tells it */
export function isPanel(url: string): boolean {
  const asked = URL.parse(url);
  const panel = new URL(PANEL_URL);
  // Node gives custom schemes the origin "null", so scheme and host are compared.
  return asked !== null && asked.protocol === panel.protocol && asked.host === panel.host;
}
